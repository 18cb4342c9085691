/** Which callbacks were acted on already, in a database. */
import type { ReplayStore } from '../callback/replay-store.ts'
import { attempt } from '../platform/realms.ts'
import { type SqlDialect, itemText, type SqlDatabase, timeOf } from './database.ts'
import { checkStore, type ReplayStoreOptions, replayStoreOptions } from './input.ts'
import { createQuery, type Statement } from './query.ts'
import { countTables, eventTables } from './tables.ts'

/** Rows that are forgotten at a time, once they are no longer kept. */
const SWEEP = 1000

/**
 * Keeps in a database which events of callbacks were acted on, for all who share it; both tables make
 * themselves.
 *
 * A claim is one statement, so that of two deliveries at once one gets it, and runs out by the database's
 * clock, so that clocks of servers may differ. In `<table>_counts` it keeps for a minute how often callbacks
 * came under one signed pair, as digests. What is no longer kept is swept out whenever a store is first used.
 * Errors of the database reject as they are, upon which the handler answers 5xx and the event comes again.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments.
 *
 * @example
 * ```ts
 * import { createCallbackHandler } from 'smileid-edge/callback'
 * import { type Client } from 'smileid-edge/client'
 * import { createSqlReplayStore, fromPostgres, type PostgresLike } from 'smileid-edge/sql'
 *
 * export const handlerOf = (client: Client, sql: PostgresLike) =>
 *   createCallbackHandler(client, {
 *     replayStore: createSqlReplayStore(fromPostgres(sql)),
 *     onResult: ({ smileJobId }) => console.log(smileJobId),
 *   })
 * ```
 */
export function createSqlReplayStore(
  db: SqlDatabase,
  options: {
    /** @default 'smileid_events' */ table?: string | undefined
    /** Milliseconds since 1970. @default the database's own clock */ now?: (() => number) | undefined
  } = {},
): ReplayStore {
  return openReplayStore(db, checkStore(db, replayStoreOptions(), options))
}

/** The same, of arguments that were checked. */
export function openReplayStore(
  db: SqlDatabase,
  { table = 'smileid_events', now }: ReplayStoreOptions,
): ReplayStore {
  const { dialect } = db
  const given = () => now?.() ?? null
  // A clock that fails is no reason not to have a store: each claim will say so.
  const today = attempt(given) ?? null
  const query = createQuery(db, eventTables(table), [sweep(table, 'event_id', dialect, today)])
  const sweepCounts = sweep(`${table}_counts`, 'key', dialect, today)
  const queryCounts = createQuery(db, countTables(table), [sweepCounts])
  return {
    async claim(eventId, leaseMs, owner = crypto.randomUUID()) {
      const claimed = await query(claimEvent(table, dialect), eventId, leaseMs, owner, given())
      if (claimed.length) return 'claimed'
      const [event] = await query<EventRow>(`SELECT done FROM ${table} WHERE event_id = ?1`, eventId)
      return event?.done ? 'done' : 'busy'
    },
    async complete(eventId, keepMs, owner) {
      await query(completeEvent(table, dialect), eventId, keepMs, owner ?? null, given())
    },
    async release(eventId, owner) {
      await query(releaseEvent(table), eventId, owner ?? null)
    },
    async count(keys, windowMs) {
      const list = JSON.stringify(keys.map((key) => [key]))
      const rows = await queryCounts<CountRow>(countKeys(table, dialect), list, windowMs, given())
      return keys.map((key) => Number(rows.find((row) => row.key === key)?.count ?? 1))
    },
  }
}

interface EventRow {
  done: number
}

interface CountRow {
  key: string
  count: number
}

/** Forgets what is over, in a table with this primary key. */
function sweep(table: string, key: string, dialect: SqlDialect, now: number | null): Statement {
  const over = `SELECT ${key} FROM ${table} WHERE until <= ${timeOf(dialect, '?1')} LIMIT ${SWEEP}`
  return { sql: `DELETE FROM ${table} WHERE ${key} IN (${over})`, values: [now] }
}

function later(dialect: SqlDialect, { by, than }: { by: string; than: string }): string {
  return `${timeOf(dialect, than)} + CAST(${by} AS DOUBLE PRECISION)`
}

/** Gives event ?1 to owner ?3 for ?2 milliseconds, and returns a row, unless it is taken at ?4. */
function claimEvent(table: string, dialect: SqlDialect): string {
  const until = later(dialect, { by: '?2', than: '?4' })
  return `
    INSERT INTO ${table} (event_id, done, until, claim) VALUES (?1, 0, ${until}, ?3)
    ON CONFLICT (event_id) DO UPDATE SET done = 0, until = excluded.until, claim = excluded.claim
    WHERE ${table}.until <= ${timeOf(dialect, '?4')}
    RETURNING event_id`
}

/** Marks event ?1 as done for ?2 milliseconds, unless an owner other than ?3 has it at ?4. */
function completeEvent(table: string, dialect: SqlDialect): string {
  const until = later(dialect, { by: '?2', than: '?4' })
  const owner = 'CAST(?3 AS TEXT)'
  return `
    INSERT INTO ${table} (event_id, done, until, claim) VALUES (?1, 1, ${until}, NULL)
    ON CONFLICT (event_id) DO UPDATE SET done = 1, until = excluded.until, claim = NULL
    WHERE ${owner} IS NULL OR ${table}.claim = ${owner} OR ${table}.until <= ${timeOf(dialect, '?4')}`
}

/** Forgets event ?1, if owner ?2 has a claim on it; without an owner, in any case. */
function releaseEvent(table: string): string {
  const owner = 'CAST(?2 AS TEXT)'
  return `DELETE FROM ${table} WHERE event_id = ?1 AND (${owner} IS NULL OR (claim = ${owner} AND done = 0))`
}

/** Counts one more under each key of the list ?1 at ?3; new windows are ?2 milliseconds long. */
function countKeys(table: string, dialect: SqlDialect): string {
  const until = later(dialect, { by: '?2', than: '?3' })
  const counts = `${table}_counts`
  // A window that ends later than a new one was opened before the clock was set back.
  const isOver = `(${counts}.until <= ${timeOf(dialect, '?3')} OR ${counts}.until > excluded.until)`
  return `
    INSERT INTO ${counts} (key, count, until)
    SELECT ${itemText(0)}, 1, ${until} FROM ${dialect.items} WHERE true ORDER BY 1
    ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN ${isOver} THEN 1 ELSE ${counts}.count + 1 END,
      until = CASE WHEN ${isOver} THEN excluded.until ELSE ${counts}.until END
    RETURNING key, count`
}
