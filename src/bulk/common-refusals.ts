/** What becomes of refusals that speak against all rows rather than against theirs. */
import type { BackfillInput } from '../backfill/input.ts'
import { timeText } from '../signature/timestamp.ts'
import type { BulkOutcome } from './outcome.ts'
import type { Run } from './run.ts'

/**
 * Ends the run, and takes the refusals that opened its breaker back from their rows: the next run sends these
 * again. Resolves to the outcome of the latest.
 */
export async function takeBackRefusals<R extends BackfillInput>({
  context: { internals, journal },
  end,
  refusals: { refusals },
}: Run<R>): Promise<BulkOutcome<R>> {
  // A refusal always has its error.
  const latest = refusals.at(-1)!.outcome as BulkOutcome<R> & { state: 'rejected' | 'failed' | 'unknown' }
  const error = latest.error!
  end.fail(error)
  for (const { outcome, history } of refusals) {
    const entry = history.latest
    if (outcome.state !== 'rejected' || !entry) continue
    await journal.write({ ...entry, rev: entry.rev + 1, state: 'failed', at: timeText(internals.now()) })
  }
  return { ...latest, state: latest.state === 'unknown' ? 'unknown' : 'failed', error }
}
