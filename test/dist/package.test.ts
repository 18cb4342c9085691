/** What is published, and what stands in the lockfile. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from '@jridgewell/sourcemap-codec'
import { describe, expect, it } from 'vitest'

const root = new URL('../..', import.meta.url).pathname

const [{ files }] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) as [{ files: { path: string }[] }]
const packed = files.map(({ path }) => path)
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')

it('the tarball holds what users need, and no path of the machine that built it', () => {
  expect(packed.filter((name) => !/^(dist\/[\w-]+\.(js|cjs|d\.ts|d\.cts)(\.map)?|src\/[\w/-]+\.ts|package\.json|README\.md|CHANGELOG\.md|SECURITY\.md|LICENSE)$/.test(name))).toEqual([])
  expect(packed).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'CHANGELOG.md', 'SECURITY.md', 'dist/index.js', 'dist/index.cjs', 'src/index.ts']))
  for (const name of packed.filter((path) => path.startsWith('dist/'))) expect(read(name).includes(root), name).toBe(false)
})

interface SourceMap { file: string; sources: string[]; sourcesContent?: string[]; mappings: string }

describe('maps', () => {
  const scripts = packed.filter((name) => /\.(js|cjs|d\.ts|d\.cts)$/.test(name))
  const mapOf = (name: string) => JSON.parse(read(`${name}.map`)) as SourceMap

  it('stand beside every file that is built, and lead to files of the tarball, without a copy of them', () => {
    for (const name of scripts) {
      const { file, sources, sourcesContent } = mapOf(name)
      expect(`dist/${file}`).toBe(name)
      expect(read(name), name).toMatch(new RegExp(`//# sourceMappingURL=${file}\\.map\\s*$`))
      expect(sources.map((source) => join('dist', source)).filter((path) => !packed.includes(path)), name).toEqual([])
      expect(sourcesContent, name).toBeUndefined()
    }
  })

  it('lead each public function, as it runs and as it is typed, to the line that declares it', () => {
    for (const end of ['js', 'cjs', 'd.ts', 'd.cts']) {
      const wrong: string[] = []
      let functions = 0
      for (const name of scripts.filter((script) => script.endsWith(`.${end}`) && script !== 'dist/cli.js')) {
        const { sources, mappings } = mapOf(name)
        const lines = decode(mappings)
        for (const [at, text] of read(name).split('\n').entries()) {
          const [, declared] = /^(?:declare |export )?(?:async )?function\*? (\w+)\(/.exec(text) ?? []
          const segment = lines[at]?.find((one) => one.length > 1)
          if (!declared || segment?.[2] === undefined) continue
          functions++
          const line = read(join('dist', sources[segment[1]]!)).split('\n')[segment[2]]!
          // A bundler numbers functions of one name.
          if (!new RegExp(`function\\*? ${declared.replace(/\d+$/, '')}\\d*\\b`).test(line)) wrong.push(`${name}:${at + 1} ${declared} → ${line}`)
        }
      }
      expect(wrong, end).toEqual([])
      expect(functions, end).toBeGreaterThan(end.startsWith('d') ? 40 : 300)
    }
  })
})

it('the lockfile names no registry and lacks no platform', () => {
  const { packages } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as { packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }> }
  const names = new Set(Object.keys(packages).map((path) => path.split('node_modules/').pop()))
  expect(Object.entries(packages).filter(([, { resolved }]) => resolved).map(([path]) => path)).toEqual([])
  expect(Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) => Object.keys(optionalDependencies).filter((name) => !names.has(name)).map((name) => `${path} lacks ${name}`))).toEqual([])
})
