/** What a reply of v3 says that is no yes: by status and operation, never by the text of a message. */
import { API_REFUSALS } from '../../errors/api-codes.ts'
import type { ApiCode, Outcome, V1ApiCode, V3ApiCode } from '../../errors/codes.ts'
import { apiFailure, type Failure, invalidReply, type Received } from '../../http/refusal.ts'
import { retryAfterMs } from '../../http/retry.ts'
import type { Members } from '../../input/objects.ts'
import type { Operation } from '../../wire/endpoints.ts'
import { isJobId, type JobId } from '../wire/shared.ts'

interface V3Refusal {
  /** HTTP statuses that mean this, whatever the operation. */
  statuses?: readonly number[]
  /** Statuses that mean this with some operations. */
  of?: Partial<Record<Operation, number>>
  /** What to do, where v1 has no such code or it is another thing there. */
  hint?: string
}

/** What is in no row is `api_error` or `server_error`. The first that fits counts. */
export const V3_REFUSALS: Readonly<Partial<Record<ApiCode, V3Refusal>>> = {
  provider_timeout: {
    of: { 'v3/enhanced_kyc/sync': 408, 'v3/aml/sync': 408 },
    hint: 'Nothing was billed: screen again, if you like, or later.',
  },
  authority_unavailable: {
    of: { 'v3/enhanced_kyc/sync': 424 },
    hint: 'Ask getVerificationStatus for the job later, instead of sending it again.',
  },
  id_number_blocked: {
    of: { 'v3/enhanced_kyc': 429, 'v3/enhanced_kyc/sync': 429, 'v3/biometric_kyc': 429 },
  },
  job_running: { of: { 'v3/replay': 409 }, hint: 'Wait for the end of the job.' },
  link_user_taken: { of: { 'v3/smile_links': 409 }, hint: 'Choose another user_id, or leave it out.' },
  link_not_found: { of: { 'v3/smile_links': 404 }, hint: 'Check ref_id and environment.' },
  news_not_found: {
    of: { 'v3/aml/monitoring/news': 404 },
    hint: 'Check job_id and reference, and that the token is bound to no other user.',
  },
  job_not_found: { of: { 'v3/status': 404, 'v3/replay': 404 } },
  user_not_found: {
    of: { 'v3/aml': 404, 'v3/aml/sync': 404, 'v3/aml/monitoring': 404, 'v3/users/report_fraud': 404 },
    hint: 'Check user_id: it needs an enrolled user, for AML with a verified record.',
  },
  invalid_request: {
    statuses: [400, 415],
    hint: 'A field is missing, or has a wrong type or format: the reply says which, in its message.',
  },
  unauthorized: {
    statuses: [401],
    hint: 'Check partner id, API key or token, and environment: keys of v1 or of apps may be others.',
  },
  payment_required: { statuses: [402] },
  forbidden: {
    statuses: [403],
    hint:
      'Check what the account may do (product, ID type, production, IP addresses, callback domains), and ' +
      'that the token is for this user.',
  },
  too_large: { statuses: [413], hint: 'Send smaller images.' },
  rate_limited: { statuses: [429] },
}

/** The failure that a reply with an HTTP status from 300 tells. */
export function refusalOf(received: Received, members: Members = {}): Failure {
  const { response, facts, repeatable, now } = received
  const { status, headers } = response
  const smileJobId = jobIdOf(headers, members)
  if (status < 400) return invalidReply(facts, { status, smileJobId })
  const code = codeOf(facts.operation, status)
  const outcome = outcomeOf(facts.operation, status)
  return apiFailure({
    ...facts,
    code,
    status,
    smileCode: /^\d{4}$/.test(`${members.code}`) ? `${members.code}` : undefined,
    smileJobId,
    outcome,
    retryAfterMs: retryAfterMs(headers.get('retry-after'), now),
    // Never a number that is blocked: each try prolongs the block.
    retryable: outcome === 'unknown' ? repeatable : code === 'rate_limited',
    hint: hintOf(code),
    body: readableMembers(members),
  })
}

/** Of the header, or of the body, which has `null` or a text such as `unknown` where there is no job. */
export function jobIdOf(headers: Headers, members: Members): JobId | undefined {
  const id = headers.get('smileid-job-id') ?? members.job_id
  return isJobId(id) ? id : undefined
}

function codeOf(operation: Operation, status: number): ApiCode {
  for (const [code, { of, statuses }] of Object.entries(V3_REFUSALS)) {
    if (of?.[operation] === status || statuses?.includes(status)) return code as ApiCode
  }
  // A 408 of a gateway, after which the request may go on.
  return status >= 500 || status === 408 ? 'server_error' : 'api_error'
}

function outcomeOf(operation: Operation, status: number): Outcome {
  // The provider was silent: its job ended, and nothing was billed.
  if (status === 408 && operation === 'v3/aml/sync') return 'rejected'
  return status >= 500 || status === 408 || status === 424 ? 'unknown' : 'rejected'
}

function hintOf(code: ApiCode): string {
  return V3_REFUSALS[code]?.hint ?? API_REFUSALS[code as Exclude<V1ApiCode, V3ApiCode>].hint
}

const READABLE = ['status', 'message', 'error', 'code']

/** What an error may keep of a reply. */
function readableMembers(members: Members): Members {
  const kept = Object.entries(members).filter(
    ([name, value]) => READABLE.includes(name) && typeof value !== 'object',
  )
  return Object.fromEntries(kept)
}
