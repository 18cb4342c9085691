/** Which events were acted on already. */
import { throwIfAny } from '../errors/issues.ts'
import { callable, numberFrom } from '../input/rules.ts'
import { check, objectOf, once, optional } from '../input/schema.ts'

/**
 * Claimed before, completed after, released on failure: after a crash the next delivery gets through once the
 * claim has run out. Times are milliseconds.
 *
 * `claim` must be atomic. A store that is only eventually consistent, such as Workers KV, cannot promise
 * that: two deliveries at once may both get through.
 *
 * `owner` is random, one for each claim. Whoever gives it to `complete` and `release` must change no claim of
 * another owner, and release nothing that is done: its own claim may have run out long ago.
 */
export interface ReplayStore {
  claim(eventId: string, leaseMs: number, owner?: string): Promise<'claimed' | 'busy' | 'done'>
  complete(eventId: string, keepMs: number, owner?: string): Promise<void>
  release(eventId: string, owner?: string): Promise<void>
  /**
   * Counts one more under each of these keys, and resolves to their counts within the window, in the same
   * order. With it, the limit on callbacks under one signed pair holds for all who share the store; without
   * it, for each process.
   */
  count?(keys: readonly string[], windowMs: number): Promise<readonly number[]>
}

type StoreOptions = NonNullable<Parameters<typeof createMemoryReplayStore>[0]>

const storeOptions = /* @__PURE__ */ once(() =>
  objectOf<StoreOptions>({ maxEvents: optional(numberFrom(1)), now: optional(callable()) }),
)

interface Entry {
  state: 'busy' | 'done'
  until: number
  owner: string | undefined
}

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
  const { issues, value } = check(storeOptions(), options ?? {}, 'options')
  throwIfAny(issues)
  const { maxEvents = 10_000, now = Date.now } = value
  const events = new Map<string, Entry>()

  function remember(eventId: string, entry: Entry): void {
    events.delete(eventId)
    events.set(eventId, entry)
    if (events.size > maxEvents) events.delete(events.keys().next().value!)
  }

  /** What is known of an event, as long as it counts. */
  function current(eventId: string): Entry | undefined {
    const known = events.get(eventId)
    return known && known.until > now() ? known : undefined
  }

  return {
    async claim(eventId, leaseMs, owner) {
      const known = current(eventId)
      if (known) return known.state
      remember(eventId, { state: 'busy', until: now() + leaseMs, owner })
      return 'claimed'
    },
    async complete(eventId, keepMs, owner) {
      const known = current(eventId)
      const isOthers = owner !== undefined && known !== undefined && known.owner !== owner
      if (!isOthers) remember(eventId, { state: 'done', until: now() + keepMs, owner })
    },
    async release(eventId, owner) {
      const known = events.get(eventId)
      const isOwn = known?.state === 'busy' && known.owner === owner
      if (owner === undefined || isOwn) events.delete(eventId)
    },
  }
}
