/** When the next call may go out: one gate for all workers, in one row of a database. */
import {
  createSharedPaceGate,
  type PaceLedger,
  type PaceState,
  type SharedPaceGate,
  UNLIMITED,
} from '../bulk/shared-pace.ts'
import type { SqlDatabase } from './database.ts'
import { checkStore, type SqlPaceOptions, sqlPaceOptions } from './input.ts'
import { closeGate, grantTimes, selectPace } from './pace-statements.ts'
import { createQuery } from './query.ts'
import { paceTables } from './tables.ts'

/**
 * Makes the gate that all workers share: it paces as `createPaceGate` does, but its rate, its pauses and
 * whose turn it is stand in the database; its table makes itself.
 *
 * Those who wait at once in one worker are given their times together, in one statement, so that a call costs
 * one write at most, and a read where it had to wait. A 429, or `Retry-After`, closes it for all as soon as
 * it is written; calls that have their time already look once more before they go. All give the same
 * `ratePerSecond`. Errors of the database reject as they are.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments.
 *
 * @example
 * ```ts
 * import { createSqlPaceGate, fromSqlite, type SqliteLike } from 'smileid-edge/sql'
 *
 * export const gateOf = (db: SqliteLike) => createSqlPaceGate(fromSqlite(db), { ratePerSecond: 5 })
 * ```
 */
export function createSqlPaceGate(db: SqlDatabase, options: SqlPaceOptions = {}): SharedPaceGate {
  return openPaceGate(db, checkStore(db, sqlPaceOptions(), options))
}

/** The same, of arguments that were checked. */
export function openPaceGate(db: SqlDatabase, options: SqlPaceOptions): SharedPaceGate {
  return createSharedPaceGate(openLedger(db, options), options)
}

function openLedger(
  db: SqlDatabase,
  { table = 'smileid_pace', ratePerSecond: ceiling = UNLIMITED, now }: SqlPaceOptions,
): PaceLedger {
  const seed = `INSERT INTO ${table} (id, rate) VALUES (1, ?1) ON CONFLICT DO NOTHING`
  const query = createQuery(db, paceTables(table), [{ sql: seed, values: [ceiling] }])
  const select = selectPace(table, db.dialect)
  const grant = grantTimes(table, db.dialect)
  const close = closeGate(table, db.dialect)
  const given = () => now?.() ?? null
  return {
    async read() {
      const [state] = await query<PaceState>(select, given())
      return state!
    },
    async grant({ calls, horizonMs, raise }) {
      const [state] = await query<PaceState>(grant, given(), calls, horizonMs, raise, ceiling)
      return state
    },
    async close({ ageMs, limited, retryAfterMs = null }) {
      const values = [Number(limited), retryAfterMs, ceiling, ageMs] as const
      const [state] = await query<PaceState>(close, given(), ...values)
      return state!
    },
  }
}
