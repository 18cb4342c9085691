/**
 * A circuit breaker for a server that cannot be reached: while it is open nothing is sent, but for one row
 * now and then, which tries.
 */
import type { AnySmileIdError } from '../errors/classes.ts'
import { withoutUndefined } from '../input/objects.ts'
import { orAborted, steadyClock } from '../platform/time.ts'
import { contactOf } from './judgement.ts'
import { pauseAfterLimit } from './pace-rules.ts'

/** So many calls in a row that reached no server are no accident. */
const FAILURES_IN_A_ROW = 3

/** Why a run sends nothing for now. */
export interface BulkWaiting {
  /** What the calls ended with. */
  code: AnySmileIdError['code']
  /** The system's own code, such as `ECONNREFUSED`, as far as the runtime tells. */
  systemCode?: string
  /** The host that cannot be reached. */
  host: string
  /** Milliseconds since the run began to wait. */
  waitedMs: number
  /** Milliseconds until a row tries again. */
  nextTryMs: number
}

/** What a call goes out as; only one at a time is a probe. */
export interface Turn {
  isProbe: boolean
}

/** The turn of a call that nothing holds. */
export const FREE_TURN: Turn = { isProbe: false }

export interface ConnectionBreaker {
  readonly isOpen: boolean
  /**
   * Waits while the breaker is open: until it closes, or until the caller is the one to try. An abort rejects
   * with the signal's own reason.
   */
  turn(signal: AbortSignal): Promise<Turn>
  /** Takes how a call ended; a reply has no error. */
  called(turn: Turn, error: AnySmileIdError | undefined): void
  /** For a turn that came to no call: another row tries. */
  release(turn: Turn): void
}

export interface ConnectionBreakerOptions {
  host: string
  /** Milliseconds for which it may be open at most. */
  maxWaitMs: number
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** From 0 to 1. */
  random(): number
  /** Called when it opens, after each try that failed, and, with nothing, when it closes. */
  onChange(waiting: BulkWaiting | undefined): void
  /** Called when it was open for too long. */
  onGiveUp(error: AnySmileIdError): void
}

/** What an open breaker remembers. */
interface Hold {
  /** Of the latest call. */
  error: AnySmileIdError
  since: number
  /** Calls that failed one after the other. */
  failures: number
  /** Milliseconds before the next try. */
  pauseMs: number
  /** Milliseconds of all pauses so far. */
  pausedMs: number
  /** The turn of the row that tries, or waits to. */
  probe: Turn | undefined
}

/**
 * Opens after three calls in a row that provably reached no server, whichever rows they were for; closes as
 * soon as one is answered, whatever the answer.
 *
 * Between tries it waits for one second, then two, four, up to a minute, each up to half shorter so that
 * several runs do not try at once.
 */
export function createConnectionBreaker(options: ConnectionBreakerOptions): ConnectionBreaker {
  const { host, maxWaitMs, sleep, random, onChange, onGiveUp } = options
  const now = steadyClock(options.now)
  let failuresInARow = 0
  let hold: Hold | undefined
  let changed = createEvent()

  /** A clock that stands still must not hold a run for ever. */
  const waitedMs = ({ since, pausedMs }: Hold): number => Math.max(now() - since, pausedMs)

  function wake(): void {
    changed.happen()
    changed = createEvent()
  }

  function tellWaiting(current: Hold): void {
    const { error, pauseMs } = current
    onChange(
      withoutUndefined({
        code: error.code,
        systemCode: systemCodeOf(error),
        host,
        waitedMs: waitedMs(current),
        nextTryMs: pauseMs,
      }),
    )
  }

  /** The last try comes when the time is up. */
  function nextPause(current: Hold): number {
    const pauseMs = pauseAfterLimit(current.failures) * (0.5 + 0.5 * random())
    return Math.min(pauseMs, Math.max(0, maxWaitMs - waitedMs(current)))
  }

  function fail(error: AnySmileIdError): void {
    if (hold) {
      hold.failures++
      hold.error = error
    } else {
      hold = { error, since: now(), failures: 1, pauseMs: 0, pausedMs: 0, probe: undefined }
    }
    hold.pauseMs = nextPause(hold)
    tellWaiting(hold)
  }

  function close(): void {
    failuresInARow = 0
    if (!hold) return
    hold = undefined
    wake()
    onChange(undefined)
  }

  function release(turn: Turn): void {
    if (hold?.probe !== turn) return
    hold.probe = undefined
    wake()
  }

  /** Waits until it is time to try. */
  async function waitToProbe(current: Hold, signal: AbortSignal): Promise<Turn> {
    const turn: Turn = { isProbe: true }
    current.probe = turn
    try {
      await sleep(current.pauseMs, signal)
    } catch (error) {
      release(turn)
      throw error
    }
    current.pausedMs += current.pauseMs
    return turn
  }

  return {
    get isOpen() {
      return hold !== undefined
    },
    async turn(signal) {
      for (;;) {
        const current = hold
        if (!current) return FREE_TURN
        if (current.probe) {
          const { happened } = changed
          await orAborted(() => happened, signal)
        } else if (waitedMs(current) >= maxWaitMs) {
          onGiveUp(current.error)
          return FREE_TURN
        } else {
          const turn = await waitToProbe(current, signal)
          // A call that was under way may have been answered meanwhile.
          if (hold === current) return turn
        }
      }
    },
    called(turn, error) {
      const contact = contactOf(error)
      if (!error || contact === 'answered') {
        close()
        return
      }
      if (contact === 'none') failuresInARow++
      const opens = !hold && failuresInARow >= FAILURES_IN_A_ROW
      if (turn.isProbe || opens) fail(error)
      release(turn)
    },
    release,
  }
}

function systemCodeOf({ cause }: AnySmileIdError): string | undefined {
  return cause instanceof Error ? cause.message : undefined
}

/** Something that happens once. */
function createEvent(): { happened: Promise<void>; happen(): void } {
  let happen!: () => void
  const happened = new Promise<void>((resolve) => {
    happen = resolve
  })
  return { happened, happen }
}
