/** What a client is made of, what calls can be told, and what can be wrong with both. */
import { isObject } from '../input/objects.ts'
import {
  abortSignal,
  anything,
  callable,
  either,
  flag,
  milliseconds,
  oneOf,
  text,
  wholeNumberFrom,
} from '../input/rules.ts'
import {
  check,
  type Checked,
  elsewhere,
  type Entries,
  listOf,
  objectOf,
  once,
  openObjectOf,
  optional,
  type Schema,
} from '../input/schema.ts'
import { isArray } from '../platform/realms.ts'
import type { Credentials } from '../signature/credentials.ts'
import type { Auth } from '../signature/hmac.ts'
import type { Environment } from '../wire/endpoints.ts'
import type { CallLimits, FetchLike, Hooks, RequestOptions } from './internals.ts'
import type { V3ClientOptions } from './v3-options.ts'

/** A key that was replaced: it verifies callbacks until the given moment, or as long as it is listed. */
export type PreviousKey = string | { key: string; verifyUntil: Date | number }

export interface ClientOptions extends Omit<Credentials, 'apiKey'>, CallLimits {
  /** While rotating, several: the first signs, all verify callbacks. */
  apiKey: string | readonly [current: string, ...previous: PreviousKey[]]
  /** There is no default: nobody calls production, or fails to, by forgetting a variable. */
  environment: Environment
  /** Another root, such as an emulator's; https, or http on a loopback host. @default the environment's */
  baseUrl?: string | undefined
  /** For inputs without a `callback_url`; with neither, Smile ID uses the portal's. */
  callbackUrl?: string | undefined
  /** Milliseconds per attempt to upload the images of a job. @default 120_000 */
  uploadTimeoutMs?: number | undefined
  /** Host names, beside S3's own and the API's, to which images may be uploaded. */
  allowedUploadHosts?: readonly string[] | undefined
  /**
   * Milliseconds for which one signature serves further calls: it covers the timestamp and the partner, and
   * there is no nonce. A repeated call is signed anew; 0 signs each call anew. @default 250
   */
  signatureReuseMs?: number | undefined
  hooks?: Hooks | undefined
  /** @default the global fetch, looked up at each call */
  fetch?: FetchLike | undefined
  /** Milliseconds since 1970. @default Date.now */
  now?: (() => number) | undefined
  /** Must reject with the signal's reason when aborted. */
  sleep?: ((ms: number, signal?: AbortSignal) => Promise<void>) | undefined
  /** From 0 up to 1: spreads retries. @default Math.random */
  random?: (() => number) | undefined
  /** Another way of signing than HMAC: `secKeyAuth()` of `smileid-edge/legacy`. */
  auth?: Auth | undefined
  /** Allows plain http to any host: the signature and all data are readable on the way. */
  allowInsecureBaseUrl?: boolean | undefined
  /**
   * Allows a browser window, where everybody can read the key; and where the browser itself sends a call
   * again, billed again, when a connection that it uses once more breaks: the SDK cannot keep it from that.
   */
  dangerouslyAllowBrowser?: boolean | undefined
  /** For the entries under `smileid-edge/v3`, whose first call checks it. */
  v3?: V3ClientOptions | undefined
}

/** The members that client and call options share. */
export function callLimitEntries(): Entries<CallLimits> {
  return {
    timeoutMs: optional(milliseconds(1)),
    maxRetries: optional(wholeNumberFrom(0)),
    maxRetryDelayMs: optional(milliseconds(0)),
  }
}

/** What all clients send with. */
export function senderEntries(): Entries<
  Pick<ClientOptions, 'hooks' | 'fetch' | 'now' | 'sleep' | 'random'>
> {
  return {
    hooks: optional(
      objectOf<Hooks>({
        onRequest: optional(callable()),
        onResponse: optional(callable()),
        onRetry: optional(callable()),
        onError: optional(callable()),
      }),
    ),
    fetch: optional(callable()),
    now: optional(callable()),
    sleep: optional(callable()),
    random: optional(callable()),
  }
}

/** Read as it is now; an entry may be no more than text. */
function keyList(): Schema<any> {
  const dated = openObjectOf<{ key: unknown; verifyUntil: unknown }>({
    key: elsewhere(),
    verifyUntil: elsewhere(),
  })
  const entry = either<unknown>((key) => (isObject(key) ? dated : anything()))
  return listOf(entry, 'must be a list of keys')
}

export const clientOptions = /* @__PURE__ */ once(() =>
  objectOf<ClientOptions>({
    // Checked apart, as bare credentials are.
    partnerId: anything(),
    apiKey: either((keys) => (isArray(keys) ? keyList() : anything())),
    environment: oneOf('sandbox', 'production'),
    baseUrl: optional(text()),
    callbackUrl: optional(text()),
    allowedUploadHosts: optional(listOf(text(), 'must be a list of host names')),
    ...senderEntries(),
    auth: optional(callable()),
    allowInsecureBaseUrl: optional(flag()),
    dangerouslyAllowBrowser: optional(flag()),
    ...callLimitEntries(),
    uploadTimeoutMs: optional(milliseconds(1)),
    signatureReuseMs: optional(milliseconds(0)),
    v3: elsewhere(),
  }),
)

/** The members that the options of all calls share. */
export function requestOptionEntries(): Entries<RequestOptions> {
  return { ...callLimitEntries(), signal: optional(abortSignal()) }
}

const requestOptions = /* @__PURE__ */ once(() => objectOf<RequestOptions>(requestOptionEntries()))

/** The options of a call that has no more than all calls share. */
export function checkRequestOptions(options: unknown): Checked<RequestOptions> {
  return check(requestOptions(), options ?? {}, 'options')
}

/** The signal of options that were checked: what is none must not be listened to. */
export function usableSignal({ issues, value }: Checked<RequestOptions>): AbortSignal | undefined {
  return issues.some(({ path }) => path === 'options.signal') ? undefined : value.signal
}
