/** What made a call fail: a reply that says no, or one that cannot be read or believed. */
import { apiCodeOfSmileCode, apiCodeOfStatus, CHECK_PROXIES, refusalHint } from '../errors/api-codes.ts'
import { type ErrorFacts, SmileIdApiError, type SmileIdError } from '../errors/classes.ts'
import type { V1ApiCode } from '../errors/codes.ts'
import type { Operation } from '../wire/endpoints.ts'
import type { JobRef } from '../wire/jobs.ts'
import { retryAfterMs } from './retry.ts'
import { asText } from '../input/objects.ts'

/** What every error of a call says. */
export interface CallFacts {
  operation: Operation
  attempts: number
  job?: JobRef | undefined
  smileJobId?: string | undefined
}

/**
 * What an error will be made of: its outcome is settled before it is made, since an earlier attempt, or a
 * look at what happened, may know more than the attempt that failed.
 */
export interface Failure {
  facts: ErrorFacts
  makeError(facts: ErrorFacts): SmileIdError
}

/** A received reply, and what is known of the call that it answers. */
export interface Received {
  response: Response
  facts: CallFacts
  /** Whether a repeat bills nothing and uses nothing up. */
  repeatable: boolean
  /** Milliseconds since 1970. */
  now: number
}

export function apiFailure(facts: ErrorFacts): Failure {
  return { facts, makeError: (final) => new SmileIdApiError(final) }
}

/** The failure that a reply with an HTTP status from 300 tells. */
export function refusalOf(received: Received, members: Record<string, unknown> = {}): Failure {
  const { response, facts, repeatable, now } = received
  const { status } = response
  if (status < 400) return invalidReply(facts, { status })

  const smileCode = /^\d{4}$/.exec(asText(members.code))?.[0]
  const code = apiCodeOf({ status, smileCode, text: members.error })
  const waitMs = retryAfterMs(response.headers.get('retry-after'), now)
  // "Not now", said by a gateway: nothing was looked at.
  const turnedAway = status === 503 && waitMs !== undefined && smileCode === undefined
  const unclear = mayHaveActed({ status, code, turnedAway })
  return apiFailure({
    ...facts,
    code,
    status,
    smileCode,
    outcome: unclear ? 'unknown' : 'rejected',
    retryAfterMs: waitMs,
    // Never 2222 ('id_number_blocked', also 429): each try prolongs the block.
    retryable: unclear ? repeatable : code === 'rate_limited' || turnedAway,
    hint: refusalHint(code, smileCode),
    body: readableMembers(members),
  })
}

/**
 * A plain 5xx or 408 may come from a gateway after the request went through, and a system error of the
 * service (2401 with 400) from the midst of its work.
 */
function mayHaveActed({
  status,
  code,
  turnedAway,
}: {
  status: number
  code: V1ApiCode
  turnedAway: boolean
}) {
  if (status === 408) return true
  if (turnedAway || code === 'id_number_blocked') return false
  return status >= 500 || code === 'server_error'
}

/**
 * 2204 says both "unauthorized" and "wrong type or format", and 2413 with 403 "not authorized"; only text and
 * status tell which.
 */
function apiCodeOf(said: { status: number; smileCode: string | undefined; text: unknown }): V1ApiCode {
  const { status, smileCode, text } = said
  if (smileCode === '2204' && /unauthori/i.test(asText(text))) return 'unauthorized'
  if (smileCode === '2413' && status === 403) return 'unauthorized'
  const fallback = status < 500 ? 'api_error' : 'server_error'
  return apiCodeOfSmileCode(smileCode) ?? apiCodeOfStatus(status) ?? fallback
}

const READABLE = ['error', 'message', 'code', 'success']

/** What an error may keep of a reply. */
function readableMembers(members: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(members).filter(
    ([name, value]) => READABLE.includes(name) && typeof value !== 'object',
  )
  return Object.fromEntries(kept)
}

/** After a 2xx the server has acted, most likely. `status` is 0 where the runtime hides it. */
export function invalidReply(
  facts: CallFacts,
  more: Partial<ErrorFacts> & Pick<ErrorFacts, 'status'>,
): Failure {
  return apiFailure({
    ...facts,
    code: 'invalid_reply',
    outcome: 'unknown',
    hint: CHECK_PROXIES,
    ...more,
  })
}
