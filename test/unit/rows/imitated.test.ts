/**
 * Files of programs that cannot run for these tests: Excel, PowerShell, MySQL Workbench, mongoexport, jq and
 * the Open XML SDK, imitated by hand from what they are documented to write. All others wrote the files of
 * writers.test.ts themselves.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { csvRows, ndjsonRows, xlsxRows } from 'smileid-edge/node'
import { all } from '../../support/all.ts'
import { xlsx } from '../../support/sheet.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'writers-'))
})
afterAll(() => rm(dir, { recursive: true }))

const NAMES = ['user_id', 'user_created_at', 'photo', 'note']
const NOTE = 'He said "no",\nthen; left|it\there'
const TABLE = [
  ['007', '2021-08-12', 'müller.jpg', NOTE],
  ['0012', '2021-05-18 15:14:43+00', 'b.jpg', ''],
]

/** A CSV as its writer makes it: the delimiter, the line end, and which cells have quotes. */
function written({ delimiter = ',', end = '\n', quoteAll = false }) {
  const needsQuotes = (cell: string) => quoteAll || /["\r\n]/.test(cell) || cell.includes(delimiter)
  const cellOf = (cell: string) => (needsQuotes(cell) ? `"${cell.split('"').join('""')}"` : cell)
  return [NAMES, ...TABLE].map((row) => row.map(cellOf).join(delimiter) + end).join('')
}

const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')

const CSV_WRITERS: [writer: string, content: string | Uint8Array][] = [
  ['Excel, "CSV UTF-8"', `\ufeff${written({ end: '\r\n' })}`],
  ['Excel where the comma is a decimal one', `\ufeff${written({ delimiter: ';', end: '\r\n' })}`],
  ['Excel, "Unicode Text"', utf16(written({ delimiter: '\t', end: '\r\n' }))],
  ['Excel for old Macs', written({ end: '\r' })],
  ['a writer for Excel, with sep=', `sep=;\r\n${written({ delimiter: ';', end: '\r\n' })}`],
  ['PowerShell 5 Export-Csv -Encoding Unicode', utf16(written({ end: '\r\n', quoteAll: true }))],
  ['MySQL Workbench, with emptied rows', `${written({ delimiter: ';' })};;;\n   \n;;;\n`],
]

describe('a CSV of', () => {
  it.each(CSV_WRITERS)('%s gives every cell', async (_, content) => {
    const path = join(dir, 'rows.csv')
    await writeFile(path, content)
    const rows = await all(csvRows(path))
    expect(rows.map(({ columns }) => NAMES.map((name) => columns[name]))).toEqual(TABLE)
    expect(rows.map(({ user_id, user_created_at, error }) => [user_id, user_created_at, error])).toEqual(
      TABLE.map(([id, date]) => [id, date, undefined]),
    )
  })

  it('Excel in Windows-1252 is refused by line', async () => {
    const path = join(dir, 'rows.csv')
    await writeFile(path, Buffer.from(written({ delimiter: ';', end: '\r\n' }), 'latin1'))
    await expect(all(csvRows(path))).rejects.toMatchObject({
      issues: [{ path: 'line 2', message: expect.stringContaining('is not UTF-8') as string }],
    })
  })

  it.each([
    ['jq, a list on lines of its own', (rows: object[]) => JSON.stringify(rows, null, 2)],
    [
      'jq, one object after the other',
      (rows: object[]) => rows.map((row) => JSON.stringify(row, null, 2)).join('\n'),
    ],
    [
      'mongoexport for PowerShell, UTF-16',
      (rows: object[]) => utf16(rows.map((row) => JSON.stringify(row)).join('\r\n')),
    ],
  ])('%s gives every member', async (_, write) => {
    const objects = TABLE.map((row) => Object.fromEntries(row.map((cell, at) => [NAMES[at]!, cell])))
    await writeFile(join(dir, 'rows.json'), write(objects))
    const rows = await all(ndjsonRows(join(dir, 'rows.json')))
    expect(rows.map(({ columns }) => NAMES.map((name) => columns[name]))).toEqual(TABLE)
  })

  it('the repository itself, for the Postman runner, gives its users', async () => {
    const path = new URL('../../../playground/postman/users.json', import.meta.url).pathname
    const users = JSON.parse(await readFile(path, 'utf8')) as { user_id: string }[]
    const rows = await all(ndjsonRows(path))
    expect(rows.map(({ user_id }) => user_id)).toEqual(users.map(({ user_id }) => user_id))
  })
})

async function sheetRows(content: Uint8Array, options?: object) {
  await writeFile(join(dir, 'rows.xlsx'), content)
  return all(xlsxRows(join(dir, 'rows.xlsx'), options))
}

const head = (column: string, at: number) => `<c r="${column}3" t="s"><v>${at}</v></c>`
const inline = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`
const HEAD = `<row>${NAMES.map(inline).join('')}</row>`

describe('a sheet', () => {
  it('with shared texts, rich ones and spoken ones among them, as Excel writes it', async () => {
    const texts = [
      ...[...NAMES, '007', 'm&#252;ller.jpg', 'He said &quot;no&quot;,_x000D_\nthen'].map(
        (text) => `<t xml:space="preserve">${text}</t>`,
      ),
      '<r><t>00</t></r><r><rPr><b/></rPr><t>12</t></r><rPh sb="0" eb="1"><t>spoken</t></rPh>',
    ]
    const cells =
      `<row r="3">${['A', 'B', 'C', 'D'].map(head).join('')}</row>` +
      '<row r="5"><c r="A5" t="s"><v>4</v></c><c r="B5" s="1"><v>44420</v></c>' +
      '<c r="C5" t="s"><v>5</v></c><c r="D5" t="s"><v>6</v></c></row>' +
      '<row r="6"/>' +
      '<row r="7"><c r="A7" t="s"><v>7</v></c><c r="B7" s="2"><v>44334.6352199074</v></c>' +
      '<c r="C7" t="str"><f>A1</f><v>b.jpg</v></c></row>'
    const rows = await sheetRows(xlsx({ cells, texts }))
    expect(
      rows.map(({ line, user_id, user_created_at, columns }) => [
        line,
        user_id,
        user_created_at,
        columns.photo,
        columns.note,
      ]),
    ).toEqual([
      [5, '007', '2021-08-12', 'müller.jpg', 'He said "no",\r\nthen'],
      [7, '0012', '2021-05-18 15:14:43', 'b.jpg', ''],
    ])
  })

  it('with texts in its cells and no places', async () => {
    const cells = `${HEAD}<row>${['007', '2021-08-12', 'a.jpg', 'x'].map(inline).join('')}</row>`
    expect(await sheetRows(xlsx({ cells }))).toMatchObject([
      { user_id: '007', user_created_at: '2021-08-12', line: 2 },
    ])
  })

  it('with a prefix before all names, as the Open XML SDK writes it', async () => {
    const cells = [NAMES, ['007', '2021-08-12', 'a.jpg', 'x']]
      .map((row) => `<x:row>${row.map((text) => `<x:c t="str"><x:v>${text}</x:v></x:c>`).join('')}</x:row>`)
      .join('')
    expect(await sheetRows(xlsx({ cells, prefix: 'x:' }))).toMatchObject([{ user_id: '007', line: 2 }])
  })

  it('with formulas has their results, unless they were not calculated', async () => {
    const others = ['2021-08-12', 'a.jpg', 'x'].map(inline).join('')
    const rowsOf = (formula: string) => `${HEAD}<row>${formula}${others}</row>`
    const doubt = /^line 2 has a cell that is not certain: user_id is a formula that was not calculated yet:/
    const asText = rowsOf('<c t="str"><f>"u"&amp;7</f><v>u7</v></c>')
    expect((await sheetRows(xlsx({ cells: asText })))[0]!.user_id).toBe('u7')
    const asNumber = rowsOf('<c><f>3+4</f><v>7</v></c>')
    expect((await sheetRows(xlsx({ cells: asNumber })))[0]!.user_id).toBe('7')
    for (const cells of [rowsOf('<c><f>3+4</f></c>'), rowsOf('<c><f>3+4</f><v/></c>')])
      expect((await sheetRows(xlsx({ cells })))[0]!.error!.message).toMatch(doubt)
    const [row] = await sheetRows(xlsx({ cells: asText, isUncalculated: true }))
    expect(row!.error!.message).toMatch(doubt)
    // A text that is empty is a result.
    const [empty] = await sheetRows(xlsx({ cells: rowsOf('<c t="str"><f>""</f><v></v></c>') }))
    expect([empty!.user_id, empty!.error]).toEqual(['', undefined])
  })

  // What Excel shows for each of these numbers, by the formats of its documentation.
  it.each([
    ['General', '85', '85'],
    ['00000', '85', '00085'],
    ['&quot;CUST-&quot;0000', '85', 'CUST-0085'],
    ['@', '2348123456789', '2348123456789'],
    ['General', '2.348123456789E12', '2348123456789'],
    ['#,##0', '12345', undefined],
    ['0.00', '85', undefined],
    ['General', '1234567890123456789', undefined],
    ['General', '1.5', undefined],
  ])('in the format %s shows %s as %s', async (format, number, shown) => {
    const others = ['2021-08-12', 'a.jpg', 'x'].map(inline).join('')
    const cells = `${HEAD}<row><c s="3"><v>${number}</v></c>${others}</row>`
    const [row] = await sheetRows(xlsx({ cells, formats: [format] }))
    expect(row!.user_id).toBe(shown)
    if (shown === undefined)
      expect(row!.error!.message).toMatch(/^line 2 has a cell that is not certain: user_id is /)
  })

  // From the tables of Microsoft on the two date systems.
  it.each([
    ['yyyy\\-mm\\-dd', '44420', false, '2021-08-12'],
    ['[$-407]d. mmmm yyyy;@', '44420', false, '2021-08-12'],
    ['dd/mm/yyyy hh:mm', '44420.5', false, '2021-08-12 12:00:00'],
    ['yyyy-mm-dd', '42958', true, '2021-08-12'],
    ['yyyy-mm-dd hh:mm:ss.000', '43890.99999421297', false, '2020-02-29 23:59:59.500'],
    ['yyyy-mm-dd hh:mm', '44334.6352199074', false, '2021-05-18 15:14:43'],
    ['yyyy-mm-dd', '1', false, '1900-01-01'],
    ['yyyy-mm-dd', '61', false, '1900-03-01'],
  ])('in the format %s shows the day %s (from 1904: %s) as %s', async (format, serial, date1904, shown) => {
    const others = ['a.jpg', 'x'].map(inline).join('')
    const cells = `${HEAD}<row>${inline('u')}<c s="3"><v>${serial}</v></c>${others}</row>`
    expect(await sheetRows(xlsx({ cells, formats: [format], date1904 }))).toMatchObject([
      { user_created_at: shown },
    ])
  })

  // ECMA-376 part 2: parts are found by the relations between them, whatever they are called.
  it('is found where its relations lead, past charts among the sheets', async () => {
    const row1 = `<row>${inline('u')}<c s="1"><v>44420</v></c><c t="s"><v>0</v></c>${inline('')}</row>`
    const cells = HEAD + row1
    const parts = unzipSync(xlsx({ cells, texts: ['<t>a.jpg</t>'] }))
    const replaced = (name: string, from: RegExp, to: string) =>
      strToU8(strFromU8(parts[name]!).replaceAll(from, to))
    const moved = zipSync({
      '_rels/.rels': strToU8(
        '<Relationships xmlns="r">' +
          '<Relationship Id="rId1" Type="http://t/extended-properties" Target="docProps/app.xml"/>' +
          '<Relationship Id="rId2" Type="http://t/officeDocument" Target="/office/book22.xml"/>' +
          '</Relationships>',
      ),
      'office/book22.xml': replaced('xl/workbook.xml', / state="hidden"/g, ''),
      'office/_rels/book22.xml.rels': strToU8(
        '<Relationships xmlns="r"><Relationship Id="rId1" Type="http://t/chartsheet" Target="chart1.xml"/>' +
          '<Relationship Id="rId2" Type="http://t/worksheet" Target="../tables/one.xml"/>' +
          '<Relationship Id="rId3" Type="http://t/styles" Target="styles7.xml"/>' +
          '<Relationship Id="rId4" Type="http://t/sharedStrings" Target="/texts.xml"/></Relationships>',
      ),
      'office/chart1.xml': strToU8('<chartsheet xmlns="m"/>'),
      'tables/one.xml': parts['xl/worksheets/sheet2.xml']!,
      'office/styles7.xml': parts['xl/styles.xml']!,
      'texts.xml': parts['xl/sharedStrings.xml']!,
    })
    const [row] = await sheetRows(moved)
    expect([row!.user_id, row!.user_created_at, row!.columns.photo]).toEqual(['u', '2021-08-12', 'a.jpg'])
    await expect(sheetRows(moved, { sheet: 'old' })).rejects.toMatchObject({
      message: 'file has no sheet of this name; there are Users',
    })
  })

  it('whose text is in no Unicode encoding is damaged', async () => {
    const parts = unzipSync(xlsx({ cells: `${HEAD}<row>${inline('u')}</row>` }))
    for (const name of ['xl/workbook.xml', 'xl/worksheets/sheet2.xml', 'xl/sharedStrings.xml']) {
      const bytes = Buffer.concat([
        parts[name]!.subarray(0, -3),
        Buffer.from([0xe9, 0x20]),
        parts[name]!.subarray(-3),
      ])
      await expect(sheetRows(zipSync({ ...parts, [name]: bytes })), name).rejects.toMatchObject({
        message: 'file is a damaged .xlsx: open it in a spreadsheet, and save it again',
      })
    }
  })

  it('of one endless text is refused before all of it is read, in cells and among shared texts', async () => {
    const long = `<t>${'a'.repeat(20_000_000)}</t>`
    const inCell = xlsx({ cells: `${HEAD}<row><c t="inlineStr"><is>${long}</is></c></row>` })
    const shared = xlsx({ cells: HEAD, texts: [long] })
    for (const content of [inCell, shared]) {
      await expect(sheetRows(content)).rejects.toMatchObject({
        message: 'file has a text of more than 16777216 characters',
      })
    }
  })

  it('is chosen by its name, and refused by what is wrong', async () => {
    const good = xlsx({ cells: HEAD })
    expect(await sheetRows(good, { sheet: 'users' })).toEqual([])
    const cases: [Uint8Array, object | undefined, string][] = [
      [good, { sheet: 'Kunden' }, 'file has no sheet of this name; there are old, Users'],
      [good, { sheet: 'old' }, 'file has nothing in its sheet'],
      [new Uint8Array(), undefined, 'file is empty'],
      [Buffer.from('user_id,photo\n'), undefined, 'file is no .xlsx: name it after what it is, such as .csv'],
      [
        Buffer.from('d0cf11e0a1b11ae1', 'hex'),
        undefined,
        'file is an old .xls, or has a password: save it as .xlsx without one',
      ],
      [
        Buffer.from('\ufeff<html><table><tr><td>user_id</td></tr></table>'),
        undefined,
        'file is HTML or XML and no .xlsx: open it in a spreadsheet, and save it as .xlsx',
      ],
      [good.slice(0, 300), undefined, 'file is a damaged .xlsx: open it in a spreadsheet, and save it again'],
      [zipSync({ 'a.txt': new Uint8Array(3) }), undefined, 'file is no .xlsx: it has no workbook'],
      [
        xlsx({ cells: '<row><c>' }),
        undefined,
        'file is a damaged .xlsx: open it in a spreadsheet, and save it again',
      ],
      [
        xlsx({ cells: `<row>${['ID', 'Joined', 'Bild'].map(inline).join('')}</row>` }),
        undefined,
        'line 1 lacks user_id, user_created_at, photo; there are ID, Joined, Bild. If these are meant, ' +
          'rename them or add --columns user_id=ID,user_created_at=Joined,photo=NAME',
      ],
    ]
    for (const [content, options, message] of cases) {
      await expect(sheetRows(content, options), message).rejects.toMatchObject({ message })
    }
  })
})
