/** What the steps of all rows of a run share. */
import { createReadDate } from '../backfill/date-formats.ts'
import type { ReadDate } from '../backfill/dates.ts'
import type { ClientInternals } from '../client/internals.ts'
import type { InterpretOptions } from '../result/interpret.ts'
import { bindJournal, type RowDigests } from './digest.ts'
import type { BackfillRowOptions } from './input.ts'
import type { Journal } from './journal.ts'
import type { PaceGate } from './pace-input.ts'

export interface RowContext {
  internals: ClientInternals
  journal: Journal
  digests: RowDigests
  readDate: ReadDate
  pace: PaceGate | undefined
  /** Milliseconds for a call. */
  timeoutMs: number
  settle: boolean
  retryRejected: boolean
  existsCodes: readonly string[]
  codes: InterpretOptions['codes']
}

/** @throws {SmileIdInputError} `invalid_input`: the journal belongs to others. */
export async function openRowContext(
  internals: ClientInternals,
  options: BackfillRowOptions,
): Promise<RowContext> {
  const {
    journal,
    pace,
    timeoutMs = internals.limits.timeoutMs,
    settle = true,
    retryRejected = false,
    hideUserIds = false,
    existsCodes = ['2209'],
    codes,
  } = options
  const { environment, partnerId } = internals.client
  const digests = await bindJournal(journal, { environment, partnerId, hideUserIds })
  const readDate = createReadDate(options)
  return { internals, journal, digests, readDate, pace, timeoutMs, settle, retryRejected, existsCodes, codes }
}
