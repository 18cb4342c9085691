/** Finds where an expression begins, in masked code. */
import { endBefore, isKeyword, openingBracket, wordBefore } from './brackets.ts'

/** Type arguments of a call, right before its bracket: `get<Map<string, T>>(…)`. */
const TYPE_ARGUMENTS = /[\w$](<[\w$.,\s|&[\]<>]+>)$/

/**
 * Returns where the object begins whose member stands at the dot: names, members, calls and `new`; the dot
 * itself when it cannot be told.
 */
export function expressionStart(code: string, dot: number): number {
  let at = dot
  for (;;) {
    const end = endBefore(code, at)
    const last = code[end - 1] ?? ''
    if (last === '!') {
      at = end - 1
      continue
    }
    if (last === ')' || last === ']') {
      const open = openingBracket(code, end - 1)
      if (open < 0) return dot
      at = open - (TYPE_ARGUMENTS.exec(code.slice(0, open))?.[1]?.length ?? 0)
      if (isOnItsOwn(code, at)) return at
      continue
    }
    const word = wordBefore(code, end)
    if (word === '') return at
    at = end - word.length
    const memberDot = dotBefore(code, at)
    if (memberDot === undefined) return includeNew(code, at)
    at = memberDot
  }
}

/** Whether nothing before the bracket calls it or takes a member by it. */
function isOnItsOwn(code: string, bracket: number): boolean {
  const end = endBefore(code, bracket)
  const word = wordBefore(code, end)
  if (isKeyword(word)) return true
  return word === '' && !/[)\]]$/.test(code.slice(0, end))
}

/** Where the `.` or `?.` before a name is; three dots are none. */
function dotBefore(code: string, name: number): number | undefined {
  const end = endBefore(code, name)
  if (code[end - 1] !== '.' || code[end - 2] === '.') return undefined
  return code[end - 2] === '?' ? end - 2 : end - 1
}

function includeNew(code: string, name: number): number {
  const end = endBefore(code, name)
  return wordBefore(code, end) === 'new' ? end - 'new'.length : name
}
