/** How far a run has come. */
import { withoutUndefined } from '../input/objects.ts'
import type { BulkWaiting } from './connection-breaker.ts'
import type { BulkOutcome, BulkState } from './outcome.ts'

export interface BulkProgress {
  /** Rows by how they ended. */
  counts: Record<BulkState, number>
  /** Rows that ended. */
  done: number
  /** Rows altogether, where that is known. */
  total?: number
  /** Rows a second, over the last hundred that were not in the journal before. */
  perSecond: number
  /** Milliseconds until all rows are done at this pace. */
  etaMs?: number
  /**
   * Nobody can be reached: nothing is sent, but for a row now and then, which tries. The run goes on by
   * itself.
   */
  waiting?: BulkWaiting
  /** Why the run ended before its rows did. */
  stoppedBy?: 'stop' | 'maxCalls'
}

export interface Meter {
  count(outcome: BulkOutcome): void
  /** Nothing when the run goes on. */
  waiting(waiting: BulkWaiting | undefined): void
  /** The first reason counts. */
  stopped(by: NonNullable<BulkProgress['stoppedBy']>): void
  read(): BulkProgress
}

/** The pace is that of so many rows. */
const WINDOW = 100

export function createMeter(total: number | undefined, now: () => number): Meter {
  const counts: BulkProgress['counts'] = {
    enrolled: 0,
    exists: 0,
    rejected: 0,
    invalid: 0,
    failed: 0,
    unknown: 0,
    busy: 0,
  }
  const times: number[] = []
  let done = 0
  let waiting: BulkProgress['waiting']
  let stoppedBy: BulkProgress['stoppedBy']

  function rowsPerSecond(): number {
    const [first] = times
    if (first === undefined || times.length < 2) return 0
    const spanMs = now() - first
    return spanMs > 0 ? ((times.length - 1) * 1000) / spanMs : 0
  }

  function restMs(perSecond: number): number | undefined {
    if (total === undefined || perSecond === 0) return undefined
    return (Math.max(0, total - done) * 1000) / perSecond
  }

  return {
    count({ state, resumed }) {
      counts[state]++
      done++
      // Rows that are passed over, thousands a second, tell nothing of those that are not.
      if (!resumed) times.push(now())
      if (times.length > WINDOW) times.shift()
    },
    waiting(current) {
      waiting = current
    },
    stopped(by) {
      stoppedBy ??= by
    },
    read() {
      const perSecond = rowsPerSecond()
      return withoutUndefined({
        counts: { ...counts },
        done,
        total,
        perSecond,
        etaMs: restMs(perSecond),
        waiting: waiting && { ...waiting },
        stoppedBy,
      })
    },
  }
}
