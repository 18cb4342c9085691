/** `POST /v3/aml`, `/v3/aml/sync` and `/v3/aml/monitoring`. */
import type { JsonObject } from '../model.ts'
import { sha256Hex } from '../signature.ts'
import { SCREENING_CHECKS } from './aml-checks.ts'
import { peopleFound } from './aml-people.ts'
import { badRequest, gatewayTimeout, v3Error } from './answers.ts'
import type { Form } from './form.ts'
import type { Outcome } from './identities.ts'
import { createJob, newId } from './jobs.ts'
import type { V3Answer, V3Call, V3State } from './model.ts'
import { commonDetails, providedInfo } from './results.ts'
import { booleanOf } from './shapes.ts'
import { firstRefusal, readSubmission, type Submission, type SubmissionRules } from './submission.ts'
import { submit } from './submit.ts'
import { aboutJob, resultNow } from './sync-replies.ts'
import { derivedTypeId } from './type-id.ts'
import { planVerdict } from './verdicts.ts'

export const ONE_TIME_AML: SubmissionRules = {
  product: 'one_time_aml',
  // Nothing of a screening can stand in a token.
  bindable: [],
  checks: SCREENING_CHECKS,
  delivery: 'callback',
  rejection: { status: 'block', reason: 'aml_match_found' },
  details: screeningDetails,
}

const SYNC_RULES: SubmissionRules = { ...ONE_TIME_AML, delivery: 'reply' }

const AML_MONITORING: SubmissionRules = {
  ...ONE_TIME_AML,
  product: 'aml_monitoring',
  bindable: ['callback_url'],
  details(submission, outcome) {
    const { monitoringReference } = submission.state.choices
    return {
      ...commonDetails(submission, outcome),
      ...findings(submission, outcome, { reference: monitoringReference }),
    }
  },
}

function screeningDetails(submission: Submission, outcome: Outcome): JsonObject {
  return {
    ...findings(submission, outcome),
    user_provided_info: providedInfo(submission),
    consent: {},
    antifraud: outcome.reason === 'high_risk' ? HIGH_RISK : null,
    device_signals: null,
  }
}

/** Flat, unlike that of other products. */
const HIGH_RISK = {
  fraud_risk_level: 'high',
  fraud_risk_score: 92,
  fraud_risk_indicator_groups: ['device_risk'],
}

function findings(
  { call, details }: Submission,
  outcome: Outcome,
  { reference }: { reference?: string } = {},
): JsonObject {
  const { given_names, last_name } = details
  const name = call.form.text('full_name') ?? `${String(given_names)} ${String(last_name)}`
  const people = peopleFound(outcome, { name, reference })
  return {
    strict_match: booleanOf(call.form.text('strict_match')) ?? true,
    no_of_persons_found: people.length,
    people,
  }
}

/** Screens while the caller waits. A key that was seen before names the job that it made then. */
export async function amlSync(state: V3State, call: V3Call): Promise<V3Answer> {
  const { operation, headers, partner, environment, form } = call
  const key = headers.get('smileid-idempotency-key')
  if (key !== null && !/^[\w-]{16,128}$/.test(key)) {
    return badRequest(operation, "Header 'SmileID-Idempotency-Key' is invalid.")
  }
  const scope = `${partner.id} ${environment} ${key}`
  const job_id = key === null ? newId(state, 'job') : await derivedTypeId('job', scope)
  const content = await contentOf(form)
  // From here to the job's end no other call may come between.
  const submission = readSubmission(state, call, SYNC_RULES)
  const refusal = firstRefusal(SYNC_RULES.checks, submission)
  if (refusal) return refusal
  const earlier = key === null ? undefined : state.idempotentRequests.get(job_id)
  if (earlier) {
    if (earlier.content !== content && state.choices.reusedKey === 'refuse') {
      return badRequest(operation, "Header 'SmileID-Idempotency-Key' was used for another request.")
    }
    const isFinal = earlier.answer.status !== 408 || state.choices.keyAfterTimeout === 'same_error'
    if (isFinal) return { ...earlier.answer, committed: false }
  }
  const answer = screen(submission, job_id)
  if (key !== null && answer.committed) state.idempotentRequests.set(job_id, { content, answer })
  return answer
}

function screen(submission: Submission, job_id: string): V3Answer {
  const { state, call } = submission
  const planned = planVerdict(submission)
  if (!planned.ok) return planned.refusal
  const failure = call.faults.status?.status
  const isSilent = failure === 408 || failure === 504 || planned.reason === 'service_unavailable'
  if (isSilent) {
    // Nothing is billed for a provider that said nothing.
    const silence = { status: 'error', reason: 'service_unavailable', isReviewed: false } as const
    const job = createJob(submission, { ...silence, timing: 'now', job_id, isBilled: false })
    job.staysProcessing = state.choices.monitoringStatus === 'processing'
    const answer = aboutJob(job, v3Error(call.operation, 408))
    return failure === 504 ? { ...answer, ...gatewayTimeout(), headers: {}, committed: true } : answer
  }
  const job = createJob(submission, { ...planned, isReviewed: false, timing: 'now', job_id })
  return job.verdict.status === 'error' ? aboutJob(job, v3Error(call.operation, 500)) : resultNow(state, job)
}

/** A digest of what the parts say: the boundary between them is another one each time. */
async function contentOf(form: Form): Promise<string> {
  const parts = form.parts.map(async ({ name, bytes }) => [name, await sha256Hex(new Uint8Array(bytes))])
  return JSON.stringify(await Promise.all(parts))
}

/** Screens, and goes on watching. */
export function amlMonitoring(state: V3State, call: V3Call): V3Answer {
  const answer = submit(state, call, AML_MONITORING)
  const job = answer.job && state.jobs.get(answer.job.job_id)
  if (job) job.staysProcessing = state.choices.monitoringStatus === 'processing'
  return answer
}
