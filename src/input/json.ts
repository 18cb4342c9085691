/** JSON that comes from outside: it may neither reach a prototype nor cost more than its size. */
import { isObject, type Members } from './objects.ts'

/** Why a text is not accepted as an object. */
export type JsonFlaw = 'not_json' | 'too_complex' | 'duplicate_member'

export type JsonResult = { ok: true; value: Members } | { ok: false; flaw: JsonFlaw }

/** Real replies are some six levels deep. */
const MAX_DEPTH = 64
/** Brackets and commas; the services document has some ten thousand. */
const MAX_PARTS = 1_000_000

/**
 * What has to be in a text that holds one of the {@link UNSAFE_NAMES}; they may be written with `\u` escapes.
 * Searched one by one: one regular expression for all takes five times as long.
 */
const SIGNS_OF_UNSAFE_NAMES = ['proto', 'constructor', '\\u']

/** Members that could reach a prototype. */
const UNSAFE_NAMES = ['__proto__', 'constructor', 'prototype']

/**
 * The object in `text`, without members that could reach a prototype; `undefined` for anything else, and for
 * what is too complex.
 */
export function parseObject(text: string): Members | undefined {
  const read = readObject(text, { uniqueMembers: false })
  return read.ok ? read.value : undefined
}

/**
 * The object in `text`, without members that could reach a prototype, or why it is not accepted.
 *
 * With `uniqueMembers`, a member that stands twice in one object is a flaw: parsers differ in which of the
 * two they take, so that one system could check the first and another act on the second (RFC 8259 §4).
 */
export function readObject(text: string, { uniqueMembers }: { uniqueMembers: boolean }): JsonResult {
  // Counted before parsing: as objects, brackets take fifty times the memory of their text.
  const written = countMembers(text)
  if (written === undefined) return { ok: false, flaw: 'too_complex' }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's message quotes what it read.
    return { ok: false, flaw: 'not_json' }
  }
  if (!isObject(value)) return { ok: false, flaw: 'not_json' }
  if (!uniqueMembers && !SIGNS_OF_UNSAFE_NAMES.some((sign) => text.includes(sign))) {
    return { ok: true, value }
  }
  const found = removeUnsafeMembers(value)
  if (uniqueMembers && found !== written) return { ok: false, flaw: 'duplicate_member' }
  return { ok: true, value }
}

/** Removes members that could reach a prototype, at every level, and counts all that were there. */
function removeUnsafeMembers(value: unknown): number {
  if (Array.isArray(value)) {
    return value.reduce((count: number, item) => count + removeUnsafeMembers(item), 0)
  }
  if (!isObject(value)) return 0
  let count = 0
  for (const name of Object.keys(value)) {
    count += 1 + removeUnsafeMembers(value[name])
    if (UNSAFE_NAMES.includes(name)) delete value[name]
  }
  return count
}

/**
 * How many members are written in a JSON text; `undefined` once it has too many parts, or is nested deeper
 * than recursion and other parsers can bear.
 */
function countMembers(text: string): number | undefined {
  let depth = 0
  let parts = 0
  let members = 0
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '"':
        at = closingQuote(text, at)
        continue
      case ':':
        members++
        continue
      case '{':
      case '[':
        depth++
        break
      case '}':
      case ']':
        depth--
        break
      case ',':
        break
      default:
        continue
    }
    parts++
    if (parts > MAX_PARTS || depth > MAX_DEPTH) return undefined
  }
  return members
}

/** Where the string that opens at `open` closes, or the end of the text when it never does. */
function closingQuote(text: string, open: number): number {
  let quote = text.indexOf('"', open + 1)
  while (quote >= 0 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1)
  return quote < 0 ? text.length : quote
}

/** Whether an odd number of backslashes stands before the quote: each pair of them is one backslash. */
function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0
  while (text[quote - 1 - backslashes] === '\\') backslashes++
  return backslashes % 2 === 1
}
