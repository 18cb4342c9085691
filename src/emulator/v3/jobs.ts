/** Jobs: taken on, looked at from outside, and what they do to users. */
import type { EnrolledUser } from '../model.ts'
import type { Outcome } from './identities.ts'
import { type EmulatedV3Job, type V3Job, type V3State, v3UserKey } from './model.ts'
import type { Submission } from './submission.ts'
import { typeId } from './type-id.ts'
import { inWords } from './verdicts.ts'

interface JobPlan extends Outcome {
  isReviewed: boolean
  /** When the result is known: now, after some time, or after a reply that was not waited for. */
  timing: 'now' | 'later'
  /** Made from an idempotency key. */
  job_id?: string | undefined
  /** @default true */
  isBilled?: boolean
  /** Of the selfie that is to be kept. */
  photoSha256?: string | undefined
}

export function createJob(submission: Submission, plan: JobPlan): V3Job {
  const { state, call, rules } = submission
  const createdAt = state.now()
  const waitMs = plan.timing === 'now' ? 0 : state.jobDurationMs
  const user_id = submission.userId ?? newId(state, 'user')
  const job: V3Job = {
    job_id: plan.job_id ?? newId(state, 'job'),
    user_id,
    operation: call.operation,
    partner: call.partner,
    environment: call.environment,
    product: rules.product,
    createdAt,
    completedAt: createdAt + (plan.isReviewed ? 2 * waitMs : waitMs),
    verdict: inWords(call.operation, plan),
    callbackUrl: submission.callbackUrl,
    isDelivered: rules.delivery === 'callback',
    partnerParams: submission.partnerParams,
    details: rules.details(submission, plan),
    staysProcessing: false,
  }
  if (plan.isReviewed) job.reviewAt = createdAt + waitMs
  state.jobs.set(job.job_id, job)
  const { job_id, operation } = job
  if (plan.isBilled !== false) state.bills.push({ operation, job_id, user_id })
  const isClear = plan.status === 'clear' || plan.status === 'attention'
  if (isClear && rules.enrols?.(submission, user_id)) enrol(state, job, plan.photoSha256 ?? '')
  state.schedule(job)
  return job
}

export function newId(state: V3State, prefix: 'job' | 'user'): string {
  return typeId(prefix, { at: state.now(), random: () => state.random() })
}

/** The job enrols its user once its verdict is known. */
function enrol(state: V3State, { job_id, user_id, partner, completedAt }: V3Job, photoSha256: string): void {
  const user: EnrolledUser = {
    partner_id: partner.id,
    user_id,
    user_created_at: new Date(completedAt).toISOString(),
    photoSha256,
    smileJobId: job_id,
  }
  state.enrolled.userChanges.set(job_id, {
    at: completedAt,
    userKey: v3UserKey(partner, user_id),
    apply: () => user,
  })
}

export function hasEnded(state: V3State, job: V3Job): boolean {
  return state.now() >= job.completedAt
}

export function jobFromOutside(state: V3State, job: V3Job): EmulatedV3Job {
  const { job_id, user_id, operation, product, environment, verdict, completedAt } = job
  return {
    job_id,
    user_id,
    operation,
    product,
    environment,
    status: hasEnded(state, job) ? verdict.status : 'processing',
    reason: hasEnded(state, job) ? verdict.reason : null,
    completedAt: new Date(completedAt).toISOString(),
  }
}
