/**
 * Standard base64 with padding, by the fastest way that the platform has; the one place that knows Node's
 * `Buffer`.
 */
import { type Bytes, utf8 } from './bytes.ts'

interface NodeBuffer {
  byteLength(data: string): number
  from(data: string, encoding: string): Bytes
  from(data: ArrayBufferLike, offset: number, length: number): { toString(encoding: string): string }
}
type Native = Bytes & { toBase64?(): string }
interface NativeStatics {
  fromBase64?(text: string): Bytes
}

function nodeBuffer() {
  return (globalThis as { Buffer?: NodeBuffer }).Buffer
}

function native() {
  return Uint8Array as unknown as NativeStatics
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4
}

export function encodeBase64(bytes: Uint8Array): string {
  if ((bytes as Native).toBase64) return (bytes as Native).toBase64!()
  const Buffer = nodeBuffer()
  return Buffer
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
    : new TextDecoder().decode(encodeByTable(bytes))
}

/** The digits as ASCII bytes, for bodies. */
export function encodeBase64Bytes(bytes: Uint8Array): Bytes {
  if ((bytes as Native).toBase64) return utf8((bytes as Native).toBase64!())
  const Buffer = nodeBuffer()
  return Buffer ? Buffer.from(encodeBase64(bytes), 'latin1') : encodeByTable(bytes)
}

/** The bytes of canonical base64 without white space, `undefined` for any other text. */
export function decodeBase64(text: string): Bytes | undefined {
  if (text.length % 4) return undefined
  const length = (text.length / 4) * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0)
  try {
    const Buffer = nodeBuffer()
    // Buffer takes the URL-safe digits, too, and of a character the low byte. Searched one by one: an
    // expression takes ten times as long.
    if (Buffer && (text.includes('-') || text.includes('_') || Buffer.byteLength(text) !== text.length))
      return undefined
    const bytes = native().fromBase64?.(text) ?? Buffer?.from(text, 'base64') ?? decodeByChar(text)
    // It skips what is no digit, and stops at an early pad: then bytes are missing.
    return bytes.length === length ? bytes : undefined
  } catch {
    return undefined
  }
}

function decodeByChar(text: string): Bytes {
  const chars = atob(text)
  const bytes = new Uint8Array(chars.length)
  for (let i = 0; i < chars.length; i++) bytes[i] = chars.charCodeAt(i)
  return bytes
}

/** What runs where nothing native is there (edge-runtime); exported for its tests. */
export function encodeByTable(bytes: Uint8Array): Bytes {
  const out = new Uint8Array(base64Length(bytes.length))
  for (let i = 0, o = 0; i < bytes.length; i += 3) {
    const three = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!
    for (let shift = 18; shift >= 0; shift -= 6) out[o++] = DIGITS.charCodeAt((three >> shift) & 63)
  }
  return out.fill(61, out.length - ((3 - (bytes.length % 3)) % 3))
}
