/**
 * When a run goes wrong as a whole: it pauses when much fails, and ends when what is common to all rows is
 * refused.
 */
import type { BackfillInput } from '../backfill/enrol.ts'
import type { BreakerOptions } from './options.ts'
import type { BulkOutcome } from './outcome.ts'
import type { PaceGate } from './pace.ts'
import type { Sent } from './row.ts'

/** So many different rows refused in a row, for reasons that may be common to all, are no accident. */
export const STREAK = 5

export interface Guard<R extends BackfillInput> {
  /**
   * The service has taken a row in this run: credentials, environment and format are right. What an earlier
   * run was told may hold no longer.
   */
  readonly trusted: boolean
  /** Takes each row that ends, for what it says about trust. */
  ended(outcome: BulkOutcome<R>): void
  /** Takes each call; the refusals in a row, this one last, that must stop the run. */
  called(sent: Sent<R>): Sent<R>[] | undefined
}

export function createGuard<R extends BackfillInput>(
  breaker: false | BreakerOptions,
  pace: PaceGate,
): Guard<R> {
  const { window = 50, share = 0.25, pauseMs = 30_000 } = breaker || {}
  const failures: boolean[] = []
  let doubtful: Sent<R>[] = []
  let trusted = false
  return {
    get trusted() {
      return trusted
    },
    ended({ state, resumed }) {
      trusted ||= !resumed && (state === 'enrolled' || state === 'exists')
    },
    called(sent) {
      const { judgement } = sent
      if (breaker && sent.sent) {
        // 429 says nothing about the service's health.
        const failed = judgement === 'unclear' || (judgement === 'again' && !sent.limited)
        failures.push(failed)
        if (failures.length > window) failures.shift()
        if (failed && failures.filter(Boolean).length >= share * window)
          pace.observe({ ok: false, limited: false, retryAfterMs: pauseMs })
      }
      if (judgement === 'doubtful') {
        doubtful.push(sent)
        if (!trusted || doubtful.length >= STREAK) return doubtful
      } else if (judgement === 'exists' || (sent.sent && !judgement)) {
        // A signed reply, whatever it says.
        doubtful = []
        trusted = true
      }
      return undefined
    },
  }
}
