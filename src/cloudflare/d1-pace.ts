/** When the next call may go out: one gate for all consumers, in one row of D1. */
import { sleep as realSleep, throwIfAborted } from '../platform/time.ts'
import { checkD1, type D1PaceGate, d1PaceOptions, type D1PaceOptions } from './d1-input.ts'
import { type Grant, openSharedPace } from './d1-pace-row.ts'
import type { D1Like } from './d1-query.ts'

/** So many calls a second that it is no limit. */
const UNLIMITED = 1e9
/** How far ahead calls are given a time: those that are given up leave no more of it unused. */
const HORIZON_MS = 5_000

/**
 * Makes the gate that all consumers of a queue share: it paces as `createPaceGate` does, but its rate, its
 * pauses and whose turn it is stand in D1; its table makes itself.
 *
 * Those who wait at once in one consumer are given their times together, in one statement, so that a call
 * costs one write at most, and a read where it had to wait. A 429, or `Retry-After`, closes it for all as
 * soon as it is written; calls that have their time already look once more before they go. `ratePerSecond` is
 * never passed, as long as the clocks agree. Make it in each invocation, with the same `ratePerSecond`.
 * Errors of D1 reject as they are.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments.
 *
 * @example
 * ```ts
 * import { createD1PaceGate, type D1Like } from 'smileid-edge/cloudflare'
 *
 * export const gateOf = (env: { DB: D1Like }) => createD1PaceGate(env.DB, { ratePerSecond: 5 })
 * ```
 */
export function createD1PaceGate(db: D1Like, options: D1PaceOptions = {}): D1PaceGate {
  const given = checkD1(db, d1PaceOptions(), options)
  const { table = 'smileid_pace', ratePerSecond: ceiling = UNLIMITED } = given
  const { now = Date.now, sleep = realSleep } = given
  const shared = openSharedPace(db, { table, ceiling, now })
  let lastStatement: Promise<unknown> = Promise.resolve()

  /** One statement after the other, whether or not those before it fail. */
  function inTurn<T>(statement: () => Promise<T>): Promise<T> {
    const result = lastStatement.catch(() => {}).then(statement)
    lastStatement = result
    return result
  }
  const takeTime = createTimeTaker((calls) => inTurn(() => shared.grant(calls(), HORIZON_MS)))

  async function flush(): Promise<void> {
    while (shared.hasNews) await inTurn(() => shared.grant(0, Number.MAX_SAFE_INTEGER))
  }

  return {
    get closedForMs() {
      return Math.max(0, shared.closedUntil - now())
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
        const isClosed = mustWait && (await shared.readClosedUntil()) > now()
        if (!isClosed) return
      }
    },
    observe(call) {
      // Written at once; what fails here is written with the next grant, or by flush.
      if (shared.note(call)) flush().catch(() => {})
    },
    flush,
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
