/** A lookup as a job: its ids read, its result kept, and told at once or by callback. */
import { membersOf } from '../input/objects.ts'
import type { JobResult } from '../wire/replies.ts'
import { refuse, refuseUsedJobId } from './answers.ts'
import type { EmulatedJob, Job } from './job-model.ts'
import { isUsed } from './jobs.ts'
import { type Answer, type Call, jobKey, type JsonObject, type Service } from './model.ts'

export interface LookupJob {
  user_id: string
  job_id: string
  /** As given. */
  partnerParams: JsonObject
}

/** A new job out of `partner_params`, or why not: required texts, the job type, and a `job_id` of its own. */
export function readLookupJob(
  service: Service,
  partnerId: string,
  given: { partnerParams: unknown; jobType: number },
): { ok: true; job: LookupJob } | { ok: false; refusal: Answer } {
  const partnerParams = membersOf(given.partnerParams)
  for (const name of ['user_id', 'job_id']) {
    if (typeof partnerParams[name] !== 'string' || !partnerParams[name]) {
      return { ok: false, refusal: refuse('2413', `"partner_params.${name}" is required`) }
    }
  }
  const { job_type } = partnerParams
  if (job_type !== undefined && Number(job_type) !== given.jobType) {
    return { ok: false, refusal: refuse('2212', `Invalid job type: use ${given.jobType}`) }
  }
  const { user_id, job_id } = partnerParams as { user_id: string; job_id: string }
  if (isUsed(service, partnerId, { user_id, job_id })) return { ok: false, refusal: refuseUsedJobId() }
  return { ok: true, job: { user_id, job_id, partnerParams } }
}

/** ResultCodes of lookups that found what they looked for. */
const SUCCESS_CODES = ['1012', '1020', '1021', '1030']

/** Keeps the result as that of a job: at once, or, with a callback URL, after a while. */
export function keepResult(
  service: Service,
  { partnerId, scheme }: Call,
  lookup: { job: LookupJob; result: JsonObject; callbackUrl?: string | undefined },
): Answer {
  const { user_id, job_id, partnerParams } = lookup.job
  const smileJobId = service.nextSmileJobId()
  const result = {
    JSONVersion: '1.0.0',
    SmileJobID: smileJobId,
    PartnerParams: partnerParams,
    ...lookup.result,
  }
  const isLater = lookup.callbackUrl !== undefined
  const emulated: EmulatedJob = { user_id, job_id, scheme }
  if (isLater) emulated.callback_url = lookup.callbackUrl
  const job: Job = {
    partnerId,
    smileJobId,
    job: emulated,
    stages: [
      {
        at: isLater ? service.now() + service.jobDurationMs : service.now(),
        result: result as unknown as JobResult,
        complete: true,
        success: SUCCESS_CODES.includes(String(lookup.result.ResultCode)),
      },
    ],
  }
  service.jobs.set(jobKey(partnerId, emulated), job)
  if (isLater) service.schedule(job)
  return isLater
    ? { status: 200, body: { success: true }, committed: true, signing: 'none' }
    : { status: 200, body: { ...result }, committed: true, signing: 'lookup' }
}
