/**
 * When a run on queues is held: what is refused to one row in so many words, or to five in a row, would be
 * refused to all.
 */
import { STREAK } from '../bulk/breaker.ts'
import { type BulkOutcome, judge } from '../bulk/outcome.ts'
import type { RunSwitch } from './d1-run-switch.ts'
import { type AnySmileIdError, isSmileIdError } from '../errors/classes.ts'

/** The refusals in a row; kept from batch to batch, which may be smaller. */
export interface Doubts {
  /** Takes each outcome; the error that speaks against all rows rather than against this one. */
  take(outcome: BulkOutcome): AnySmileIdError | undefined
}

export function createDoubts(): Doubts {
  const users = new Set<string>()
  return {
    take(outcome) {
      const { row, resumed } = outcome
      const error = 'error' in outcome ? outcome.error : undefined
      if (error && judge(error, []) === 'doubtful') {
        // A row that comes twice is still one.
        if (users.add(row.user_id).size < STREAK) return undefined
        users.clear()
        return error
      }
      // The service took this one, or said in a signed reply why not.
      if (!error && !resumed) users.clear()
      return undefined
    },
  }
}

/**
 * Pauses a run that goes on, and says why; what is no refusal, such as a database that fails, passes by
 * itself.
 */
export async function hold(run: RunSwitch, reason: unknown): Promise<void> {
  if (!isSmileIdError(reason)) return
  try {
    if ((await run.read()) === 'running') await run.set('paused', `${reason.code}: ${reason.hint}`)
  } catch {
    // The rows go back all the same, and the next one tries again.
  }
}
