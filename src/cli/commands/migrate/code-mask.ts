/** JavaScript and TypeScript read no further than brackets, words and texts. */

const BLANK = /[^\n]/g
/** In place of what stands in a text: no code, but no comment either. */
export const INSIDE = '\x01'

/**
 * The same text with comments blanked out, and the insides of strings and regular expressions filled: every
 * place keeps its index.
 */
export function maskCode(text: string): string {
  let out = ''
  /** Braces that are open within each `${`, innermost last. */
  const templates: number[] = []
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at, at + 2)
    let length = 1
    let inside = false
    // An address in JSX is no comment.
    if (rest === '//' && text[at - 1] !== ':') length = lengthTo(text, at, /\n|$/g, 0)
    else if (rest === '/*') length = lengthTo(text, at + 2, /\*\/|$/g) + 2
    else if (text[at] === '"' || text[at] === "'")
      [length, inside] = [lengthOf(text, at, /(["'])(?:\\[\s\S]|(?!\1)[^\\\n])*\1/y), true]
    else if (text[at] === '`' || (text[at] === '}' && templates.at(-1) === 0)) {
      // From the opening tick, or the end of what was put in, up to the closing one or the next `${`.
      if (text[at] === '}') templates.pop()
      ;[length, inside] = [lengthOf(text, at, /[`}](?:\\[\s\S]|\$(?!\{)|[^`$\\])*(?:`|\$\{)/y), true]
      if (text.slice(at, at + length).endsWith('${')) templates.push(0)
    } else if (text[at] === '/' && mayBeRegExp(out))
      [length, inside] = [lengthOf(text, at, /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y), true]
    else if (templates.length && (text[at] === '{' || text[at] === '}'))
      templates[templates.length - 1]! += text[at] === '{' ? 1 : -1
    const piece = text.slice(at, at + length)
    if (length > 1 && !inside) out += piece.replace(BLANK, ' ')
    else if (inside && length > 1)
      out += piece[0]! + piece.slice(1, -1).replace(BLANK, INSIDE) + piece.at(-1)!
    else out += piece
    at += length
  }
  // What is put into a template is code, its marks are none.
  return out
}

function lengthTo(text: string, at: number, end: RegExp, more = 2): number {
  end.lastIndex = at
  return Math.min((end.exec(text)?.index ?? text.length) - at + more, text.length - at)
}

function lengthOf(text: string, at: number, token: RegExp): number {
  token.lastIndex = at
  return Math.max(token.exec(text)?.[0].length ?? 1, 1)
}

/** Whether a slash divides, or begins a regular expression. */
const mayBeRegExp = (before: string): boolean =>
  /(^|[(,=:[!&|?{};*%~^<>]|(?<!\+)\+|(?<!-)-|\b(return|typeof|case|in|of|do|else|void|await|yield))\s*$/.test(
    before.slice(-200),
  )

const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }

/** Where the bracket at `at` is closed; the end of the text if nowhere. */
export function matching(code: string, at: number): number {
  let depth = 0
  for (let i = at; i < code.length; i++) {
    if ((code[i] as string) in PAIRS) depth++
    else if (Object.values(PAIRS).includes(code[i]!) && --depth === 0) return i
  }
  return code.length
}

/** Where the bracket that is closed at `at` was opened; -1 if nowhere. */
function opening(code: string, at: number): number {
  let depth = 0
  for (let i = at; i >= 0; i--) {
    if (Object.values(PAIRS).includes(code[i]!)) depth++
    else if ((code[i] as string) in PAIRS && --depth === 0) return i
  }
  return -1
}

const back = (code: string, at: number): number => code.slice(0, at).trimEnd().length
const wordBefore = (code: string, at: number): string => /[\w$#]+$/.exec(code.slice(0, at))?.[0] ?? ''
const CONTROL =
  /^(if|for|while|switch|catch|with|return|await|typeof|void|in|of|case|else|do|yield|throw|delete)$/

/** Where the object begins whose member stands at `dot`: names, members, calls and `new`. */
export function startOfExpression(code: string, dot: number): number {
  let at = dot
  for (;;) {
    const end = back(code, at)
    const last = code[end - 1] ?? ''
    if (last === '!') at = end - 1
    else if (last === ')' || last === ']') {
      at = opening(code, end - 1)
      if (at < 0) return dot
      at -= /[\w$](<[\w$.,\s|&[\]<>]+>)$/.exec(code.slice(0, at))?.[1]?.length ?? 0
      const word = wordBefore(code, back(code, at))
      // A bracket of its own, which nothing calls.
      if ((!word && !/[)\]]$/.test(code.slice(0, back(code, at)))) || CONTROL.test(word)) return at
    } else {
      const word = wordBefore(code, end)
      if (!word) return at
      at = end - word.length
      const before = back(code, at)
      if (code[before - 1] === '.' && code[before - 2] !== '.')
        at = code[before - 2] === '?' ? before - 2 : before - 1
      else return wordBefore(code, before) === 'new' ? before - 3 : at
    }
  }
}

/** What is around a place: a function that is async, one that is not, or none. */
export function asyncAround(code: string, at: number): 'async' | 'sync' | 'top' {
  let own = true
  for (let i = at - 1; i >= 0; i--) {
    const char = code[i]!
    if (Object.values(PAIRS).includes(char)) i = opening(code, i)
    // Behind the end of a statement, an arrow is another one's.
    else if (
      char === ';' ||
      char === ',' ||
      (char === '\n' && STATEMENT.test(code.slice(i + 1, i + 80)) && !/=>\s*$/.test(code.slice(0, i)))
    )
      own = false
    else if (char === '{') {
      const kind = kindOf(code, i)
      if (kind !== 'block') return kind
      own = true
    } else if (char === '(' && isParameters(code, i)) return 'sync'
    else if (char === '(' || char === '[') own = true
    else if (own && char === '=' && code[i + 1] === '>') return isAsyncArrow(code, i) ? 'async' : 'sync'
  }
  return 'top'
}

const STATEMENT =
  /^\s*(const|let|var|return|if|for|while|switch|try|throw|await|import|export|function|async|class|case|[\w$.[\]]+\s*=[^=>])/

/** Whether a bracket holds parameters, whose defaults cannot wait for anything. */
function isParameters(code: string, open: number): boolean {
  const word = wordBefore(code, back(code, open))
  return !CONTROL.test(word) && /^\s*(:[^;(){}=]*)?(=>|\{)/.test(code.slice(matching(code, open) + 1))
}

/** Of what a brace is the beginning. */
function kindOf(code: string, brace: number): 'async' | 'sync' | 'block' {
  const head = code.slice(0, brace).trimEnd()
  if (head.endsWith('=>')) return isAsyncArrow(code, head.length - 2) ? 'async' : 'sync'
  if (/\b(class\b[^;{}()]*|(namespace|module)\s+[\w$.]+)$/.test(head)) return 'sync'
  const close = closeOfParameters(code, brace)
  if (close === undefined) return 'block'
  const open = opening(code, close)
  const before = code.slice(0, Math.max(open, 0)).trimEnd()
  if (CONTROL.test(wordBefore(before, before.length)) || /\bfor\s+await$/.test(before)) return 'block'
  return /\basync\s*(function\b\s*)?\*?\s*[\w$#]*(<[^()]*>)?$/.test(before) ? 'async' : 'sync'
}

/** Where the parameters before `end` are closed, the type of what is returned perhaps between. */
function closeOfParameters(code: string, end: number): number | undefined {
  const last = back(code, end) - 1
  if (code[last] === ')') return last
  for (let i = last; i >= 0; i--) {
    const char = code[i]!
    if (char === ':' && code[back(code, i) - 1] === ')') return back(code, i) - 1
    // An arrow belongs to a type, other marks do not.
    if (/[;\n({[]/.test(char) || (char === '=' && code[i + 1] !== '>')) return undefined
    if (Object.values(PAIRS).includes(char)) i = opening(code, i)
  }
  return undefined
}

function isAsyncArrow(code: string, arrow: number): boolean {
  const head = code.slice(0, arrow).trimEnd()
  const close = closeOfParameters(code, arrow)
  const before =
    close === undefined ? head.replace(/[\w$]+$/, '') : code.slice(0, Math.max(opening(code, close), 0))
  return /\basync\s*(<[^()]*>)?\s*$/.test(before)
}
