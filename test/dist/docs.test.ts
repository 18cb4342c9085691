/** Every code block of the README and of the docstrings compiles against what is built, as a user's would. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const dir = `${root}.cache/docs`

function blocks(): Record<string, string> {
  const files = ['README.md', 'playground/README.md', 'playground/migration.md', ...readdirSync(`${root}src`, { recursive: true }).map((name) => `src/${String(name)}`).filter((name) => name.endsWith('.ts'))]
  return Object.fromEntries(files.flatMap((file) => [...readFileSync(root + file, 'utf8').matchAll(/^([ *]*)```ts\n([\s\S]*?)^\1```/gm)].map(([, margin = '', code = ''], i) =>
    [`${file.replace(/\W/g, '_')}_${i}.ts`, code.split('\n').map((line) => line.slice(margin.length)).join('\n')])))
}

it('examples compile', () => {
  const found = blocks()
  expect(Object.keys(found).length).toBeGreaterThan(8)
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  for (const [name, code] of Object.entries(found)) writeFileSync(`${dir}/${name}`, `${code}\nexport {}\n`)
  writeFileSync(`${dir}/tsconfig.json`, JSON.stringify({
    compilerOptions: { noEmit: true, strict: true, exactOptionalPropertyTypes: true, target: 'ES2022', module: 'ESNext', moduleResolution: 'Bundler', lib: ['ES2022', 'DOM'], types: ['node'], typeRoots: ['../../node_modules/@types'] },
    include: ['.'],
  }))
  let errors = ''
  try {
    execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', dir], { encoding: 'utf8' })
  } catch (error) {
    errors = (error as { stdout: string }).stdout
  }
  expect(errors).toBe('')
})

it('the types of countries and ID types are what the services document gives', () => {
  execFileSync(process.execPath, [`${root}test/support/generate-id-types.mjs`, '--check'])
})
