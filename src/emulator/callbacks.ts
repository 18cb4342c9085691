/** Delivery of results: signed, repeated on a schedule until somebody says 2xx. */
import type { JobResult } from '../wire/replies.ts'
import type { Clock } from './clock.ts'
import { statusOf } from './jobs.ts'
import type { Service, Job, Proofs } from './model.ts'

export const callbackRequest = (url: string, body: Record<string, unknown>): Request =>
  new Request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

export interface Deliveries {
  /** Delivers every stage of the job when its time comes. */
  schedule(job: Job): void
}

interface Setup {
  service: Service
  clock: Clock
  sign: Proofs['sign']
  /** What the `callback` faults say about this delivery. */
  strike(): { delayMs?: number | undefined; copies?: number | undefined }
  deliver: ((request: Request) => Promise<Response>) | undefined
  waiting: Request[]
}

export function createDeliveries({ service, clock, sign, strike, deliver, waiting }: Setup): Deliveries {
  async function attempt(job: Job, result: JobResult, url: string, tries: number): Promise<void> {
    const body =
      service.choices.callbackShape === 'envelope'
        ? { ...statusOf(service, job, true, false), result }
        : { ...result }
    const sent = callbackRequest(
      url,
      await sign(job.partnerId, body, new Date(clock.now()).toISOString(), { scheme: job.job.scheme }),
    )
    if (!deliver) return void waiting.push(sent)
    const ok = await deliver(sent).then(
      (response) => response.ok,
      () => false,
    )
    const delay = service.choices.callbackRetriesMs[tries]
    if (!ok && delay !== undefined) clock.at(clock.now() + delay, () => attempt(job, result, url, tries + 1))
  }

  return {
    schedule(job) {
      const url = job.job.callback_url
      if (url === undefined) return
      for (const stage of job.stages) {
        const { at, result } = stage
        clock.at(at, async () => {
          // The job was sent again, and runs anew.
          if (!job.stages.includes(stage)) return
          const { delayMs = 0, copies = 1 } = strike()
          for (let copy = 0; copy < copies; copy++) {
            if (delayMs) clock.at(clock.now() + delayMs, () => attempt(job, result, url, 0))
            else await attempt(job, result, url, 0)
          }
        })
      }
    },
  }
}
