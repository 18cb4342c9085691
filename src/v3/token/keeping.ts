/** Tokens of server calls: one serves many calls, and one request for it serves all who want it. */
import type { RequestOptions } from '../../client/internals.ts'
import type { KeptToken, TokenStore } from '../../client/v3-options.ts'
import { type Form, writeForm } from '../../http/multipart.ts'
import { membersOf } from '../../input/objects.ts'
import { createCutoff } from '../../platform/cutoff.ts'
import { requestsShareWork } from '../../platform/runtime.ts'
import { orAborted, throwIfAborted } from '../../platform/time.ts'
import type { KeyCaller } from '../client/caller.ts'
import { readToken } from '../client/claims.ts'
import type { TokenProduct } from '../wire/shared.ts'
import { askForToken } from './ask.ts'
import { memory } from './memory.ts'
import { storeKeyOf } from './store-key.ts'

/** A token that lapses sooner is not begun with: a call and its repeats take their time. */
const MARGIN_MS = 60_000
/** A store that has not answered by then is done without: a token is made faster. */
const STORE_PATIENCE_MS = 3_000
/** How long a token lives that does not say it. */
const DOCUMENTED_LIFE_MS = 900_000

export interface TokenWish {
  /** What the call is for; of use where each product has a token of its own. */
  product: TokenProduct | undefined
  /** The token that was refused, if it was: another one is wanted. */
  refused?: string | undefined
}

/** Rejects with what the call for a token ended with, or with the signal's own reason. */
export async function takeToken(
  caller: KeyCaller,
  { product, refused }: TokenWish,
  options: RequestOptions,
): Promise<string> {
  const { tokenStore = memory, tokenScope } = caller.options
  const scope = tokenScope === 'product' ? product : undefined
  const key = await storeKeyOf(caller, scope)
  throwIfAborted(options.signal)
  const search: Search = { caller, store: tokenStore, key, scope, refused }
  if (!requestsShareWork()) return find(search, options)
  // Each waits as long as its own signal lets it; who has other limits asks for itself.
  const { signal, timeoutMs, maxRetries, maxRetryDelayMs } = options
  const limits = { timeoutMs: sharedMs(timeoutMs), maxRetries, maxRetryDelayMs }
  const flightKey = JSON.stringify([key, refused, limits])
  const flights = flightsOf(tokenStore)
  return orAborted(() => shared(flights, flightKey, () => find({ ...search, flights }, limits)), signal)
}

/**
 * Each poll of a wait has what is left of its time. An eighth less at most is the same for many waits, which
 * ask for one token together.
 */
function sharedMs(ms: number | undefined): number | undefined {
  return ms && ms - (ms % 2 ** (Math.floor(Math.log2(ms)) - 3))
}

type Flights = Map<string, Promise<string>>

/** By store: what one has, or has to forget, does nothing for another. */
const flightsByStore = /* @__PURE__ */ new WeakMap<TokenStore, Flights>()

function flightsOf(store: TokenStore): Flights {
  const known = flightsByStore.get(store) ?? new Map<string, Promise<string>>()
  flightsByStore.set(store, known)
  return known
}

function shared(flights: Flights, key: string, start: () => Promise<string>): Promise<string> {
  const flight = flights.get(key)
  if (flight) return flight
  const begun = start().finally(() => flights.delete(key))
  flights.set(key, begun)
  return begun
}

interface Search {
  caller: KeyCaller
  store: TokenStore
  key: string
  scope: TokenProduct | undefined
  refused: string | undefined
  /** Requests that others wait for, too. */
  flights?: Flights
}

/** The token that is kept, or a new one, which is kept from then on. */
async function find(search: Search, options: RequestOptions): Promise<string> {
  const { caller, store, key, scope, refused, flights } = search
  const { now, limits } = caller.sender
  const timeoutMs = Math.min(options.timeoutMs ?? limits.timeoutMs, STORE_PATIENCE_MS)
  const patience = { timeoutMs, signal: options.signal }
  const ask = <T>(work: () => Promise<T>) => askStore(store, work, patience)
  if (refused !== undefined) await ask(() => store.drop(key, refused))
  const kept = await ask(() => store.get(key))
  // A store that is slow to forget may still have the one that was refused.
  if (isKept(kept) && kept.token !== refused && kept.expiresAt - now() > MARGIN_MS) return kept.token

  const renew = async () => {
    const form = scope && writeForm([{ name: 'product', value: scope }])
    const token = await newToken(caller, form, options)
    await ask(() => store.set(key, { token, expiresAt: now() + lifeOf(token) }))
    return token
  }
  // Whoever finds none, while those whose token was refused ask for another, wants the same one.
  return flights ? shared(flights, JSON.stringify([key, true, options]), renew) : renew()
}

async function newToken(caller: KeyCaller, form: Form | undefined, options: RequestOptions): Promise<string> {
  const end = await askForToken(caller, form, options)
  if (end.kind === 'reply') return end.reply.members.token as string
  if (end.kind === 'abort') throw end.reason
  const { facts, makeError } = end.failure
  // Whatever became of the request for a token, the call itself was not sent.
  throw makeError({ ...facts, outcome: facts.outcome === 'rejected' ? 'rejected' : 'not_sent' })
}

/** What a store answers in time; a cache that fails must not stop a verification. */
async function askStore<T>(
  store: TokenStore,
  work: () => Promise<T>,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal | undefined },
): Promise<T | undefined> {
  if (store === memory) return work()
  const cutoff = createCutoff(timeoutMs, signal)
  try {
    const answer = Promise.resolve(work()).catch(() => undefined)
    const end = await Promise.race([answer, cutoff.reached.then(() => undefined)])
    throwIfAborted(signal)
    return end
  } catch {
    throwIfAborted(signal)
    return undefined
  } finally {
    cutoff.release()
  }
}

/** Stores are somebody else's: what they give is looked at. */
function isKept(value: unknown): value is KeptToken {
  const { token, expiresAt } = membersOf(value)
  return readToken(token as string) !== undefined && typeof expiresAt === 'number'
}

/** By its own two moments, since the local clock may be off. */
function lifeOf(token: string): number {
  const { iat, exp } = membersOf(readToken(token))
  if (typeof iat !== 'number' || typeof exp !== 'number') return DOCUMENTED_LIFE_MS
  return (exp - iat) * 1000
}
