/** What a client is: a frozen object of data, and a closure out of sight that signs and sends. */
import { SmileIdInputError } from '../errors/classes.ts'
import type { Outcome, SmileIdErrorCode } from '../errors/codes.ts'
import { wrongType } from '../errors/issues.ts'
import { attempt } from '../platform/realms.ts'
import { type Client, hiddenIn, type Identity } from '../signature/credentials.ts'
import type { Environment, Operation } from '../wire/endpoints.ts'

/** `globalThis.fetch`, a bound service binding, `emulator.fetch` and a stub all fit. */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>

/** Never a body, a query, or an id of a person. */
export interface CallEvent {
  /** One per call. */
  callId: string
  operation: Operation
  partnerId: string
  environment: Environment
  method: 'GET' | 'POST' | 'PUT'
  host: string
  path: string
  /** Counts from 1. */
  attempt: number
}

/** Called at once, in the caller's async context (AsyncLocalStorage works); what they throw is ignored. */
export interface Hooks {
  onRequest?: ((event: CallEvent) => void) | undefined
  /** Once the reply was read whole, whatever its status. */
  onResponse?: ((event: CallEvent & { status: number; durationMs: number }) => void) | undefined
  /** Before the pause that precedes another attempt. */
  onRetry?: ((event: CallEvent & { code: SmileIdErrorCode; delayMs: number }) => void) | undefined
  /**
   * Once per call that failed after its input was found right; `outcome` tells for an abort, too, whether the
   * server may have acted.
   */
  onError?:
    | ((
        event: CallEvent & { code: SmileIdErrorCode | 'aborted'; outcome: Outcome; durationMs: number },
      ) => void)
    | undefined
}

export interface CallLimits {
  /** Milliseconds per attempt, headers and body; reading an input's photos has as many. @default 30_000 */
  timeoutMs?: number | undefined
  /** Repeats after the first attempt, only where a repeat is safe; 0 is none. @default 2 */
  maxRetries?: number | undefined
  /** Milliseconds; a longer `Retry-After` ends the call. @default 30_000 */
  maxRetryDelayMs?: number | undefined
}

export interface RequestOptions extends CallLimits {
  /** An abort rejects with the signal's own reason. */
  signal?: AbortSignal | undefined
}

/** A timestamp and its signature, which covers the partner beside it and nothing else. */
export interface SignedPair {
  /** Milliseconds since 1970. */
  madeAt: number
  fields: { timestamp: string; signature: string }
}

/** What a client carries out of sight; its own members are data alone. */
export interface ClientInternals extends Identity {
  client: Client
  limits: { timeoutMs: number; maxRetries: number; maxRetryDelayMs: number }
  hooks: Hooks
  callbackUrl: string | undefined
  uploadTimeoutMs: number
  signatureReuseMs: number
  /** What was signed last. */
  lastPair?: SignedPair
  uploadHosts: readonly string[]
  fetch: FetchLike
  /** What `fetch` calls: one for all clients that were given none. */
  transport: FetchLike
  /** The same with ofetch around it, from the first call on. */
  fetchRaw?: FetchLike
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  random(): number
  /** The key that signs, then the others: v3 sends the first to make a token. None where `auth` signs. */
  apiKeys?: (() => readonly string[]) | undefined
  /** As it was given: what it has to be, v3 says. */
  v3: unknown
}

/** What sending takes of a client. */
export type Sender = Pick<
  ClientInternals,
  'client' | 'limits' | 'hooks' | 'fetch' | 'transport' | 'fetchRaw' | 'now' | 'sleep' | 'random'
>

/** @throws {SmileIdInputError} `invalid_input`: not a client, or a copy of one, which has no key. */
export function internalsOf(client: unknown): ClientInternals {
  const internals = hiddenIn(client)
  if (internals) return internals as ClientInternals
  const isCopy = attempt(() => (client as Client)['~smileid'])
  const message = isCopy ? 'is a copy without the key' : 'must come from createClient'
  throw new SmileIdInputError([wrongType('client', message)])
}
