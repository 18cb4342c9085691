/** What is published, and what stands in the lockfile. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const root = new URL('../..', import.meta.url).pathname

it('the tarball holds what users need, and no path of the machine that built it', () => {
  const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as [{ files: { path: string }[] }]
  const names = files.map(({ path }) => path)
  expect(names.filter((name) => !/^(dist\/[\w-]+\.(js|cjs|d\.ts|d\.cts|js\.map|cjs\.map)|src\/[\w/-]+\.ts|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/.test(name))).toEqual([])
  expect(names).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'CHANGELOG.md', 'dist/index.js', 'dist/index.cjs', 'src/index.ts']))
  for (const name of readdirSync(`${root}dist`)) expect(readFileSync(`${root}dist/${name}`, 'utf8').includes(root), name).toBe(false)
})

it('maps lead to sources that are shipped', () => {
  for (const name of readdirSync(`${root}dist`).filter((file) => file.endsWith('.js.map'))) {
    for (const source of (JSON.parse(readFileSync(`${root}dist/${name}`, 'utf8')) as { sources: string[] }).sources) expect(source, name).toMatch(/^(\.\.\/src\/|\.\.\/package\.json$|\.\.\/node_modules\/(ofetch|fflate)\/|unused:)/)
  }
})

it('the lockfile names no registry and lacks no platform', () => {
  const { packages } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as { packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }> }
  const names = new Set(Object.keys(packages).map((path) => path.split('node_modules/').pop()))
  expect(Object.entries(packages).filter(([, { resolved }]) => resolved).map(([path]) => path)).toEqual([])
  expect(Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) => Object.keys(optionalDependencies).filter((name) => !names.has(name)).map((name) => `${path} lacks ${name}`))).toEqual([])
})
