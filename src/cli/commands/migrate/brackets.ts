/** Finds brackets and words in masked code. */

const OPENING = '([{'
const CLOSING = ')]}'

export function isOpening(char: string): boolean {
  return char !== '' && OPENING.includes(char)
}

export function isClosing(char: string): boolean {
  return char !== '' && CLOSING.includes(char)
}

/** Where the bracket at `at` is closed; the end of the code if nowhere. */
export function closingBracket(code: string, at: number): number {
  let depth = 0
  for (let i = at; i < code.length; i++) {
    if (isOpening(code[i]!)) depth++
    if (!isClosing(code[i]!)) continue
    depth--
    if (depth === 0) return i
  }
  return code.length
}

/** Where the bracket that is closed at `at` was opened; -1 if nowhere. */
export function openingBracket(code: string, at: number): number {
  let depth = 0
  for (let i = at; i >= 0; i--) {
    if (isClosing(code[i]!)) depth++
    if (!isOpening(code[i]!)) continue
    depth--
    if (depth === 0) return i
  }
  return -1
}

/** The end of what stands before `at`, without white space. */
export function endBefore(code: string, at: number): number {
  return code.slice(0, at).trimEnd().length
}

/** The word that ends right before `at`; empty if there is none. */
export function wordBefore(code: string, at: number): string {
  return /[\w$#]+$/.exec(code.slice(0, at))?.[0] ?? ''
}

const KEYWORDS = new Set([
  'if',
  'for',
  'while',
  'switch',
  'catch',
  'with',
  'return',
  'await',
  'typeof',
  'void',
  'in',
  'of',
  'case',
  'else',
  'do',
  'yield',
  'throw',
  'delete',
])

/** Whether a bracket after the word is neither a call nor a list of parameters. */
export function isKeyword(word: string): boolean {
  return KEYWORDS.has(word)
}
