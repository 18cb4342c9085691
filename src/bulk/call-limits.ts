/** How many calls a run may make, and how often it may repeat that of one row. */
import { retryDelay } from '../http/retry.ts'

/** Counts the calls of a run against `maxCalls`. */
export interface CallBudget {
  /** Takes one call from what is left; false when nothing is. */
  take(): boolean
  /** For a call that did not go out. */
  giveBack(): void
}

export function createCallBudget(maxCalls: number): CallBudget {
  let left = maxCalls
  return {
    take() {
      if (left < 1) return false
      left--
      return true
    },
    giveBack() {
      left++
    },
  }
}

/** Counts the repeats of one row. */
export interface RowRepeats {
  /** Whether the row may be sent again after this failure, and after how many milliseconds. */
  next(failure: RepeatableFailure): { allowed: true; pauseMs: number } | { allowed: false }
}

interface RepeatableFailure {
  /** By 429, which says nothing about the row, and so has a budget of its own. */
  limited: boolean
  retryAfterMs: number | undefined
}

export interface RepeatLimits {
  maxRetries: number
  maxLimitedRetries: number
  maxRetryDelayMs: number
  random(): number
}

export function createRowRepeats(limits: RepeatLimits): RowRepeats {
  const { maxRetries, maxLimitedRetries, maxRetryDelayMs, random } = limits
  let repeats = 0
  let limitedRepeats = 0
  return {
    next({ limited, retryAfterMs }) {
      if (limited) {
        limitedRepeats++
        return limitedRepeats > maxLimitedRetries ? { allowed: false } : { allowed: true, pauseMs: 0 }
      }
      repeats++
      if (repeats > maxRetries) return { allowed: false }
      // The gate waits then, for all.
      if (retryAfterMs !== undefined) return { allowed: true, pauseMs: 0 }
      const delay = retryDelay(
        { retryable: true, attempts: repeats },
        { maxDelayMs: maxRetryDelayMs, random },
      )
      return { allowed: true, pauseMs: delay ?? 0 }
    },
  }
}
