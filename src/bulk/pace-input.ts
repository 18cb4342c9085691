/** What a gate that paces calls does, and what one is made of. */
import { callable, must } from '../input/rules.ts'
import { check, type Checked, type Entries, objectOf, once, optional, type Schema } from '../input/schema.ts'

/** Shared by all workers of a run, or of several runs. */
export interface PaceGate {
  /** Resolves when a call may go out; rejects with the signal's own reason. */
  wait(signal?: AbortSignal): Promise<void>
  /**
   * Takes how a call ended. `ok`: the service answered the request itself; `limited`: 429; `retryAfterMs`:
   * no call may go out before.
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

/** The options that all gates share. */
export function paceOptionEntries(): Entries<PaceOptions> {
  return {
    now: optional(callable()),
    ratePerSecond: optional(callsPerSecond()),
    sleep: optional(callable()),
  }
}

export function callsPerSecond(): Schema<number> {
  return must<number>(
    (rate) => typeof rate === 'number' && rate > 0 && rate < Infinity,
    'must be a number above 0',
  )
}

const paceOptions = /* @__PURE__ */ once(() => objectOf<PaceOptions>(paceOptionEntries()))

export function checkPaceOptions(options: unknown): Checked<PaceOptions> {
  return check(paceOptions(), options ?? {}, 'options')
}
