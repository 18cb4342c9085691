/** One row at a time, for engines that bring the rows themselves. */
import { createReadDate } from '../backfill/date-formats.ts'
import { type BackfillInput, createRowCheck } from '../backfill/input.ts'
import { internalsOf } from '../client/internals.ts'
import { throwIfAny } from '../errors/issues.ts'
import { throwIfAborted } from '../platform/time.ts'
import type { Client } from '../signature/credentials.ts'
import { type BackfillRowOptions, checkRowOptions } from './input.ts'
import { type BulkOutcome, withJson } from './outcome.ts'
import { prepareRow } from './prepare-row.ts'
import { openRowContext } from './row-context.ts'
import { sendRow } from './send-row.ts'

/**
 * Takes one row one step further, with one call at most: what loops, queues and workflow engines have in
 * common.
 *
 * Done rows come back as the journal knows them; `'failed'`, `'unknown'` and `'busy'` are for the engine to
 * bring again, after `retryAfterMs` where it is said. A refusal that may be common to all rows
 * (`invalid_request`) counts as `'failed'` here, since one row cannot tell.
 *
 * Rejects only with what must stop the engine; the journal has how the row stands then, too.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong options, or a journal that belongs to others.
 * @throws {SmileIdApiError} `unauthorized`, `payment_required`, `not_enabled`
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`
 *
 * An abort rejects with the signal's own reason, and errors of the journal and of the gate as they are.
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
  const { issues, value } = checkRowOptions(options)
  throwIfAny(issues)
  const given = createRowCheck(createReadDate(value))(row)
  const { pace, signal } = value
  throwIfAborted(signal)
  const context = await openRowContext(internals, value)
  const userId = value.hideUserIds ? undefined : given.value.user_id
  const preparation = await prepareRow(context, { row, index: 0, given }, signal)
  if (preparation.ended) return withJson(preparation.outcome, userId)
  await pace?.wait(signal)
  // One row cannot tell whether what is common to all is right.
  const isTrusted = () => false
  const { outcome, fatal } = await sendRow(context, preparation.prepared, { signal, isTrusted })
  if (fatal) throw fatal.reason
  return withJson(outcome, userId)
}
