/** A reply that says no, or nothing that can be read, as a typed error. */
import type { JobRef } from '../wire/jobs.ts'
import type { Operation } from '../wire/endpoints.ts'
import { type ApiCode, type ErrorFacts, SmileIdApiError } from '../errors/classes.ts'
import { retryAfterMs } from './retry.ts'
import { apiRefusals } from '../errors/api-codes.ts'

export function refusalOf(
  response: Response,
  members: Record<string, unknown> = {},
  { repeatable, ...facts }: CallFacts & { repeatable: boolean },
  now: number,
): SmileIdApiError {
  const { status, headers } = response
  if (status < 400) return invalidReply(status, facts)
  const smileCode = /^\d{4}$/.test(`${members.code}`) ? `${members.code}` : undefined
  const code = apiCode(status, smileCode, members.error)
  const waits = retryAfterMs(headers.get('retry-after'), now)
  // "Not now", said by a gateway: nothing was looked at.
  const turnedAway = status === 503 && waits !== undefined && smileCode === undefined
  // A plain 5xx or 408 may come from in between, after the request went through, and a system error of the
  // service (2401 with 400) from its midst.
  const unclear =
    status === 408 ||
    ((status >= 500 || code === 'server_error') && !turnedAway && code !== 'id_number_blocked')
  return new SmileIdApiError({
    ...facts,
    code,
    status,
    smileCode,
    outcome: unclear ? 'unknown' : 'rejected',
    retryAfterMs: waits,
    // Never 2222 ('id_number_blocked', also 429): each try prolongs the block.
    retryable: unclear ? repeatable : code === 'rate_limited' || turnedAway,
    hint: apiRefusals()[code][1],
    body: Object.fromEntries(
      Object.entries(members).filter(
        ([name, value]) =>
          ['error', 'message', 'code', 'success'].includes(name) && typeof value !== 'object',
      ),
    ),
  })
}

/**
 * 2204 says both "unauthorized" and "wrong type or format", and 2413 with 403 "not authorized"; only text and
 * status tell which.
 */
function apiCode(status: number, smileCode: string | undefined, text: unknown): ApiCode {
  if ((smileCode === '2204' && /unauthori/i.test(`${text}`)) || (smileCode === '2413' && status === 403))
    return 'unauthorized'
  const named = (number: unknown) =>
    Object.entries(apiRefusals()).find(([, [codes]]) => codes.split(' ').includes(`${number}`))?.[0] as
      ApiCode | undefined
  return named(smileCode) ?? named(status) ?? (status < 500 ? 'api_error' : 'server_error')
}

/** `status` 0: the runtime hides it. After a 2xx the server has acted, most likely. */
export function invalidReply(status: number, facts: CallFacts, more?: Partial<ErrorFacts>): SmileIdApiError {
  return new SmileIdApiError({
    ...facts,
    code: 'invalid_reply',
    status,
    outcome: 'unknown',
    hint: apiRefusals().invalid_reply[1],
    ...more,
  })
}

/** What every error of a call says. */
export interface CallFacts {
  operation: Operation
  attempts: number
  job?: JobRef | undefined
  smileJobId?: string | undefined
}
