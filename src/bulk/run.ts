/** Many rows in one process, until they are done or the run must end. */
import type { BackfillInput } from '../backfill/enrol.ts'
import { createGuard } from './breaker.ts'
import { type BulkOptions, type Rows, runOptionIssues } from './options.ts'
import type { BulkOutcome } from './outcome.ts'
import { createPaceGate } from './pace.ts'
import { pooled } from './pool.ts'
import type { Meter } from './progress.ts'
import { type Desk, invalid, openDesk, sendRow, type Sent, takeRow } from './row.ts'
import { createSeen } from './seen.ts'
import { internalsOf } from '../client/internals.ts'
import { issue, throwIfAny } from '../errors/issues.ts'
import { retryDelay } from '../http/retry.ts'
import { timeText } from '../signature/timestamp.ts'
import { tell } from '../client/hooks.ts'
import type { Client } from '../signature/credentials.ts'

/**
 * What ends a row's waits, and what cuts its call off: one each, since Node warns of more than ten listeners
 * on one signal.
 */
interface Leash {
  wait: AbortController
  call: AbortController | undefined
  /** That it was put on so far. */
  rows: number
}

/**
 * To make signals for each row takes a twentieth of its time; but what a photo's function hangs on one, and
 * leaves there, goes only with it, and ten are too many for Node.
 */
const ROWS_PER_LEASH = 8

export async function* runRows<R extends BackfillInput>(
  client: Client,
  rows: Rows<R>,
  options: BulkOptions,
  meter: Meter,
): AsyncGenerator<BulkOutcome<R>, void, undefined> {
  const internals = internalsOf(client)
  throwIfAny(runOptionIssues(rows, options))
  const {
    concurrency = 4,
    maxCalls = Infinity,
    maxRetries = 3,
    maxLimitedRetries = 10,
    maxRetryDelayMs = 600_000,
    breaker = {},
    ratePerSecond,
    signal,
    stop,
    onProgress,
  } = options
  const pace =
    options.pace ??
    createPaceGate({
      ratePerSecond,
      sleep: internals.sleep,
      ...(internals.now !== Date.now && { now: internals.now }),
    })
  const desk = await openDesk(internals, { ...options, pace })
  const guard = createGuard<R>(breaker, pace)
  /** Ends what only waits: rows under way finish, and no others begin. */
  const halt = new AbortController()
  const stopNow = () => halt.abort()
  let failure: { reason: unknown } | undefined
  const fail = (reason: unknown) => {
    failure ??= { reason }
    halt.abort()
  }
  /** Of the rows under way. */
  const under = new Set<Leash>()
  const idle: Leash[] = []
  let calls = 0
  let ended = false
  let left = false

  async function* marked(): AsyncGenerator<{ row: R; index: number; twin: boolean }> {
    const seen = createSeen()
    let index = 0
    for await (const row of rows) {
      const { user_id } = Object(row) as Partial<R>
      yield { row, index: index++, twin: typeof user_id === 'string' && seen(user_id) }
    }
    ended = true
  }

  /** Waits for the gate; false once no call may be made any more. */
  async function mayCall(wait: AbortSignal): Promise<boolean> {
    await halted(pace.wait(wait))
    if (halt.signal.aborted) return false
    if (calls < maxCalls) return !!++calls
    meter.stopped('maxCalls')
    halt.abort()
    return false
  }

  /** What waits ends without an error when the run does. */
  const halted = <T>(wait: Promise<T>) =>
    wait.catch((error: unknown) => {
      if (!halt.signal.aborted) throw error
      return undefined
    })

  /** A row to its end, repeats included; `undefined` when the run ends before it was sent. */
  async function lead(
    row: R,
    index: number,
    wait: AbortSignal,
    desk: Desk,
  ): Promise<BulkOutcome<R> | undefined> {
    // Nothing is sent yet: what ends the run ends this, too.
    const ticket = await halted(takeRow(desk, row, index, wait))
    if (!ticket || 'state' in ticket) return ticket
    let outcome: BulkOutcome<R> | undefined
    for (let limits = 0, repeats = 0; await mayCall(wait);) {
      const sent = await sendRow(desk, ticket, () => guard.trusted)
      outcome = sent.outcome
      if (!sent.sent) calls--
      if (sent.fatal) fail(sent.fatal.reason)
      const streak = guard.called(sent)
      if (streak) return takeBack(streak)
      const error = 'error' in outcome ? outcome.error : undefined
      if ((error?.retryAfterMs ?? 0) > maxRetryDelayMs) fail(error)
      if (sent.judgement !== 'again' || !error) return outcome
      if (sent.limited ? ++limits > maxLimitedRetries : ++repeats > maxRetries) return outcome
      // Otherwise the gate waits, for all.
      if (!sent.limited && error.retryAfterMs === undefined)
        await halted(
          internals.sleep(
            retryDelay({ retryable: true, attempts: repeats }, maxRetryDelayMs, internals.random)!,
            wait,
          ),
        )
    }
    return outcome
  }

  /**
   * So many refusals speak against all rows rather than against these: the next run takes them again.
   * Resolves to the outcome of the last.
   */
  async function takeBack(streak: Sent<R>[]): Promise<BulkOutcome<R>> {
    const { error, ...outcome } = streak.at(-1)!.outcome as BulkOutcome<R> & { state: 'rejected' }
    fail(error)
    for (const {
      outcome: { state },
      entry,
    } of streak) {
      if (state === 'rejected')
        await desk.journal.write({
          ...entry!,
          rev: entry!.rev + 1,
          state: 'failed',
          at: timeText(internals.now()),
        })
    }
    return { ...outcome, state: outcome.state === 'rejected' ? 'failed' : outcome.state, error: error! }
  }

  async function end(row: R, index: number, twin: boolean): Promise<BulkOutcome<R> | undefined> {
    if (twin) return told(invalid(row, index, [issue('user_id', 'duplicate', 'is that of an earlier row')]))
    const own = idle.pop() ?? { wait: new AbortController(), call: signal && new AbortController(), rows: 0 }
    under.add(own)
    const outcome = await lead(
      row,
      index,
      own.wait.signal,
      own.call ? { ...desk, signal: own.call.signal } : desk,
    )
    under.delete(own)
    if (++own.rows < ROWS_PER_LEASH) idle.push(own)
    left ||= !outcome
    return outcome && told(outcome)
  }

  function told(outcome: BulkOutcome<R>): BulkOutcome<R> {
    guard.ended(outcome)
    meter.count(outcome)
    if (onProgress) tell(onProgress, meter.read())
    return outcome
  }

  const onSignal = () => {
    fail(signal!.reason)
    for (const { call } of under) call!.abort(signal!.reason)
  }
  halt.signal.addEventListener('abort', () => under.forEach(({ wait }) => wait.abort()))
  signal?.addEventListener('abort', onSignal)
  stop?.addEventListener('abort', stopNow)
  if (stop?.aborted) halt.abort()
  if (signal?.aborted) onSignal()
  try {
    yield* pooled(marked(), concurrency, halt, fail, ({ row, index, twin }) => end(row, index, twin))
    if (failure) throw (failure as { reason: unknown }).reason
  } finally {
    if (stop?.aborted && (left || !ended)) meter.stopped('stop')
    signal?.removeEventListener('abort', onSignal)
    stop?.removeEventListener('abort', stopNow)
  }
}
