/** What is written for users, and the code blocks in it. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

export const root = new URL('../..', import.meta.url).pathname

/** All pages, by their paths from the root. */
export const PAGES = [
  'README.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync(`${root}playground`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `playground/${name}`),
  ...readdirSync(`${root}playground/docs`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `playground/docs/${name}`),
]

export interface Block {
  /** `README.md: In a Worker`, and a number for the second block of a language under one heading. */
  name: string
  file: string
  language: string
  code: string
}

export function blocksOf(file: string): Block[] {
  const seen = new Map<string, number>()
  let heading = ''
  return [...readFileSync(root + file, 'utf8').matchAll(/^#+ (.+)$|^```(\w*)\n([\s\S]*?)^```/gm)].flatMap(
    ([, title, language = '', code]): Block[] => {
      if (code === undefined) {
        heading = title ?? heading
        return []
      }
      const place = `${file}: ${heading}, ${language}`
      const count = (seen.get(place) ?? 0) + 1
      seen.set(place, count)
      return [{ name: count > 1 ? `${place} ${count}` : place, file, language, code }]
    },
  )
}

/** Runs a block of TypeScript against what is built, as a module of its own; resolves to what it exports. */
export async function runBlock<T>(name: string): Promise<T> {
  const block = PAGES.flatMap(blocksOf).find((one) => one.name === name)
  if (!block) throw new Error(`no block is called ${name}`)
  const { outputFiles } = await build({
    stdin: { contents: block.code, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    logLevel: 'error',
  })
  // A file of its own each time: a module that was imported before would not run again.
  const file = `${root}.cache/docs-run/${process.pid}-${++runs}.mjs`
  mkdirSync(`${root}.cache/docs-run`, { recursive: true })
  writeFileSync(file, outputFiles[0]!.text)
  try {
    return (await import(/* @vite-ignore */ file)) as T
  } finally {
    rmSync(file)
  }
}
let runs = 0
