/**
 * The client: who calls which environment, and how.
 *
 * @module
 */
import { check } from './input/schema.ts'
import type { CallLimits, ClientInternals, FetchLike, Hooks } from './client/internals.ts'
import { CORE, credentialIssues, type Credentials, type Client } from './signature/credentials.ts'
import { type Auth, hmacSigner } from './signature/hmac.ts'
import { inputError, issue, missing, throwIfAny } from './errors/issues.ts'
import { members } from './input/objects.ts'
import {
  ANY,
  CALLABLE,
  duration,
  FLAG,
  limitRules,
  memberIssues,
  OBJECT,
  oneOf,
  type Rule,
  TEXT,
} from './input/rules.ts'
import { sleep } from './platform/time.ts'
import { type Environment, ORIGINS } from './wire/endpoints.ts'
import { apiRoot, isCallbackUrl, isLoopback } from './client/addresses.ts'
import type { InputIssue } from './errors/codes.ts'

export type { CallEvent, CallLimits, FetchLike, Hooks, RequestOptions } from './client/internals.ts'
export type { Credentials, Client } from './signature/credentials.ts'
export type { Auth, Signer } from './signature/hmac.ts'
export type { Environment } from './wire/endpoints.ts'

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
  /** Allows a browser window, where everybody can read the key. */
  dangerouslyAllowBrowser?: boolean | undefined
}

function optionRules(): Record<keyof ClientOptions, Rule> {
  return {
    // Checked by credentialIssues, as bare credentials are.
    partnerId: ANY,
    apiKey: ANY,
    environment: oneOf('sandbox', 'production'),
    baseUrl: TEXT,
    callbackUrl: TEXT,
    allowedUploadHosts: [
      (hosts) => Array.isArray(hosts) && hosts.every((host) => typeof host === 'string'),
      'must be a list of host names',
    ],
    hooks: OBJECT,
    fetch: CALLABLE,
    now: CALLABLE,
    sleep: CALLABLE,
    random: CALLABLE,
    auth: CALLABLE,
    allowInsecureBaseUrl: FLAG,
    dangerouslyAllowBrowser: FLAG,
    ...limitRules(),
    uploadTimeoutMs: duration(1),
  }
}

/**
 * Checks the options once and makes a frozen client; the key is reachable from nowhere.
 *
 * Throws `SmileIdInputError`, listing every problem. In a browser window it refuses, unless
 * `dangerouslyAllowBrowser`.
 *
 * @example
 * ```ts
 * import { createClient } from 'smileid-edge/client'
 *
 * export const client = createClient({ partnerId: '085', apiKey: 'your key', environment: 'sandbox' })
 * ```
 */
export function createClient(options: ClientOptions): Client {
  const issues = check(options, optionRules(), ['environment'])
  const given = members(options) as unknown as ClientOptions
  issues.push(
    ...memberIssues(
      members(given.hooks),
      { onRequest: CALLABLE, onResponse: CALLABLE, onRetry: CALLABLE, onError: CALLABLE },
      'hooks.',
    ),
  )
  const { keys, untils } = readKeys(given.apiKey)
  if (untils.some(Number.isNaN))
    issues.push(issue('apiKey', 'wrong_format', 'has a verifyUntil that is no date'))
  issues.push(
    ...credentialIssues(
      [given.partnerId, ...keys],
      typeof document === 'object' && !given.dangerouslyAllowBrowser,
    ),
  )
  // Some calls carry it in a header, where other characters fit in nowhere.
  if (typeof given.partnerId === 'string' && /[^ -~]/.test(given.partnerId))
    issues.push(issue('partnerId', 'wrong_format', 'must be printable ASCII'))
  // Whatever else is wrong, an address that is there is looked at.
  const address = given.baseUrl ?? ORIGINS[given.environment]
  const root = typeof address === 'string' ? apiRoot(address, given.allowInsecureBaseUrl === true) : undefined
  if (root instanceof URL) issues.push(...addressIssues(given, root))
  else if (root) issues.push(issue('baseUrl', 'wrong_format', root))
  if (!root || issues.length) throw inputError(issues)

  const client: Client = {
    partnerId: given.partnerId,
    environment: given.environment,
    baseUrl: (root as URL).origin,
    '~smileid': 'client',
  }
  const { fetch = (url: string, init: RequestInit) => globalThis.fetch(url, init), now = Date.now } = given
  const internals: ClientInternals = {
    ...(given.auth ?? hmacSigner)([given.partnerId, ...keys]),
    get usable() {
      return untils.filter((until) => until === Infinity || until >= now()).length
    },
    client,
    limits: {
      timeoutMs: given.timeoutMs ?? 30_000,
      maxRetries: given.maxRetries ?? 2,
      maxRetryDelayMs: given.maxRetryDelayMs ?? 30_000,
    },
    hooks: { ...given.hooks },
    callbackUrl: given.callbackUrl,
    uploadTimeoutMs: given.uploadTimeoutMs ?? 120_000,
    uploadHosts: [...(given.allowedUploadHosts ?? [])],
    // Called on no object ("illegal invocation"), and the global one looked up late, so that a mock set later
    // is seen.
    fetch: (url, init) => fetch(url, init),
    now,
    sleep: given.sleep ?? sleep,
    random: given.random ?? Math.random,
  }
  return Object.freeze(Object.defineProperty(client, CORE, { value: () => internals }))
}

/** Those that verify longest come first, so that the keys in use are always the first few. */
function readKeys(apiKey: ClientOptions['apiKey']): { keys: string[]; untils: number[] } {
  const [current, ...previous] = [apiKey].flat() as PreviousKey[]
  const older = previous
    .map((entry) =>
      typeof entry === 'object' && entry
        ? { key: entry.key, until: Number(entry.verifyUntil) }
        : { key: entry, until: Infinity },
    )
    .sort((a, b) => b.until - a.until)
  return {
    keys: [current as string, ...older.map(({ key }) => key)],
    untils: [Infinity, ...older.map(({ until }) => until)],
  }
}

function addressIssues({ environment, callbackUrl }: ClientOptions, root: URL): InputIssue[] {
  const issues: InputIssue[] = []
  const other = environment === 'production' ? 'sandbox' : 'production'
  // The host decides what is paid for, so it must not contradict the name.
  if (
    Object.hasOwn(ORIGINS, environment) &&
    root.hostname.replace(/\.$/, '') === new URL(ORIGINS[other]).hostname
  )
    issues.push(issue('environment', 'not_allowed', `does not fit baseUrl, which is the ${other} host`))
  if (typeof callbackUrl === 'string' && !isCallbackUrl(callbackUrl, isLoopback(root)))
    issues.push(issue('callbackUrl', 'wrong_format', 'must be an https URL'))
  return issues
}

/**
 * Reads `SMILE_ID_PARTNER_ID`, `_API_KEY`, `_PREVIOUS_API_KEY`, `_ENVIRONMENT`, `_BASE_URL` and
 * `_CALLBACK_URL` of `process.env`, a Worker's `env` or `Deno.env.toObject()`.
 *
 * Throws `SmileIdInputError`, naming every variable that is missing.
 *
 * @example
 * ```ts
 * import { clientOptionsFromEnv, createClient } from 'smileid-edge/client'
 *
 * export default {
 *   fetch: (_request: Request, env: object) =>
 *     Response.json(createClient(clientOptionsFromEnv(env)).environment),
 * }
 * ```
 */
export function clientOptionsFromEnv(env: object): ClientOptions {
  const read = (name: string) =>
    (env as Record<string, unknown> | undefined)?.[`SMILE_ID_${name}`] || undefined
  const absent = ['PARTNER_ID', 'API_KEY', 'ENVIRONMENT'].filter((name) => read(name) === undefined)
  throwIfAny(absent.map((name) => missing(`SMILE_ID_${name}`)))
  const [apiKey, previous] = [read('API_KEY'), read('PREVIOUS_API_KEY')]
  return {
    partnerId: read('PARTNER_ID'),
    apiKey: previous ? [apiKey, previous] : apiKey,
    environment: read('ENVIRONMENT'),
    baseUrl: read('BASE_URL'),
    callbackUrl: read('CALLBACK_URL'),
  } as ClientOptions
}
