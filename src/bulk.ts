/**
 * Enrolment of many existing users, which can be stopped and resumed at any time without enrolling, or paying
 * for, anyone twice.
 *
 * @module
 */
import type { BackfillInput } from './backfill/enrol.ts'
import type { BulkOptions, Rows } from './bulk/options.ts'
import type { BulkOutcome } from './bulk/outcome.ts'
import { type BulkProgress, createMeter } from './bulk/progress.ts'
import { runRows } from './bulk/run.ts'
import { internalsOf } from './client/internals.ts'
import type { Client } from './signature/credentials.ts'

export type { BackfillInput } from './backfill/enrol.ts'
export { checkRows, type CheckOptions, type RowProblem } from './bulk/check.ts'
export type { BackfillRowOptions, BreakerOptions, BulkOptions, Rows } from './bulk/options.ts'
export type { BulkOutcome, BulkState } from './bulk/outcome.ts'
export { createPaceGate, type PaceGate, type PaceOptions } from './bulk/pace.ts'
export type { BulkProgress } from './bulk/progress.ts'
export { backfillRow } from './bulk/one-row.ts'
export {
  createMemoryJournal,
  type Journal,
  type JournalEntry,
  type JournalScope,
  type RowState,
} from './bulk/journal.ts'

/** Outcomes in order of completion, and how far they have come. */
export interface BulkRun<R extends BackfillInput> extends AsyncIterable<BulkOutcome<R>> {
  /** Of this moment. */
  readonly progress: BulkProgress
}

/**
 * Enrols the users of many rows and yields how each ended; sends nothing until iterated.
 *
 * The journal is written before and after each call, so that a run that stopped, however it stopped, goes on
 * with the same journal: rows that are done are passed over, and those whose end is not known are settled by
 * asking again. A user_id that an earlier row of the run has is `'invalid'`.
 *
 * All workers share one gate, which 429 and `Retry-After` close for all. The loop ends early, but normally,
 * on `stop` or after `maxCalls`. It rejects, once those in flight have ended and been yielded, on what no row
 * would survive: `unauthorized`, `payment_required`, `not_enabled`, a reply whose signature fails, a
 * `Retry-After` beyond `maxRetryDelayMs`, refusals that may be common to all rows (`invalid_request`,
 * `api_error`) before the first success or five in a row, an abort (with the signal's own reason), and an
 * error of the journal or of the source. Wrong options reject with `invalid_input`.
 *
 * @example
 * ```ts
 * import { backfillUsers, createMemoryJournal } from 'smileid-edge/bulk'
 * import { createClient } from 'smileid-edge/client'
 * import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
 *
 * const client = createClient(createEmulator().clientOptions)
 * const rows = Array.from({ length: 10 }, (_, i) => ({
 *   user_id: `u${i}`,
 *   user_created_at: '2021-08-12',
 *   photo: () => samplePhoto({ seed: i }),
 * }))
 * const run = backfillUsers(client, rows, { journal: createMemoryJournal(), ratePerSecond: 5 })
 * for await (const { row, state, text } of run)
 *   if (state !== 'enrolled') console.log(row.user_id, state, text)
 * console.log(run.progress.counts.enrolled) // 10
 * ```
 */
export function backfillUsers<R extends BackfillInput>(
  client: Client,
  rows: Rows<R>,
  options: BulkOptions,
): BulkRun<R> {
  const meter = createMeter(options?.total ?? (Array.isArray(rows) ? rows.length : undefined), () =>
    internalsOf(client).now(),
  )
  const run = runRows(client, rows, options, meter)
  return {
    [Symbol.asyncIterator]: () => run,
    get progress() {
      return meter.read()
    },
  }
}
