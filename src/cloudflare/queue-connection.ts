/**
 * When a run on queues waits for a server that cannot be reached: messages come back later without a call,
 * but for one now and then, which tries; nobody has to set the run going again.
 */
import { contactOf } from '../bulk/judgement.ts'
import type { BulkOutcome } from '../bulk/outcome.ts'
import { type AnySmileIdError, isSmileIdError } from '../errors/classes.ts'
import type { RunSwitch } from '../bulk/run-switch.ts'

/** So many calls in a row without an answer are no accident. */
const FAILURES_IN_A_ROW = 3

/** Milliseconds before the first try, doubled by each that fails. */
const FIRST_PAUSE_MS = 5_000
const LONGEST_PAUSE_MS = 300_000

/** An invocation that tries may die: so long after it began, another one does. */
const PROBE_MS = 60_000

/** Runs whose messages wait come round within this time, and learn that the server is back. */
const NOTES_LINGER_MS = 2 * LONGEST_PAUSE_MS

export interface QueueConnection {
  readonly isOpen: boolean
  /** Milliseconds until a message may be sent; 0: this one, now. */
  admit(now: number): number
  /** Milliseconds until the next try. */
  leftMs(now: number): number
  /** Takes how an admitted message came out: with an outcome, or with what ended the batch. */
  take(end: BulkOutcome | { error: unknown }, now: number): void
  /** Takes back an admission that came to no call. */
  release(now: number): void
  /** Tells whoever looks at the run why it waits, or that it does not any more. */
  note(run: RunSwitch, details: { host: string; now: number }): Promise<void>
}

interface Hold {
  error: AnySmileIdError
  nextTryAt: number
  pauseMs: number
  /** A message was admitted to try. */
  isTried: boolean
}

/**
 * Kept from batch to batch. Calls whose end is unknown count, too: workerd does not tell them from those that
 * reached nobody, and a row of unknown end comes again anyway.
 */
export function createQueueConnection(): QueueConnection {
  let failuresInARow = 0
  let hold: Hold | undefined
  let notesLingerUntil = 0

  function fail(error: AnySmileIdError, now: number): void {
    failuresInARow++
    if (failuresInARow < FAILURES_IN_A_ROW) return
    // Those that were under way when it opened are no tries.
    if (hold && !hold.isTried) return
    const pauseMs = hold ? Math.min(LONGEST_PAUSE_MS, 2 * hold.pauseMs) : FIRST_PAUSE_MS
    hold = { error, pauseMs, nextTryAt: now + pauseMs, isTried: false }
  }

  function close(now: number): void {
    failuresInARow = 0
    if (!hold) return
    hold = undefined
    notesLingerUntil = now + NOTES_LINGER_MS
  }

  function release(now: number): void {
    if (!hold?.isTried) return
    hold.isTried = false
    hold.nextTryAt = now
  }

  function leftMs(now: number): number {
    return hold ? Math.max(0, hold.nextTryAt - now) : 0
  }

  return {
    get isOpen() {
      return hold !== undefined
    },
    admit(now) {
      const left = leftMs(now)
      if (left > 0 || !hold) return left
      hold.isTried = true
      hold.nextTryAt = now + PROBE_MS
      return 0
    },
    leftMs,
    take(end, now) {
      const error = 'error' in end && isSmileIdError(end.error) ? end.error : undefined
      if (!wasCalled(end, error)) release(now)
      else if (error && contactOf(error) !== 'answered') fail(error, now)
      else close(now)
    },
    release,
    async note(run, { host, now }) {
      if (!run.note || (!hold && now > notesLingerUntil)) return
      // A note that is not written changes nothing: the next batch writes it again.
      await run.note(hold && describe(hold.error, host)).catch(() => {})
    },
  }
}

/** Whether a call was made: a bucket or a journal that fails says nothing of the server. */
function wasCalled(end: BulkOutcome | { error: unknown }, error: AnySmileIdError | undefined): boolean {
  if (error) return error.attempts > 0
  if (!('state' in end)) return false
  return !end.resumed && end.state !== 'invalid' && end.state !== 'busy'
}

/** `network_error ECONNREFUSED: api.example does not answer: …` */
function describe({ code, cause }: AnySmileIdError, host: string): string {
  const systemCode = cause instanceof Error ? ` ${cause.message}` : ''
  return `${code}${systemCode}: ${host} does not answer: waiting for it; the run goes on by itself.`
}
