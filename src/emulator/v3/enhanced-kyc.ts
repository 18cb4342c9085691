/** `POST /v3/enhanced_kyc` and `…/sync`. */
import { gatewayTimeout, v3Error } from './answers.ts'
import { COMMON, country, enabledIdType, idNumber, idNumberLimit, idType } from './checks.ts'
import { createJob } from './jobs.ts'
import type { V3Answer, V3Call, V3Job, V3State } from './model.ts'
import { commonDetails, idFields } from './results.ts'
import { BINDABLE, firstRefusal, readSubmission, type SubmissionRules } from './submission.ts'
import { aboutJob, resultNow } from './sync-replies.ts'
import { planVerdict } from './verdicts.ts'

export const ENHANCED_KYC: SubmissionRules = {
  product: 'enhanced_kyc',
  bindable: [...BINDABLE, 'country', 'id_type', 'id_number'],
  checks: [country, idType, ...COMMON, enabledIdType, idNumber, idNumberLimit],
  delivery: 'callback',
  rejection: { status: 'block', reason: 'identifier_not_found' },
  details: (submission, outcome) => ({
    ...commonDetails(submission, outcome),
    ...idFields(submission, outcome),
  }),
}

const SYNC_RULES: SubmissionRules = { ...ENHANCED_KYC, delivery: 'reply' }

/** Answers with the result. What it cannot say in time is told by the job's status, and billed. */
export function enhancedKycSync(state: V3State, call: V3Call): V3Answer {
  const submission = readSubmission(state, call, SYNC_RULES)
  const refusal = firstRefusal(SYNC_RULES.checks, submission)
  if (refusal) return refusal
  const planned = planVerdict(submission)
  if (!planned.ok) return planned.refusal

  const failure = call.faults.status?.status
  if (failure === 408 || failure === 504) {
    const job = createJob(submission, { ...planned, timing: 'later' })
    return failure === 408 ? aboutJob(job, v3Error(call.operation, 408)) : lost(job)
  }
  if (failure === 424) {
    const down = { status: 'error', reason: 'service_unavailable', isReviewed: false } as const
    return failed(createJob(submission, { ...down, timing: 'now' }))
  }
  const job = createJob(submission, { ...planned, isReviewed: false, timing: 'now' })
  return job.verdict.status === 'error' ? failed(job) : resultNow(state, job)
}

/** No error verdict is told as a result. */
function failed(job: V3Job): V3Answer {
  const isDown = job.verdict.reason === 'service_unavailable'
  return aboutJob(job, v3Error(job.operation, isDown ? 424 : 500))
}

function lost(job: V3Job): V3Answer {
  const { job_id, user_id } = job
  return { ...gatewayTimeout(), job: { job_id, user_id }, committed: true }
}
