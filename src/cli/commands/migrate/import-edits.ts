/** Rewrites where the package is imported, required or exported from. */
import type { Edit, Source } from './source.ts'

export const OLD_PACKAGE = 'smile-identity-core'
const NEW_PACKAGE = 'smileid-edge/compat'

export function importEdits(source: Source): Edit[] {
  const { text, code } = source
  const edits: Edit[] = []
  for (const match of text.matchAll(/(['"`])smile-identity-core(\/[^'"`\n]*)?\1/g)) {
    const [literal, quote, path] = match
    // Within a comment or another text it is no specifier.
    if (code[match.index] !== quote) continue
    edits.push(...editSpecifier(source, { at: match.index, literal, path }))
  }
  return edits
}

interface Specifier {
  at: number
  /** With its quotes. */
  literal: string
  /** Of a file within the package. */
  path: string | undefined
}

function editSpecifier({ code, leave }: Source, { at, literal, path }: Specifier): Edit[] {
  const before = code.slice(0, at)
  const after = code.slice(at + literal.length)
  if (!/(\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*$/.test(before)) {
    leave(at, `names ${OLD_PACKAGE}, but does not import it`)
    return []
  }
  if (path) {
    leave(at, `imports a file of ${OLD_PACKAGE}: import what you need from ${NEW_PACKAGE}`)
    return []
  }
  const rename: Edit = { at: at + 1, remove: literal.length - 2, insert: NEW_PACKAGE }
  const namesDefault = /\{[^{}]*\bdefault\b[^{}]*\}\s*from\s*$/.test(before)
  const readsDefault = /^\s*\)\s*\.\s*default\b/.test(after)
  if (namesDefault || readsDefault) {
    leave(at, 'takes the default export: there is none here')
    return [rename]
  }
  const defaultImport = findDefaultImport(before)
  if (!defaultImport) return [rename]
  if (defaultImport.hasNamedImports) {
    leave(at, 'has a default import and named ones: there is no default here')
    return [rename]
  }
  return [rename, { at: defaultImport.at, remove: 0, insert: '* as ' }]
}

/** The name in `import name from`, at the end of the code before a specifier. */
function findDefaultImport(before: string): { at: number; hasNamedImports: boolean } | undefined {
  const pattern = /\bimport\s+(type\s+)?(?=[\w$])(?!type\b\s*[{*])[\w$]+\s*(,[^;'"]*)?from\s*$/
  const found = pattern.exec(before)
  if (!found) return undefined
  if (found[2]) return { at: found.index, hasNamedImports: true }
  const name = /[\w$]+\s*from\s*$/.exec(before)!
  return { at: name.index, hasNamedImports: false }
}
