/** Callbacks of v1: signed in their bodies. */
import type { JobResult } from '../wire/replies.ts'
import type { Clock } from './clock.ts'
import type { Deliver } from './delivery.ts'
import type { Job, Stage } from './job-model.ts'
import { statusOf } from './job-status.ts'
import type { JsonObject, PartnerAuth, Service } from './model.ts'

export interface Deliveries {
  /** Delivers every stage of the job when its time comes. */
  schedule(job: Job): void
}

interface CallbackSetup {
  service: Service
  clock: Clock
  sign: PartnerAuth['sign']
  deliver: Deliver
}

interface Callback {
  job: Job
  result: JobResult
  url: string
}

export function createDeliveries(setup: CallbackSetup): Deliveries {
  const { service, clock, deliver } = setup

  async function deliverStage(job: Job, stage: Stage, url: string): Promise<void> {
    // The job was sent again meanwhile, and runs anew.
    if (!job.stages.includes(stage)) return
    await deliver({
      retriesMs: service.choices.callbackRetriesMs,
      make: () => deliveryRequest(setup, { job, result: stage.result, url }),
    })
  }

  return {
    schedule(job) {
      const url = job.job.callback_url
      if (url === undefined) return
      for (const stage of job.stages) clock.at(stage.at, () => deliverStage(job, stage, url))
    },
  }
}

async function deliveryRequest(
  { service, clock, sign }: CallbackSetup,
  { job, result, url }: Callback,
): Promise<Request> {
  const isEnvelope = service.choices.callbackShape === 'envelope'
  const body = isEnvelope ? { ...statusOf(service, job, { history: true }), result } : { ...result }
  const signed = await sign(body, {
    partnerId: job.partnerId,
    timestamp: new Date(clock.now()).toISOString(),
    scheme: job.job.scheme,
  })
  return callbackRequest(url, signed)
}

/** The request that carries a callback. */
export function callbackRequest(url: string, signedBody: JsonObject): Request {
  return new Request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(signedBody),
  })
}
