/** Who calls, as the calls of v3 see it: with a key, by which tokens are made, or with a token. */
import { type ClientInternals, internalsOf, type Sender } from '../../client/internals.ts'
import type { TokenStore, V3ClientOptions } from '../../client/v3-options.ts'
import { SmileIdInputError } from '../../errors/classes.ts'
import { issue, throwIfAny, wrongType } from '../../errors/issues.ts'
import { oneOf, withMethods } from '../../input/rules.ts'
import { check, objectOf, once, optional } from '../../input/schema.ts'
import { attempt } from '../../platform/realms.ts'
import { hmacSigner, type Signer } from '../../signature/hmac.ts'
import type { TokenClaims, TokenMember } from '../wire/clients.ts'

interface CallerBase {
  /** What sends. */
  sender: Sender
  callbackUrl: string | undefined
  /** Milliseconds per attempt of a call with images. */
  uploadTimeoutMs: number
  /** What inputs may leave out. */
  provides: readonly TokenMember[]
}

export interface KeyCaller extends CallerBase {
  kind: 'key'
  internals: ClientInternals
  /** As v3 wants it: without leading zeros. */
  partnerId: string
  apiKey: string
  options: V3ClientOptions
  /** Of the partner id as v3 has it, if that is another than the client's own. */
  otherSigner: Signer | undefined
}

export interface TokenCaller extends CallerBase {
  kind: 'token'
  token: string
  claims: TokenClaims
}

export type Caller = KeyCaller | TokenCaller

/**
 * What a token client carries out of sight. Registered, so that the ESM and CJS copies understand each
 * other's clients.
 */
export const TOKEN_CALLER = /* @__PURE__ */ Symbol.for('smileid.token')

/** @throws {SmileIdInputError} `invalid_input`: no client, a copy of one, or one that cannot speak v3. */
export function callerOf(client: unknown): Caller {
  const made = attempt(() => (client as any)?.[TOKEN_CALLER]?.() as TokenCaller | undefined)
  return made ?? keyCallerOf(client)
}

/** @throws {SmileIdInputError} `invalid_input`, also for a token client. */
export function keyCallerOf(client: unknown): KeyCaller {
  if (attempt(() => (client as any)['~smileid'] === 'token-client')) {
    throw new SmileIdInputError([wrongType('client', 'has a token, where a key is needed')])
  }
  const internals = internalsOf(client)
  const known = keyCallers.get(internals) ?? makeKeyCaller(internals)
  keyCallers.set(internals, known)
  return known
}

const keyCallers = /* @__PURE__ */ new WeakMap<ClientInternals, KeyCaller>()

const v3Options = /* @__PURE__ */ once(() =>
  objectOf<V3ClientOptions>({
    tokenStore: optional(
      withMethods<TokenStore>(['get', 'set', 'drop'], 'must be a store with get, set and drop'),
    ),
    tokenScope: optional(oneOf('unscoped', 'product')),
  }),
)

function makeKeyCaller(internals: ClientInternals): KeyCaller {
  const { issues, value: options } = check(v3Options(), internals.v3 ?? {}, 'v3')
  const configured = internals.client.partnerId
  const partnerId = configured.replace(/^0+/, '')
  const keys = internals.apiKeys?.() ?? []
  const apiKey = keys[0] ?? ''
  if (!/^\d+$/.test(partnerId)) issues.push(issue('partnerId', 'wrong_format', 'must be a number for v3'))
  if (!keys.length) issues.push(issue('auth', 'not_allowed', 'signs in a way that v3 does not know'))
  // It goes into a header, which holds no other characters.
  else if (/[^ -~]/.test(apiKey)) {
    issues.push(issue('apiKey', 'wrong_format', 'must be printable ASCII for v3'))
  }
  throwIfAny(issues)
  return {
    kind: 'key',
    sender: internals,
    internals,
    callbackUrl: internals.callbackUrl,
    uploadTimeoutMs: internals.uploadTimeoutMs,
    provides: [],
    partnerId,
    apiKey,
    options,
    otherSigner: partnerId === configured ? undefined : hmacSigner({ partnerId, keys }),
  }
}
