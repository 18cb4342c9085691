/** One row of a run to its end, repeats included. */
import type { BackfillInput } from '../backfill/input.ts'
import { createRowRepeats } from './call-limits.ts'
import { takeBackRefusals } from './common-refusals.ts'
import type { BulkOutcome, PlacedRow } from './outcome.ts'
import { prepareRow } from './prepare-row.ts'
import type { RowSignals } from './row-signals.ts'
import type { Run } from './run.ts'
import { type CallReport, sendRow } from './send-row.ts'

/** `undefined` when the run ended before the row was sent. */
export async function runRow<R extends BackfillInput>(
  run: Run<R>,
  placed: PlacedRow<R>,
  signals: RowSignals,
): Promise<BulkOutcome<R> | undefined> {
  const { context, end, refusals } = run
  // Nothing is sent yet: what ends the run ends this, too.
  const preparation = await end.orEnded(prepareRow(context, placed, signals.wait))
  if (!preparation) return undefined
  if (preparation.ended) return preparation.outcome

  let { prepared } = preparation
  let outcome: BulkOutcome<R> | undefined
  const repeats = createRowRepeats(run.repeatLimits)
  while (await mayCall(run, signals.wait)) {
    const report = await sendRow(context, prepared, {
      signal: signals.call,
      isTrusted: () => refusals.trusted,
    })
    outcome = report.outcome
    takeReport(run, report)
    if (report.judgement === 'doubtful' && refusals.isOpen) return takeBackRefusals(run)
    const error = 'error' in outcome ? outcome.error : undefined
    if (report.judgement !== 'again' || !error) return outcome
    const repeat = repeats.next({ limited: report.limited, retryAfterMs: error.retryAfterMs })
    if (!repeat.allowed) return outcome
    if (repeat.pauseMs > 0) await end.orEnded(context.internals.sleep(repeat.pauseMs, signals.wait))
    prepared = { ...prepared, history: report.history }
  }
  return outcome
}

/** Waits for the gate; false once the run makes no more calls. */
async function mayCall<R extends BackfillInput>(run: Run<R>, signal: AbortSignal): Promise<boolean> {
  const { pace, end, budget, meter } = run
  await end.orEnded(pace.wait(signal))
  if (end.signal.aborted) return false
  if (budget.take()) return true
  meter.stopped('maxCalls')
  end.stop()
  return false
}

/** What a call means for the run. */
function takeReport<R extends BackfillInput>(run: Run<R>, report: CallReport<R>): void {
  const { budget, end, failures, refusals, repeatLimits } = run
  const { outcome, requested, judgement, limited, fatal } = report
  if (!requested) budget.giveBack()
  if (fatal) end.fail(fatal.reason)

  // 429 says nothing about the service's health.
  const failed = judgement === 'unclear' || (judgement === 'again' && !limited)
  if (requested) failures?.called({ failed })

  if (judgement === 'doubtful') refusals.refused(outcome.row.user_id, report)
  else if (judgement === 'exists' || (requested && !judgement)) refusals.answered()

  const error = 'error' in outcome ? outcome.error : undefined
  if (error?.retryAfterMs !== undefined && error.retryAfterMs > repeatLimits.maxRetryDelayMs) end.fail(error)
}
