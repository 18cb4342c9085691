/** What stands in a token, and what stands behind it. */
import { isObject, withoutUndefined } from '../../input/objects.ts'
import type { JsonObject } from '../model.ts'
import { sha256Hex } from '../signature.ts'
import { readJwt, signJwt } from './jwt.ts'
import type { TokenClaims, V3Call, V3Environment, V3State } from './model.ts'
import type { V3Partner } from './partners.ts'

/** What a token is to say. */
export interface TokenGrant {
  partner: V3Partner
  environment: V3Environment
  /** Of the host that was asked. */
  origin: string
  user_id?: string | undefined
  product?: string | undefined
  partner_params?: Record<string, string> | undefined
  /** With references in place of what is personal. */
  payload: JsonObject
}

/** What the gateway's key must not open elsewhere. */
function secretOf(environment: V3Environment): string {
  return `secret of the emulator's tokens, ${environment}`
}

export function environmentOf({ hostname }: URL): V3Environment {
  return hostname === 'api.smileidentity.com' ? 'production' : 'sandbox'
}

export async function issueToken(state: V3State, grant: TokenGrant): Promise<string> {
  const { partner, environment, payload } = grant
  const iat = Math.floor(state.now() / 1000)
  const exp = iat + Math.ceil(state.choices.tokenLifetimeMs / 1000)
  const { user_id, product, partner_params } = grant
  const binding = withoutUndefined({ user_id, product, partner_params })
  const common = { iat, exp, partner_id: partner.stripped, ...binding, payload }
  const portal = {
    aud: 'smileid-api',
    iss: 'smileid-auth',
    nbf: iat,
    key_id: `key_${partner.stripped}`,
    api_url: `${grant.origin}/v3`,
  }
  const isPortal = state.choices.tokenClaims === 'portal'
  const claims = isPortal ? { ...portal, ...common } : { ...common, policy: 0 }
  state.tokens.push({
    partnerId: partner.id,
    environment,
    ...withoutUndefined({ user_id, product }),
    bound: Object.keys(payload),
    expiresAt: new Date(exp * 1000).toISOString(),
  })
  return signJwt(claims, secretOf(environment))
}

/** The claims of a token of this environment that has not expired. */
export async function readToken(
  state: V3State,
  token: string,
  environment: V3Environment,
): Promise<TokenClaims | undefined> {
  const claims = await readJwt(token, secretOf(environment))
  if (!claims || typeof claims.exp !== 'number' || typeof claims.partner_id !== 'string') return undefined
  return state.now() < claims.exp * 1000 ? (claims as unknown as TokenClaims) : undefined
}

/** A reference of 30 characters, the same for the same value, behind which the value is kept. */
export async function referTo(state: V3State, kind: 'pii' | 'callback', value: string): Promise<string> {
  const digest = await sha256Hex(new TextEncoder().encode(value))
  const reference = `${kind}_${digest}`.slice(0, 30)
  state.bound.set(reference, value)
  return reference
}

/** What is bound to the call's token, with the values in place of their references. */
export function boundValues(state: V3State, { token }: Pick<V3Call, 'token'>): JsonObject {
  if (!isObject(token.payload)) return {}
  const entries = Object.entries(token.payload).map(([name, value]) => [
    name,
    typeof value === 'string' ? (state.bound.get(value) ?? value) : value,
  ])
  return Object.fromEntries(entries)
}
