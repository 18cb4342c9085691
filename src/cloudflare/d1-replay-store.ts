/** Which callbacks were acted on already, in D1. */
import type { ReplayStore } from '../callback/replay-store.ts'
import { checkD1, replayStoreOptions } from './d1-input.ts'
import { createQuery, type D1Like, type Statement } from './d1-query.ts'

/** Events that are forgotten at a time, once they are no longer kept. */
const SWEEP = 1000

/**
 * Keeps in D1 which events of callbacks were acted on, for all isolates; its table makes itself.
 *
 * A claim is one statement, so that of two deliveries at once one gets it. What is no longer kept is swept
 * out whenever a store is first used. Make it in each invocation. Errors of D1 reject as they are, upon which
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
  checkD1(db, replayStoreOptions(), options)
  const { table = 'smileid_events', now = Date.now } = options ?? {}
  const query = createQuery(db, [...createEvents(table), sweepEvents(table, now())])
  return {
    async claim(eventId, leaseMs) {
      const mine = crypto.randomUUID()
      const time = now()
      const [event] = await query<EventRow>(claimEvent(table), eventId, time + leaseMs, mine, time)
      if (event?.claim === mine) return 'claimed'
      return event?.done ? 'done' : 'busy'
    },
    async complete(eventId, keepMs) {
      await query(completeEvent(table), eventId, now() + keepMs)
    },
    async release(eventId) {
      await query(`DELETE FROM ${table} WHERE event_id = ?1`, eventId)
    },
  }
}

interface EventRow {
  done: number
  claim: string
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

function sweepEvents(table: string, now: number): Statement {
  const sql = `
    DELETE FROM ${table}
    WHERE event_id IN (SELECT event_id FROM ${table} WHERE until <= ?1 LIMIT ${SWEEP})`
  return { sql, values: [now] }
}

/** Gives event ?1 to claim ?3 until ?2, unless it is taken at ?4. Returns whose it is. */
function claimEvent(table: string): string {
  return `
    INSERT INTO ${table} VALUES (?1, 0, ?2, ?3)
    ON CONFLICT (event_id) DO UPDATE SET
      done = CASE WHEN until <= ?4 THEN 0 ELSE done END,
      claim = CASE WHEN until <= ?4 THEN ?3 ELSE claim END,
      until = CASE WHEN until <= ?4 THEN ?2 ELSE until END
    RETURNING done, claim`
}

function completeEvent(table: string): string {
  return `
    INSERT INTO ${table} VALUES (?1, 1, ?2, NULL)
    ON CONFLICT (event_id) DO UPDATE SET done = 1, until = ?2, claim = NULL`
}
