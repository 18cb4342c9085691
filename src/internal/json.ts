/** JSON that comes from outside. */
import { isObject } from './members.ts'

// Also written with escapes, which is why any \u is looked at closely. Searched one by one: an expression of all takes five times as long.
const SUSPECT = ['proto', 'constructor', '\\u']

/** Real replies are some six levels deep. */
const MAX_DEPTH = 64
/** Brackets and commas; the services document has some ten thousand. */
const MAX_PARTS = 1_000_000

/** The object in `text`, without members that could reach a prototype; `undefined` for anything else, and for what is nested too deep or has too many parts. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  if (!isModest(text)) return undefined
  try {
    const value: unknown = JSON.parse(text, SUSPECT.some((part) => text.includes(part)) ? drop : undefined)
    return isObject(value) ? value : undefined
  } catch {
    return undefined // the parser's message quotes what it read
  }
}

function drop(key: string, value: unknown) {
  return key === '__proto__' || key === 'constructor' || key === 'prototype' ? undefined : value
}

/** Before it is parsed: as objects, brackets take fifty times their memory, and what is nested too deep nobody can write or compare again. */
function isModest(text: string): boolean {
  let [depth, parts] = [0, 0]
  for (let at = 0; at < text.length; at++) {
    const kind = '{[,]}"'.indexOf(text[at]!)
    if (kind === 5) at = closingQuote(text, at)
    else if (kind >= 0 && (++parts > MAX_PARTS || (depth += Math.sign(2 - kind)) > MAX_DEPTH)) return false
  }
  return true
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
