/** Whether a run goes on, in one row of a database. */
import { checkRunState, type RunState, type StoredRunSwitch } from '../bulk/run-switch.ts'
import type { SqlDatabase } from './database.ts'
import { checkStore, type TableOptions, tableOptions } from './input.ts'
import { createQuery } from './query.ts'
import { switchTables } from './tables.ts'

/**
 * Pauses, resumes and cancels a run on queues from wherever the database can be reached; its table makes
 * itself.
 *
 * `'paused'`: rows under way finish, others come back later; a consumer sets it itself, with the reason, when
 * something is refused to all rows. `'cancelled'`: messages are taken off the queue without a call. Whatever
 * was set before, `set('running')` goes on with what is in the queue still. Errors of the database reject as
 * they are.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments; `set` rejects so for other states.
 *
 * @example
 * ```ts
 * import { createSqlRunSwitch, fromPg, type PgLike } from 'smileid-edge/sql'
 *
 * export const pause = (pool: PgLike): Promise<void> => createSqlRunSwitch(fromPg(pool)).set('paused')
 * ```
 */
export function createSqlRunSwitch(
  db: SqlDatabase,
  options: { /** @default 'smileid_run' */ table?: string | undefined } = {},
): StoredRunSwitch {
  return openRunSwitch(db, checkStore(db, tableOptions(), options))
}

/** The same, of arguments that were checked. */
export function openRunSwitch(db: SqlDatabase, { table = 'smileid_run' }: TableOptions): StoredRunSwitch {
  const query = createQuery(db, switchTables(table))

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
      checkRunState(state)
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

/** In one statement: a pause that a person sets meanwhile must keep its own. */
function noteReason(table: string): string {
  return `
    INSERT INTO ${table} VALUES (1, 'running', ?1)
    ON CONFLICT (id) DO UPDATE SET reason = excluded.reason WHERE ${table}.state = 'running'`
}

function setSwitch(table: string): string {
  return `
    INSERT INTO ${table} VALUES (1, ?1, ?2)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, reason = excluded.reason`
}
