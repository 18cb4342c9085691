/** Whether a run goes on, in one row of D1. */
import type { StoredRunSwitch } from '../bulk/run-switch.ts'
import { type D1Like, ofD1 } from '../sql/drivers.ts'
import { tableOptions } from '../sql/input.ts'
import { openRunSwitch } from '../sql/run-switch.ts'
import { checkD1 } from './d1-input.ts'

export interface D1RunSwitch extends StoredRunSwitch {}

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
  const checked = checkD1(db, tableOptions(), options)
  return openRunSwitch(ofD1(db), checked)
}
