/** Reports on files of many programs, read back by many readers. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvRows, type FileRow, ndjsonRows, openCsvReport, xlsxRows } from 'smileid-edge/node'
import { all } from '../../support/all.ts'
import { CSV_READERS, type CsvFile, type CsvReader, missingReaders } from '../../support/csv-readers.ts'

if (missingReaders.length > 0) {
  const text = `REPORTS ARE NOT READ BACK BY ${missingReaders.join('; ')}`
  if (process.env.CI) throw new Error(text)
  console.log(`\n!!! ${text}\n`)
}

interface Report extends CsvFile {
  name: string
  /** What every reader is to find. */
  lines: string[][]
}

const ADDED = ['smileid_line', 'smileid_state', 'smileid_code', 'smileid_message']
const MESSAGE = 'mend "it";\n=1+1,\t| then\r\nagain'
const FILES = fileURLToPath(new URL('../../vectors/writers/files/', import.meta.url))

let dir = ''
const reports: Report[] = []
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'reports-'))
  for (const name of await readdir(FILES)) {
    const report = await reportOn(name)
    if (report) reports.push(report)
  }
})
afterAll(() => rm(dir, { recursive: true }))

function readerOf(name: string): (path: string) => AsyncIterable<FileRow> {
  if (name.endsWith('json')) return ndjsonRows
  return name.endsWith('.xlsx') ? xlsxRows : csvRows
}

/** Nothing of files that are refused as a whole: writers.test.ts tells of them. */
async function reportOn(name: string): Promise<Report | undefined> {
  const rows = await readRows(name)
  if (rows.length === 0) return undefined
  const path = join(dir, `${name}.errors.csv`)
  const report = await openCsvReport(path)
  const lines = [[...ADDED, ...Object.keys(rows[0]!.columns)]]
  for (const row of rows) {
    lines.push([`${row.line}`, 'rejected', '0903', MESSAGE, ...Object.values(row.columns)])
    await report.add({ row, state: 'rejected', code: '0903', text: MESSAGE })
  }
  await report.close()
  return { name, path, lines, ...(await shapeOf(path)) }
}

/** Cells with wrong quotes stay in a report as they are, and readers differ about them. */
async function readRows(name: string): Promise<FileRow[]> {
  try {
    const rows = await all(readerOf(name)(join(FILES, name)))
    return rows.filter(({ error }) => !error)
  } catch (error) {
    if ((error as Error).name !== 'SmileIdInputError') throw error
    return []
  }
}

async function shapeOf(path: string) {
  const header = (await readFile(path, 'utf8')).split('\n', 1)[0]!
  const delimiter = /^\ufeff?smileid_line(.)/.exec(header)![1]!
  return { delimiter, columns: header.split(delimiter).length }
}

/** Lines as a reader gives them that makes them all as long as the header. */
function squared(lines: string[][]): string[][] {
  const columns = lines[0]!.length
  return lines.map((line) => Array.from({ length: columns }, (_, place) => line[place] ?? ''))
}

const OURS: CsvReader = {
  isSquare: true,
  read: (files) => Promise.all(files.map(({ path }) => readOurselves(path))),
}

async function readOurselves(path: string): Promise<string[][]> {
  const rows = await all(csvRows(path))
  return [Object.keys(rows[0]!.columns), ...rows.map(({ columns }) => Object.values(columns))]
}

it('is read by eight readers', () => {
  expect(1 + Object.keys(CSV_READERS).length + missingReaders.length).toBe(8)
})

describe.each(Object.entries({ 'our own': OURS, ...CSV_READERS }))('%s', (_, reader) => {
  it('finds each cell of the reports on what other programs wrote', async () => {
    expect(reports.length).toBeGreaterThan(100)
    const found = await reader.read(reports)
    for (const [place, { name, lines }] of reports.entries()) expect(found[place], name).toEqual(lines)
  })

  it.each([
    ['LF', ',', '\n', ''],
    ['CR LF and a byte order mark', ';', '\r\n', '\ufeff'],
    ['tabs', '\t', '\n', ''],
    ['bars', '|', '\r\n', '\ufeff'],
  ])('finds the cells of lines that are too short or too long, with %s', async (_, delimiter, end, mark) => {
    const lines = [
      ['user_id', 'user_created_at', 'photo', 'note'],
      ['007', '2021-08-12', 'müller.jpg', `"a" "", b; c\t|${end}d`],
      ['008', '2021-08-12', 'short.jpg'],
      ['009', '2021-08-12', 'long.jpg', '', 'more', `${end}x "y"`],
      ['010', '2021-08-12', 'c.jpg', '=1+1'],
    ]
    const cellOf = (cell: string) => (/[",;\t|\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
    const text = lines.map((line) => line.map(cellOf).join(delimiter) + end).join('')
    const input = join(dir, 'input.csv')
    const path = join(dir, 'errors.csv')
    await writeFile(input, mark + text)
    const report = await openCsvReport(path)
    const states: string[][] = [ADDED]
    for await (const row of csvRows(input)) {
      if (row.error) {
        states.push([`${row.line}`, 'invalid', 'wrong_format', row.error.message])
        await report.add({ row, state: 'invalid', error: row.error })
      } else {
        states.push([`${row.line}`, 'rejected', '0903', MESSAGE])
        await report.add({ row, state: 'rejected', code: '0903', text: MESSAGE })
      }
    }
    await report.close()
    const expected = lines.map((line, place) => [...states[place]!, ...line])
    const [found] = await reader.read([{ path, ...(await shapeOf(path)) }])
    expect(found).toEqual(reader.isSquare ? squared(expected) : expected)
  })
})
