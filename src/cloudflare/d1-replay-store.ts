/** Which callbacks were acted on already, in D1. */
import { checkTable, createQuery, type D1Like, NOW } from './d1-table.ts'
import type { ReplayStore } from '../callback/replay-store.ts'

/** Events that are forgotten at a time, once they are no longer kept. */
const SWEEP = 1000

/**
 * Keeps in D1 which events of callbacks were acted on, for all isolates; its table makes itself.
 *
 * A claim is one statement, so that of two deliveries at once one gets it. What is no longer kept is swept
 * out whenever a store is first used. Make it in each invocation. Throws `SmileIdInputError` for wrong
 * arguments; errors of D1 reject as they are, upon which the handler answers 5xx and the event comes again.
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
  checkTable(db, options, NOW)
  const { table = 'smileid_events', now = Date.now } = options ?? {}
  const query = createQuery(db, [
    [
      `CREATE TABLE IF NOT EXISTS ${table} (event_id TEXT PRIMARY KEY, done INTEGER NOT NULL, until INTEGER NOT NULL, claim TEXT) WITHOUT ROWID`,
    ],
    [`CREATE INDEX IF NOT EXISTS ${table}_until ON ${table} (until)`],
    [
      `DELETE FROM ${table} WHERE event_id IN (SELECT event_id FROM ${table} WHERE until <= ?1 LIMIT ${SWEEP})`,
      now(),
    ],
  ])
  return {
    async claim(eventId, leaseMs) {
      const mine = crypto.randomUUID()
      // Where the event is taken, the statement leaves all as it is, and tells whose it is.
      const [event] = await query<{ done: number; claim: string }>(
        `INSERT INTO ${table} VALUES (?1, 0, ?2, ?3) ON CONFLICT (event_id) DO UPDATE SET done = CASE WHEN until <= ?4 THEN 0 ELSE done END,
        claim = CASE WHEN until <= ?4 THEN ?3 ELSE claim END, until = CASE WHEN until <= ?4 THEN ?2 ELSE until END RETURNING done, claim`,
        eventId,
        now() + leaseMs,
        mine,
        now(),
      )
      if (event?.claim === mine) return 'claimed'
      return event?.done ? 'done' : 'busy'
    },
    async complete(eventId, keepMs) {
      await query(
        `INSERT INTO ${table} VALUES (?1, 1, ?2, NULL) ON CONFLICT (event_id) DO UPDATE SET done = 1, until = ?2, claim = NULL`,
        eventId,
        now() + keepMs,
      )
    },
    async release(eventId) {
      await query(`DELETE FROM ${table} WHERE event_id = ?1`, eventId)
    },
  }
}
