/** Whether a run goes on, in one row of D1. */
import { checkTable, createQuery, type D1Like } from './d1-table.ts'
import { inputError, issue } from '../errors/issues.ts'

export type RunState = 'running' | 'paused' | 'cancelled'

/** Looked at before each row. */
export interface RunSwitch {
  read(): Promise<RunState>
  /** `reason`: why, for whoever looks; a run that pauses itself says so. */
  set(state: RunState, reason?: string): Promise<void>
}

export interface D1RunSwitch extends RunSwitch {
  /**
   * What the last `set` gave as its reason, such as
   * `unauthorized: Check partner id, API key, environment and clock.`
   */
  reason(): Promise<string | undefined>
}

const STATES: readonly unknown[] = ['running', 'paused', 'cancelled'] satisfies RunState[]

/**
 * Pauses, resumes and cancels a run on queues from wherever the database can be reached; its table makes
 * itself.
 *
 * `'paused'`: rows under way finish, others come back later; a consumer sets it itself, with the reason, when
 * something is refused to all rows. `'cancelled'`: messages are taken off the queue without a call. Whatever
 * was set before, `set('running')` goes on with what is in the queue still. `set` rejects with
 * `invalid_input` for other states; errors of D1 reject as they are.
 *
 * @example
 * ```ts
 * import { createD1RunSwitch, type D1Like } from 'smileid-edge/cloudflare'
 *
 * export const pause = (env: { DB: D1Like }): Promise<void> => createD1RunSwitch(env.DB).set('paused')
 * ```
 */
export function createD1RunSwitch(
  db: D1Like,
  options: { /** @default 'smileid_run' */ table?: string | undefined } = {},
): D1RunSwitch {
  checkTable(db, options)
  const { table = 'smileid_run' } = options ?? {}
  const query = createQuery(db, [
    [
      `CREATE TABLE IF NOT EXISTS ${table} (id INTEGER PRIMARY KEY CHECK (id = 1), state TEXT NOT NULL, reason TEXT)`,
    ],
  ])
  const look = async () =>
    (await query<{ state: RunState; reason: string | null }>(`SELECT state, reason FROM ${table}`))[0]
  return {
    read: async () => (await look())?.state ?? 'running',
    reason: async () => (await look())?.reason ?? undefined,
    async set(state, reason) {
      if (!STATES.includes(state))
        throw inputError([issue('state', 'wrong_format', `must be one of ${STATES.join(', ')}`)])
      await query(
        `INSERT INTO ${table} VALUES (1, ?1, ?2) ON CONFLICT (id) DO UPDATE SET state = ?1, reason = ?2`,
        state,
        reason ?? null,
      )
    },
  }
}
