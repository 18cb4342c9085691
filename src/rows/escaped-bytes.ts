/** Bytes as programs print them: letters as they are, all others escaped. */

const BACKSLASH = 92
const LETTER_X = 120
const DIGIT_0 = 48

/** What stands behind a backslash, beside digits. */
const NAMED: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, '\\': 92, "'": 39, '"': 34 }

/**
 * The bytes of `\xFF\xD8` (DuckDB), `b'\xff\xd8'` (Python) or `\377\330` (Postgres with
 * `bytea_output = escape`); `undefined` for a text that is cut off or holds anything else.
 */
export function escapedBytes(text: string): Uint8Array | undefined {
  const [, quote] = /^b(['"])/.exec(text) ?? []
  if (quote !== undefined && !text.endsWith(quote)) return undefined
  const end = quote === undefined ? text.length : text.length - 1
  const bytes = new Uint8Array(text.length)
  let count = 0
  let at = quote === undefined ? 0 : 2
  while (at < end) {
    const code = text.charCodeAt(at)
    const size = code === BACKSLASH ? sizeOfEscape(text, at) : 1
    const byte = code === BACKSLASH ? byteOfEscape(text, at) : code
    const isByte = byte >= 0 && byte < 256
    const isPrintable = code > 31 && code < 127
    if (!isByte || !isPrintable) return undefined
    bytes[count++] = byte
    at += size
  }
  return at === end ? bytes.subarray(0, count) : undefined
}

function sizeOfEscape(text: string, at: number): number {
  const code = text.charCodeAt(at + 1)
  return code === LETTER_X || isDigit(code) ? 4 : 2
}

/** NaN for what is none. */
function byteOfEscape(text: string, at: number): number {
  const code = text.charCodeAt(at + 1)
  if (code === LETTER_X) return 16 * digitOf(text, at + 2) + digitOf(text, at + 3)
  if (!isDigit(code)) return NAMED[text.charAt(at + 1)] ?? Number.NaN
  return 64 * (code - DIGIT_0) + 8 * digitOf(text, at + 2) + digitOf(text, at + 3)
}

function isDigit(code: number): boolean {
  return code >= DIGIT_0 && code <= DIGIT_0 + 9
}

/** Of hex, in either case; digits of octal are among them. */
function digitOf(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (isDigit(code)) return code - DIGIT_0
  const letter = (code | 32) - 97
  return letter >= 0 && letter < 6 ? 10 + letter : Number.NaN
}
