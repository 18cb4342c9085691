/** RSA with the private key that the service had of each partner, after RFC 8017; shared with nothing of the SDK, so that a mistake there does not pass here. */
import type { Bytes } from '../internal/bytes.ts'
import { fromBase64 } from './image.ts'

export interface PrivateKey {
  modulus: bigint
  exponent: bigint
  /** Bytes of the modulus, and of every block. */
  size: number
}

const PEM = /^-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----$/

/** PKCS #8 as DER, out of PEM or base64; `undefined` for what is neither. */
export const privateKeyBytes = (text: string): Bytes | undefined => fromBase64((PEM.exec(text.trim())?.[1] ?? text).replace(/\s/g, '')) || undefined

/** The platform reads the key, and tells its numbers as JWK; rejects for one that is none of RSA. */
export async function readPrivateKey(pkcs8: Bytes): Promise<PrivateKey> {
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, true, ['sign'])
  const { n, d } = (await crypto.subtle.exportKey('jwk', key)) as { n: string; d: string }
  const [modulus, exponent] = [n, d].map((text) => atob(text.replace(/-/g, '+').replace(/_/g, '/')))
  return { modulus: numberOf(modulus!), exponent: numberOf(exponent!), size: modulus!.length }
}

/** What was encrypted under the public key: behind `00 02`, eight or more bytes that are not zero, and `00`. `undefined` where there is no such thing. */
export function open(key: PrivateKey, block: Bytes): string | undefined {
  if (block.length !== key.size) return undefined
  const number = numberOf(String.fromCharCode(...block))
  const clear = number < key.modulus ? textOf(power(number, key), key.size) : ''
  return /^\0\x02[^\0]{8,}\0([\s\S]*)$/.exec(clear)?.[1]
}

/** `text` as only the private key can write it: `00 01`, `ff…`, `00`, text. In base64. */
export const seal = (key: PrivateKey, text: string): string =>
  btoa(textOf(power(numberOf(`\0\x01${'\xff'.repeat(key.size - text.length - 3)}\0${text}`), key), key.size))

/** Square and multiply, from the highest bit. */
function power(base: bigint, { modulus, exponent }: PrivateKey): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = result * result % modulus
    if (bit === '1') result = result * base % modulus
  }
  return result
}

const numberOf = (bytes: string): bigint => BigInt(`0x${Array.from(bytes, (char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('')}`)
const textOf = (number: bigint, size: number): string => number.toString(16).padStart(size * 2, '0').replace(/../g, (digits) => String.fromCharCode(parseInt(digits, 16)))
