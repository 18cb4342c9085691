/**
 * The statements of the gate in D1: each changes its one row as a whole, so that no two consumers are given
 * one time. Times are milliseconds since 1970.
 */

/** No slower than one call in ten seconds. */
const LEAST_RATE = 0.1
const PAUSE_MS = 1_000
const MAX_PAUSE_MS = 60_000
/**
 * What was called is counted over so many milliseconds: then the count and its time are halved, so that their
 * ratio stays.
 */
const SPAN_MS = 10_000
const LEAST_SPAN_MS = 100

/**
 * `slot`: the first time that is not given yet; `granted`: where the block that was given last begins; `seen`
 * calls since `since`, the pace as it really was.
 *
 * The second takes the rate to begin with: ?1 calls a second.
 */
export function CREATE(table: string): [string, string] {
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (id INTEGER PRIMARY KEY CHECK (id = 1), rate REAL NOT NULL, granted REAL NOT NULL DEFAULT 0, slot REAL NOT NULL DEFAULT 0, closed_until REAL NOT NULL DEFAULT 0, cut_at REAL NOT NULL DEFAULT 0, strikes INTEGER NOT NULL DEFAULT 0, seen REAL NOT NULL DEFAULT 0, since REAL NOT NULL DEFAULT 0)`,
    `INSERT INTO ${table} (id, rate) VALUES (1, ?1) ON CONFLICT DO NOTHING`,
  ]
}

const NEXT = 'MAX(slot, closed_until, ?1)'
const IDLE = `?1 - MAX(slot, since) > ${SPAN_MS}`
const LONG = `?1 - since > ${SPAN_MS}`

/**
 * At ?1, gives times for ?2 calls, unless they would begin more than ?3 milliseconds from now; raises the
 * rate by ?4, to ?5 at most, for what went well.
 */
export function LEASE(table: string): string {
  return `UPDATE ${table} SET
    granted = ${NEXT}, slot = ${NEXT} + ?2 * 1000.0 / MIN(rate, ?5), rate = MIN(?5, rate + ?4), strikes = CASE WHEN ?4 > 0 THEN 0 ELSE strikes END,
    seen = CASE WHEN ${IDLE} THEN 0 WHEN ${LONG} THEN seen / 2 ELSE seen END + ?2, since = CASE WHEN ${IDLE} THEN ?1 WHEN ${LONG} THEN (since + ?1) / 2 ELSE since END
    WHERE ${NEXT} <= ?1 + ?3 RETURNING granted, slot, closed_until`
}

// Calls that were under way together are turned away together: that is one event.
const CUT = '(?2 AND ?1 >= MAX(closed_until, cut_at + 1000))'
const PAUSE = `CASE WHEN ?2 THEN MIN(${MAX_PAUSE_MS}, ${PAUSE_MS} << MAX(0, MIN(6, strikes + ${CUT} - 1))) ELSE 0 END`

/**
 * At ?1, closes the gate for ?3 milliseconds, or, after a 429 (?2) that does not say, for a second, then two,
 * four, up to a minute; each 429 halves the rate, of ?4 at most.
 */
export function CLOSE(table: string): string {
  return `UPDATE ${table} SET
    rate = CASE WHEN ${CUT} THEN MAX(MIN(${LEAST_RATE}, ?4), MIN(rate, ?4, MAX(1, seen * 1000.0 / MAX(${LEAST_SPAN_MS}, ?1 - since))) / 2) ELSE rate END,
    strikes = strikes + ${CUT}, cut_at = CASE WHEN ${CUT} THEN ?1 ELSE cut_at END, closed_until = MAX(closed_until, ?1 + COALESCE(?3, ${PAUSE}))
    RETURNING granted, slot, closed_until`
}
