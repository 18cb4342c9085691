/** Pictures that stand in a cell: base64, a data URI, or hex as databases write bytes. */
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'
import type { PhotoSource } from '../photo/source.ts'

/** How data URIs and the base64 of JPEG and PNG begin. Base64 has no dot, names of files have one. */
const TEXT_PICTURE = /^(data:|(\/9j\/|iVBOR)[^.]*$)/

/**
 * How the hex of JPEG and PNG begins: as Postgres (`\x`), SQL Server and MySQL (`0x`), SQLite (`X'…'`) and
 * `hex()` write it.
 */
const HEX_PICTURE = /^(\\\\?x|0x|x')?(ffd8ff|89504e47)/i
const LEAST_HEX = 64

/** The picture that a cell holds; `undefined` where it holds none, but a name. */
export function pictureOf(cell: string): PhotoSource | undefined {
  if (cell === '' || TEXT_PICTURE.test(cell)) return cell
  if (!HEX_PICTURE.test(cell)) return undefined
  const digits = cell.replace(/^(\\\\?x|0x|x')/i, '').replace(/'$/, '')
  // The name of a file could be hex as well, but would have a dot, and be short.
  const isName = digits === cell && (cell.includes('.') || cell.length < LEAST_HEX)
  return isName ? undefined : () => hexBytes(digits)
}

function hexBytes(digits: string): Uint8Array {
  const isHex = digits.length % 2 === 0 && /^[\da-f]*$/i.test(digits)
  if (!isHex)
    throw new SmileIdInputError([issue('photo', 'photo_format', 'is hex that was cut off or changed')])
  const bytes = new Uint8Array(digits.length / 2)
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = digitOf(digits.charCodeAt(2 * at)) * 16 + digitOf(digits.charCodeAt(2 * at + 1))
  }
  return bytes
}

/** Digits and letters of either case lie 48 and 55 (87) above their value. */
function digitOf(code: number): number {
  return code < 58 ? code - 48 : (code | 32) - 87
}
