/** Whether a run goes on, in one row of D1. */
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'
import { checkD1, tableOptions } from './d1-input.ts'
import { createQuery, type D1Like } from './d1-query.ts'

export type RunState = 'running' | 'paused' | 'cancelled'

/** Looked at before each row. */
export interface RunSwitch {
  read(): Promise<RunState>
  /** `reason`: why, for people who look at the run; a run that pauses itself gives one. */
  set(state: RunState, reason?: string): Promise<void>
  /**
   * Why a run waits that goes on by itself, for people who look at it; without a reason, it does not wait any
   * more. Says nothing of a run that is paused or cancelled. @default nobody is told
   */
  note?(reason: string | undefined): Promise<void>
}

export interface D1RunSwitch extends RunSwitch {
  /**
   * What the last `set` or `note` gave as its reason, such as
   * `unauthorized: Check partner id, API key, environment and clock.`
   */
  reason(): Promise<string | undefined>
  note(reason: string | undefined): Promise<void>
}

const STATES: readonly RunState[] = ['running', 'paused', 'cancelled']

/**
 * Pauses, resumes and cancels a run on queues from wherever the database can be reached; its table makes
 * itself.
 *
 * `'paused'`: rows under way finish, others come back later; a consumer sets it itself, with the reason, when
 * something is refused to all rows. `'cancelled'`: messages are taken off the queue without a call. Whatever
 * was set before, `set('running')` goes on with what is in the queue still. Errors of D1 reject as they are.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments; `set` rejects so for other states.
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
  const { table = 'smileid_run' } = checkD1(db, tableOptions(), options)
  const query = createQuery(db, [{ sql: createSwitch(table) }])

  async function readRow(): Promise<SwitchRow | undefined> {
    const [row] = await query<SwitchRow>(`SELECT state, reason FROM ${table}`)
    return row
  }

  return {
    async read() {
      const row = await readRow()
      return row?.state ?? 'running'
    },
    async reason() {
      const row = await readRow()
      return row?.reason ?? undefined
    },
    async set(state, reason) {
      if (!STATES.includes(state)) {
        const message = `must be one of ${STATES.join(', ')}`
        throw new SmileIdInputError([issue('state', 'wrong_format', message)])
      }
      await query(setSwitch(table), state, reason ?? null)
    },
    async note(reason) {
      await query(noteReason(table), reason ?? null)
    },
  }
}

interface SwitchRow {
  state: RunState
  reason: string | null
}

function createSwitch(table: string): string {
  return `
    CREATE TABLE IF NOT EXISTS ${table} (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      state TEXT NOT NULL,
      reason TEXT
    )`
}

/** In one statement: a pause that a person sets meanwhile must keep its own. */
function noteReason(table: string): string {
  return `
    INSERT INTO ${table} VALUES (1, 'running', ?1)
    ON CONFLICT (id) DO UPDATE SET reason = ?1 WHERE state = 'running'`
}

function setSwitch(table: string): string {
  return `
    INSERT INTO ${table} VALUES (1, ?1, ?2)
    ON CONFLICT (id) DO UPDATE SET state = ?1, reason = ?2`
}
