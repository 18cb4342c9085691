/** What ids may be: each is used once, for ever, and people have to be able to type it again. */
import { utf8 } from '../platform/bytes.ts'
import { filledText, judged } from './rules.ts'
import { allOf, type Schema } from './schema.ts'

/**
 * The longest id, in bytes of UTF-8, written as in JSON, where quotes and backslashes take two. It is below
 * the least of what a row goes through:
 *
 * | what                  | takes           | beside the user_id                                           |
 * | --------------------- | --------------- | ------------------------------------------------------------ |
 * | a file journal's line | 65,536 bytes    | some 350, twice 1,200 for code and job id; the partner id    |
 * | a queue's message     | 128,000 bytes   | 100 of its own, 2,048 for an R2 key as JSON, 70 for the rest |
 * | a value in D1         | 2,000,000 bytes | the environment and the partner id, before the user_id       |
 *
 * So some 2,700 bytes are left for the partner id in the first, and 65,000 for further columns in the second.
 * No header has a user_id in it.
 */
const MAX_ID_BYTES = 60_000
/** A UTF-16 unit takes six bytes at most, such as \u0085. */
const SURELY_SHORT = MAX_ID_BYTES / 6

const PRINTABLE_ASCII = /^[ -~]*$/
/**
 * Controls, formats (zero-width, bidi, joiners, soft hyphen), halves of surrogate pairs, separators but for
 * the plain space, and what else shows nothing but for variation selectors, which whole emoji have.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u2800]|(?!\p{VS})\p{DI}|(?! )\p{Zs}/u

/** An id that goes out, as the caller made it: white space around it is not for us to judge. */
export function idText(): Schema<string> {
  return allOf(
    filledText(),
    judged((id: string) => wrongFormat(characterFlaw(id) ?? lengthFlaw(id))),
  )
}

/** An id that was sent before, and may be white space alone. */
export function sentId(): Schema<string> {
  return judged((id: unknown) => {
    if (typeof id !== 'string' || id === '') return { code: 'wrong_type', message: 'must be text' }
    return wrongFormat(characterFlaw(id) ?? lengthFlaw(id))
  })
}

/** An id that is used up by being enrolled. */
export function newId(): Schema<string> {
  return judged((id: unknown) => {
    if (typeof id !== 'string') return { code: 'wrong_type', message: 'must be text' }
    return wrongFormat(characterFlaw(id) ?? spaceFlaw(id) ?? lengthFlaw(id))
  })
}

function wrongFormat(message: string | undefined) {
  return message === undefined ? undefined : ({ code: 'wrong_format', message } as const)
}

/** Names the character by its number alone, which tells nothing of the id. */
function characterFlaw(id: string): string | undefined {
  if (PRINTABLE_ASCII.test(id)) return undefined
  const found = UNSAFE.exec(id)?.[0]
  if (found === undefined) return undefined
  const name = `U+${found.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`
  if (/\p{Cs}/u.test(found)) return `has half a character, ${name}, as text that was cut: write it whole`
  if (/\p{Cc}/u.test(found)) return `has a control character, ${name}: take it out`
  if (/\p{Z}/u.test(found)) return `has a space that is no plain one, ${name}: write a plain one, or none`
  return `has an invisible character, ${name}: take it out`
}

function spaceFlaw(id: string): string | undefined {
  if (id === '') return 'is empty'
  return id === id.trim() ? undefined : 'has white space around it: take it out'
}

function lengthFlaw(id: string): string | undefined {
  if (id.length <= SURELY_SHORT) return undefined
  const withQuotes = utf8(JSON.stringify(id)).length
  return withQuotes - 2 <= MAX_ID_BYTES ? undefined : `is longer than ${MAX_ID_BYTES} bytes`
}
