/**
 * Source text written for smile-identity-core, as it is written for the compat entry. It is read by its
 * tokens alone, and what is not certain is left to people.
 */
import { asyncAround, INSIDE, maskCode, matching, startOfExpression } from './code-mask.ts'

export interface Rewritten {
  text: string
  /** Lines that changed, numbered from 1. */
  changes: { line: number; before: string; after: string }[]
  /** What a person has to look at. */
  left: { line: number; why: string }[]
}

export const OLD = 'smile-identity-core'
const NEW = 'smileid-edge/compat'

interface Edit {
  at: number
  remove: number
  insert: string
}

/** `undefined` where the package is not named at all. */
export function rewrite(text: string, isModule: boolean): Rewritten | undefined {
  if (!text.includes(OLD)) return undefined
  const code = maskCode(text)
  const left: Rewritten['left'] = []
  const lineOf = (at: number) => text.slice(0, at).split('\n').length
  const leave = (at: number, why: string) => void left.push({ line: lineOf(at), why })
  others(text, code, leave)
  const edits = [
    ...specifiers(text, code, leave),
    ...awaits(code, isModule || /^\s*(import\s+[\w*{'"]|export\s)/m.test(code), leave),
  ]
  const changed = apply(text, edits)
  const [before, after] = [text.split('\n'), changed.split('\n')]
  return {
    text: changed,
    left: left.sort((a, b) => a.line - b.line),
    changes: before.flatMap((line, i) =>
      line === after[i] ? [] : [{ line: i + 1, before: line, after: after[i]! }],
    ),
  }
}

// Nothing that is inserted breaks a line, so lines keep their numbers.
const apply = (text: string, edits: Edit[]) =>
  [...edits]
    .sort((a, b) => b.at - a.at)
    .reduce((rest, { at, remove, insert }) => rest.slice(0, at) + insert + rest.slice(at + remove), text)

type Leave = (at: number, why: string) => void

/** Where it is imported, required or exported from. */
function specifiers(text: string, code: string, leave: Leave): Edit[] {
  return [...text.matchAll(/(['"`])smile-identity-core(\/[^'"`\n]*)?\1/g)].flatMap(
    ({ 0: whole, 1: quote, 2: inner, index }): Edit[] => {
      // Within a comment or another text it is no specifier.
      if (code[index] !== quote) return []
      const head = code.slice(0, index)
      const how = /(\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*$/.exec(head)
      if (!how) return (leave(index, `names ${OLD}, but does not import it`), [])
      if (inner) return (leave(index, `imports a file of ${OLD}: import what you need from ${NEW}`), [])
      const edit = { at: index + 1, remove: whole.length - 2, insert: NEW }
      if (
        /\{[^{}]*\bdefault\b[^{}]*\}\s*from\s*$/.test(head) ||
        /^\s*\)\s*\.\s*default\b/.test(code.slice(index + whole.length))
      )
        return (leave(index, 'takes the default export: there is none here'), [edit])
      const named = /\bimport\s+(type\s+)?(?=[\w$])(?!type\b\s*[{*])[\w$]+\s*(,[^;'"]*)?from\s*$/.exec(head)
      if (!named) return [edit]
      if (named[2])
        return (leave(index, 'has a default import and named ones: there is no default here'), [edit])
      const name = /[\w$]+\s*from\s*$/.exec(head)!
      return [edit, { at: name.index, remove: 0, insert: '* as ' }]
    },
  )
}

/** The two methods that became promises. */
function awaits(code: string, isModule: boolean, leave: Leave): Edit[] {
  return [...code.matchAll(/\??\.\s*(generate_signature|confirm_signature)\s*(\?\.\s*)?\(/g)].flatMap(
    ({ 0: whole, 1: method, index }): Edit[] => {
      const start = startOfExpression(code, index)
      const end = matching(code, index + whole.length - 1) + 1
      // A member of the result is taken of what was awaited.
      const member = /^\s*(?:!\s*)?(\??\.|\[)/.test(code.slice(end))
      if (
        (!member && /\bawait\s*$/.test(code.slice(0, start))) ||
        /^\s*\??\.\s*(then|catch|finally)\b/.test(code.slice(end))
      )
        return []
      const around = start < index ? asyncAround(code, start) : 'sync'
      if (around === 'sync' || (around === 'top' && !isModule))
        return (leave(index, `${method} is a promise now, and no async function is around it`), [])
      return [
        { at: start, remove: 0, insert: member ? '(await ' : 'await ' },
        ...(member ? [{ at: end, remove: 0, insert: ')' }] : []),
      ]
    },
  )
}

/**
 * Where the two methods are named and not called: taken out of their object, stood in for, or in what reads
 * like a text.
 */
function others(text: string, code: string, leave: Leave): void {
  for (const { 0: name, index } of text.matchAll(/\b(generate_signature|confirm_signature)\b/g)) {
    const [before, after] = [code[index - 1] ?? '', code.slice(index + name.length)]
    const inText =
      code[index] === INSIDE &&
      (/^['"`]/.test(text[index + name.length] ?? '')
        ? /['"`]/.test(before)
        : text[index - 1] === '.' && /^\s*\(/.test(text.slice(index + name.length)))
    const taken =
      code[index] === name[0] &&
      (/\.\s*$/.test(code.slice(0, index))
        ? !/^\s*(\?\.\s*)?\(/.test(after)
        : /[{,]\s*$/.test(code.slice(0, index)) && /^\s*[,:}]/.test(after))
    if (inText || taken) leave(index, `${name} is a promise now: look at what becomes of it here`)
  }
}
