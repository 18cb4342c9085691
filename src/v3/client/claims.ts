/** What a token says of itself. */
import { parseObject } from '../../input/json.ts'
import { asText, type Members, membersOf, withoutUndefined } from '../../input/objects.ts'
import { isomorphicEncode } from '../../platform/bytes.ts'
import { attempt } from '../../platform/realms.ts'
import type { TokenClaims, TokenMember } from '../wire/clients.ts'

/** Header, claims and signature, in base64url: what a header of HTTP can hold. */
const JWT = /^[\w-]+\.([\w-]+)\.[\w-]+$/

/**
 * What a token says of itself; `undefined` for what is no JWT. Checks no signature: the service alone can.
 *
 * @example
 * ```ts
 * import { readToken } from 'smileid-edge/v3/token'
 *
 * export const secondsLeft = (token: string) => ((readToken(token)?.expiresAt ?? 0) - Date.now()) / 1000
 * ```
 */
export function readToken(token: string): TokenClaims | undefined {
  const [, encoded] = (typeof token === 'string' && JWT.exec(token)) || []
  const claims = encoded && attempt(() => parseObject(decodeText(encoded)))
  if (!claims) return undefined
  const payload = membersOf(claims.payload)
  const userId = claims.user_id ?? payload.user_id
  // Nobody has verified it: what is of another kind than it should be is as good as absent.
  return withoutUndefined({
    ...claims,
    partner_id: asText(claims.partner_id) || undefined,
    user_id: isFilled(userId) ? userId : undefined,
    expiresAt: typeof claims.exp === 'number' ? claims.exp * 1000 : undefined,
    provides: providedMembers({ ...payload, user_id: userId }),
  }) as TokenClaims
}

function decodeText(base64url: string): string {
  const bytes = isomorphicEncode(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')))
  return new TextDecoder().decode(bytes)
}

const CONSENT_MEMBERS = ['granted', 'granted_at', 'notice_language', 'notice_privacy_policy_url']

function providedMembers(payload: Members): TokenMember[] {
  const singles: TokenMember[] = ['user_id', 'country', 'id_type', 'id_number', 'callback_url']
  const provided = singles.filter((name) => isFilled(payload[name]))
  const { given_names, last_name, email, phone_number, consent } = payload
  const hasNames = isFilled(given_names) && isFilled(last_name)
  if (hasNames && (isFilled(email) || isFilled(phone_number))) provided.push('user_details')
  const agreed = membersOf(consent)
  if (CONSENT_MEMBERS.every((name) => agreed[name])) provided.push('consent')
  return provided
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
