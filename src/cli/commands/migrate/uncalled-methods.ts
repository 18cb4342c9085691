/** Reports where the two methods that became promises are named, but not called. */
import { INSIDE } from './code-mask.ts'
import type { Source } from './source.ts'

/** Taken out of their object, replaced by a test, or in what reads like a text. */
export function reportUncalledMethods(source: Source): void {
  for (const match of source.text.matchAll(/\b(generate_signature|confirm_signature)\b/g)) {
    const [name] = match
    const place = { at: match.index, end: match.index + name.length }
    if (isNamedInText(source, place) || isTakenOut(source, place)) {
      source.leave(place.at, `${name} is a promise now: look at what becomes of it here`)
    }
  }
}

interface Place {
  at: number
  end: number
}

/** A string that is the name alone, or a call within what looks like a string. */
function isNamedInText({ text, code }: Source, { at, end }: Place): boolean {
  if (code[at] !== INSIDE) return false
  const isQuoteAfter = /^['"`]/.test(text[end] ?? '')
  if (isQuoteAfter) return /['"`]/.test(code[at - 1] ?? '')
  return text[at - 1] === '.' && /^\s*\(/.test(text.slice(end))
}

/** A member that is not called, or a name in a destructuring pattern or an object. */
function isTakenOut({ text, code }: Source, { at, end }: Place): boolean {
  if (code[at] !== text[at]) return false
  const before = code.slice(0, at)
  const after = code.slice(end)
  const isMember = /\.\s*$/.test(before)
  if (isMember) return !/^\s*(\?\.\s*)?\(/.test(after)
  return /[{,]\s*$/.test(before) && /^\s*[,:}]/.test(after)
}
