/**
 * The statements of the gate: each changes its one row as a whole, so that no two workers are given one time.
 * They follow the rules of bulk/pace-rules.ts. Times are milliseconds since 1970.
 */
import { LEAST_RATE, LEAST_SPAN_MS, MAX_PAUSE_MS, PAUSE_MS, SAME_EVENT_MS } from '../bulk/pace-rules.ts'
import { type SqlDialect, timeOf } from './database.ts'

/**
 * Calls are counted over so many milliseconds: then the count and its time are halved, so that their ratio
 * stays.
 */
const SPAN_MS = 10_000

/** From here the pause has its greatest length in any case. */
const MOST_DOUBLINGS = 6

/** What all of them return; parameter ?1 is the time, where the caller's clock says it. */
function returned(dialect: SqlDialect): string {
  return `granted, slot, closed_until AS "closedUntil", ${timeOf(dialect, '?1')} AS now`
}

function number(parameter: string): string {
  return `CAST(${parameter} AS DOUBLE PRECISION)`
}

export function selectPace(table: string, dialect: SqlDialect): string {
  return `SELECT ${returned(dialect)} FROM ${table}`
}

/**
 * At ?1, gives times to ?2 calls, unless they would begin more than ?3 milliseconds from now; raises the rate
 * by ?4 for calls that went well, to ?5 at most.
 */
export function grantTimes(table: string, dialect: SqlDialect): string {
  const { max, min } = dialect
  const [calls, horizon, raise, ceiling] = ['?2', '?3', '?4', '?5'].map(number)
  const now = timeOf(dialect, '?1')
  const next = `${max}(slot, closed_until, ${now})`
  const wasIdle = `${now} - ${max}(slot, since) > ${SPAN_MS}`
  const isLong = `${now} - since > ${SPAN_MS}`
  return `
    UPDATE ${table} SET
      granted = ${next},
      slot = ${next} + ${calls} * 1000.0 / ${min}(rate, ${ceiling}),
      rate = ${min}(${ceiling}, rate + ${raise}),
      strikes = CASE WHEN ${raise} > 0 THEN 0 ELSE strikes END,
      seen = CASE WHEN ${wasIdle} THEN 0 WHEN ${isLong} THEN seen / 2 ELSE seen END + ${calls},
      since = CASE WHEN ${wasIdle} THEN ${now} WHEN ${isLong} THEN (since + ${now}) / 2 ELSE since END
    WHERE ${next} <= ${now} + ${horizon}
    RETURNING ${returned(dialect)}`
}

/**
 * From ?5 milliseconds before ?1, closes the gate for ?3 milliseconds, or, after a 429 (?2) that does not
 * say, for `pauseAfterLimit`; each 429 lowers the rate, of ?4 at most, as `rateAfterLimit` does.
 */
export function closeGate(table: string, dialect: SqlDialect): string {
  const { max, min } = dialect
  const [retryAfter, ceiling, age] = ['?3', '?4', '?5'].map(number)
  const at = `(${timeOf(dialect, '?1')} - ${age})`
  const isLimited = 'CAST(?2 AS INTEGER) = 1'
  const isNewEvent = `(${isLimited} AND ${at} >= ${max}(closed_until, cut_at + ${SAME_EVENT_MS}))`
  const oneIfNew = `CASE WHEN ${isNewEvent} THEN 1 ELSE 0 END`
  const observed = `seen * 1000.0 / ${max}(${LEAST_SPAN_MS}, ${at} - since)`
  const before = `${min}(rate, ${ceiling}, ${max}(1, ${observed}))`
  const lowered = `${max}(${min}(${LEAST_RATE}, ${ceiling}), ${before} / 2)`
  const doublings = `${max}(0, ${min}(${MOST_DOUBLINGS}, strikes + ${oneIfNew} - 1))`
  const pause = `${min}(${MAX_PAUSE_MS}, ${PAUSE_MS} << ${doublings})`
  const ownPause = `CASE WHEN ${isLimited} THEN ${pause} ELSE 0 END`
  return `
    UPDATE ${table} SET
      rate = CASE WHEN ${isNewEvent} THEN ${lowered} ELSE rate END,
      strikes = strikes + ${oneIfNew},
      cut_at = CASE WHEN ${isNewEvent} THEN ${at} ELSE cut_at END,
      closed_until = ${max}(closed_until, ${at} + COALESCE(${retryAfter}, ${ownPause}))
    RETURNING ${returned(dialect)}`
}
