/** When a call is repeated; whether it may be stands on the failure (`retryable`). */
import type { ErrorFacts } from '../errors/classes.ts'

const BASE_MS = 500
const CAP_MS = 8_000

/** Milliseconds to wait before the next attempt, `undefined` when there must be none. */
export function retryDelay(
  failed: Pick<ErrorFacts, 'retryable' | 'retryAfterMs' | 'attempts'>,
  { maxDelayMs, random }: { maxDelayMs: number; random: () => number },
): number | undefined {
  if (!failed.retryable) return undefined
  if (failed.retryAfterMs !== undefined) {
    // The server's own word wins, and is not jittered; one that is too far off ends the call.
    return failed.retryAfterMs <= maxDelayMs ? failed.retryAfterMs : undefined
  }
  const ceilingMs = Math.min(CAP_MS, BASE_MS * 2 ** failed.attempts)
  return Math.min(maxDelayMs, random() * ceilingMs)
}

/** Milliseconds of a `Retry-After` in seconds or as an HTTP-date (RFC 9110 §10.2.3). */
export function retryAfterMs(value: string | null, now: number): number | undefined {
  if (value === null) return undefined
  if (/^\s*\d{1,9}\s*$/.test(value)) return Number(value) * 1000
  // Date.parse alone takes far more than HTTP-dates, all of which but the obsolete asctime form end like
  // this.
  const at = /^\w{3}.* GMT$/.test(value) ? Date.parse(value) : NaN
  return at >= 0 ? Math.max(0, at - now) : undefined
}
