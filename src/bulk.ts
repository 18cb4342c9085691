/**
 * Enrolment of many existing users, which can be stopped and resumed at any time without enrolling, or paying
 * for, anyone twice.
 *
 * @module
 */
import { createReadDate, type DateOptions } from './backfill/date-formats.ts'
import { type BackfillInput, createRowCheck } from './backfill/input.ts'
import { type BulkOptions, checkRun, type Rows } from './bulk/input.ts'
import { type BulkOutcome, duplicateUserId, invalidOutcome, type ReadRow, withJson } from './bulk/outcome.ts'
import { pooled } from './bulk/pool.ts'
import { type BulkProgress, createMeter, type Meter } from './bulk/progress.ts'
import { createRowSignals } from './bulk/row-signals.ts'
import { runRow } from './bulk/run-row.ts'
import { openRun } from './bulk/run.ts'
import { createSeen } from './bulk/seen.ts'
import { tell } from './client/hooks.ts'
import { internalsOf } from './client/internals.ts'
import { throwIfAny } from './errors/issues.ts'
import type { Checked } from './input/schema.ts'
import { attempt, isArray } from './platform/realms.ts'
import type { Client } from './signature/credentials.ts'

export type { DateOptions } from './backfill/date-formats.ts'
export type { BackfillInput } from './backfill/input.ts'
export { checkRows, type RowProblem } from './bulk/check.ts'
export type { BulkWaiting } from './bulk/connection-breaker.ts'
export type { BackfillRowOptions, BreakerOptions, BulkOptions, CheckOptions, Rows } from './bulk/input.ts'
export type { Journal, JournalEntry, JournalScope, RowState } from './bulk/journal.ts'
export { createMemoryJournal } from './bulk/memory-journal.ts'
export { backfillRow } from './bulk/one-row.ts'
export type { BulkOutcome, BulkState } from './bulk/outcome.ts'
export type { PaceGate, PaceOptions } from './bulk/pace-input.ts'
export { createPaceGate } from './bulk/pace.ts'
export type { BulkProgress } from './bulk/progress.ts'

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
 * All workers share one gate, which 429 and `Retry-After` close for all. While the server cannot be reached,
 * the run waits (`progress.waiting`) and goes on by itself. The loop ends early, but normally,
 * on `stop` or after `maxCalls`. It rejects, once those in flight have ended and been yielded, on what no row
 * would survive.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong options, or a journal that belongs to others.
 * @throws {SmileIdApiError} `unauthorized`, `payment_required`, `not_enabled`; any code with a `Retry-After`
 * beyond `maxRetryDelayMs`; refusals that may be common to all rows (`invalid_request`, `api_error`), before
 * the first success or five in a row.
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`
 * @throws {SmileIdNetworkError} `network_error`: nobody could be reached for `breaker.maxWaitMs`.
 *
 * An abort rejects with the signal's own reason, and errors of the journal and of the source as they are.
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
  const given = checkRun(rows, options)
  const length = isArray(rows) ? attempt(() => rows.length) : undefined
  const total = given.issues.length ? undefined : (given.value.total ?? length)
  const meter = createMeter(total, () => internalsOf(client).now())
  const outcomes = runRows(client, rows, given, meter)
  return {
    [Symbol.asyncIterator]: () => outcomes,
    get progress() {
      return meter.read()
    },
  }
}

async function* runRows<R extends BackfillInput>(
  client: Client,
  rows: Rows<R>,
  { issues, value: options }: Checked<BulkOptions>,
  meter: Meter,
): AsyncGenerator<BulkOutcome<R>, void, undefined> {
  const internals = internalsOf(client)
  throwIfAny(issues)
  const { concurrency = 4, stop, onProgress } = options
  const run = await openRun<R>(internals, options, meter)
  const withSignals = createRowSignals(run.end)
  const source = createSource(rows, options)
  let someLeft = false

  async function work(row: SourceRow<R>): Promise<BulkOutcome<R> | undefined> {
    const outcome = row.isDuplicate
      ? invalidOutcome(row, [duplicateUserId()], { attempts: 0 })
      : await withSignals((signals) => runRow(run, row, signals))
    if (!outcome) {
      someLeft = true
      return undefined
    }
    meter.count(outcome)
    if (onProgress) tell(onProgress, meter.read())
    return withJson(outcome, options.hideUserIds ? undefined : row.given.value.user_id)
  }

  try {
    yield* pooled({ source: source.rows, concurrency, end: run.end, work })
    run.end.throwIfFailed()
  } finally {
    if (stop?.aborted && (someLeft || !source.isExhausted)) meter.stopped('stop')
    meter.waiting(undefined)
    run.end.close()
  }
}

interface SourceRow<R extends BackfillInput> extends ReadRow<R> {
  /** An earlier row has the same user_id. */
  isDuplicate: boolean
}

function createSource<R extends BackfillInput>(rows: Rows<R>, dates: DateOptions) {
  const checkRow = createRowCheck(createReadDate(dates))
  let isExhausted = false
  async function* placedRows(): AsyncGenerator<SourceRow<R>> {
    const isKnown = createSeen()
    let index = 0
    for await (const row of rows) {
      const given = checkRow(row)
      const userId: unknown = given.value.user_id
      yield { row, index, given, isDuplicate: typeof userId === 'string' && isKnown(userId) }
      index++
    }
    isExhausted = true
  }
  return {
    rows: placedRows(),
    get isExhausted() {
      return isExhausted
    },
  }
}
