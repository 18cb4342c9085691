/** Hides comments and the contents of strings in JavaScript and TypeScript, so that only code is left. */

/** In place of each character in a string: no code, but no comment either. */
export const INSIDE = '\x01'

/**
 * Returns the same text with comments blanked out, and the contents of strings, templates and regular
 * expressions replaced: every character keeps its index. What is put into a template stays, since it is code.
 */
export function maskCode(text: string): string {
  let masked = ''
  /** The braces that are open within each `${`, innermost last. */
  const substitutions: number[] = []
  while (masked.length < text.length) {
    const at = masked.length
    const { kind, length } = readToken(text, { at, before: masked, substitutions })
    masked += maskToken(kind, text.slice(at, at + length))
  }
  return masked
}

interface Token {
  kind: 'code' | 'comment' | 'literal'
  length: number
}

function maskToken(kind: Token['kind'], text: string): string {
  if (kind === 'comment') return text.replace(/[^\n]/g, ' ')
  if (kind === 'literal') return text[0]! + text.slice(1, -1).replace(/[^\n]/g, INSIDE) + text.at(-1)!
  return text
}

interface Position {
  at: number
  /** The masked code before it. */
  before: string
  substitutions: number[]
}

function readToken(text: string, { at, before, substitutions }: Position): Token {
  const char = text[at]!
  const isAddress = text[at - 1] === ':' // https://… in JSX is no comment
  if (text.startsWith('//', at) && !isAddress) {
    return { kind: 'comment', length: endOf(text, '\n', at) - at }
  }
  if (text.startsWith('/*', at)) {
    const end = Math.min(endOf(text, '*/', at + 2) + 2, text.length)
    return { kind: 'comment', length: end - at }
  }
  if (char === '"' || char === "'") return readLiteral(text, at, STRING)
  if (char === '`' || (char === '}' && substitutions.at(-1) === 0)) {
    return readTemplatePart(text, at, substitutions)
  }
  if (char === '/' && canBeginRegExp(before)) return readLiteral(text, at, REGULAR_EXPRESSION)
  if (substitutions.length > 0) {
    if (char === '{') substitutions[substitutions.length - 1]!++
    if (char === '}') substitutions[substitutions.length - 1]!--
  }
  return { kind: 'code', length: 1 }
}

/** Where `mark` is found from `from` on; the end of the text if nowhere. */
function endOf(text: string, mark: string, from: number): number {
  const index = text.indexOf(mark, from)
  return index < 0 ? text.length : index
}

const STRING = /(["'])(?:\\[\s\S]|(?!\1)[^\\\n])*\1/y
const REGULAR_EXPRESSION = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y
/** From the opening backtick, or the end of a substitution, to the closing backtick or the next `${`. */
const TEMPLATE_PART = /[`}](?:\\[\s\S]|\$(?!\{)|[^`$\\])*(?:`|\$\{)/y

/** A quote that nothing closes is one character of code. */
function readLiteral(text: string, at: number, pattern: RegExp): Token {
  pattern.lastIndex = at
  const found = pattern.exec(text)
  return found ? { kind: 'literal', length: found[0].length } : { kind: 'code', length: 1 }
}

function readTemplatePart(text: string, at: number, substitutions: number[]): Token {
  if (text[at] === '}') substitutions.pop()
  const token = readLiteral(text, at, TEMPLATE_PART)
  if (text.slice(at, at + token.length).endsWith('${')) substitutions.push(0)
  return token
}

/** Marks and words after which a slash begins a regular expression; after others it divides. */
const BEFORE_REG_EXP =
  /(^|[(,=:[!&|?{};*%~^<>]|(?<!\+)\+|(?<!-)-|\b(return|typeof|case|in|of|do|else|void|await|yield))\s*$/

function canBeginRegExp(before: string): boolean {
  return BEFORE_REG_EXP.test(before.slice(-200))
}
