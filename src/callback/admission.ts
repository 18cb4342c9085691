/**
 * Bounds how often one signed pair may cause a call of the API: whoever captured one can put any number of
 * bodies beside it. What was counted outlives the handler, which may be made anew for each request.
 */
import type { ClientInternals, FetchLike } from '../client/internals.ts'
import { encodeHex, utf8 } from '../platform/bytes.ts'
import type { ReplayStore } from './replay-store.ts'

const WINDOW_MS = 60_000
/** Callbacks under one pair, in a window: it belongs to one delivery and its repeats. */
const SHARED = 8
/** Callbacks of one event under a pair that are let through all the same: forged bodies take none of them. */
const OWN = 3
/** Of all events under a pair together: more is a flood. */
const MOST = 1000

/** Counts that are remembered here; the oldest are forgotten beyond. */
const MAX_PAIRS = 1000
const MAX_EVENTS = 10_000
/** Longer keys are cut: ids that exist are shorter by far. */
const MAX_KEY = 1000

/** What a callback says of itself. */
export interface Claimed {
  /** Of its signed pair. */
  timestamp: string
  /** Which event it reports. */
  claims: readonly unknown[]
}

/** Counts a callback, and tells whether it may cause a call. */
export async function admit(
  { client, transport, now }: ClientInternals,
  { timestamp, claims }: Claimed,
  store: ReplayStore,
): Promise<boolean> {
  // These stand for the pair: with one key, a partner and a timestamp have one signature.
  const pair = `${client.environment}:${client.partnerId}:${timestamp}`
  const event = `${pair}:${JSON.stringify(claims)}`.slice(0, MAX_KEY)
  const here = countersOf(transport)
  const time = now()
  const inPair = here.pairs.count(pair, time)
  if (inPair > MOST || !isWithin(inPair, here.events.count(event, time))) return false
  if (!store.count) return true
  // Ids may be personal, and the store may be a database.
  const keys = await Promise.all([pair, event].map(digest))
  const [shared = 1, own = 1] = await store.count(keys, WINDOW_MS)
  return isWithin(shared, own)
}

function isWithin(inPair: number, ofEvent: number): boolean {
  return inPair <= SHARED || (ofEvent <= OWN && inPair <= MOST)
}

interface Counters {
  pairs: Counter
  events: Counter
}

/** By the fetch of a client: whoever shares it asks the same service. */
const counters = /* @__PURE__ */ new WeakMap<FetchLike, Counters>()

function countersOf(transport: FetchLike): Counters {
  let known = counters.get(transport)
  if (!known) {
    known = { pairs: createCounter(MAX_PAIRS), events: createCounter(MAX_EVENTS) }
    counters.set(transport, known)
  }
  return known
}

interface Counter {
  /** Counts one more under a key; how many there are in its window. */
  count(key: string, now: number): number
}

function createCounter(maxKeys: number): Counter {
  const windows = new Map<string, { count: number; endsAt: number }>()
  return {
    count(key, now) {
      const known = windows.get(key)
      // A window that ends too late was opened before the clock was set back.
      const isOpen = known !== undefined && known.endsAt > now && known.endsAt <= now + WINDOW_MS
      const window = isOpen ? known : { count: 0, endsAt: now + WINDOW_MS }
      window.count++
      windows.delete(key)
      windows.set(key, window)
      if (windows.size > maxKeys) windows.delete(windows.keys().next().value!)
      return window.count
    },
  }
}

async function digest(key: string): Promise<string> {
  return encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(key))))
}
