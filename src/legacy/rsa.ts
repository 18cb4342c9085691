/**
 * RSA with a public key and PKCS #1 v1.5 padding (RFC 8017), by BigInt: SubtleCrypto has neither the
 * encryption nor the bare signature that old keys need.
 */
import { decodeBase64 } from '../platform/base64.ts'
import { type Bytes, concat, encodeHex, utf8 } from '../platform/bytes.ts'

export interface RsaKey {
  modulus: bigint
  exponent: bigint
  /** Bytes of the modulus, and of whatever is encrypted under it. */
  size: number
}

/** `00 02`, random bytes but no zero, `00`, message: another text each time. */
export function encrypt({ modulus, exponent, size }: RsaKey, message: Uint8Array): Bytes {
  const padding = crypto.getRandomValues(new Uint8Array(size - message.length - 3))
  while (padding.includes(0)) padding.set(crypto.getRandomValues(new Uint8Array(1)), padding.indexOf(0))
  return toBytes(
    power(toNumber(concat([Uint8Array.of(0, 2), padding, Uint8Array.of(0), message])), exponent, modulus),
    size,
  )
}

/**
 * Whether the private key made `block` of `message`: `00 01`, `ff…`, `00`, message.
 *
 * What must come out is written down and compared whole, so that nothing can hide in a padding that is read
 * loosely. It is known to everybody: timing tells nothing.
 */
export function isSigned(
  { modulus, exponent, size }: RsaKey,
  block: Uint8Array,
  message: Uint8Array,
): boolean {
  const number = block.length === size ? toNumber(block) : modulus
  const expected = concat([
    Uint8Array.of(0, 1),
    new Uint8Array(size - message.length - 3).fill(255),
    Uint8Array.of(0),
    message,
  ])
  return number < modulus && power(number, exponent, modulus) === toNumber(expected)
}

/**
 * The key in a text: PEM, or base64 (also wrapped) of PEM or DER. `undefined` for what is none, or too small
 * or large to be real.
 */
export function readRsaKey(text: string): RsaKey | undefined {
  const bytes = text.includes('-----') ? utf8(text) : unwrapped(text)
  // Environment files have a PEM in one line, its line breaks written as \n.
  const pem = new TextDecoder().decode(bytes).replace(/\\[rn]/g, '\n')
  const body = /-----BEGIN (?:RSA )?PUBLIC KEY-----([^-]+)-----END/.exec(pem)?.[1]
  const [modulus, exponent] = readIntegers(body ? unwrapped(body) : bytes) ?? []
  if (!modulus || !exponent) return undefined
  const key = {
    modulus: toNumber(modulus),
    exponent: toNumber(exponent),
    size: modulus.length - Number(modulus[0] === 0),
  }
  return key.size >= 128 &&
    key.size <= 1024 &&
    exponent.length <= 8 &&
    key.exponent > 1n &&
    key.exponent & key.modulus & 1n
    ? key
    : undefined
}

/** Base64 as mail and Ruby wrap it. */
export function unwrapped(text: string): Bytes | undefined {
  return decodeBase64(text.replace(/\s+/g, ''))
}

const INTEGER = 0x02
const BITS = 0x03
const SEQUENCE = 0x30
/** 1.2.840.113549.1.1.1, with tag and length. */
const RSA_ENCRYPTION = '06092a864886f70d010101'

/** Modulus and exponent of a SubjectPublicKeyInfo, or of the RSAPublicKey within. */
function readIntegers(der: Bytes | undefined): [Bytes, Bytes] | undefined {
  const [outer, ...more] = readElements(der)
  if (outer?.tag !== SEQUENCE || more.length) return undefined
  const [first, second] = readElements(outer.content)
  if (!first || !second) return undefined
  if (first.tag === INTEGER && second.tag === INTEGER) return [first.content, second.content]
  const wrapped =
    first.tag === SEQUENCE &&
    encodeHex(first.content).startsWith(RSA_ENCRYPTION) &&
    second.tag === BITS &&
    second.content[0] === 0
  return wrapped ? readIntegers(second.content.subarray(1)) : undefined
}

/** The DER elements that stand one after the other; none when any is broken. */
function readElements(der: Bytes = new Uint8Array()): { tag: number; content: Bytes }[] {
  const elements = []
  for (let at = 0; at < der.length;) {
    const tag = der[at]!
    let length = der[at + 1] ?? NaN
    at += 2
    if (length > 127) {
      const digits = der.subarray(at, (at += length - 128))
      // Keys have some hundred bytes.
      length = digits.length && digits.length <= 2 ? parseInt(encodeHex(digits), 16) : NaN
    }
    if (!(at + length <= der.length && length)) {
      // NULL, the parameter of the algorithm, alone is empty.
      if (tag === 5 && length === 0) continue
      return []
    }
    elements.push({ tag, content: der.subarray(at, (at += length)) })
  }
  return elements
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n
  for (let square = base % modulus; exponent; exponent >>= 1n, square = (square * square) % modulus)
    if (exponent & 1n) result = (result * square) % modulus
  return result
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${encodeHex(bytes)}`)
}

function toBytes(number: bigint, size: number): Bytes {
  return Uint8Array.from(
    number
      .toString(16)
      .padStart(size * 2, '0')
      .match(/../g)!,
    (digits) => parseInt(digits, 16),
  )
}
