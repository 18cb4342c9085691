/** Bytes as programs print them: letters as they are, all others escaped. */
import { isomorphicEncode } from '../platform/bytes.ts'

/** Two digits of hex, three octal ones, or a letter; else what should have been escaped. */
const ESCAPES = /\\(?:x([\da-f]{2})|([0-3][0-7]{2})|([nrt\\'"]))|[^ -[\]-~]/gi

const NAMED: Record<string, string> = { n: '\n', r: '\r', t: '\t' }

/**
 * The bytes of `\xFF\xD8` (DuckDB), `b'\xff\xd8'` (Python) or `\377\330` (Postgres with
 * `bytea_output = escape`); `undefined` for a text that is cut off or holds anything else.
 */
export function escapedBytes(text: string): Uint8Array | undefined {
  const [, quote] = /^b(['"])/.exec(text) ?? []
  if (quote !== undefined && !text.endsWith(quote)) return undefined
  const escaped = quote === undefined ? text : text.slice(2, -1)
  let isWhole = true
  const plain = escaped.replace(ESCAPES, (_, hex?: string, octal?: string, named?: string) => {
    if (hex !== undefined) return String.fromCharCode(parseInt(hex, 16))
    if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8))
    if (named === undefined) isWhole = false
    return NAMED[named!] ?? named!
  })
  return isWhole ? isomorphicEncode(plain) : undefined
}
