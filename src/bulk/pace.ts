/** A gate in memory, which says when the next call of this process may go out. */
import { throwIfAny } from '../errors/issues.ts'
import { sleep as realSleep, steadyClock, throwIfAborted } from '../platform/time.ts'
import { checkPaceOptions, type PaceGate, type PaceOptions } from './pace-input.ts'
import { LEAST_SPAN_MS, pauseAfterLimit, rateAfterLimit, RECOVERY_RATE, SAME_EVENT_MS } from './pace-rules.ts'

/** The rate before a 429 is measured over so many calls. */
const RECENT_CALLS = 50

/**
 * Makes a gate that starts at full speed and finds out how much the service takes: each 429 halves the rate
 * and closes the gate for all, for the `Retry-After` or for a second, then two, four, up to a minute;
 * successes raise the rate again.
 *
 * `ratePerSecond` is never passed, and calls are evenly spaced below it.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong options.
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
  const { issues, value } = checkPaceOptions(options)
  throwIfAny(issues)
  const { ratePerSecond: ceiling = Infinity, sleep = realSleep } = value
  const now = steadyClock(value.now ?? (() => performance.now()))
  /** Calls a second that may go out now. */
  let rate = ceiling
  /** The first time that is not given to a call yet. */
  let slot = 0
  let closedUntil = 0
  let lastLimitAt = -Infinity
  /** 429s without a success in between. */
  let strikes = 0
  const recent = createRecentCalls(now)

  /**
   * Calls a second, as they really were: fewer than allowed where workers are few, and the only measure where
   * there is no limit.
   */
  function observedRate(): number {
    const areFew = recent.count > 0 && recent.count < RECENT_CALLS
    return areFew && rate < Infinity ? rate : recent.ratePerSecond()
  }

  function slowDown(): void {
    const isSameEvent = now() < Math.max(closedUntil, lastLimitAt + SAME_EVENT_MS)
    if (isSameEvent) return
    lastLimitAt = now()
    strikes++
    rate = rateAfterLimit({ rate, ceiling, observed: observedRate() })
  }

  return {
    async wait(signal) {
      throwIfAborted(signal)
      do {
        const turn = Math.max(now(), slot, closedUntil)
        slot = turn + 1000 / rate
        // Timers may fire a little early.
        while (now() < turn) await sleep(turn - now(), signal)
        // The gate may have closed meanwhile.
      } while (now() < closedUntil)
      recent.add()
    },
    observe({ ok, limited, retryAfterMs }) {
      if (limited) slowDown()
      const ownPause = limited ? pauseAfterLimit(strikes) : 0
      closedUntil = Math.max(closedUntil, now() + (retryAfterMs ?? ownPause))
      if (!ok) return
      strikes = 0
      rate = Math.min(ceiling, rate + RECOVERY_RATE)
    },
  }
}

function createRecentCalls(now: () => number) {
  const times: number[] = []
  return {
    get count() {
      return times.length
    },
    add() {
      times.push(now())
      if (times.length > RECENT_CALLS) times.shift()
    },
    ratePerSecond() {
      const [first = 0] = times
      return (times.length * 1000) / Math.max(LEAST_SPAN_MS, now() - first)
    },
  }
}
