/** Circuit breakers: one pauses a run when many calls fail, one stops it when rows in a row are refused. */
import type { BreakerOptions } from './input.ts'
import type { PaceGate } from './pace-input.ts'

export interface FailureBreaker {
  /** Takes each call that went out; pauses all when it failed and too many before it did. */
  called(call: { failed: boolean }): void
}

/** Looks at the last `window` calls, and pauses all at the gate when this `share` of them failed. */
export function createFailureBreaker(options: BreakerOptions, pace: PaceGate): FailureBreaker {
  const { window = 50, share = 0.25, pauseMs = 30_000 } = options
  const lastCalls: { failed: boolean }[] = []
  return {
    called(call) {
      lastCalls.push(call)
      if (lastCalls.length > window) lastCalls.shift()
      if (!call.failed) return
      const failures = lastCalls.filter(({ failed }) => failed).length
      if (failures >= share * window) pace.observe({ ok: false, limited: false, retryAfterMs: pauseMs })
    },
  }
}

/** So many different rows refused in a row, for reasons that may be common to all, are no accident. */
const REFUSALS_IN_A_ROW = 5

export interface RefusalBreaker<T> {
  /** The service has taken a row: credentials, environment and format are right. */
  readonly trusted: boolean
  /** So many rows in a row were refused that all would be. */
  readonly isOpen: boolean
  /** The refusals in a row, the latest last. */
  readonly refusals: readonly T[]
  /** Takes a refusal that may be common to all rows; another one of the same row replaces the one before. */
  refused(userId: string, refusal: T): void
  /** The service took a row, or said in a signed reply why not: the count begins anew. */
  answered(): void
  /** The count begins anew. */
  reset(): void
}

/**
 * Opens after five refusals of different rows with no success in between, and before the first success after
 * `refusalsBeforeTrust` of them.
 */
export function createRefusalBreaker<T>({
  refusalsBeforeTrust = REFUSALS_IN_A_ROW,
}: { refusalsBeforeTrust?: number } = {}): RefusalBreaker<T> {
  const refusals = new Map<string, T>()
  let trusted = false
  return {
    get trusted() {
      return trusted
    },
    get isOpen() {
      return refusals.size >= (trusted ? REFUSALS_IN_A_ROW : refusalsBeforeTrust)
    },
    get refusals() {
      return [...refusals.values()]
    },
    refused(userId, refusal) {
      // Deleted first, so that it becomes the latest.
      refusals.delete(userId)
      refusals.set(userId, refusal)
    },
    answered() {
      refusals.clear()
      trusted = true
    },
    reset() {
      refusals.clear()
    },
  }
}
