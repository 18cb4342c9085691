/** One row at a time, for engines that bring the rows themselves. */
import type { BackfillInput } from '../backfill/enrol.ts'
import { type BackfillRowOptions, rowOptionIssues } from './options.ts'
import type { BulkOutcome } from './outcome.ts'
import { openDesk, sendRow, takeRow } from './row.ts'
import { internalsOf } from '../client/internals.ts'
import { throwIfAny } from '../errors/issues.ts'
import type { Client } from '../signature/credentials.ts'

/**
 * Takes one row one step further, with one call at most: what loops, queues and workflow engines have in
 * common.
 *
 * Done rows come back as the journal knows them; `'failed'`, `'unknown'` and `'busy'` are for the engine to
 * bring again, after `retryAfterMs` where it is said. A refusal that may be common to all rows
 * (`invalid_request`) counts as `'failed'` here, since one row cannot tell.
 *
 * Rejects only with what must stop the engine: `unauthorized`, `payment_required`, `not_enabled`, a reply
 * whose signature fails, wrong options, an abort (with the signal's own reason), and an error of the journal
 * or the gate. The journal has what became of the row then, too.
 *
 * @example
 * ```ts
 * import { type BackfillInput, backfillRow, type Journal } from 'smileid-edge/bulk'
 * import { type Client } from 'smileid-edge/client'
 *
 * export async function work(
 *   client: Client,
 *   journal: Journal,
 *   row: BackfillInput,
 * ): Promise<{ againMs: number } | { state: string }> {
 *   const outcome = await backfillRow(client, row, { journal })
 *   if (outcome.state === 'busy') return { againMs: outcome.retryAfterMs }
 *   if (outcome.state === 'failed') return { againMs: outcome.error.retryAfterMs ?? 5000 }
 *   return { state: outcome.state }
 * }
 * ```
 */
export async function backfillRow<R extends BackfillInput>(
  client: Client,
  row: R,
  options: BackfillRowOptions,
): Promise<BulkOutcome<R>> {
  const internals = internalsOf(client)
  throwIfAny(rowOptionIssues(options))
  const { pace, signal } = options
  signal?.throwIfAborted()
  const desk = await openDesk(internals, options)
  const ticket = await takeRow(desk, row, 0)
  if ('state' in ticket) return ticket
  await pace?.wait(signal)
  const { outcome, fatal } = await sendRow(desk, ticket, () => false)
  if (fatal) throw fatal.reason
  return outcome
}
