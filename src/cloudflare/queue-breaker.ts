/**
 * When a run on queues is paused: what is refused to one row in so many words, or to five in a row, would be
 * refused to all.
 */
import { createRefusalBreaker } from '../bulk/breaker.ts'
import { judge } from '../bulk/judgement.ts'
import type { BulkOutcome } from '../bulk/outcome.ts'
import { type AnySmileIdError, isSmileIdError } from '../errors/classes.ts'
import type { RunSwitch } from '../bulk/run-switch.ts'

export interface QueueBreaker {
  /** Takes each outcome; returns an error that speaks against all rows rather than against this one. */
  take(outcome: BulkOutcome): AnySmileIdError | undefined
}

/** Kept from batch to batch, since a batch may have fewer rows than it takes. */
export function createQueueBreaker(): QueueBreaker {
  const refusals = createRefusalBreaker<AnySmileIdError>()
  return {
    take(outcome) {
      const error = 'error' in outcome ? outcome.error : undefined
      // By `existsCodes`, no error is left: such a row ends as 'exists'.
      if (error && judge(error, []) === 'doubtful') {
        refusals.refused(outcome.row.user_id, error)
        if (!refusals.isOpen) return undefined
        refusals.reset()
        return error
      }
      if (!error && !outcome.resumed) refusals.answered()
      return undefined
    },
  }
}

/**
 * Pauses a run that goes on, and says why; what is no refusal, such as a database that fails, passes by
 * itself.
 */
export async function pauseRun(run: RunSwitch, reason: unknown): Promise<void> {
  if (!isSmileIdError(reason)) return
  try {
    if ((await run.read()) === 'running') await run.set('paused', `${reason.code}: ${reason.hint}`)
  } catch {
    // The rows go back all the same, and the next one tries again.
  }
}
