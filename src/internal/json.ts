/** JSON that comes from outside. */

// Also written with escapes, which is why any \u is looked at closely.
const SUSPECT = /__proto__|constructor|prototype|\\u/

/** Real replies are some six levels deep. */
const MAX_DEPTH = 64
/** The services document has some ten thousand. */
const MAX_PARTS = 1_000_000

/** The object in `text`, without members that could reach a prototype; `undefined` for anything else, and for what is nested too deep or has too many parts. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  if (!isModest(text)) return undefined
  try {
    const value: unknown = JSON.parse(text, SUSPECT.test(text) ? drop : undefined)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined // the parser's message quotes what it read
  }
}

const drop = (key: string, value: unknown) => (key === '__proto__' || key === 'constructor' || key === 'prototype' ? undefined : value)

/** Before it is parsed: as objects, brackets take fifty times their memory, and what is nested too deep nobody can write or compare again. */
function isModest(text: string): boolean {
  let depth = 0
  let parts = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '"') {
      do at = text.indexOf('"', at + 1)
      while (at > 0 && isEscaped(text, at))
      if (at < 0) return false
    } else if (char === '{' || char === '[') {
      if (++depth > MAX_DEPTH || ++parts > MAX_PARTS) return false
    } else if (char === '}' || char === ']') depth--
    else if (char === ',' && ++parts > MAX_PARTS) return false
  }
  return true
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let before = at
  while (text[before - 1] === '\\') before--
  return (at - before) % 2 === 1
}
