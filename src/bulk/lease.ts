/** The lease under which a worker sends a row: as long as it runs, no other worker touches the row. */
import type { BackfillInput } from '../backfill/input.ts'
import { timeText } from '../signature/timestamp.ts'
import type { JournalEntry } from './journal.ts'
import type { BulkOutcome, PlacedRow } from './outcome.ts'

/** How much longer than the call a lease runs: time to write down its end, and for clocks that differ. */
const MARGIN_MS = 30_000

/** Until when, in ISO 8601, a row is leased for a call that begins now. */
export function leaseFrom(now: number, timeoutMs: number): string {
  return timeText(now + timeoutMs + MARGIN_MS)
}

/** Milliseconds until the lease of an entry is over. */
export function leaseLeftMs({ leaseUntil, at }: JournalEntry, now: number): number {
  // An entry from the future is no lease: the clock was wrong then, or is now.
  const isFromTheFuture = Date.parse(at) > now + MARGIN_MS
  const left = Date.parse(leaseUntil ?? '') - now
  if (isFromTheFuture || Number.isNaN(left)) return 0
  return Math.max(0, left)
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
