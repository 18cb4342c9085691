/** Which callbacks were acted on already, in D1. */
import type { ReplayStore } from '../callback/replay-store.ts'
import { attempt } from '../platform/realms.ts'
import { checkD1, replayStoreOptions } from './d1-input.ts'
import { createQuery, type D1Like, type Statement } from './d1-query.ts'

/** Rows that are forgotten at a time, once they are no longer kept. */
const SWEEP = 1000

/**
 * Keeps in D1 which events of callbacks were acted on, for all isolates; both tables make themselves.
 *
 * A claim is one statement, so that of two deliveries at once one gets it. In `<table>_counts` it keeps for a
 * minute how often callbacks came under one signed pair, as digests. What is no longer kept is swept out
 * whenever a store is first used. Make it in each invocation. Errors of D1 reject as they are, upon which
 * the handler answers 5xx and the event comes again.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments.
 *
 * @example
 * ```ts
 * import { createCallbackHandler } from 'smileid-edge/callback'
 * import { clientOptionsFromEnv, createClient } from 'smileid-edge/client'
 * import { createD1ReplayStore, type D1Like } from 'smileid-edge/cloudflare'
 *
 * export default {
 *   fetch: (request: Request, env: { DB: D1Like }) =>
 *     createCallbackHandler(createClient(clientOptionsFromEnv(env)), {
 *       replayStore: createD1ReplayStore(env.DB),
 *       onResult: ({ smileJobId }) => console.log(smileJobId),
 *     })(request),
 * }
 * ```
 */
export function createD1ReplayStore(
  db: D1Like,
  options: {
    /** @default 'smileid_events' */ table?: string | undefined
    /** @default Date.now */ now?: (() => number) | undefined
  } = {},
): ReplayStore {
  const { table = 'smileid_events', now = Date.now } = checkD1(db, replayStoreOptions(), options)
  // A clock that fails is no reason not to have a store: each claim will say so.
  const today = attempt(now) ?? Date.now()
  const query = createQuery(db, [...createEvents(table), sweep(table, 'event_id', today)])
  const queryCounts = createQuery(db, [createCounts(table), sweep(`${table}_counts`, 'key', today)])
  return {
    async claim(eventId, leaseMs, owner = crypto.randomUUID()) {
      const time = now()
      const claimed = await query(claimEvent(table), eventId, time + leaseMs, owner, time)
      if (claimed.length) return 'claimed'
      const [event] = await query<EventRow>(`SELECT done FROM ${table} WHERE event_id = ?1`, eventId)
      return event?.done ? 'done' : 'busy'
    },
    async complete(eventId, keepMs, owner) {
      const time = now()
      await query(completeEvent(table), eventId, time + keepMs, owner ?? null, time)
    },
    async release(eventId, owner) {
      await query(releaseEvent(table), eventId, owner ?? null)
    },
    async count(keys, windowMs) {
      const time = now()
      const rows = await queryCounts<CountRow>(countKeys(table), JSON.stringify(keys), time + windowMs, time)
      return keys.map((key) => rows.find((row) => row.key === key)?.count ?? 1)
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

function createEvents(table: string): Statement[] {
  const create = `
    CREATE TABLE IF NOT EXISTS ${table} (
      event_id TEXT PRIMARY KEY,
      done INTEGER NOT NULL,
      until INTEGER NOT NULL,
      claim TEXT
    ) WITHOUT ROWID`
  const index = `CREATE INDEX IF NOT EXISTS ${table}_until ON ${table} (until)`
  return [{ sql: create }, { sql: index }]
}

/** Forgets what is over, in a table with this primary key. */
function sweep(table: string, key: string, now: number): Statement {
  const sql = `
    DELETE FROM ${table}
    WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE until <= ?1 LIMIT ${SWEEP})`
  return { sql, values: [now] }
}

/** Gives event ?1 to owner ?3 until ?2, and returns a row, unless it is taken at ?4. */
function claimEvent(table: string): string {
  return `
    INSERT INTO ${table} (event_id, done, until, claim) VALUES (?1, 0, ?2, ?3)
    ON CONFLICT (event_id) DO UPDATE SET done = 0, until = ?2, claim = ?3 WHERE until <= ?4
    RETURNING event_id`
}

/** Marks event ?1 as done until ?2, unless an owner other than ?3 has it at ?4. */
function completeEvent(table: string): string {
  return `
    INSERT INTO ${table} (event_id, done, until, claim) VALUES (?1, 1, ?2, NULL)
    ON CONFLICT (event_id) DO UPDATE SET done = 1, until = ?2, claim = NULL
    WHERE ?3 IS NULL OR claim = ?3 OR until <= ?4`
}

/** Forgets event ?1, if owner ?2 has a claim on it; without an owner, in any case. */
function releaseEvent(table: string): string {
  return `DELETE FROM ${table} WHERE event_id = ?1 AND (?2 IS NULL OR (claim = ?2 AND done = 0))`
}

function createCounts(table: string): Statement {
  const sql = `
    CREATE TABLE IF NOT EXISTS ${table}_counts (
      key TEXT PRIMARY KEY,
      count INTEGER NOT NULL,
      until INTEGER NOT NULL
    ) WITHOUT ROWID`
  return { sql }
}

/** Counts one more under each key of the list ?1 at ?3; new windows end at ?2. */
function countKeys(table: string): string {
  // A window that ends later than a new one was opened before the clock was set back.
  const isOver = 'until NOT BETWEEN ?3 + 1 AND ?2'
  return `
    INSERT INTO ${table}_counts (key, count, until)
    SELECT value, 1, ?2 FROM json_each(?1) WHERE true
    ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN ${isOver} THEN 1 ELSE count + 1 END,
      until = CASE WHEN ${isOver} THEN ?2 ELSE until END
    RETURNING key, count`
}
