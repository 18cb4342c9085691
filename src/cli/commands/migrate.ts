import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join, relative } from 'node:path'
import { inputError, issue } from '../../errors/issues.ts'
import { command } from '../command.ts'
import { OLD, rewrite, type Rewritten } from './migrate/codemod.ts'

export const migrate = command({
  summary: 'Rewrite a project from smile-identity-core to the compat entry',
  operands: ['[folder]'],
  flags: {
    'dry-run': { kind: 'switch', help: 'show what would change, and change nothing' },
  },
  details: `Rewrites imports and requires, and puts await before the two methods of Signature that became promises, in all .js, .jsx, .ts, .tsx, .mjs, .cjs, .mts and .cts
files below the folder (default: here) that name smile-identity-core; node_modules, build output and hidden folders are left out. What needs a person, such as
a signature made in a function that is not async, is listed with its line, and the exit code is 3 then. Commit before you run it.`,
  examples: ['migrate --dry-run', 'migrate src'],
  async run({ given, words: [folder = '.'], io, stop }) {
    const dryRun = given['dry-run'] === true
    const counts = { files: 0, lines: 0, left: 0 }
    for await (const path of sources(folder)) {
      stop.throwIfAborted()
      const name = relative('.', path) || path
      const text = textOf(await readFile(path))
      const rewritten = text === undefined ? NOT_UTF8 : rewrite(text, /\.m[jt]s$/.test(path))
      if (!rewritten) continue
      const { changes, left } = rewritten
      if (changes.length) {
        counts.files++
        counts.lines += changes.length
        io.out(`${name}`)
        for (const { line, before, after } of changes)
          io.out(`${line}\n- ${before.trim()}\n+ ${after.trim()}`)
        if (!dryRun) await writeFile(path, rewritten.text)
      }
      counts.left += left.length
      for (const { line, why } of left) io.err(`${name}:${line}: by hand: ${why}`)
    }
    io.out(
      `${counts.lines} lines in ${counts.files} files ${dryRun ? 'would change' : 'changed'}; ${counts.left} places are left to you`,
    )
    if (counts.files) io.out('Then: npm install smileid-edge && npm uninstall smile-identity-core')
    return counts.left ? 'undecided' : 'done'
  },
})

/** What would not be the same when written back. */
const NOT_UTF8: Rewritten = {
  text: '',
  changes: [],
  left: [{ line: 1, why: `is no UTF-8, and names ${OLD}` }],
}

/** `undefined` for what is no UTF-8 but names the package. A mark at the beginning is kept. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    const text = new TextDecoder('latin1').decode(bytes)
    return text.includes(OLD) ? undefined : ''
  }
}

const SOURCE = /^\.[cm]?[jt]sx?$/
const SKIPPED = new Set(['node_modules', 'dist', 'build', 'coverage', 'out'])

async function* sources(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw inputError([issue('folder', 'wrong_format', 'is no folder that can be read')])
  })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name)) yield* sources(path)
    else if (entry.isFile() && SOURCE.test(extname(entry.name)) && !entry.name.endsWith('.d.ts')) yield path
  }
}
