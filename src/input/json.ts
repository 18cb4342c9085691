/** JSON that comes from outside. */
import { isObject, type Members, members } from './objects.ts'

export type Flaw = 'not JSON' | 'too complex' | 'has a member twice'

// Also written with escapes, which is why any \u is looked at closely. Searched one by one: an expression of
// all takes five times as long.
const SUSPECT = ['proto', 'constructor', '\\u']

/** Real ones are some six levels deep. */
const MAX_DEPTH = 64
/** Brackets and commas; the services document has some ten thousand. */
const MAX_PARTS = 1_000_000

/**
 * The object in `text`, without members that could reach a prototype; `undefined` for anything else, and for
 * what is too complex.
 */
export function parseObject(text: string): Record<string, unknown> | undefined {
  const value = readObject(text, false)
  return isObject(value) ? value : undefined
}

/**
 * The same, or what is wrong; with `strict`, no member may stand there twice: of such, parsers choose
 * different ones, and what one checks, another may not use.
 */
export function readObject(text: string, strict: boolean): Record<string, unknown> | Flaw {
  const written = countMembers(text)
  if (written === undefined) return 'too complex'
  try {
    const value: unknown = JSON.parse(text)
    if (!isObject(value)) return 'not JSON'
    const read = strict || SUSPECT.some((part) => text.includes(part)) ? tidy(value) : written
    return read === written || !strict ? value : 'has a member twice'
  } catch {
    return 'not JSON' // the parser's message quotes what it read
  }
}

/** Removes members that could reach a prototype, and counts all that were there. */
function tidy(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((count: number, part) => count + tidy(part), 0)
  let count = 0
  for (const key of Object.keys(members(value))) {
    count += 1 + tidy((value as Members)[key])
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') delete (value as Members)[key]
  }
  return count
}

/**
 * Before it is parsed: as objects, brackets take fifty times their memory, and what is nested too deep nobody
 * can write or compare again. `undefined` for such.
 */
function countMembers(text: string): number | undefined {
  let [depth, parts, members] = [0, 0, 0]
  for (let at = 0; at < text.length; at++) {
    const kind = '{[,]}":'.indexOf(text[at]!)
    if (kind === 5) at = closingQuote(text, at)
    else if (kind === 6) members++
    else if (kind >= 0 && (++parts > MAX_PARTS || (depth += Math.sign(2 - kind)) > MAX_DEPTH))
      return undefined
  }
  return members
}

/** Of the string that opens there; the end of a text that lacks it. */
function closingQuote(text: string, at: number): number {
  for (;;) {
    at = text.indexOf('"', at + 1)
    if (at < 0) return text.length
    let escapes = at
    while (text[escapes - 1] === '\\') escapes--
    if ((at - escapes) % 2 === 0) return at
  }
}
