/** What a reply of v3 says that is no yes: by status and operation, never by the text of a message. */
import { ASK_FIRST } from '../../errors/api-codes.ts'
import type { ApiCode, Outcome } from '../../errors/codes.ts'
import { apiFailure, type Failure, invalidReply, type Received } from '../../http/refusal.ts'
import { retryAfterMs } from '../../http/retry.ts'
import { asText, type Members } from '../../input/objects.ts'
import type { V3Endpoint } from '../wire/operations.ts'
import { isJobId, type JobId } from '../wire/shared.ts'

/** What statuses mean wherever an endpoint has no other meaning for them. */
const CODES: Readonly<Record<number, ApiCode>> = {
  400: 'invalid_request',
  401: 'unauthorized',
  402: 'payment_required',
  403: 'forbidden',
  // A 408 of a gateway, after which the request may go on.
  408: 'server_error',
  413: 'too_large',
  415: 'invalid_request',
  429: 'rate_limited',
}

/** What to do about each code that a reply of v3 may mean. */
const V3_HINTS: Readonly<Partial<Record<ApiCode, string>>> = {
  provider_timeout: 'Of a screening, nothing was billed: screen again. Of an ID, ask getVerificationStatus.',
  authority_unavailable: 'Ask getVerificationStatus for the job later, instead of sending it again.',
  id_number_blocked: 'Do not send this number again: each try prolongs the block.',
  job_running: 'Wait for the end of the job.',
  link_user_taken: 'Choose another user_id, or leave it out.',
  link_not_found: 'Check ref_id and environment.',
  news_not_found: 'Check job_id and reference, and that the token is bound to no other user.',
  job_not_found: 'Check job_id and environment.',
  user_not_found: 'Check user_id: it needs an enrolled user, for AML with a verified record.',
  invalid_request: 'See body.message of this error.',
  unauthorized: 'Check partner id, API key or token, and environment: keys of v1 or of apps may be others.',
  payment_required: 'Top up the wallet.',
  forbidden:
    'Check what the account may do (product, ID type, production, IP addresses, callback domains), and ' +
    'that the token is for this user.',
  too_large: 'Send smaller images.',
  rate_limited: 'Wait, then send again.',
  api_error: 'Look the status up in the documentation.',
}

/** The failure that a reply with an HTTP status from 300 tells. */
export function refusalOf(endpoint: V3Endpoint, received: Received, members: Members = {}): Failure {
  const { response, facts, repeatable, now } = received
  const { status, headers } = response
  const smileJobId = jobIdOf(headers, members)
  if (status < 400) return invalidReply(facts, { status, smileJobId })
  const code = endpoint.codes?.[status] ?? CODES[status] ?? (status < 500 ? 'api_error' : 'server_error')
  const outcome = outcomeOf(endpoint, status)
  return apiFailure({
    ...facts,
    code,
    status,
    smileCode: /^\d{4}$/.exec(asText(members.code))?.[0],
    smileJobId,
    outcome,
    retryAfterMs: retryAfterMs(headers.get('retry-after'), now),
    // Never a number that is blocked: each try prolongs the block.
    retryable: outcome === 'unknown' ? repeatable : code === 'rate_limited',
    hint: V3_HINTS[code] ?? ASK_FIRST,
    body: readableMembers(members),
  })
}

/** Of the header, or of the body, which has `null` or a text such as `unknown` where there is no job. */
export function jobIdOf(headers: Headers, members: Members): JobId | undefined {
  return [headers.get('smileid-job-id'), members.job_id].find(isJobId)
}

function outcomeOf({ operation }: V3Endpoint, status: number): Outcome {
  // The provider was silent: its job ended, and nothing was billed.
  if (status === 408 && operation === 'v3/aml/sync') return 'rejected'
  return status >= 500 || status === 408 || status === 424 ? 'unknown' : 'rejected'
}

const READABLE = ['status', 'message', 'error', 'code']

/** What an error may keep of a reply. */
function readableMembers(members: Members): Members {
  const kept = Object.entries(members).filter(
    ([name, value]) => READABLE.includes(name) && typeof value !== 'object',
  )
  return Object.fromEntries(kept)
}
