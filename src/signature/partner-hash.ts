import { encodeHex, utf8 } from '../platform/bytes.ts'

/**
 * `sha256("<partner id as a number>:<timestamp>")` in hex: the half of a sec_key that needs no key. As
 * Python's int() and its like do, the number drops leading zeros.
 */
export async function partnerHash(partnerId: string, timestamp: unknown): Promise<string> {
  const text = `${partnerId.replace(/^0+(?=\d)/, '')}:${timestamp}`
  return encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))))
}
