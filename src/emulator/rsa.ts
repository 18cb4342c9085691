/**
 * RSA with the private key that the service had of each partner, after RFC 8017; shared with nothing of the
 * SDK, so that a mistake there does not pass here.
 */
import type { Bytes } from '../platform/bytes.ts'
import { fromBase64 } from './base64.ts'

/** By the names of RFC 8017 §3.2: modulus, two primes, an exponent for each, and the coefficient. */
export interface PrivateKey {
  n: bigint
  p: bigint
  q: bigint
  dP: bigint
  dQ: bigint
  qInv: bigint
  /** Bytes of the modulus, and of every block. */
  size: number
}

const PEM = /^-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----$/

/** PKCS #8 as DER, out of PEM or base64; `undefined` for what is neither. */
export function privateKeyBytes(text: string): Bytes | undefined {
  // Environment files have a PEM in one line, its line breaks written as \n.
  const pem = text.replaceAll('\\n', '\n').replaceAll('\\r', '\r').trim()
  const base64 = PEM.exec(pem)?.[1] ?? text
  return fromBase64(base64.replace(/\s/g, ''))
}

/** The platform reads the key, and tells its numbers as JWK; rejects for one that is not an RSA key. */
export async function readPrivateKey(pkcs8: Bytes): Promise<PrivateKey> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign'])
  const jwk = await crypto.subtle.exportKey('jwk', key)
  return {
    n: toNumber(fromBase64Url(jwk.n!)),
    p: toNumber(fromBase64Url(jwk.p!)),
    q: toNumber(fromBase64Url(jwk.q!)),
    dP: toNumber(fromBase64Url(jwk.dp!)),
    dQ: toNumber(fromBase64Url(jwk.dq!)),
    qInv: toNumber(fromBase64Url(jwk.qi!)),
    size: fromBase64Url(jwk.n!).length,
  }
}

/**
 * What was encrypted under the public key: behind `00 02`, eight or more bytes that are not zero, and `00`
 * (RFC 8017 §7.2.2). `undefined` where there is no such thing.
 */
export function decrypt(key: PrivateKey, block: Bytes): string | undefined {
  if (block.length !== key.size) return undefined
  const encrypted = toNumber(String.fromCharCode(...block))
  if (encrypted >= key.n) return undefined
  const decrypted = toText(privateKeyOperation(key, encrypted), key.size)
  return /^\0\x02[^\0]{8,}\0([\s\S]*)$/.exec(decrypted)?.[1]
}

/** `text` as only the private key can write it, in base64: `00 01`, `ff…`, `00`, text (RFC 8017 §9.2). */
export function encryptWithPrivateKey(key: PrivateKey, text: string): string {
  const padding = '\xff'.repeat(key.size - text.length - 3)
  const block = toNumber(`\0\x01${padding}\0${text}`)
  return btoa(toText(privateKeyOperation(key, block), key.size))
}

/** By each prime alone, which is a quarter of the work (RFC 8017 §5.1.2). */
function privateKeyOperation({ p, q, dP, dQ, qInv }: PrivateKey, number: bigint): bigint {
  const m1 = power(number % p, dP, p)
  const m2 = power(number % q, dQ, q)
  const difference = ((m1 - m2) % p) + p
  const h = (difference * qInv) % p
  return m2 + h * q
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

/** Of a text whose characters stand for bytes. */
function toNumber(bytes: string): bigint {
  const hex = Array.from(bytes, (char) => char.charCodeAt(0).toString(16).padStart(2, '0'))
  return BigInt(`0x${hex.join('')}`)
}

/** A text of `size` characters that stand for bytes. */
function toText(number: bigint, size: number): string {
  const hex = number.toString(16).padStart(size * 2, '0')
  return hex.replace(/../g, (digits) => String.fromCharCode(parseInt(digits, 16)))
}

function fromBase64Url(text: string): string {
  return atob(text.replace(/-/g, '+').replace(/_/g, '/'))
}
