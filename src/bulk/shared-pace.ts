/** A gate whose rate, pauses and turns stand in a store, for all who share it. */
import { sleep as realSleep, throwIfAborted } from '../platform/time.ts'
import type { PaceGate } from './pace-input.ts'
import { PAUSE_MS, RECOVERY_RATE } from './pace-rules.ts'

export interface SharedPaceGate extends PaceGate {
  /** Milliseconds for which no call may go out, as last heard. */
  readonly closedForMs: number
  /** Resolves once the store has all that was observed: to be awaited before a process or invocation ends. */
  flush(): Promise<void>
}

/** What the store has after a statement, in milliseconds by its own clock. */
export interface PaceState {
  /** When the statement ran. */
  now: number
  /** Where the times begin that were given last. */
  granted: number
  /** The first time that is not given to a call yet. */
  slot: number
  /** No call goes out before. */
  closedUntil: number
}

/** The store: each of these is one step, so that no two gates are given one time. */
export interface PaceLedger {
  read(): Promise<PaceState>
  /**
   * Gives times to so many calls, `undefined` if they would begin later than `horizonMs` from now; raises the
   * rate by `raise` calls a second.
   */
  grant(wish: { calls: number; horizonMs: number; raise: number }): Promise<PaceState | undefined>
  /**
   * Closes the gate from `ageMs` ago for `retryAfterMs`, or, after a 429 that does not say, for as long as
   * the rules have it; each 429 lowers the rate.
   */
  close(closing: { ageMs: number; limited: boolean; retryAfterMs: number | undefined }): Promise<PaceState>
}

/** How far ahead calls are given a time: those that are given up leave no more of it unused. */
const HORIZON_MS = 5_000
/** So many calls a second that it is no limit. */
export const UNLIMITED = 1e9

/**
 * The gate over a ledger. Of the ledger's clock only differences count, so that the clocks of those who share
 * it need not agree.
 */
export function createSharedPaceGate(
  ledger: PaceLedger,
  options: {
    now?: (() => number) | undefined
    sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined
  },
): SharedPaceGate {
  const { now = () => performance.now(), sleep = realSleep } = options
  const notes = createNotes(ledger, now)
  let lastStep: Promise<unknown> = Promise.resolve()

  /** One step after the other, whether or not those before it fail. */
  function inTurn<T>(step: () => Promise<T>): Promise<T> {
    const result = lastStep.catch(() => {}).then(step)
    lastStep = result
    return result
  }
  const takeTime = createTimeTaker((calls) => inTurn(() => notes.grant(calls(), HORIZON_MS)))

  async function flush(): Promise<void> {
    while (notes.hasNews) await inTurn(() => notes.grant(0, Number.MAX_SAFE_INTEGER))
  }

  return {
    get closedForMs() {
      return Math.max(0, notes.closedUntil - now())
    },
    async wait(signal) {
      for (;;) {
        throwIfAborted(signal)
        const time = await takeTime()
        throwIfAborted(signal)
        const mustWait = now() < time.at
        // Timers may fire a little early.
        while (now() < time.at) await sleep(time.at - now(), signal)
        if (!time.isMine) continue
        // Others may have closed the gate meanwhile.
        const isClosed = mustWait && (await notes.readClosedUntil()) > now()
        if (!isClosed) return
      }
    },
    observe(call) {
      // Written at once; what fails here is written with the next grant, or by flush.
      if (notes.note(call)) flush().catch(() => {})
    },
    flush,
  }
}

type Grant =
  /** Times for the calls: the first, and milliseconds from one to the next. */
  | { ok: true; first: number; spacingMs: number }
  /** All times up to the horizon are given. */
  | { ok: false; askAgainAt: number }

/** What closes the gate. */
interface Closing {
  at: number
  limited: boolean
  retryAfterMs: number | undefined
}

/** What this gate has observed since it last wrote, and what it last heard; all times by the local clock. */
function createNotes(ledger: PaceLedger, now: () => number) {
  const toLocal = createClockBridge(now)
  const closings: Closing[] = []
  let successes = 0
  let closedUntil = 0

  function heard(state: PaceState): PaceState {
    const local = toLocal(state)
    closedUntil = local.closedUntil
    return local
  }

  async function writeClosings(): Promise<void> {
    for (let [closing] = closings; closing; [closing] = closings) {
      const { at, limited, retryAfterMs } = closing
      const state = await ledger.close({ ageMs: now() - at, limited, retryAfterMs })
      // Only now: what the store did not take is written the next time.
      closings.shift()
      heard(state)
    }
  }

  return {
    get closedUntil() {
      return closedUntil
    },
    /** Whether something was observed that the store does not know yet. */
    get hasNews() {
      return closings.length > 0 || successes > 0
    },
    /** Remembers how a call ended; true when the others must know of it at once. */
    note({ ok, limited, retryAfterMs }: Parameters<PaceGate['observe']>[0]): boolean {
      if (ok) successes++
      if (!limited && retryAfterMs === undefined) return false
      closings.push({ at: now(), limited, retryAfterMs })
      closedUntil = Math.max(closedUntil, now() + (retryAfterMs ?? PAUSE_MS))
      return true
    },
    /** Writes what was noted, and asks for times that begin within the horizon. */
    async grant(calls: number, horizonMs: number): Promise<Grant> {
      await writeClosings()
      const gained = successes
      const given = await ledger.grant({ calls, horizonMs, raise: gained * RECOVERY_RATE })
      if (!given) {
        const full = heard(await ledger.read())
        return { ok: false, askAgainAt: Math.max(full.closedUntil, full.slot - horizonMs / 2) }
      }
      successes -= gained
      const { granted, slot } = heard(given)
      return { ok: true, first: granted, spacingMs: calls && (slot - granted) / calls }
    },
    async readClosedUntil(): Promise<number> {
      return heard(await ledger.read()).closedUntil
    },
  }
}

/** More than replies differ by in how long they take: the store's clock was set back. */
const SET_BACK_MS = 1_000

/**
 * Times of the store by the local clock. How far the two are apart, the fastest reply tells best: a slower
 * one only makes the store look further behind.
 */
function createClockBridge(now: () => number): (state: PaceState) => PaceState {
  let offset = Infinity
  return (state) => {
    const latest = now() - state.now
    offset = latest > offset + SET_BACK_MS ? latest : Math.min(offset, latest)
    return {
      now: state.now + offset,
      granted: state.granted + offset,
      slot: state.slot + offset,
      closedUntil: state.closedUntil + offset,
    }
  }
}

/** When one call may go out, or, where it was given no time, ask again. */
interface CallTime {
  at: number
  isMine: boolean
}

/** Those who ask while a grant is on its way get the next one together. */
function createTimeTaker(grant: (calls: () => number) => Promise<Grant>): () => Promise<CallTime> {
  let group: { calls: number; grant?: Promise<Grant> } = { calls: 0 }
  return async () => {
    const mine = group
    const place = mine.calls
    mine.calls++
    mine.grant ??= grant(() => {
      // It is asked for now: calls that come from here on are in the next group.
      group = { calls: 0 }
      return mine.calls
    })
    const granted = await mine.grant
    if (!granted.ok) return { at: granted.askAgainAt, isMine: false }
    return { at: granted.first + place * granted.spacingMs, isMine: true }
  }
}
