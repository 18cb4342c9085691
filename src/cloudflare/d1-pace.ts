/** When the next call may go out: one gate for all consumers, in one row of D1. */
import { type D1Like, ofD1 } from '../sql/drivers.ts'
import { sqlPaceOptions } from '../sql/input.ts'
import { openPaceGate } from '../sql/pace-gate.ts'
import { checkD1, type D1PaceGate, type D1PaceOptions } from './d1-input.ts'

/**
 * Makes the gate that all consumers of a queue share: it paces as `createPaceGate` does, but its rate, its
 * pauses and whose turn it is stand in D1; its table makes itself.
 *
 * Those who wait at once in one consumer are given their times together, in one statement, so that a call
 * costs one write at most, and a read where it had to wait. A 429, or `Retry-After`, closes it for all as
 * soon as it is written; calls that have their time already look once more before they go. `ratePerSecond`
 * holds by D1's clock, whatever those of the isolates say. Make it in each invocation, with the same
 * `ratePerSecond`. Errors of D1 reject as they are.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments.
 *
 * @example
 * ```ts
 * import { createD1PaceGate, type D1Like } from 'smileid-edge/cloudflare'
 *
 * export const gateOf = (env: { DB: D1Like }) => createD1PaceGate(env.DB, { ratePerSecond: 5 })
 * ```
 */
export function createD1PaceGate(db: D1Like, options: D1PaceOptions = {}): D1PaceGate {
  const checked = checkD1(db, sqlPaceOptions(), options)
  return openPaceGate(ofD1(db), checked)
}
