/**
 * Clients of v3 that hold a token instead of a key.
 *
 * @module
 */
import { readApiRoot } from '../client/addresses.ts'
import { type ClientOptions, callLimitEntries, senderEntries } from '../client/input.ts'
import type { CallLimits } from '../client/internals.ts'
import { makeSender } from '../client/sender.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import type { InputIssue } from '../errors/codes.ts'
import { distinctIssues } from '../errors/distinct-issues.ts'
import { issue } from '../errors/issues.ts'
import { filledText, oneOf, text } from '../input/rules.ts'
import { check, objectOf, once, optional } from '../input/schema.ts'
import { attempt } from '../platform/realms.ts'
import type { Environment } from '../wire/endpoints.ts'
import { ORIGINS } from '../wire/endpoints.ts'
import { TOKEN_CALLER, type TokenCaller } from './client/caller.ts'
import { readToken } from './client/claims.ts'
import { sortMembers } from './input/more-issues.ts'
import type { TokenClaims, TokenClient } from './wire/clients.ts'

export type { KeptToken, TokenStore, V3ClientOptions } from '../client/v3-options.ts'
export type { InputFor, TokenClaims, TokenClient, TokenMember, V3Client } from './wire/clients.ts'
export type { TokenProduct } from './wire/shared.ts'

export interface TokenClientOptions
  extends CallLimits, Pick<ClientOptions, 'hooks' | 'fetch' | 'now' | 'sleep' | 'random'> {
  token: string
  /**
   * @default the one of the token's `api_url`; another one is refused, and so is a token without it when
   * nothing is given
   */
  environment?: Environment | undefined
  /** Another root, such as an emulator's. @default the environment's */
  baseUrl?: string | undefined
}

const tokenClientOptions = /* @__PURE__ */ once(() =>
  objectOf<TokenClientOptions>({
    token: filledText(),
    environment: optional(oneOf('sandbox', 'production')),
    baseUrl: optional(text()),
    ...senderEntries(),
    ...callLimitEntries(),
  }),
)

/**
 * Makes a client of a token, for a browser or an app: with the token that your server made by `createToken`.
 *
 * The host comes of the environment or of `baseUrl`, not of the token's own address, which nobody has
 * verified: whoever brings a token must not choose where faces are sent.
 *
 * @throws {SmileIdInputError} `invalid_input`: a text that is no JWT, one that has expired, one without
 * partner, one of the other environment; and every other problem of the options.
 *
 * @example
 * ```ts
 * import { createTokenClient, type TokenClient } from 'smileid-edge/v3/client'
 *
 * export async function begin(): Promise<TokenClient> {
 *   const response = await fetch('/smile-id/token', { method: 'POST' })
 *   const { token } = (await response.json()) as { token: string }
 *   return createTokenClient({ token, timeoutMs: 60_000 })
 * }
 * ```
 */
export function createTokenClient(options: TokenClientOptions): TokenClient {
  const checked = check(tokenClientOptions(), options)
  const { right: given, wrong } = sortMembers(checked)
  const { token } = given
  const claims = token === undefined ? undefined : readToken(token)
  const environment = given.environment ?? environmentOf(claims)
  const issues = [
    ...checked.issues,
    ...tokenIssues(claims, wrong.has('now') ? undefined : (given.now ?? Date.now)),
    ...environmentIssues(given, claims),
  ]
  const address = given.baseUrl ?? (environment && ORIGINS[environment])
  const root = address === undefined ? undefined : readApiRoot(address, { allowInsecure: false })
  if (root && !root.ok) issues.push(root.issue)
  if (issues.length || !token || !claims || !environment || !root?.ok) {
    throw new SmileIdInputError(distinctIssues(issues))
  }

  const baseUrl = root.url.origin
  const client: TokenClient = { environment, baseUrl, claims, '~smileid': 'token-client' }
  const partnerId = String(claims.partner_id)
  const caller: TokenCaller = {
    kind: 'token',
    sender: makeSender({ partnerId, environment, baseUrl, '~smileid': 'client' }, given),
    callbackUrl: undefined,
    uploadTimeoutMs: given.timeoutMs ?? 120_000,
    provides: claims.provides,
    token,
    claims,
  }
  return Object.freeze(Object.defineProperty(client, TOKEN_CALLER, { value: () => caller }))
}

/** `now`: the clock, where there is one to go by. */
function tokenIssues(claims: TokenClaims | undefined, now: (() => number) | undefined): InputIssue[] {
  if (!claims) return [issue('token', 'wrong_format', 'is no JWT: pass what createToken returned')]
  const issues: InputIssue[] = []
  if (claims.partner_id === undefined) issues.push(issue('token', 'wrong_format', 'names no partner'))
  const { expiresAt } = claims
  // A clock of the caller's may give anything.
  if (now && attempt(() => expiresAt !== undefined && expiresAt <= now())) {
    issues.push(issue('token', 'not_allowed', 'has expired: have your server make another one'))
  }
  return issues
}

/** Of the two hosts that are known. */
function environmentOf(claims: TokenClaims | undefined): Environment | undefined {
  const url = String(claims?.api_url ?? '')
  const names = Object.keys(ORIGINS) as Environment[]
  return names.find((name) => url === ORIGINS[name] || url.startsWith(`${ORIGINS[name]}/`))
}

function environmentIssues(
  { environment }: Partial<TokenClientOptions>,
  claims: TokenClaims | undefined,
): InputIssue[] {
  const own = environmentOf(claims)
  if (environment === undefined && own === undefined) {
    return claims ? [issue('environment', 'missing', 'is missing: the token does not tell it')] : []
  }
  if (environment === undefined || own === undefined || environment === own) return []
  return [issue('environment', 'not_allowed', `does not fit the token, which is of ${own}`)]
}
