/** JSON Web Tokens (RFC 7519) with HS256, made and read by hand. */
import type { JsonObject } from '../model.ts'
import { hmacSha256 } from '../signature.ts'

/** Signs the claims with a secret. */
export async function signJwt(claims: JsonObject, secret: string): Promise<string> {
  const signed = `${encodeJson({ alg: 'HS256', typ: 'JWT' })}.${encodeJson(claims)}`
  return `${signed}.${encode(await hmacSha256(secret, signed))}`
}

/** The claims of a token that was signed with the secret; `undefined` for any other text. */
export async function readJwt(token: string, secret: string): Promise<JsonObject | undefined> {
  const [header = '', claims = '', signature, more] = token.split('.')
  if (signature === undefined || more !== undefined) return undefined
  if (encode(await hmacSha256(secret, `${header}.${claims}`)) !== signature) return undefined
  // Whoever has the secret has signed no header but the one above.
  return decodeJson(claims)
}

function encodeJson(value: object): string {
  return encode(new TextEncoder().encode(JSON.stringify(value)))
}

/** Base64 with the letters of URLs, unpadded. */
function encode(bytes: Iterable<number>): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

function decodeJson(part: string): JsonObject | undefined {
  try {
    const text = atob(part.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0))
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null ? (value as JsonObject) : undefined
  } catch {
    return undefined
  }
}
