/**
 * The statements of the gate in D1: each changes its one row as a whole, so that no two consumers are given
 * one time. They follow the rules of bulk/pace-rules.ts. Times are milliseconds since 1970.
 */
import { LEAST_RATE, LEAST_SPAN_MS, MAX_PAUSE_MS, PAUSE_MS, SAME_EVENT_MS } from '../bulk/pace-rules.ts'
import type { Statement } from './d1-query.ts'

/**
 * Calls are counted over so many milliseconds: then the count and its time are halved, so that their ratio
 * stays.
 */
const SPAN_MS = 10_000

/** From here the pause has its greatest length in any case. */
const MOST_DOUBLINGS = 6

/**
 * The table, and its row with the rate to begin with. In it:
 *
 * | column         | meaning                                                     |
 * | -------------- | ----------------------------------------------------------- |
 * | `rate`         | calls a second that may go out                              |
 * | `slot`         | the first time that is not given to a call yet              |
 * | `granted`      | where the times begin that were given last                  |
 * | `closed_until` | no call goes out before                                     |
 * | `cut_at`       | when a 429 last halved the rate                             |
 * | `strikes`      | 429s without a success in between                           |
 * | `seen`         | calls that went out since `since`: the pace as it really was |
 */
export function createPaceTable(table: string, ratePerSecond: number): Statement[] {
  const create = `
    CREATE TABLE IF NOT EXISTS ${table} (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      rate REAL NOT NULL,
      granted REAL NOT NULL DEFAULT 0,
      slot REAL NOT NULL DEFAULT 0,
      closed_until REAL NOT NULL DEFAULT 0,
      cut_at REAL NOT NULL DEFAULT 0,
      strikes INTEGER NOT NULL DEFAULT 0,
      seen REAL NOT NULL DEFAULT 0,
      since REAL NOT NULL DEFAULT 0
    )`
  const insert = `INSERT INTO ${table} (id, rate) VALUES (1, ?1) ON CONFLICT DO NOTHING`
  return [{ sql: create }, { sql: insert, values: [ratePerSecond] }]
}

/** What the statements below return. */
export interface PaceRow {
  granted: number
  slot: number
  closed_until: number
}

export function selectPace(table: string): string {
  return `SELECT granted, slot, closed_until FROM ${table}`
}

/**
 * At ?1, gives times to ?2 calls, unless they would begin more than ?3 milliseconds from now; raises the rate
 * by ?4 for calls that went well, to ?5 at most.
 */
export function grantTimes(table: string): string {
  const next = 'MAX(slot, closed_until, ?1)'
  const wasIdle = `?1 - MAX(slot, since) > ${SPAN_MS}`
  const isLong = `?1 - since > ${SPAN_MS}`
  return `
    UPDATE ${table} SET
      granted = ${next},
      slot = ${next} + ?2 * 1000.0 / MIN(rate, ?5),
      rate = MIN(?5, rate + ?4),
      strikes = CASE WHEN ?4 > 0 THEN 0 ELSE strikes END,
      seen = CASE WHEN ${wasIdle} THEN 0 WHEN ${isLong} THEN seen / 2 ELSE seen END + ?2,
      since = CASE WHEN ${wasIdle} THEN ?1 WHEN ${isLong} THEN (since + ?1) / 2 ELSE since END
    WHERE ${next} <= ?1 + ?3
    RETURNING granted, slot, closed_until`
}

/**
 * At ?1, closes the gate for ?3 milliseconds, or, after a 429 (?2) that does not say, for `pauseAfterLimit`;
 * each 429 lowers the rate, of ?4 at most, as `rateAfterLimit` does.
 */
export function closeGate(table: string): string {
  const isNewEvent = `(?2 AND ?1 >= MAX(closed_until, cut_at + ${SAME_EVENT_MS}))`
  const observed = `seen * 1000.0 / MAX(${LEAST_SPAN_MS}, ?1 - since)`
  const lowered = `MAX(MIN(${LEAST_RATE}, ?4), MIN(rate, ?4, MAX(1, ${observed})) / 2)`
  const doublings = `MAX(0, MIN(${MOST_DOUBLINGS}, strikes + ${isNewEvent} - 1))`
  const ownPause = `CASE WHEN ?2 THEN MIN(${MAX_PAUSE_MS}, ${PAUSE_MS} << ${doublings}) ELSE 0 END`
  return `
    UPDATE ${table} SET
      rate = CASE WHEN ${isNewEvent} THEN ${lowered} ELSE rate END,
      strikes = strikes + ${isNewEvent},
      cut_at = CASE WHEN ${isNewEvent} THEN ?1 ELSE cut_at END,
      closed_until = MAX(closed_until, ?1 + COALESCE(?3, ${ownPause}))
    RETURNING granted, slot, closed_until`
}
