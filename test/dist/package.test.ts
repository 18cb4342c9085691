/** What is published, and what stands in the lockfile. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { decode } from '@jridgewell/sourcemap-codec'
import { build } from 'esbuild'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createNotices } from '../../build/notices.ts'

const root = new URL('../..', import.meta.url).pathname

const [{ files }] = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }),
) as [{ files: { path: string }[] }]
const packed = files.map(({ path }) => path)
const read = (path: string) => readFileSync(`${root}${path}`, 'utf8')

const TOP_LEVEL = ['CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json']
const IN_FOLDERS = [
  /^dist\/(v3\/)?[\w-]+\.(js|cjs|d\.ts|d\.cts)(\.map)?$/,
  /^dist\/THIRD-PARTY-NOTICES\.txt$/,
  /^src\/[\w/-]+\.ts$/,
]

it('the tarball holds what users need, and no path of the machine that built it', () => {
  const isExpected = (name: string) =>
    TOP_LEVEL.includes(name) || IN_FOLDERS.some((pattern) => pattern.test(name))
  expect(packed.filter((name) => !isExpected(name))).toEqual([])
  const files = ['dist/index.js', 'dist/index.cjs', 'dist/THIRD-PARTY-NOTICES.txt', 'src/index.ts']
  expect(packed).toEqual(expect.arrayContaining([...TOP_LEVEL, ...files]))
  for (const name of packed.filter((path) => path.startsWith('dist/')))
    expect(read(name).includes(root), name).toBe(false)
})

describe('third-party notices', () => {
  it('name each package that is inlined, with its version and its licence', () => {
    // The bundler writes the path of every module above it.
    const inlined = packed
      .filter((name) => /\.c?js$/.test(name))
      .flatMap((name) => [...read(name).matchAll(/^\/\/ .*node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)])
      .map(([, name]) => name!)
    const sections = read('dist/THIRD-PARTY-NOTICES.txt')
      .split(/\n\n-{80}\n\n/)
      .slice(1)
    const named = sections.map((section) => section.split(' ')[0])
    expect(inlined).toContain('ofetch')
    expect(named).toEqual(expect.arrayContaining(inlined))
    for (const section of sections) {
      const [, name, version] = /^(\S+) (\S+) \(/.exec(section)!
      const manifest = JSON.parse(read(`node_modules/${name}/package.json`)) as { version: string }
      expect(version, name).toBe(manifest.version)
      expect(section, name).toMatch(/copyright \(c\)|blue oak model license/i)
      expect(section, name).toMatch(/permission|redistribution/i)
    }
  })

  it('are not written where an inlined package has no licence file', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'smileid-notices-'))
    onTestFinished(() => rmSync(dir, { recursive: true }))
    const unlicensed = join(dir, 'node_modules/unlicensed')
    mkdirSync(unlicensed, { recursive: true })
    writeFileSync(join(unlicensed, 'package.json'), '{ "name": "unlicensed", "version": "1.0.0" }')
    writeFileSync(join(unlicensed, 'index.js'), 'console.log(1)')
    writeFileSync(join(dir, 'entry.js'), `import 'unlicensed'`)
    const notices = createNotices()
    await build({
      entryPoints: [join(dir, 'entry.js')],
      bundle: true,
      write: false,
      plugins: [notices.plugin],
    })
    expect(() => notices.write(dir)).toThrow('unlicensed is inlined in dist/, and has no licence file')
    writeFileSync(join(unlicensed, 'LICENSE.md'), 'Do what you like.')
    notices.write(dir)
    expect(readFileSync(join(dir, 'THIRD-PARTY-NOTICES.txt'), 'utf8')).toContain('unlicensed 1.0.0')
  })
})

interface SourceMap {
  file: string
  sources: string[]
  sourcesContent?: string[]
  mappings: string
}

describe('maps', () => {
  const scripts = packed.filter((name) => /\.(js|cjs|d\.ts|d\.cts)$/.test(name))
  const mapOf = (name: string) => JSON.parse(read(`${name}.map`)) as SourceMap

  it('stand beside every file that is built, and lead to files of the tarball without copying them', () => {
    for (const name of scripts) {
      const { file, sources, sourcesContent } = mapOf(name)
      expect(join(dirname(name), file)).toBe(name)
      expect(read(name), name).toMatch(new RegExp(`//# sourceMappingURL=${file}\\.map\\s*$`))
      expect(
        sources.map((source) => join(dirname(name), source)).filter((path) => !packed.includes(path)),
        name,
      ).toEqual([])
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
          const line = read(join(dirname(name), sources[segment[1]!]!)).split('\n')[segment[2]]!
          // A bundler numbers functions of one name.
          if (!new RegExp(`function\\*? ${declared.replace(/\d+$/, '')}\\d*\\b`).test(line))
            wrong.push(`${name}:${at + 1} ${declared} → ${line}`)
        }
      }
      expect(wrong, end).toEqual([])
      expect(functions, end).toBeGreaterThan(end.startsWith('d') ? 40 : 300)
    }
  })
})

it('the lockfile names no registry and lacks no platform', () => {
  const { packages } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8')) as {
    packages: Record<string, { resolved?: string; optionalDependencies?: Record<string, string> }>
  }
  const names = new Set(Object.keys(packages).map((path) => path.split('node_modules/').pop()))
  expect(
    Object.entries(packages)
      .filter(([, { resolved }]) => resolved)
      .map(([path]) => path),
  ).toEqual([])
  expect(
    Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies)
        .filter((name) => !names.has(name))
        .map((name) => `${path} lacks ${name}`),
    ),
  ).toEqual([])
})
