/**
 * What is written for users fits what is built: examples compile as theirs would, links lead somewhere, and
 * tables are what the source says.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { blocksOf, PAGES, root } from '../support/docs.ts'

const dir = `${root}.cache/docs`

/** The blocks of the pages, and those in docstrings. */
function examples(): Record<string, string> {
  const pages = PAGES.flatMap(blocksOf)
    .filter(({ language }) => language === 'ts')
    .map(({ name, code }) => [name, code] as const)
  const sources = readdirSync(`${root}src`, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) =>
      [...readFileSync(`${root}src/${name}`, 'utf8').matchAll(/^( \* ?)```ts\n([\s\S]*?)^\1```/gm)].map(
        ([, margin = '', code = ''], i) =>
          [
            `src/${name} ${i}`,
            code
              .split('\n')
              .map((line) => line.slice(margin.length))
              .join('\n'),
          ] as const,
      ),
    )
  return Object.fromEntries(
    [...pages, ...sources].map(([name, code]) => [`${name.replace(/\W+/g, '_')}.ts`, code]),
  )
}

it('examples compile', () => {
  const found = examples()
  expect(Object.keys(found).length).toBeGreaterThan(70)
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true })
  for (const [name, code] of Object.entries(found)) writeFileSync(`${dir}/${name}`, `${code}\nexport {}\n`)
  writeFileSync(
    `${dir}/tsconfig.json`,
    JSON.stringify({
      compilerOptions: {
        noEmit: true,
        strict: true,
        exactOptionalPropertyTypes: true,
        target: 'ES2022',
        module: 'ESNext',
        moduleResolution: 'Bundler',
        lib: ['ES2022', 'DOM'],
        types: ['node'],
        typeRoots: ['../../node_modules/@types'],
      },
      include: ['.'],
    }),
  )
  let errors = ''
  try {
    execFileSync(process.execPath, [`${root}node_modules/typescript-7/bin/tsc`, '-p', dir], {
      encoding: 'utf8',
    })
  } catch (error) {
    errors = (error as { stdout: string }).stdout
  }
  expect(errors).toBe('')
})

it('the types of countries and ID types are what the services document gives', () => {
  execFileSync(process.execPath, [`${root}test/support/generate-id-types.mjs`, '--check'])
})

it('the table of errors is what the source says', () => {
  execFileSync(process.execPath, [`${root}build/errors-page.mjs`, '--check'])
})

it('links lead to files and headings that are there', () => {
  const read = (page: string) => readFileSync(root + page, 'utf8').replace(/^```[\s\S]*?^```/gm, '')
  const slug = (title: string) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
  const anchors = (page: string) => [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, title]) => slug(title!))
  const links = PAGES.flatMap((page) =>
    [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => ({ page, target })),
  ).filter(({ target }) => !target.startsWith('https:'))
  expect(links.length).toBeGreaterThan(30)
  expect(
    links.filter(({ page, target }) => {
      const [path = '', anchor] = target.split('#')
      const file = path ? join(dirname(page), path) : page
      return !existsSync(root + file) || (anchor !== undefined && !anchors(file).includes(anchor))
    }),
  ).toEqual([])
})

it('each page per task is named by the index', () => {
  const index = readFileSync(`${root}playground/README.md`, 'utf8')
  expect(
    PAGES.filter(
      (page) =>
        page.startsWith('playground/docs/') && !index.includes(`](${page.replace('playground/', '')})`),
    ),
  ).toEqual([])
})

it('the reference builds without a warning, and has a page for each entry', () => {
  const out = `${root}.cache/reference`
  execFileSync(process.execPath, [`${root}node_modules/typedoc/bin/typedoc`, '--out', out], {
    cwd: root,
    stdio: 'pipe',
  })
  const entries = ['', 'v3/']
    .flatMap((folder) => readdirSync(`${root}src/${folder}`).map((name) => folder + name))
    .filter((name) => name.endsWith('.ts'))
    // As typedoc writes them in names of files.
    .map((name) => name.slice(0, -3).replace('/', '_'))
  expect(
    readdirSync(`${out}/modules`)
      .map((name) => name.replace('.html', ''))
      .sort(),
  ).toEqual(entries.sort())
  // Where a function is declared, in the repository.
  const [, source, line] =
    /href="([^"]+)#L(\d+)"/.exec(readFileSync(`${out}/functions/backfill.backfillUser.html`, 'utf8')) ?? []
  expect(
    readFileSync(join(`${root}docs/functions`, source!), 'utf8').split('\n')[Number(line) - 1],
  ).toContain('function backfillUser')
})
