/** Finds out whether a place in masked code may await. */
import {
  closingBracket,
  endBefore,
  isClosing,
  isKeyword,
  isOpening,
  openingBracket,
  wordBefore,
} from './brackets.ts'

/** A function that is async, one that is not, or none. */
export type Enclosing = 'async' | 'sync' | 'top'

/** What is around a place. */
export function enclosingFunction(code: string, at: number): Enclosing {
  // An arrow further left has the place in its body, unless a statement or a list item ends in between.
  let isSameExpression = true
  for (let index = at - 1; index >= 0; index--) {
    const char = code[index]!
    if (isClosing(char)) {
      index = openingBracket(code, index)
    } else if (char === ';' || char === ',' || isEndOfStatement(code, index)) {
      isSameExpression = false
    } else if (isOpening(char)) {
      const enclosing = enclosingOfBracket(code, index)
      if (enclosing !== undefined) return enclosing
      isSameExpression = true
    } else if (isSameExpression && code.startsWith('=>', index)) {
      return isAsyncArrow(code, index) ? 'async' : 'sync'
    }
  }
  return 'top'
}

/** How the line after the end of a statement begins. */
const STATEMENT_STARTS = [
  'const',
  'let',
  'var',
  'return',
  'if',
  'for',
  'while',
  'switch',
  'try',
  'throw',
  'await',
  'import',
  'export',
  'function',
  'async',
  'class',
  'case',
]
const ASSIGNMENT = /^[\w$.[\]]+\s*=[^=>]/

/** Whether a line break there ends a statement. */
function isEndOfStatement(code: string, index: number): boolean {
  if (code[index] !== '\n') return false
  const next = code.slice(index + 1, index + 80).trimStart()
  const isStatement = STATEMENT_STARTS.some((start) => next.startsWith(start)) || ASSIGNMENT.test(next)
  if (!isStatement) return false
  const isBodyOfArrow = code.slice(0, index).trimEnd().endsWith('=>')
  return !isBodyOfArrow
}

/** What an opening bracket around the place says of it; `undefined` when what is further out decides. */
function enclosingOfBracket(code: string, bracket: number): Enclosing | undefined {
  const char = code[bracket]
  if (char === '{') return functionOfBrace(code, bracket)
  // Defaults of parameters cannot await anything.
  if (char === '(' && isParameterList(code, bracket)) return 'sync'
  return undefined
}

function isParameterList(code: string, open: number): boolean {
  const word = wordBefore(code, endBefore(code, open))
  const after = code.slice(closingBracket(code, open) + 1)
  return !isKeyword(word) && /^\s*(:[^;(){}=]*)?(=>|\{)/.test(after)
}

const ASYNC_FUNCTION = /\basync\s*(function\b\s*)?\*?\s*[\w$#]*(<[^()]*>)?$/

/** Of which function a brace begins the body; `undefined` for a block or an object. */
function functionOfBrace(code: string, brace: number): 'async' | 'sync' | undefined {
  const head = code.slice(0, brace).trimEnd()
  if (head.endsWith('=>')) return isAsyncArrow(code, head.length - 2) ? 'async' : 'sync'
  if (/\b(class\b[^;{}()]*|(namespace|module)\s+[\w$.]+)$/.test(head)) return 'sync'
  const close = parametersEnd(code, brace)
  if (close === undefined) return undefined
  const open = openingBracket(code, close)
  const before = code.slice(0, Math.max(open, 0)).trimEnd()
  if (isKeyword(wordBefore(before, before.length)) || /\bfor\s+await$/.test(before)) return undefined
  return ASYNC_FUNCTION.test(before) ? 'async' : 'sync'
}

function isAsyncArrow(code: string, arrow: number): boolean {
  const close = parametersEnd(code, arrow)
  const before =
    close === undefined
      ? code
          .slice(0, arrow)
          .trimEnd()
          .replace(/[\w$]+$/, '') // a single name
      : code.slice(0, Math.max(openingBracket(code, close), 0))
  return /\basync\s*(<[^()]*>)?\s*$/.test(before)
}

/** Where the parameters before `end` are closed; the type of what is returned may stand between. */
function parametersEnd(code: string, end: number): number | undefined {
  const last = endBefore(code, end) - 1
  if (code[last] === ')') return last
  for (let index = last; index >= 0; index--) {
    const char = code[index]!
    if (char === ':') {
      const beforeColon = endBefore(code, index) - 1
      if (code[beforeColon] === ')') return beforeColon
    }
    // An arrow belongs to a type, other marks do not.
    const isArrow = char === '=' && code[index + 1] === '>'
    if (/[;\n({[]/.test(char) || (char === '=' && !isArrow)) return undefined
    if (isClosing(char)) index = openingBracket(code, index)
  }
  return undefined
}
