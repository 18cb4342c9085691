/** `smileid migrate`: rewrites the files of a project. */
import { readdir } from 'node:fs/promises'
import { extname, join, relative } from 'node:path'
import { SmileIdInputError } from '../../errors/classes.ts'
import { issue } from '../../errors/issues.ts'
import { command } from '../command.ts'
import type { Io } from '../io.ts'
import { printable } from '../text.ts'
import { OLD_PACKAGE, rewrite, type Rewritten } from './migrate/codemod.ts'
import { type FileResult, readSource, replaceSource } from './migrate/source-file.ts'

export const migrate = command({
  summary: 'Rewrite a project from smile-identity-core to the compat entry',
  operands: ['[folder]'],
  flags: {
    'dry-run': { kind: 'switch', help: 'show what would change, and change nothing' },
  },
  details: [
    'Rewrites imports and requires, and puts await before the two methods of Signature that became ' +
      'promises, in all .js, .jsx, .ts, .tsx, .mjs, .cjs, .mts and .cts',
    'files below the folder (default: here) that name smile-identity-core; node_modules, build output and ' +
      'hidden folders are left out. What needs a person, such as',
    'a signature made in a function that is not async, is listed with its line, and the exit code is 3 ' +
      'then. A file is replaced whole or left as it was. Commit before you run it.',
  ],
  examples: ['migrate --dry-run', 'migrate src'],
  async run({ values, positionals: [folder = '.'], io, signal }) {
    const isDryRun = values['dry-run'] === true
    const counts = { files: 0, lines: 0, left: 0, failed: 0 }
    for await (const path of sourceFiles(folder)) {
      signal.throwIfAborted()
      const name = printable(relative('.', path) || path)
      const migrated = await migrateFile(path, { isDryRun })
      if (!migrated.ok) {
        counts.failed++
        io.err(`${name}: not changed: ${migrated.why}`)
        continue
      }
      if (!migrated.value) continue
      const { changes, left } = migrated.value
      printRewritten(io, name, migrated.value)
      if (changes.length > 0) counts.files++
      counts.lines += changes.length
      counts.left += left.length
    }
    const verb = isDryRun ? 'would change' : 'changed'
    io.out(`${counts.lines} lines in ${counts.files} files ${verb}; ${counts.left} places are left to you`)
    if (counts.failed > 0) io.out(`${counts.failed} files could not be read or written: run it again`)
    if (counts.files > 0) io.out('Then: npm install smileid-edge && npm uninstall smile-identity-core')
    return counts.left + counts.failed > 0 ? 'undecided' : 'done'
  },
})

/** Lines are shown as they are, but for what a terminal would obey, which `run` writes so that it is seen. */
function printRewritten(io: Io, name: string, { changes, left }: Rewritten): void {
  if (changes.length > 0) io.out(name)
  for (const { line, before, after } of changes) {
    io.out(`${line}\n- ${before.trim()}\n+ ${after.trim()}`)
  }
  for (const { line, why } of left) io.err(`${name}:${line}: by hand: ${why}`)
}

/** Rewrites a file, unless this is a dry run. The value is `undefined` if it does not name the package. */
async function migrateFile(
  path: string,
  { isDryRun }: { isDryRun: boolean },
): Promise<FileResult<Rewritten | undefined>> {
  const read = await readSource(path)
  if (!read.ok) return read
  const rewritten = rewriteBytes(read.value.bytes, { isModule: /\.m[jt]s$/.test(path) })
  if (rewritten && rewritten.changes.length > 0 && !isDryRun) {
    const replaced = await replaceSource(path, rewritten.text, read.value)
    if (!replaced.ok) return replaced
  }
  return { ok: true, value: rewritten }
}

function rewriteBytes(bytes: Buffer, { isModule }: { isModule: boolean }): Rewritten | undefined {
  const decoded = decodeUtf8(bytes)
  if (decoded.ok) return rewrite(decoded.text, { isModule })
  // Text in another encoding would not be the same when written back.
  if (!bytes.includes(OLD_PACKAGE)) return undefined
  return { text: '', changes: [], left: [{ line: 1, why: `is no UTF-8, and names ${OLD_PACKAGE}` }] }
}

/** A byte order mark is kept. */
function decodeUtf8(bytes: Uint8Array): { ok: true; text: string } | { ok: false } {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return { ok: true, text }
  } catch {
    return { ok: false }
  }
}

const SOURCE_EXTENSION = /^\.[cm]?[jt]sx?$/
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', 'build', 'coverage', 'out'])

async function* sourceFiles(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw new SmileIdInputError([issue('folder', 'wrong_format', 'is no folder that can be read')])
  })
  entries.sort((one, other) => (one.name < other.name ? -1 : 1))
  for (const entry of entries) {
    const { name } = entry
    const path = join(folder, name)
    const isEntered = entry.isDirectory() && !name.startsWith('.') && !SKIPPED_FOLDERS.has(name)
    const isSource = entry.isFile() && SOURCE_EXTENSION.test(extname(name)) && !name.endsWith('.d.ts')
    if (isEntered) yield* sourceFiles(path)
    else if (isSource) yield path
  }
}
