/**
 * Rewrites source text from smile-identity-core to the compat entry. It reads no more than tokens, and leaves
 * what is not certain to people.
 */
import { awaitEdits } from './await-edits.ts'
import { maskCode } from './code-mask.ts'
import { importEdits, OLD_PACKAGE } from './import-edits.ts'
import type { Edit, Source } from './source.ts'
import { reportUncalledMethods } from './uncalled-methods.ts'

export { OLD_PACKAGE } from './import-edits.ts'

export interface Rewritten {
  text: string
  /** Lines that changed, numbered from 1. */
  changes: { line: number; before: string; after: string }[]
  /** What a person has to look at. */
  left: { line: number; why: string }[]
}

/** `isModule` is for files that are modules by their name; others are when they import or export. */
export function rewrite(text: string, { isModule }: { isModule: boolean }): Rewritten | undefined {
  if (!text.includes(OLD_PACKAGE)) return undefined
  const code = maskCode(text)
  const left: Rewritten['left'] = []
  const source: Source = {
    text,
    code,
    isModule: isModule || /^\s*(import\s+[\w*{'"]|export\s)/m.test(code),
    leave(at, why) {
      left.push({ line: text.slice(0, at).split('\n').length, why })
    },
  }
  reportUncalledMethods(source)
  const changed = applyEdits(text, [...importEdits(source), ...awaitEdits(source)])
  left.sort((one, other) => one.line - other.line)
  return { text: changed, changes: compareLines(text, changed), left }
}

function applyEdits(text: string, edits: readonly Edit[]): string {
  let changed = text
  // From the end on, so that earlier places keep their index.
  for (const { at, remove, insert } of [...edits].sort((one, other) => other.at - one.at)) {
    changed = changed.slice(0, at) + insert + changed.slice(at + remove)
  }
  return changed
}

/** Nothing that is inserted breaks a line, so lines keep their numbers. */
function compareLines(before: string, after: string): Rewritten['changes'] {
  const changes: Rewritten['changes'] = []
  const linesAfter = after.split('\n')
  for (const [index, line] of before.split('\n').entries()) {
    const lineAfter = linesAfter[index]!
    if (line !== lineAfter) changes.push({ line: index + 1, before: line, after: lineAfter })
  }
  return changes
}
