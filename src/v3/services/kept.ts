/** Lookups whose replies are kept, and handed to all who ask the same. */
import type { FetchLike, RequestOptions } from '../../client/internals.ts'
import { requestsShareWork } from '../../platform/runtime.ts'
import { orAborted, throwIfAborted } from '../../platform/time.ts'
import type { Caller } from '../client/caller.ts'
import { callV3, type V3Call } from '../http/call.ts'

/** Queries are texts of the caller's, of which there may be any number. */
const MOST_REPLIES = 200

interface Kept {
  reply: object
  /** In milliseconds since 1970. */
  receivedAt: number
}

interface Replies {
  /** In the order in which they were received. */
  kept: Map<string, Kept>
  /** Requests that are on their way. */
  pending: Map<string, Promise<object>>
}

/** By what sends: who brings a fetch of his own may get other replies. */
const byTransport = /* @__PURE__ */ new WeakMap<FetchLike, Replies>()

export interface Lookup extends Pick<V3Call, 'endpoint' | 'isValid'> {
  query: object
  /** Milliseconds for which an earlier reply is good enough; 0 always asks. */
  maxAgeMs: number
}

/** Resolves to the copy that all get. */
export async function lookUp<T extends object>(
  caller: Caller,
  lookup: Lookup,
  options: RequestOptions,
): Promise<T> {
  const { signal, ...limits } = options
  throwIfAborted(signal)
  const { sender } = caller
  const replies = repliesBy(sender.transport)
  const key = keyOf(caller, lookup)
  const kept = replies.kept.get(key)
  // Of a clock that was set back, the age is as far off in the other direction.
  const isFresh = kept && Math.abs(sender.now() - kept.receivedAt) <= lookup.maxAgeMs
  if (isFresh && lookup.maxAgeMs > 0) return kept.reply as T

  const ask = (patience: RequestOptions) => askAndKeep(caller, { lookup, replies, key }, patience)
  // In a Worker, a request must not wait for what another one began.
  if (!requestsShareWork()) return (await ask(options)) as T
  // Each waits as long as its own signal lets it; who has other limits asks for himself.
  const flight = JSON.stringify([key, limits])
  const pending = replies.pending.get(flight) ?? ask(limits).finally(() => replies.pending.delete(flight))
  replies.pending.set(flight, pending)
  return (await orAborted(() => pending, signal)) as T
}

function repliesBy(transport: FetchLike): Replies {
  const known = byTransport.get(transport)
  if (known) return known
  const made: Replies = { kept: new Map(), pending: new Map() }
  byTransport.set(transport, made)
  return made
}

/** Of one host and one query, in whatever order its members were given. */
function keyOf({ sender }: Caller, { endpoint, query }: Lookup): string {
  const members = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return JSON.stringify([sender.client.baseUrl, endpoint.operation, members])
}

async function askAndKeep(
  caller: Caller,
  { lookup, replies, key }: { lookup: Lookup; replies: Replies; key: string },
  options: RequestOptions,
): Promise<object> {
  const { endpoint, query, isValid } = lookup
  const { members } = await callV3(caller, { endpoint, query: { ...query }, isValid }, options)
  const { kept } = replies
  kept.delete(key)
  kept.set(key, { reply: members, receivedAt: caller.sender.now() })
  const [oldest] = kept.keys()
  if (kept.size > MOST_REPLIES) kept.delete(oldest!)
  return members
}
