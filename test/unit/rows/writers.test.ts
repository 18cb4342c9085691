/**
 * Files of other programs, byte for byte as they wrote them: see test/vectors/writers/README.md. Each cell is
 * read right, or the row, or the file, is refused by name. What cannot be run for these tests, such as Excel,
 * is in imitated.test.ts.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { checkRows, type CheckOptions } from 'smileid-edge/bulk'
import { csvRows, type FileRow, ndjsonRows, xlsxRows } from 'smileid-edge/node'
import { readPhoto } from 'smileid-edge/photo'
import { createReadDate } from '../../../src/backfill/date-formats.ts'
import { all } from '../../support/all.ts'

const VECTORS = new URL('../../vectors/writers/', import.meta.url)
const FILES = readdirSync(new URL('files/', VECTORS)).sort()
const pathOf = (file: string) => fileURLToPath(new URL(`files/${file}`, VECTORS))

const { rows, picture } = JSON.parse(readFileSync(new URL('table.json', VECTORS), 'utf8')) as {
  rows: [user_id: string, user_created_at: string, photo: string, note: string][]
  picture: string
}

interface Expected {
  /** What is read: a row of the table by its place, or the message of a refusal. @default all of the table */
  rows?: (number | string)[]
  /** The message for the whole file. */
  refusal?: string
  /** What the user says about its dates. Without it, each row with a time is refused, naming the flag. */
  options?: Pick<CheckOptions, 'timeZone' | 'dateFormat'>
  /** What the program itself changed. */
  changed?: { note?: string; user_id?: string; moment?: string }[]
}

const UTC = { timeZone: 'UTC' }
const ALL = rows.map((_, place) => place)
const QUOTES = (line: number) => `line ${line} has quotes in wrong places, in note`
const CELLS = (line: number, count: number) => `line ${line} has ${count} cells, the header has 4`
const dateRefusals = (message: string) => ALL.map(() => `user_created_at ${message}`)
const NO_DATE = dateRefusals('must be a Date or text such as 2021-08-12 or 2021-05-18 15:14:43-0700')
const UNIX = dateRefusals('is a Unix time: write it as a date, such as 2021-05-18 15:14:43+0000')
const SHORT_YEAR = dateRefusals('has a year of two digits: write all four, such as 2021-08-12')
const NOT_UTF8 = 'line 2 is not UTF-8: save the file as UTF-8 ("CSV UTF-8" in spreadsheets)'
const OLD_XLS = 'file is an old .xls, or has a password: save it as .xlsx without one'
const MARKUP = 'file is HTML or XML and no .xlsx: open it in a spreadsheet, and save it as .xlsx'
const OPEN_DOCUMENT = 'file is an OpenDocument sheet (.ods): save it as .xlsx'
const BINARY = 'file is an .xlsb: save it as .xlsx'
const CRLF_NOTE = [{ note: rows[0]![3].replace('\n', '\r\n') }]
const WHOLE_SECONDS = [{}, {}, { moment: '2020-02-29T23:59:59Z' }]
// Where nothing has quotes, a reader cannot tell those of a cell from its own.
const NO_QUOTES = [{}, {}, {}, {}, { note: 'quoted' }]
// Its quotes would hide what this file is about.
const NO_NOTE = [{ note: '' }]
const UNCALCULATED =
  'line 5 has a cell that is not certain: user_id is a formula that was not calculated yet: ' +
  'open the file in a spreadsheet, and save it again'

/** All others are read as they are, and each of their dates with its zone. */
const EXPECTED: Record<string, Expected> = {
  // The program changed the text, or gave part of it away.
  'fast-csv.dates.csv': { rows: NO_DATE },
  'go.time-string.csv': { rows: NO_DATE },
  'csv-stringify.dates.csv': { rows: UNIX },
  'pandas.epoch.json': { rows: NO_DATE },
  'sheetjs-0.18.default-dates.csv': { rows: SHORT_YEAR },
  'sheetjs-0.20.default-dates.csv': { rows: SHORT_YEAR },
  'papaparse.escape-formulae.csv': {
    rows: [
      0,
      1,
      2,
      'user_id begins with an apostrophe, which keeps it from being a formula: export it without',
      4,
    ],
  },
  'go.crlf.csv': { changed: CRLF_NOTE },
  'python.windows-newlines.csv': { changed: CRLF_NOTE },
  'exceljs.dates.csv': { changed: WHOLE_SECONDS },
  'ruby.csv': { changed: WHOLE_SECONDS },
  'ruby.json': { changed: WHOLE_SECONDS },
  'ruby.pretty.json': { changed: WHOLE_SECONDS },
  'r.posixct.csv': { options: UTC, changed: WHOLE_SECONDS },
  // 23:59:59.5 came out as 23:59:00.
  'sheetjs-0.18.dates.csv': { options: UTC, changed: [{}, {}, { moment: '2020-02-29T23:59:00Z' }] },
  'sheetjs-0.20.dates.csv': { options: UTC, changed: WHOLE_SECONDS },

  // Dates in forms that the user has to name.
  'postgres.german.csv': { options: { dateFormat: 'dmy' } },
  'postgres.sql-mdy.csv': { options: { dateFormat: 'mdy' } },
  'libreoffice.dates.csv': {
    options: { dateFormat: 'dmy', timeZone: 'UTC' },
    changed: [{}, {}, { moment: '2020-03-01T00:00:00Z' }],
  },

  // Sheets have no zones.
  'exceljs.dates.xlsx': { options: UTC },
  'exceljs.stream-inline.xlsx': { options: UTC },
  'exceljs.stream-shared.xlsx': { options: UTC },
  'libreoffice.xlsx': { options: UTC },
  'sheetjs-0.18.serials.xlsx': { options: UTC },
  'sheetjs-0.20.serials.xlsx': { options: UTC },
  'write-excel-file.xlsx': { options: UTC },
  // Both make a formula of "=1+1", and calculate none.
  'pandas.openpyxl.xlsx': { options: UTC, rows: [0, 1, 2, UNCALCULATED, 4] },
  'pandas.xlsxwriter.xlsx': { options: UTC, rows: [0, 1, 2, UNCALCULATED, 4] },

  // A backslash before a quote, which is not doubled then.
  'php.default-escape.csv': { rows: [0, 1, 2, QUOTES(6), 4] },
  'python.backslashes.csv': { rows: [CELLS(2, 5), CELLS(3, 1), 1, 2, QUOTES(6), QUOTES(7)] },
  'r.write-table.tsv': { rows: [QUOTES(2), CELLS(3, 2), 1, 2, QUOTES(6), QUOTES(7)] },
  // No quotes at all.
  'postgres.text.tsv': { rows: [QUOTES(2), 1, 2, QUOTES(5), 4], changed: NO_QUOTES },
  'mariadb.batch.tsv': { options: UTC, rows: [QUOTES(2), 1, 2, QUOTES(5), 4], changed: NO_QUOTES },
  'mariadb.batch-raw.tsv': {
    options: UTC,
    rows: [QUOTES(2), CELLS(3, 2), 1, 2, QUOTES(6), 4],
    changed: NO_QUOTES,
  },
  'mariadb.outfile.tsv': {
    options: UTC,
    rows: [QUOTES(2), CELLS(3, 2), 1, 2, QUOTES(6), 4],
    changed: NO_QUOTES,
  },
  // Escapes line ends by a quote, too, and so ends the cell there.
  'mariadb.outfile.csv': {
    options: UTC,
    rows: [0, CELLS(3, 1), 1, 2, 3, 4],
    changed: [{ note: 'He said "no",' }],
  },
  'mariadb.outfile-backslash.csv': {
    options: UTC,
    rows: [CELLS(2, 5), CELLS(3, 1), 1, 2, QUOTES(6), QUOTES(7)],
  },
  'mariadb.json-object.ndjson': { options: UTC },
  'mariadb.picture.base64.tsv': { options: UTC, changed: NO_NOTE },
  'mariadb.picture.hex.tsv': { options: UTC, changed: NO_NOTE },
  'mariadb.picture.binary-as-hex.tsv': { options: UTC, changed: NO_NOTE },
  'postgres.picture.text.tsv': { changed: NO_NOTE },
  'postgres.picture.base64-text.tsv': { changed: NO_NOTE },
  'sqlite.tabs.tsv': { rows: [QUOTES(2), CELLS(3, 2), 1, 2, QUOTES(6), 4], changed: NO_QUOTES },
  'sqlite.list.txt': { rows: [QUOTES(2), CELLS(3, 2), 1, 2, QUOTES(6), 4], changed: NO_QUOTES },

  // Not for these readers.
  'sqlite.picture.raw.csv': {
    refusal: 'line 2 holds the bytes of a picture: export the column in base64 or hex',
  },
  'libreoffice.csv': { refusal: NOT_UTF8 },
  // Without its code pages, which only its CommonJS build has, it writes the low byte of each character.
  'sheetjs-0.20.utf16.txt': { refusal: NOT_UTF8 },
  'libreoffice.fods': { refusal: MARKUP },
  'libreoffice.ods': { refusal: OPEN_DOCUMENT },
  'libreoffice.xls': { refusal: OLD_XLS },
  'sheetjs-0.18.ods': { refusal: OPEN_DOCUMENT },
  'sheetjs-0.18.xls': { refusal: OLD_XLS },
  'sheetjs-0.18.xlsb': { refusal: BINARY },
  'sheetjs-0.18.xlml.xml': { refusal: MARKUP },
  'sheetjs-0.20.ods': { refusal: OPEN_DOCUMENT },
  'sheetjs-0.20.xls': { refusal: OLD_XLS },
  'sheetjs-0.20.xlsb': { refusal: BINARY },
  'sheetjs-0.20.xlml.xml': { refusal: MARKUP },
}

function readerOf(file: string): (path: string) => AsyncIterable<FileRow> {
  if (file.endsWith('json')) return ndjsonRows
  return /\.(xls|xlsx|xlsb|ods|fods|xml)$/.test(file) ? xlsxRows : csvRows
}

/** The rows of a file, with what is wrong with each. */
async function readAll(file: string, options: CheckOptions = {}) {
  const found: { row: FileRow; message?: string }[] = []
  for await (const row of readerOf(file)(pathOf(file))) found.push({ row })
  for await (const { index, error } of checkRows(
    found.map(({ row }) => row),
    options,
  ))
    found[index]!.message = error.message
  for (const one of found) if (one.row.error) one.message = one.row.error.message
  return found
}

/** By JavaScript's own parser, of what would be sent. */
function momentOf(date: string, options: Expected['options']): number {
  const reading = createReadDate(options ?? {})(date)
  const wire = reading.ok ? reading.wire : ''
  return Date.parse(wire.replace(' ', 'T').replace(/ ?([+-]\d\d):?(\d\d)$/, '$1:$2'))
}

/** The row of the table with this place, as the program was given it and has changed it. */
function expectedRow(place: number, { changed = [] }: Expected) {
  const [user_id, user_created_at, photo, note] = rows[place]!
  const row = { user_id, moment: user_created_at, photo, note, ...changed[place] }
  return { ...row, moment: Date.parse(row.moment) }
}

describe.each(FILES)('%s', (file) => {
  const expected = EXPECTED[file] ?? {}
  const { refusal, options } = expected
  const isPictured = file.includes('.picture.')
  const expectedRows = expected.rows ?? (isPictured ? [0] : ALL)

  if (refusal) {
    it('is refused by name', async () => {
      await expect(all(readerOf(file)(pathOf(file)))).rejects.toMatchObject({
        name: 'SmileIdInputError',
        message: refusal,
      })
    })
    return
  }

  it('has each cell read right, or its row refused by name', async () => {
    const found = (await readAll(file, options)).map(({ row, message }) => {
      if (message !== undefined) return message
      const { user_id, user_created_at, columns } = row
      const photo = isPictured ? rows[0]![2] : columns.photo!
      return { user_id, moment: momentOf(user_created_at as string, options), photo, note: columns.note! }
    })
    expect(found).toEqual(
      expectedRows.map((row) => (typeof row === 'string' ? row : expectedRow(row, expected))),
    )
  })

  if (isPictured) {
    it('has its picture read byte for byte', async () => {
      const [row] = await all(readerOf(file)(pathOf(file)))
      const { bytes } = await readPhoto(row!.photo)
      expect(Buffer.from(bytes).toString('base64')).toBe(picture)
    })
  }

  if (options) {
    it('has none of its times taken without a word about them', async () => {
      for (const { row, message } of await readAll(file)) {
        const isDay = /^\d{4}-\d\d-\d\d$/.test(`${row.user_created_at as string}`)
        if (!isDay && !row.error) expect(message).toMatch(/--(time-zone|date-format)/)
      }
    })
  }
})

it('each exception is one of a file that is there', () => {
  expect(Object.keys(EXPECTED).filter((file) => !FILES.includes(file))).toEqual([])
})

it('the list of programs names each file', () => {
  const readme = readFileSync(new URL('README.md', VECTORS), 'utf8')
  const programs = [...readme.matchAll(/^\| `([\w.-]+)\.\*` \|/gm)].map(([, program]) => `${program}.`)
  expect(programs.length).toBeGreaterThanOrEqual(14)
  expect(FILES.filter((file) => !programs.some((program) => file.startsWith(program)))).toEqual([])
  expect(programs.filter((program) => !FILES.some((file) => file.startsWith(program)))).toEqual([])
})
