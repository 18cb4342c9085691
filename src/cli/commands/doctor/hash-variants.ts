/** The right and the known wrong ways to hash a message, and to write the hash down. */
import { createHash, createHmac } from 'node:crypto'

/** One way to do one part of a signature. */
export interface Variant<T> {
  value: T
  /** What is wrong with it; absent for the right way. */
  mistake?: string
}

export function rightMac(key: Buffer, message: string): Buffer {
  return createHmac('sha256', key).update(message).digest()
}

export function hashVariants(key: Buffer, message: string): Variant<Buffer>[] {
  return [
    { value: rightMac(key, message) },
    {
      value: createHmac('sha256', message).update(key).digest(),
      mistake: 'with key and message swapped',
    },
    {
      value: createHash('sha256').update(message).digest(),
      mistake: 'as plain SHA-256 of the message, instead of HMAC',
    },
    {
      value: createHash('sha256').update(key).update(message).digest(),
      mistake: 'as plain SHA-256 with the key before the message, instead of HMAC',
    },
    {
      value: createHash('sha256').update(message).update(key).digest(),
      mistake: 'as plain SHA-256 with the key after the message, instead of HMAC',
    },
    {
      value: createHmac('sha1', key).update(message).digest(),
      mistake: 'with SHA-1 instead of SHA-256',
    },
    {
      value: createHmac('sha512', key).update(message).digest(),
      mistake: 'with SHA-512 instead of SHA-256',
    },
  ]
}

export function encodingVariants(mac: Buffer): Variant<string>[] {
  const base64 = mac.toString('base64')
  const hex = mac.toString('hex')
  return [
    { value: base64 },
    { value: hex, mistake: 'written as hex instead of base64' },
    { value: hex.toUpperCase(), mistake: 'written as hex instead of base64, in capitals' },
    {
      value: btoa(hex),
      mistake: 'hex that was then base64-encoded: the bytes of the hash are encoded, not their hex',
    },
    { value: base64.replace(/=+$/, ''), mistake: 'base64 without its padding (=)' },
    {
      value: base64.replaceAll('+', '-').replaceAll('/', '_'),
      mistake: 'in the URL-safe alphabet of base64 (- and _ for + and /)',
    },
    {
      value: mac.toString('base64url'),
      mistake: 'in the URL-safe alphabet of base64 (- and _ for + and /), without padding',
    },
    { value: `${base64}\n`, mistake: 'base64 with a line break at its end' },
  ]
}
