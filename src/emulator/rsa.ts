/**
 * RSA with the private key that the service had of each partner, after RFC 8017; shared with nothing of the
 * SDK, so that a mistake there does not pass here.
 */
import type { Bytes } from '../platform/bytes.ts'
import { fromBase64 } from './photo-check.ts'

/** By the letters of the RFC: the two primes, the exponent for each, and the inverse of the second. */
export interface PrivateKey {
  n: bigint
  p: bigint
  q: bigint
  dp: bigint
  dq: bigint
  qi: bigint
  /** Bytes of the modulus, and of every block. */
  size: number
}

const PEM = /^-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----$/

/** PKCS #8 as DER, out of PEM or base64; `undefined` for what is neither. */
export const privateKeyBytes = (text: string): Bytes | undefined =>
  fromBase64((PEM.exec(text.trim())?.[1] ?? text).replace(/\s/g, '')) || undefined

/** The platform reads the key, and tells its numbers as JWK; rejects for one that is none of RSA. */
export async function readPrivateKey(pkcs8: Bytes): Promise<PrivateKey> {
  const key = await crypto.subtle.importKey(
    'pkcs8',
    pkcs8,
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    true,
    ['sign'],
  )
  const jwk = (await crypto.subtle.exportKey('jwk', key)) as Record<
    'n' | 'p' | 'q' | 'dp' | 'dq' | 'qi',
    string
  >
  const bytesOf = (text: string) => atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  const [n, p, q, dp, dq, qi] = [jwk.n, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi].map((text) =>
    numberOf(bytesOf(text)),
  ) as [bigint, bigint, bigint, bigint, bigint, bigint]
  return { n, p, q, dp, dq, qi, size: bytesOf(jwk.n).length }
}

/**
 * What was encrypted under the public key: behind `00 02`, eight or more bytes that are not zero, and `00`.
 * `undefined` where there is no such thing.
 */
export function open(key: PrivateKey, block: Bytes): string | undefined {
  if (block.length !== key.size) return undefined
  const number = numberOf(String.fromCharCode(...block))
  const clear = number < key.n ? textOf(apply(key, number), key.size) : ''
  return /^\0\x02[^\0]{8,}\0([\s\S]*)$/.exec(clear)?.[1]
}

/** `text` as only the private key can write it: `00 01`, `ff…`, `00`, text. In base64. */
export const seal = (key: PrivateKey, text: string): string =>
  btoa(textOf(apply(key, numberOf(`\0\x01${'\xff'.repeat(key.size - text.length - 3)}\0${text}`)), key.size))

/** The private key's half of the work, by each prime alone, which is a quarter of it. */
function apply({ p, q, dp, dq, qi }: PrivateKey, number: bigint): bigint {
  const [a, b] = [power(number % p, dp, p), power(number % q, dq, q)]
  return b + (((((a - b) % p) + p) * qi) % p) * q
}

/** Square and multiply, from the highest bit. */
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus
    if (bit === '1') result = (result * base) % modulus
  }
  return result
}

const numberOf = (bytes: string): bigint =>
  BigInt(`0x${Array.from(bytes, (char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('')}`)
const textOf = (number: bigint, size: number): string =>
  number
    .toString(16)
    .padStart(size * 2, '0')
    .replace(/../g, (digits) => String.fromCharCode(parseInt(digits, 16)))
