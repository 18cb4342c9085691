/** Who is let in: it stands before everything else. */
import type { ActiveFaults } from '../faults.ts'
import { gatewayError, v3Error } from './answers.ts'
import type { TokenClaims, V3Answer, V3State } from './model.ts'
import type { V3Operation } from '../../wire/v3-operations.ts'
import type { V3Partner } from './partners.ts'
import { environmentOf, readToken } from './tokens.ts'

export interface Asked {
  operation: V3Operation
  /** The products of the operation, as tokens name them; none for what belongs to all. */
  products: readonly string[]
  headers: Headers
  url: URL
  faults: ActiveFaults
}

export type Authorized =
  { ok: true; partner: V3Partner; token: TokenClaims } | { ok: false; refusal: V3Answer }

export async function authorize(state: V3State, asked: Asked): Promise<Authorized> {
  const { operation, headers, url, faults } = asked
  const refused: Authorized = { ok: false, refusal: unauthorized(state, operation) }
  const text = headers.get('smileid-token')
  if (!text || faults.expire) return refused
  const token = await readToken(state, text, environmentOf(url))
  const partner = state.partners.find(({ stripped }) => stripped === token?.partner_id)
  if (!token || !partner || !takesProduct(state, asked, token)) return refused
  const named = headers.get('smileid-partner-id')
  if (named !== null && named.replace(/^0+(?=.)/, '') !== partner.stripped) return refused
  return { ok: true, partner, token }
}

/** Smile Links take a token without product alone; of others, it is not known. */
function takesProduct(state: V3State, { operation, products }: Asked, token: TokenClaims): boolean {
  if (token.product === undefined) return true
  if (operation === 'v3/smile_links') return false
  const isOwn = products.length === 0 || products.includes(token.product)
  return state.choices.productTokens === 'any' || isOwn
}

function unauthorized(state: V3State, operation: V3Operation): V3Answer {
  return state.choices.unauthorizedShape === 'gateway' ? gatewayError(401) : v3Error(operation, 401)
}
