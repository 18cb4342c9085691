/** Which events were acted on already. */

/**
 * Claimed before, completed after, released on failure: after a crash the next delivery gets through once the
 * lease is over.
 *
 * `claim` must be atomic. A store that is only eventually consistent, such as Workers KV, cannot promise
 * that: two deliveries at once may both get through.
 */
export interface ReplayStore {
  claim(eventId: string, leaseMs: number): Promise<'claimed' | 'busy' | 'done'>
  complete(eventId: string, keepMs: number): Promise<void>
  release(eventId: string): Promise<void>
}

/**
 * Keeps events in this process: enough for one server, and a first net in a Worker, whose isolates share
 * nothing.
 *
 * The oldest events are forgotten beyond `maxEvents`.
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
    /** @default 10_000 */ maxEvents?: number | undefined
    /** @default Date.now */ now?: (() => number) | undefined
  } = {},
): ReplayStore {
  const { maxEvents = 10_000, now = Date.now } = options
  const events = new Map<string, { done: boolean; until: number }>()
  const put = (eventId: string, done: boolean, forMs: number) => {
    events.delete(eventId)
    events.set(eventId, { done, until: now() + forMs })
    if (events.size > maxEvents) events.delete(events.keys().next().value!)
  }
  return {
    async claim(eventId, leaseMs) {
      const known = events.get(eventId)
      if (known && known.until > now()) return known.done ? 'done' : 'busy'
      put(eventId, false, leaseMs)
      return 'claimed'
    },
    complete: async (eventId, keepMs) => put(eventId, true, keepMs),
    release: async (eventId) => void events.delete(eventId),
  }
}
