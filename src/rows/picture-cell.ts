/** Pictures that stand in a cell: base64, a data URI, or bytes as databases and programs write them. */
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'
import type { PhotoSource } from '../photo/source.ts'
import { escapedBytes } from './escaped-bytes.ts'

/**
 * How data URIs and the base64 of JPEG and PNG begin, in either alphabet. Base64 has no dot, names of files
 * have one.
 */
const TEXT_PICTURE = /^(data:|([/_]9j[/_]|iVBOR)[^.]*$)/

/**
 * How the hex of JPEG and PNG begins: as Postgres (`\x`), SQL Server and MySQL (`0x`), SQLite (`X'…'`) and
 * `hex()` write it.
 */
const HEX_PICTURE = /^(\\\\?x|0x|x')?(ffd8ff|89504e47)/i
const LEAST_HEX = 64

/**
 * How JPEG and PNG begin where each byte that is no letter is escaped: as DuckDB (`\xFF\xD8`), Python
 * (`b'\xff\xd8'`) and Postgres with `bytea_output = escape` (`\377\330`) write them.
 */
const ESCAPED_PICTURE = /^(b['"])?(\\xff\\xd8\\xff|\\x89PNG|\\377\\330\\377|\\211PNG)/i

/** How they begin as JSON of Node's `Buffer`. */
const JSON_PICTURE = /^\{"type":"Buffer","data":\[(255,216,255|137,80,78,71),[\d,]*\]\}$/

/** How they begin where their bytes were taken for text: as UTF-8, or as Windows-1252. */
const MOJIBAKE = /^(\ufffd{3}|ÿØÿ|[\ufffd‰\x89]PNG\r?\n)/

/** The picture that a cell holds; `undefined` where it holds none, but a name. */
export function pictureOf(cell: string): PhotoSource | undefined {
  if (cell === '') return cell
  if (TEXT_PICTURE.test(cell)) return standardBase64(cell)
  if (ESCAPED_PICTURE.test(cell)) return () => readEscaped(cell)
  if (JSON_PICTURE.test(cell)) return () => bufferBytes(JSON.parse(cell))!
  if (MOJIBAKE.test(cell)) return () => refuse('is bytes that were written as text: write base64 or hex')
  if (!HEX_PICTURE.test(cell)) return undefined
  const digits = cell.replace(/^(\\\\?x|0x|x')/i, '').replace(/'$/, '')
  // The name of a file could be hex as well, but would have a dot, and be short.
  const isName = digits === cell && (cell.includes('.') || cell.length < LEAST_HEX)
  return isName ? undefined : () => hexBytes(digits)
}

/** The bytes of Node's `Buffer` in JSON; `undefined` for anything else. */
export function bufferBytes(value: unknown): Uint8Array | undefined {
  const { type, data } = (value ?? {}) as { type?: unknown; data?: unknown }
  const isBuffer = type === 'Buffer' && Array.isArray(data)
  return isBuffer ? Uint8Array.from(data as number[]) : undefined
}

/**
 * Base64 in its own alphabet: that of URLs is another one only where `-` and `_` stand alone. Text formats of
 * databases write `\n` for the ends of its lines.
 */
function standardBase64(text: string): string {
  const isOfUrls = /[-_]/.test(text) && !/[+/:]/.test(text)
  const base64 = isOfUrls ? text.replaceAll('-', '+').replaceAll('_', '/') : text
  return base64.replaceAll('\\n', '\n')
}

function readEscaped(cell: string): Uint8Array {
  return escapedBytes(cell) ?? refuse('is escaped bytes that were cut off or changed')
}

function hexBytes(digits: string): Uint8Array {
  const isHex = digits.length % 2 === 0 && /^[\da-f]*$/i.test(digits)
  if (!isHex) refuse('is hex that was cut off or changed')
  const bytes = new Uint8Array(digits.length / 2)
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = digitOf(digits.charCodeAt(2 * at)) * 16 + digitOf(digits.charCodeAt(2 * at + 1))
  }
  return bytes
}

function refuse(message: string): never {
  throw new SmileIdInputError([issue('photo', 'photo_format', message)])
}

/** Digits and letters of either case lie 48 and 55 (87) above their value. */
function digitOf(code: number): number {
  return code < 58 ? code - 48 : (code | 32) - 87
}
