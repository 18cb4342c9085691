/** A callback made on its own, to feed the handler under test. */
import type { JobResult } from '../wire/replies.ts'
import { callbackRequest } from './callbacks.ts'
import type { Job, Scheme } from './job-model.ts'
import type { PartnerAuth, Service } from './model.ts'
import { stagesOf } from './stages.ts'

interface SampleCallbackOptions {
  /** Whether a job status is around the result. @default false */
  envelope?: boolean | undefined
  /** @default now, on the emulator's clock */
  timestamp?: Date | string | undefined
  /** @default 'signature' */
  scheme?: Scheme | undefined
  /** Signs with this key: a forgery. @default the partner's */
  apiKey?: string | undefined
}

interface SampleCallback {
  partnerId: string
  url: string
  /** What differs from an approved job. */
  result: Partial<JobResult>
  options: SampleCallbackOptions
}

export async function sampleCallback(
  service: Service,
  sign: PartnerAuth['sign'],
  { partnerId, url, result, options }: SampleCallback,
): Promise<Request> {
  const job: Job = {
    partnerId,
    smileJobId: '0000000000',
    job: { user_id: 'user', job_id: 'job', verdict: 'approved' },
    stages: [],
  }
  const approved = stagesOf(service, job).at(-1)!.result
  const whole = { ...approved, ...result }
  const { envelope = false, timestamp = new Date(service.now()), scheme, apiKey } = options
  const body = envelope ? { job_complete: true, job_success: true, code: '2302', result: whole } : whole
  const signed = await sign(body, {
    partnerId,
    timestamp: timestamp instanceof Date ? timestamp.toISOString() : timestamp,
    scheme,
    apiKey,
  })
  return callbackRequest(url, signed)
}
