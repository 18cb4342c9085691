/** Puts `await` before calls of the two methods that became promises. */
import { closingBracket } from './brackets.ts'
import { enclosingFunction } from './enclosing-function.ts'
import { expressionStart } from './expression-start.ts'
import type { Edit, Source } from './source.ts'

export function awaitEdits(source: Source): Edit[] {
  const calls = source.code.matchAll(/\??\.\s*(generate_signature|confirm_signature)\s*(\?\.\s*)?\(/g)
  const edits: Edit[] = []
  for (const match of calls) {
    const [callee, method] = match
    const bracket = match.index + callee.length - 1
    edits.push(...editCall(source, { dot: match.index, method: method!, bracket }))
  }
  return edits
}

interface MethodCall {
  dot: number
  method: string
  /** Where the bracket of its arguments is opened. */
  bracket: number
}

function editCall({ code, isModule, leave }: Source, { dot, method, bracket }: MethodCall): Edit[] {
  const start = expressionStart(code, dot)
  const end = closingBracket(code, bracket) + 1
  const before = code.slice(0, start)
  const after = code.slice(end)
  const isChained = /^\s*\??\.\s*(then|catch|finally)\b/.test(after)
  const hasMember = /^\s*(?:!\s*)?(\??\.|\[)/.test(after)
  // `await f().member` awaits the member, and not the call.
  const isAwaited = !hasMember && /\bawait\s*$/.test(before)
  if (isAwaited || isChained) return []

  const enclosing = start < dot ? enclosingFunction(code, start) : 'sync'
  const mayAwait = enclosing === 'async' || (enclosing === 'top' && isModule)
  if (!mayAwait) {
    leave(dot, `${method} is a promise now, and no async function is around it`)
    return []
  }
  if (!hasMember) return [{ at: start, remove: 0, insert: 'await ' }]
  return [
    { at: start, remove: 0, insert: '(await ' },
    { at: end, remove: 0, insert: ')' },
  ]
}
