/** When a call is repeated; whether it may be stands on the error (`retryable`). */
import type { SmileIdError } from '../errors/classes.ts'

const BASE_MS = 500
const CAP_MS = 8_000

/** Milliseconds to wait before the next attempt, `undefined` when there must be none. */
export function retryDelay(
  error: Pick<SmileIdError, 'retryable' | 'retryAfterMs' | 'attempts'>,
  maxDelayMs: number,
  random: () => number,
): number | undefined {
  if (!error.retryable) return undefined
  // The server's own word wins, and is not jittered; one that is too far off ends the call.
  if (error.retryAfterMs !== undefined)
    return error.retryAfterMs <= maxDelayMs ? error.retryAfterMs : undefined
  return Math.min(maxDelayMs, random() * Math.min(CAP_MS, BASE_MS * 2 ** error.attempts))
}

/** Milliseconds of a `Retry-After` in seconds or as an HTTP-date (RFC 9110 §10.2.3). */
export function retryAfterMs(value: string | null, now: number): number | undefined {
  if (value === null) return undefined
  if (/^\s*\d{1,9}\s*$/.test(value)) return Number(value) * 1000
  // Date.parse alone takes far more than HTTP-dates, all of which but the one obsolete asctime form end like
  // this.
  const at = /^\w{3}.* GMT$/.test(value) ? Date.parse(value) : NaN
  return at >= 0 ? Math.max(0, at - now) : undefined
}
