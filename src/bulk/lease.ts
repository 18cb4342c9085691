/** The lease under which a worker sends a row: as long as it runs, no other worker touches the row. */
import type { BackfillInput } from '../backfill/input.ts'
import { timeText } from '../signature/timestamp.ts'
import type { JournalEntry } from './journal.ts'
import type { BulkOutcome, PlacedRow } from './outcome.ts'

/** How much the clocks of two machines may differ without a lease being ended before its call. */
const CLOCK_DIFFERENCE_MS = 60_000
/** Time to write down the lease before the call, and its end after it. */
const WRITING_MS = 15_000
const MARGIN_MS = CLOCK_DIFFERENCE_MS + WRITING_MS

/** Until when, in ISO 8601, a row is leased for a call that begins now. */
export function leaseFrom(now: number, timeoutMs: number): string {
  return timeText(now + timeoutMs + MARGIN_MS)
}

/**
 * Milliseconds until the lease of an entry is over, at most its length: the clock of this machine may be
 * behind the one that wrote it.
 */
export function leaseLeftMs({ leaseUntil, at }: JournalEntry, now: number): number {
  const began = Date.parse(at)
  const until = Date.parse(leaseUntil ?? '')
  // An entry from the future is no lease: the clock was wrong then, or is now.
  const isFromTheFuture = began > now + MARGIN_MS
  if (isFromTheFuture || Number.isNaN(until)) return 0
  const length = Number.isNaN(began) ? Infinity : until - began
  return Math.max(0, Math.min(until - now, length))
}

/** Whether a call that begins now may still run when the lease is over by the clock of another worker. */
export function isLeaseTooShort({ leaseUntil }: JournalEntry, now: number, timeoutMs: number): boolean {
  return Date.parse(leaseUntil ?? '') < now + timeoutMs + CLOCK_DIFFERENCE_MS
}

/**
 * Whether another worker wrote while a lease ran, by this worker's clock and by the other's: one of the two
 * may have been set.
 */
export function isLeaseBroken({ leaseUntil }: JournalEntry, latest: JournalEntry, now: number): boolean {
  const until = Date.parse(leaseUntil ?? '')
  return now < until && Date.parse(latest.at) < until - CLOCK_DIFFERENCE_MS
}

/** The end of a row that another worker has. */
export function busyOutcome<R extends BackfillInput>(
  { row, index }: PlacedRow<R>,
  entry: JournalEntry,
  now: number,
): BulkOutcome<R> {
  const { attempts } = entry
  return { row, index, attempts, resumed: true, state: 'busy', retryAfterMs: leaseLeftMs(entry, now) }
}
