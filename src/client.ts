/**
 * The client: who calls which environment, and how.
 *
 * @module
 */
import { isCallbackUrl, readApiRoot } from './client/addresses.ts'
import { type ClientOptions, clientOptions } from './client/input.ts'
import type { ClientInternals } from './client/internals.ts'
import { makeSender } from './client/sender.ts'
import { SmileIdInputError } from './errors/classes.ts'
import type { InputIssue } from './errors/codes.ts'
import { issue, missing, throwIfAny } from './errors/issues.ts'
import { isObject, membersOf } from './input/objects.ts'
import { check } from './input/schema.ts'
import { attempt, isArray } from './platform/realms.ts'
import { isBrowserWindow } from './platform/runtime.ts'
import { type Client, credentialIssues, INTERNALS } from './signature/credentials.ts'
import { hmacSigner, type Signer } from './signature/hmac.ts'
import { ORIGINS } from './wire/endpoints.ts'

export type { ClientOptions, PreviousKey } from './client/input.ts'
export type { CallEvent, CallLimits, FetchLike, Hooks, RequestOptions } from './client/internals.ts'
export type { KeptToken, TokenStore, V3ClientOptions } from './client/v3-options.ts'
export type { Client, Credentials } from './signature/credentials.ts'
export type { Auth, Signer } from './signature/hmac.ts'
export type { Environment } from './wire/endpoints.ts'

/**
 * Checks the options once and makes a frozen client, of which the key is no member.
 *
 * In a browser window it refuses, unless `dangerouslyAllowBrowser`.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem of the options.
 *
 * @example
 * ```ts
 * import { createClient } from 'smileid-edge/client'
 *
 * export const client = createClient({ partnerId: '085', apiKey: 'your key', environment: 'sandbox' })
 * ```
 */
export function createClient(options: ClientOptions): Client {
  const { issues: optionIssues, value: given } = check(clientOptions(), options)
  const keys = readKeys(given.apiKey)
  const address = readAddress(given)
  const issues = [...optionIssues, ...keyIssues(given, keys), ...addressIssues(given, address)]
  if (issues.length || !address?.ok) throw new SmileIdInputError(issues)

  const client: Client = {
    partnerId: given.partnerId,
    environment: given.environment,
    baseUrl: address.url.origin,
    '~smileid': 'client',
  }
  const internals = makeInternals(client, given, keys)
  return Object.freeze(Object.defineProperty(client, INTERNALS, { value: () => internals }))
}

function makeInternals(client: Client, options: ClientOptions, keys: readonly Key[]): ClientInternals {
  const sender = makeSender(client, options)
  return {
    ...makeSigner(options, keys),
    get usable() {
      return keys.filter(({ until }) => until === Infinity || until >= sender.now()).length
    },
    ...sender,
    callbackUrl: options.callbackUrl,
    uploadTimeoutMs: options.uploadTimeoutMs ?? 120_000,
    signatureReuseMs: options.signatureReuseMs ?? 250,
    uploadHosts: [...(options.allowedUploadHosts ?? [])],
    apiKeys: options.auth ? undefined : () => keys.map(({ key }) => key),
    v3: options.v3,
  }
}

function makeSigner({ auth, partnerId }: ClientOptions, keys: readonly Key[]): Signer {
  const texts = keys.map(({ key }) => key)
  return auth ? auth([partnerId, ...texts]) : hmacSigner({ partnerId, keys: texts })
}

interface Key {
  key: string
  /** Milliseconds since 1970; it verifies callbacks until then. */
  until: number
}

/** The current key, then those that verify longest, so that the keys in use are always the first few. */
function readKeys(apiKey: ClientOptions['apiKey']): Key[] {
  const [current, ...previous]: any[] = isArray(apiKey) ? apiKey : [apiKey]
  const older = previous.map((entry): Key => {
    if (!isObject(entry)) return { key: entry, until: Infinity }
    const until = attempt(() => Number(entry.verifyUntil)) ?? NaN
    return { key: entry.key as string, until }
  })
  older.sort((one, other) => other.until - one.until)
  return [{ key: current, until: Infinity }, ...older]
}

function keyIssues(options: ClientOptions, keys: readonly Key[]): InputIssue[] {
  const { partnerId, dangerouslyAllowBrowser } = options
  const issues: InputIssue[] = []
  if (keys.some(({ until }) => Number.isNaN(until))) {
    issues.push(issue('apiKey', 'wrong_format', 'has a verifyUntil that is no date'))
  }
  const isBrowser = isBrowserWindow() && !dangerouslyAllowBrowser
  issues.push(...credentialIssues({ partnerId, keys: keys.map(({ key }) => key), isBrowser }))
  // Some calls carry it in a header, which holds no other characters.
  if (typeof partnerId === 'string' && /[^ -~]/.test(partnerId)) {
    issues.push(issue('partnerId', 'wrong_format', 'must be printable ASCII'))
  }
  return issues
}

/** The API's root, or what is wrong with it; `undefined` where the options name none. */
function readAddress({ baseUrl, environment, allowInsecureBaseUrl }: ClientOptions) {
  const address = baseUrl ?? (typeof environment === 'string' ? ORIGINS[environment] : undefined)
  if (typeof address !== 'string') return undefined
  return readApiRoot(address, { allowInsecure: allowInsecureBaseUrl === true })
}

/** Whatever else is wrong, an address that is there is looked at. */
function addressIssues(options: ClientOptions, address: ReturnType<typeof readAddress>): InputIssue[] {
  const { environment, callbackUrl } = options
  if (!address) return []
  if (!address.ok) return [address.issue]
  const issues: InputIssue[] = []
  const other = environment === 'production' ? 'sandbox' : 'production'
  const host = address.url.hostname.replace(/\.$/, '')
  // The host decides what is paid for, so it must not contradict the name.
  const isNamed = typeof environment === 'string' && Object.hasOwn(ORIGINS, environment)
  if (isNamed && host === new URL(ORIGINS[other]).hostname) {
    issues.push(issue('environment', 'not_allowed', `does not fit baseUrl, which is the ${other} host`))
  }
  if (typeof callbackUrl === 'string' && !isCallbackUrl(callbackUrl, address.url)) {
    issues.push(issue('callbackUrl', 'wrong_format', 'must be an https URL'))
  }
  return issues
}

/**
 * Reads `SMILE_ID_PARTNER_ID`, `_API_KEY`, `_PREVIOUS_API_KEY`, `_ENVIRONMENT`, `_BASE_URL` and
 * `_CALLBACK_URL` of `process.env`, a Worker's `env` or `Deno.env.toObject()`.
 *
 * @throws {SmileIdInputError} `invalid_input`: every variable that is missing.
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
  const variables = membersOf(env)
  const read = (name: string) => attempt(() => variables[`SMILE_ID_${name}`]) || undefined
  const needed = ['PARTNER_ID', 'API_KEY', 'ENVIRONMENT']
  const absent = needed.filter((name) => read(name) === undefined)
  throwIfAny(absent.map((name) => missing(`SMILE_ID_${name}`)))
  const apiKey = read('API_KEY')
  const previous = read('PREVIOUS_API_KEY')
  return {
    partnerId: read('PARTNER_ID'),
    apiKey: previous ? [apiKey, previous] : apiKey,
    environment: read('ENVIRONMENT'),
    baseUrl: read('BASE_URL'),
    callbackUrl: read('CALLBACK_URL'),
  } as ClientOptions
}
