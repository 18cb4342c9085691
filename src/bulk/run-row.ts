/** One row of a run to its end, repeats included. */
import type { BackfillInput } from '../backfill/input.ts'
import type { AnySmileIdError } from '../errors/classes.ts'
import { createRowRepeats } from './call-limits.ts'
import { takeBackRefusals } from './common-refusals.ts'
import { FREE_TURN, type Turn } from './connection-breaker.ts'
import { contactOf } from './judgement.ts'
import type { BulkOutcome, ReadRow } from './outcome.ts'
import { prepareRow } from './prepare-row.ts'
import type { RowSignals } from './row-signals.ts'
import type { Run } from './run.ts'
import { type CallReport, sendRow } from './send-row.ts'

/** `undefined` when the run ended before the row was sent, or while nobody could be reached. */
export async function runRow<R extends BackfillInput>(
  run: Run<R>,
  row: ReadRow<R>,
  signals: RowSignals,
): Promise<BulkOutcome<R> | undefined> {
  const { context, end, refusals } = run
  // Nothing is sent yet: what ends the run ends this, too.
  const preparation = await end.orEnded(prepareRow(context, row, signals.wait))
  if (!preparation) return undefined
  if (preparation.ended) return preparation.outcome

  let { prepared } = preparation
  let outcome: BulkOutcome<R> | undefined
  const repeats = createRowRepeats(run.repeatLimits)
  for (;;) {
    const turn = await nextTurn(run, signals.wait)
    if (!turn) return wasHeld(run, outcome) ? undefined : outcome
    const report = await sendRow(context, prepared, {
      signal: signals.call,
      isTrusted: () => refusals.trusted,
    })
    outcome = report.outcome
    takeReport(run, prepared.input.user_id, { report, turn })
    if (report.judgement === 'doubtful' && refusals.isOpen) return takeBackRefusals(run)
    const error = errorOf(outcome)
    if (report.judgement !== 'again' || !error) return outcome
    prepared = { ...prepared, history: report.history }
    // It waits without using up its repeats.
    if (wasHeld(run, outcome)) continue
    const repeat = repeats.next({ limited: report.limited, retryAfterMs: error.retryAfterMs })
    if (!repeat.allowed) return outcome
    if (repeat.pauseMs > 0) await end.orEnded(context.internals.sleep(repeat.pauseMs, signals.wait))
  }
}

/**
 * That nobody can be reached says nothing of a row: if the run ends meanwhile, it stays as open as those that
 * were never begun.
 */
function wasHeld<R extends BackfillInput>({ connection }: Run<R>, outcome: BulkOutcome | undefined): boolean {
  return connection !== undefined && connection.isOpen && contactOf(outcome && errorOf(outcome)) === 'none'
}

function errorOf(outcome: BulkOutcome): AnySmileIdError | undefined {
  return 'error' in outcome ? outcome.error : undefined
}

/** Waits for server and gate; `undefined` once the run makes no more calls. */
async function nextTurn<R extends BackfillInput>(
  run: Run<R>,
  signal: AbortSignal,
): Promise<Turn | undefined> {
  const { pace, end, budget, meter } = run
  let turn: Turn | undefined
  do {
    turn = run.connection?.isOpen ? await end.orEnded(run.connection.turn(signal)) : FREE_TURN
    await end.orEnded(pace.wait(signal))
  } while (!end.signal.aborted && isHeld(run, turn))
  if (end.signal.aborted) return undefined
  if (budget.take()) return turn
  meter.stopped('maxCalls')
  end.stop()
  return undefined
}

/** Others may have found out, while the gate was waited for, that nobody can be reached. */
function isHeld<R extends BackfillInput>({ connection }: Run<R>, turn: Turn | undefined): boolean {
  return connection !== undefined && connection.isOpen && !turn?.isProbe
}

/** What a call means for the run. */
function takeReport<R extends BackfillInput>(
  run: Run<R>,
  userId: string,
  { report, turn }: { report: CallReport<R>; turn: Turn },
): void {
  const { budget, end, failures, connection, refusals, repeatLimits } = run
  const { outcome, requested, judgement, limited, fatal } = report
  const error = errorOf(outcome)
  // What reached nobody bills nothing: a run that waits uses up no budget.
  if (!requested || contactOf(error) === 'none') budget.giveBack()
  if (fatal) end.fail(fatal.reason)

  // 429 says nothing about the service's health, and what a probe finds the other breaker makes a pause of.
  const failed = judgement === 'unclear' || (judgement === 'again' && !limited)
  if (requested && !turn.isProbe) failures?.called({ failed })
  if (requested) connection?.called(turn, error)
  else connection?.release(turn)

  if (judgement === 'doubtful') refusals.refused(userId, report)
  else if (judgement === 'exists' || (requested && !judgement)) refusals.answered()

  if (error?.retryAfterMs !== undefined && error.retryAfterMs > repeatLimits.maxRetryDelayMs) end.fail(error)
}
