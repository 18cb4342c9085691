/** When the next call may go out: one gate for all who call. */
import { throwIfAny } from '../errors/issues.ts'
import { CALLABLE, memberIssues, type Rule } from '../input/rules.ts'
import { sleep as realSleep, steadyClock } from '../platform/time.ts'

/** Shared by all workers of a run, or of several runs. */
export interface PaceGate {
  /** Resolves when a call may go out; rejects with the signal's own reason. */
  wait(signal?: AbortSignal): Promise<void>
  /**
   * What became of a call. `ok`: the service answered the request itself; `limited`: 429; `retryAfterMs`:
   * nobody may call before.
   */
  observe(call: { ok: boolean; limited: boolean; retryAfterMs?: number }): void
}

export interface PaceOptions {
  /** Calls a second at most. @default no limit until the service sets one */
  ratePerSecond?: number | undefined
  /**
   * Milliseconds. Steps back, and what is no number, count as none, so a clock that is set does no harm; one
   * that cannot be set is better. @default performance.now
   */
  now?: (() => number) | undefined
  /** Must reject with the signal's reason when aborted. @default a timer */
  sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined
}

/** Calls a second. */
export const RATE: Rule = [(rate) => rate > 0 && rate < Infinity, 'must be a number above 0']

const RULES: Readonly<Record<string, Rule>> = { ratePerSecond: RATE, now: CALLABLE, sleep: CALLABLE }

/** No slower than one call in ten seconds. */
const LEAST_RATE = 0.1
/**
 * Each success raises the rate by so many calls a second: at any rate by 4 % a second, so that what a 429
 * halved is back after 18 seconds.
 */
const RECOVERY = 0.04
/** The pace before a 429 is told from so many calls, as if they had taken a tenth of a second at least. */
const RECENT = 50
const LEAST_SPAN_MS = 100
/** The pause after a 429 without Retry-After, doubled by each that follows without a success in between. */
const PAUSE_MS = 1_000
const MAX_PAUSE_MS = 60_000

/**
 * Makes a gate that starts at full speed and finds out how much the service takes: each 429 halves the rate
 * and closes the gate for all, for the `Retry-After` or for a second, then two, four, up to a minute;
 * successes raise the rate again.
 *
 * `ratePerSecond` is never passed, and calls are evenly spaced below it. Throws `SmileIdInputError` for wrong
 * options.
 *
 * @example
 * ```ts
 * import { createPaceGate } from 'smileid-edge/bulk'
 *
 * const gate = createPaceGate({ ratePerSecond: 5 })
 * await gate.wait()
 * gate.observe({ ok: false, limited: true, retryAfterMs: 2000 })
 * ```
 */
export function createPaceGate(options: PaceOptions = {}): PaceGate {
  throwIfAny(memberIssues(options, RULES, 'options.'))
  const {
    ratePerSecond: ceiling = Infinity,
    now: clock = () => performance.now(),
    sleep = realSleep,
  } = options
  let rate = ceiling
  let slot = 0
  let closedUntil = 0
  let cutAt = -Infinity
  let strikes = 0
  const recent: number[] = []
  const now = steadyClock(clock)

  /**
   * Calls a second, as they really were: fewer than allowed where workers are few, and all there is to tell
   * by without a limit.
   */
  const observed = () =>
    recent.length < RECENT && rate < Infinity
      ? rate
      : (recent.length * 1000) / Math.max(LEAST_SPAN_MS, now() - recent[0]!)

  function cut(): void {
    // Calls that were under way together are turned away together: that is one event.
    if (now() < Math.max(closedUntil, cutAt + 1000)) return
    cutAt = now()
    strikes++
    // Long silences make it look slower than it was.
    const peak = Math.min(rate, Math.max(1, recent.length ? observed() : 1))
    rate = Math.max(Math.min(LEAST_RATE, ceiling), peak / 2)
  }

  return {
    async wait(signal) {
      signal?.throwIfAborted()
      do {
        const at = Math.max(now(), slot, closedUntil)
        slot = at + 1000 / rate
        // Timers may fire a little early.
        while (now() < at) await sleep(at - now(), signal)
        // The gate may have closed meanwhile.
      } while (now() < closedUntil)
      recent.push(now())
      if (recent.length > RECENT) recent.shift()
    },
    observe({ ok, limited, retryAfterMs }) {
      if (limited) cut()
      const pause = retryAfterMs ?? (limited ? Math.min(MAX_PAUSE_MS, PAUSE_MS * 2 ** (strikes - 1)) : 0)
      closedUntil = Math.max(closedUntil, now() + pause)
      if (!ok) return
      strikes = 0
      rate = Math.min(ceiling, rate + RECOVERY)
    },
  }
}
