/** The package for JSR: sources as they are, whose types are told without inference ("no slow types"). */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')
const jsr = JSON.parse(read('jsr.json')) as {
  version: string
  license: string
  exports: Record<string, string>
  imports: Record<string, string>
}
const npm = JSON.parse(read('package.json')) as {
  version: string
  license: string
  devDependencies: Record<string, string>
}

it('has the version, the entries and the dependencies of the package for npm', () => {
  expect([jsr.version, jsr.license]).toEqual([npm.version, npm.license])
  const entries = ['', 'v3/']
    .flatMap((folder) => readdirSync(`${root}src/${folder}`).map((name) => folder + name))
    .filter((name) => name.endsWith('.ts'))
  expect(Object.entries(jsr.exports).sort()).toEqual(
    entries.map((name) => [name === 'index.ts' ? '.' : `./${name.slice(0, -3)}`, `./src/${name}`]).sort(),
  )
  // The package for npm has them built in.
  expect(npm).not.toHaveProperty('dependencies')
  for (const [name, target] of Object.entries(jsr.imports))
    expect(target).toBe(`npm:${name}@${npm.devDependencies[name]}`)
})

it('passes what `deno publish` checks, with slow types refused', () => {
  // Its findings come on stderr; they are the message, should it fail.
  const said = execFileSync(
    process.execPath,
    [`${root}node_modules/deno/bin.cjs`, 'publish', '--dry-run', '--allow-dirty', '--no-provenance'],
    {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' },
    },
  )
  expect(said).not.toMatch(/error|warning/i)
})

it('adds nothing to the global types, which the registry refuses', () => {
  const files = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.startsWith('cli/'),
  )
  expect(
    files.filter((name) =>
      /^declare (global|module)|^\/\/\/ <reference|^\s*(import|export) =/m.test(read(`src/${name}`)),
    ),
  ).toEqual([])
})
