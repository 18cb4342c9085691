/** The layout of src: what stands where, and what may import what. */
import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

/** Bottom up: a room imports rooms of the lines above its own, and itself. */
const LEVELS: readonly (readonly string[])[] = [
  ['platform', 'wire'],
  ['errors'],
  ['input', 'signature'],
  ['client', 'photo', 'result', 'legacy'],
  ['http', 'emulator'],
  ['backfill', 'web-token', 'request', 'services', 'job-status', 'smart-selfie'],
  ['bulk', 'callback', 'id-verification', 'rows'],
  ['cloudflare', 'node', 'image-jobs'],
  ['v3'],
  ['compat', 'cli', 'index'],
]
/** These use the package as others do: by its public entries. */
const USERS = ['index', 'compat', 'cli', 'emulator']
/** The rooms, or files, that may import what is no file of ours. */
const PACKAGES: readonly { name: RegExp; allowed: RegExp }[] = [
  { name: /^ofetch$/, allowed: /^http\/transport\.ts$/ },
  { name: /^valibot$/, allowed: /^input\// },
  { name: /^fflate$/, allowed: /^(emulator|node\/xlsx)\// },
  { name: /^sax$/, allowed: /^node\/xlsx\// },
  { name: /^yauzl$/, allowed: /^node\/photo-zip\// },
  { name: /^node:/, allowed: /^(node|cli)\// },
]
const MOST_LINES = 250
const MOST_COLUMNS = 110

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')
const files = readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .sort()
const texts = new Map(files.map((file) => [file, read(`src/${file}`)]))

/** v3 is a half of its own: each of its topics has a door in its room. */
const isDoor = (file: string): boolean => /^(v3\/)?[^/]+$/.test(file)
const doors = files.filter(isDoor).map((file) => file.replace(/\.ts$/, ''))
const roomOf = (file: string): string => file.split('/')[0]!.replace(/\.ts$/, '')
const levelOf = (file: string): number => LEVELS.findIndex((rooms) => rooms.includes(roomOf(file)))

/** What each file imports, types included: files of src by their paths in it, all else by its name. */
const imports = new Map(
  [...texts].map(([file, text]) => [
    file,
    ts
      .preProcessFile(text, true, true)
      .importedFiles.map(({ fileName }) =>
        fileName.startsWith('.') ? posix.join(posix.dirname(file), fileName) : fileName,
      ),
  ]),
)
const pairs = [...imports].flatMap(([file, targets]) => targets.map((target) => ({ file, target })))
const inside = pairs.filter(({ target }) => texts.has(target))
const outside = pairs.filter(({ target }) => !texts.has(target))
const written = (found: { file: string; target: string }[]) =>
  found.map(({ file, target }) => `${file} -> ${target}`)

describe('rooms', () => {
  it('are those of the list', () => {
    const rooms = new Set(files.map(roomOf))
    expect([...rooms].filter((room) => levelOf(room) === -1)).toEqual([])
  })

  it('import lower rooms and themselves', () => {
    const upwards = inside.filter(
      ({ file, target }) =>
        roomOf(file) !== roomOf(target) &&
        levelOf(target) >= levelOf(file) &&
        !(isDoor(target) && USERS.includes(roomOf(file))),
    )
    expect(written(upwards)).toEqual([])
  })

  it('import no door, but for those who use the package as others do', () => {
    // The door of all of v3 opens those of its topics.
    const isUser = (file: string) => file === 'v3.ts' || USERS.includes(roomOf(file))
    const through = inside.filter(({ file, target }) => isDoor(target) && !isUser(file))
    expect(written(through)).toEqual([])
  })

  it('have no circle of files, types included', () => {
    expect(circles()).toEqual([])
  })
})

describe('doors', () => {
  const named = (names: string[]) => names.map((name) => name.replace(/^\.\/?/, '') || 'index').sort()

  it('are the exports of the package', () => {
    const { exports } = JSON.parse(read('package.json')) as { exports: Record<string, unknown> }
    expect(named(Object.keys(exports).filter((name) => name !== './package.json'))).toEqual(doors)
  })

  it('are what tsup builds', async () => {
    const { default: config } = (await import('../../tsup.config.ts')) as { default: { entry: string[] } }
    expect(config.entry.sort()).toEqual(doors.map((name) => `src/${name}.ts`))
  })

  it('are the tables of docs/entries.md', () => {
    const rows = [...read('playground/docs/entries.md').matchAll(/^\| `smileid-edge(?:\/([\w/-]+))?` \|/gm)]
    expect(named(rows.map(([, name = '']) => name))).toEqual(doors)
  })
})

describe('packages', () => {
  it.each(PACKAGES)('$name is imported by $allowed alone', ({ name, allowed }) => {
    const wrong = outside.filter(({ file, target }) => name.test(target) && !allowed.test(file))
    expect(written(wrong)).toEqual([])
  })

  it('are no others', () => {
    const others = outside.filter(({ target }) => PACKAGES.every(({ name }) => !name.test(target)))
    expect(written(others)).toEqual(['cli/run.ts -> ../package.json'])
  })
})

describe('files', () => {
  it(`have at most ${MOST_LINES} lines`, () => {
    const lengths = [...texts].map(([file, text]) => ({ file, lines: text.trimEnd().split('\n').length }))
    expect(lengths.filter(({ lines }) => lines > MOST_LINES)).toEqual([])
  })

  it(`have lines of at most ${MOST_COLUMNS} columns`, () => {
    const wide = [...texts].flatMap(([file, text]) =>
      text.split('\n').flatMap((line, index) => (line.length > MOST_COLUMNS ? `${file}:${index + 1}` : [])),
    )
    expect(wide).toEqual([])
  })
})

/** Each circle once, by the path that leads back. */
function circles(): string[] {
  const found: string[] = []
  const done = new Set<string>()
  const visit = (file: string, path: string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' -> '))
    if (done.has(file) || path.includes(file)) return
    for (const target of imports.get(file) ?? []) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  return found
}
