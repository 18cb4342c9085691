/** The rules by which all gates pace calls, whether they keep their state in memory or in a database. */

/** Calls a second: no gate is slower than one call in ten seconds. */
export const LEAST_RATE = 0.1

/**
 * Calls a second by which each success raises the rate: at any rate that is 4 % a second, so that what a 429
 * halved is back after 18 seconds.
 */
export const RECOVERY_RATE = 0.04

/** The pause after a 429 without Retry-After, doubled by each that follows without a success in between. */
export const PAUSE_MS = 1_000
export const MAX_PAUSE_MS = 60_000

/** Calls that were under way together are turned away together: 429s so close to each other are one event. */
export const SAME_EVENT_MS = 1_000

/** The rate before a 429 is measured over this time at least. */
export const LEAST_SPAN_MS = 100

/** Milliseconds, after so many 429s without a success in between. */
export function pauseAfterLimit(strikes: number): number {
  return Math.min(MAX_PAUSE_MS, PAUSE_MS * 2 ** Math.max(0, strikes - 1))
}

/**
 * Half the rate at which calls really went out, in calls a second. `observed` may be too low after a long
 * silence, so it counts as one at least.
 */
export function rateAfterLimit(rates: { rate: number; ceiling: number; observed: number }): number {
  const { rate, ceiling, observed } = rates
  const before = Math.min(rate, Math.max(1, observed))
  return Math.max(Math.min(LEAST_RATE, ceiling), before / 2)
}
