/** Which events were acted on already. */
import { throwIfAny } from '../errors/issues.ts'
import { callable, numberFrom } from '../input/rules.ts'
import { issuesOf, objectOf, once, optional } from '../input/schema.ts'

/**
 * Claimed before, completed after, released on failure: after a crash the next delivery gets through once the
 * claim has run out.
 *
 * `claim` must be atomic. A store that is only eventually consistent, such as Workers KV, cannot promise
 * that: two deliveries at once may both get through.
 */
export interface ReplayStore {
  claim(eventId: string, leaseMs: number): Promise<'claimed' | 'busy' | 'done'>
  complete(eventId: string, keepMs: number): Promise<void>
  release(eventId: string): Promise<void>
}

type StoreOptions = NonNullable<Parameters<typeof createMemoryReplayStore>[0]>

const storeOptions = /* @__PURE__ */ once(() =>
  objectOf<StoreOptions>({ maxEvents: optional(numberFrom(1)), now: optional(callable()) }),
)

/**
 * Keeps events in this process: enough for one server, and a first net in a Worker, whose isolates share
 * nothing.
 *
 * The oldest events are forgotten beyond `maxEvents`.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong options.
 *
 * @example
 * ```ts
 * import { createMemoryReplayStore } from 'smileid-edge/callback'
 *
 * const store = createMemoryReplayStore()
 * console.log(await store.claim('event', 60_000), await store.claim('event', 60_000)) // claimed busy
 * ```
 */
export function createMemoryReplayStore(
  options: {
    /** @default 10_000 */
    maxEvents?: number | undefined
    /** @default Date.now */
    now?: (() => number) | undefined
  } = {},
): ReplayStore {
  throwIfAny(issuesOf(storeOptions(), options ?? {}, 'options'))
  const { maxEvents = 10_000, now = Date.now } = options ?? {}
  const events = new Map<string, { state: 'busy' | 'done'; until: number }>()

  function remember(eventId: string, state: 'busy' | 'done', forMs: number): void {
    events.delete(eventId)
    events.set(eventId, { state, until: now() + forMs })
    if (events.size > maxEvents) events.delete(events.keys().next().value!)
  }

  return {
    async claim(eventId, leaseMs) {
      const known = events.get(eventId)
      if (known && known.until > now()) return known.state
      remember(eventId, 'busy', leaseMs)
      return 'claimed'
    },
    async complete(eventId, keepMs) {
      remember(eventId, 'done', keepMs)
    },
    async release(eventId) {
      events.delete(eventId)
    },
  }
}
