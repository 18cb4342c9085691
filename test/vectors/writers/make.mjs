/** Writes the table by packages of npm: node make.mjs FOLDER */
import { readFileSync, writeFileSync } from 'node:fs'
import * as fastCsv from '@fast-csv/format'
import * as sheetJs20 from '@e965/xlsx'
import { stringify } from 'csv-stringify/sync'
import { csvFormat, tsvFormat } from 'd3-dsv'
import exceljs from 'exceljs'
import { json2csv } from 'json-2-csv'
import Papa from 'papaparse'
import writeExcelFile from 'write-excel-file/node'
import * as sheetJs18 from 'xlsx'

process.chdir(process.argv[2])
const { names, rows, picture } = JSON.parse(readFileSync('table.json', 'utf8'))
const objectOf = (cells) => Object.fromEntries(names.map((name, column) => [name, cells[column]]))
const objects = rows.map(objectOf)
const dated = objects.map((row) => ({ ...row, user_created_at: new Date(row.user_created_at) }))
const bytes = Buffer.from(picture, 'base64')
const pictured = (photo) => [{ ...objects[0], photo }]

writeFileSync('papaparse.csv', Papa.unparse(dated))
writeFileSync('papaparse.quotes.csv', Papa.unparse(objects, { quotes: true, delimiter: ';', newline: '\n' }))
writeFileSync('papaparse.escape-formulae.csv', Papa.unparse(objects, { escapeFormulae: true }))

writeFileSync('d3-dsv.csv', csvFormat(objects))
writeFileSync('d3-dsv.dates.csv', csvFormat(dated))
writeFileSync('d3-dsv.tsv', tsvFormat(objects))

writeFileSync('csv-stringify.csv', stringify(objects, { header: true }))
writeFileSync(
  'csv-stringify.bom.csv',
  stringify(objects, { header: true, bom: true, delimiter: ';', quoted: true, record_delimiter: 'windows' }),
)
writeFileSync('csv-stringify.dates.csv', stringify(dated, { header: true }))
writeFileSync('csv-stringify.picture.buffer.csv', stringify(pictured(bytes), { header: true }))

writeFileSync('fast-csv.csv', await fastCsv.writeToBuffer(objects, { headers: true }))
writeFileSync(
  'fast-csv.bom.csv',
  await fastCsv.writeToBuffer(objects, {
    headers: true,
    writeBOM: true,
    rowDelimiter: '\r\n',
    quoteColumns: true,
  }),
)
writeFileSync('fast-csv.dates.csv', await fastCsv.writeToBuffer(dated, { headers: true }))

writeFileSync('json-2-csv.csv', json2csv(objects))
writeFileSync(
  'json-2-csv.excel.csv',
  json2csv(objects, { excelBOM: true, delimiter: { field: ';', eol: '\r\n' } }),
)

writeFileSync('node.json', JSON.stringify(dated, null, 2))
writeFileSync('node.ndjson', dated.map((row) => JSON.stringify(row) + '\n').join(''))
writeFileSync('node.picture.base64.json', JSON.stringify(pictured(picture)))
writeFileSync('node.picture.buffer.json', JSON.stringify(pictured(bytes)))

const columns = names.map((name) => ({ header: name, key: name, width: 20 }))
async function excelJs(name, data, style) {
  const book = new exceljs.Workbook()
  const sheet = book.addWorksheet('Users')
  sheet.columns = columns
  if (style) sheet.getColumn('user_created_at').numFmt = style
  sheet.addRows(data)
  await book.xlsx.writeFile(`${name}.xlsx`)
  await book.csv.writeFile(`${name}.csv`)
}
await excelJs('exceljs', objects)
await excelJs('exceljs.dates', dated, 'dd/mm/yyyy hh:mm:ss')
for (const useSharedStrings of [true, false]) {
  const filename = `exceljs.stream-${useSharedStrings ? 'shared' : 'inline'}.xlsx`
  const book = new exceljs.stream.xlsx.WorkbookWriter({ filename, useSharedStrings, useStyles: true })
  const sheet = book.addWorksheet('Users')
  sheet.columns = columns
  for (const row of dated) sheet.addRow(row).commit()
  sheet.commit()
  await book.commit()
}

for (const [version, { default: sheetJs }] of [
  ['0.18', { default: sheetJs18 }],
  ['0.20', { default: sheetJs20 }],
]) {
  const { utils, write } = sheetJs.default ?? sheetJs
  const bookOf = (data, options) => {
    const book = utils.book_new()
    utils.book_append_sheet(book, utils.json_to_sheet(data, options), 'Users')
    return book
  }
  const save = (name, book, options) =>
    writeFileSync(`sheetjs-${version}.${name}`, write(book, { type: 'buffer', ...options }))
  save('xlsx', bookOf(objects), { bookType: 'xlsx' })
  save('shared.xlsx', bookOf(objects), { bookType: 'xlsx', bookSST: true, compression: true })
  save('csv', bookOf(objects), { bookType: 'csv' })
  save('semicolon.csv', bookOf(objects), { bookType: 'csv', FS: ';', RS: '\r\n', forceQuotes: true })
  save('utf16.txt', bookOf(objects), { bookType: 'txt' })
  // Its days begin at this machine's midnight: run with TZ=UTC.
  const styled = { dateNF: 'yyyy-mm-dd hh:mm:ss' }
  save('dates.xlsx', bookOf(dated, { cellDates: true, ...styled }), { bookType: 'xlsx', cellDates: true })
  save('serials.xlsx', bookOf(dated, styled), { bookType: 'xlsx' })
  save('dates.csv', bookOf(dated, styled), { bookType: 'csv' })
  save('default-dates.csv', bookOf(dated), { bookType: 'csv' })
  save('xls', bookOf(objects), { bookType: 'biff8' })
  save('xlsb', bookOf(objects), { bookType: 'xlsb' })
  save('ods', bookOf(objects), { bookType: 'ods' })
  save('xlml.xml', bookOf(objects), { bookType: 'xlml' })
}

const rowOf = (row) =>
  names.map((name) => {
    const value = row[name]
    return value instanceof Date
      ? { value, type: Date, format: 'yyyy-mm-dd hh:mm:ss' }
      : { value, type: String }
  })
await writeExcelFile([rowOf(objectOf(names)), ...dated.map(rowOf)]).toFile('write-excel-file.xlsx')
