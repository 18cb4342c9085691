/** Delivery of results: signed, and repeated on a schedule until the answer is 2xx. */
import type { JobResult } from '../wire/replies.ts'
import type { Clock } from './clock.ts'
import type { Faults } from './faults.ts'
import type { Job, Stage } from './job-model.ts'
import { statusOf } from './job-status.ts'
import type { JsonObject, PartnerAuth, Service } from './model.ts'

export interface Deliveries {
  /** Delivers every stage of the job when its time comes. */
  schedule(job: Job): void
}

interface DeliverySetup {
  service: Service
  clock: Clock
  faults: Faults
  sign: PartnerAuth['sign']
  /** Takes the callbacks; where nothing does, they are kept in `undelivered`. */
  deliver: ((request: Request) => Promise<Response>) | undefined
  undelivered: Request[]
}

interface Delivery {
  job: Job
  result: JobResult
  url: string
  /** How often it was tried. */
  tries: number
}

export function createDeliveries(setup: DeliverySetup): Deliveries {
  const { clock } = setup

  async function attempt(delivery: Delivery): Promise<void> {
    const request = await deliveryRequest(setup, delivery)
    if (!setup.deliver) {
      setup.undelivered.push(request)
      return
    }
    const isTaken = await setup.deliver(request).then(
      (response) => response.ok,
      () => false,
    )
    const delay = setup.service.choices.callbackRetriesMs[delivery.tries]
    if (isTaken || delay === undefined) return
    clock.at(clock.now() + delay, () => attempt({ ...delivery, tries: delivery.tries + 1 }))
  }

  async function deliverStage(job: Job, stage: Stage, url: string): Promise<void> {
    // The job was sent again meanwhile, and runs anew.
    if (!job.stages.includes(stage)) return
    const { delayMs = 0, copies = 1 } = setup.faults.take('callback').callback ?? {}
    const delivery: Delivery = { job, result: stage.result, url, tries: 0 }
    for (let copy = 0; copy < copies; copy++) {
      if (delayMs) clock.at(clock.now() + delayMs, () => attempt(delivery))
      else await attempt(delivery)
    }
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
  { service, clock, sign }: DeliverySetup,
  { job, result, url }: Delivery,
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
