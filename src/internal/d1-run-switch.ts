/** Whether a run goes on, in one row of D1. */
import { checkTable, createQuery, type D1Like } from './d1-table.ts'
import { inputError } from './input-error.ts'

export type RunState = 'running' | 'paused' | 'cancelled'

/** Looked at before each row. */
export interface RunSwitch {
  read(): Promise<RunState>
  set(state: RunState): Promise<void>
}

const STATES: readonly unknown[] = ['running', 'paused', 'cancelled'] satisfies RunState[]

/**
 * Pauses, resumes and cancels a run on queues from wherever the database can be reached; its table makes itself.
 *
 * `'paused'`: rows under way finish, others come back later. `'cancelled'`: messages are taken off the queue without a call. Whatever was set before, `set('running')`
 * goes on with what is in the queue still. `set` rejects with `invalid_input` for other states; errors of D1 reject as they are.
 *
 * @example
 * ```ts
 * import { createD1RunSwitch, type D1Like } from 'smileid-edge/cloudflare'
 *
 * export const pause = (env: { DB: D1Like }): Promise<void> => createD1RunSwitch(env.DB).set('paused')
 * ```
 */
export function createD1RunSwitch(db: D1Like, options: { /** @default 'smileid_run' */ table?: string | undefined } = {}): RunSwitch {
  checkTable(db, options)
  const { table = 'smileid_run' } = options ?? {}
  const query = createQuery(db, [[`CREATE TABLE IF NOT EXISTS ${table} (id INTEGER PRIMARY KEY CHECK (id = 1), state TEXT NOT NULL)`]])
  return {
    async read() {
      const [row] = await query<{ state: RunState }>(`SELECT state FROM ${table}`)
      return row?.state ?? 'running'
    },
    async set(state) {
      if (!STATES.includes(state)) throw inputError([{ path: 'state', code: 'wrong_format', message: `must be one of ${STATES.join(', ')}` }])
      await query(`INSERT INTO ${table} VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET state = ?1`, state)
    },
  }
}
