/** Rows of tables: CSV files here, sheets elsewhere. */
import { cellText, type CsvRecord, csvRecords } from './csv.ts'
import { fileError } from './errors.ts'
import { columnName, type Header, listNames, readHeader } from './header.ts'
import type { RowsSettings } from './options.ts'
import { brokenRow, type FileRow, type OpenPhoto, photoOf, rereadable } from './row.ts'
import { checkReadOptions, type ReadRowsOptions } from './options.ts'
import { piecesOf, type RowSource } from './source.ts'
import { textOf } from './text.ts'

/** What a row was made from, for reports that give the text of the file back. */
export interface CsvOrigin {
  header: CsvRecord
  record: CsvRecord
}

// Beside the columns, where nothing prints it. A WeakMap of all rows would grow faster than it is emptied.
const ORIGIN = /* @__PURE__ */ Symbol.for('smileid-edge.csv-origin')

function withOrigin(row: FileRow, origin: CsvOrigin): FileRow {
  return Object.defineProperty(row, ORIGIN, { value: origin })
}

/** What a row was made from, if it comes from a CSV file. */
export function originOf(row: object): CsvOrigin | undefined {
  return (row as { [ORIGIN]?: CsvOrigin })[ORIGIN]
}

/**
 * The rows of a CSV from text, bytes, a Blob or a stream, such as a request's body: never the whole of it in
 * memory. Can be iterated again, unless the source is a stream.
 *
 * UTF-8 and UTF-16, with or without a byte order mark; comma, semicolon, tab or `|` between cells, found by
 * the header, or as a first line `sep=;` says; lines that end with LF, CR LF, CR CR LF or CR. The header
 * names the columns, in any order. A `photo` is a name, which `openPhoto` opens, or the picture itself: in
 * base64, as a data URI, in hex (also as Postgres, MySQL and SQLite write bytes), with escaped bytes (DuckDB,
 * Python, Postgres) or as the JSON of Node's `Buffer`.
 *
 * Lines without any text are passed over. A line with too many or too few cells, or with quotes in wrong
 * places, becomes a row with `error`, which is never sent and stops nobody.
 *
 * @throws {SmileIdInputError} `invalid_input`, as it is iterated, naming the line: the source is empty, is no
 *   UTF-8 or UTF-16 text, lacks columns or has one twice, or has a row of more than 16,777,216 characters; or
 *   the options are wrong.
 *
 * @example
 * ```ts
 * import { readCsvRows } from 'smileid-edge/rows'
 *
 * export async function count(request: Request): Promise<number> {
 *   let rows = 0
 *   for await (const row of readCsvRows(request.body!)) if (!row.error) rows++
 *   return rows
 * }
 * ```
 */
export function readCsvRows(source: RowSource, options: ReadRowsOptions = {}): AsyncIterable<FileRow> {
  return rereadable(async function* () {
    const settings = checkReadOptions(options)
    yield* csvTable(textOf(piecesOf(source)), settings)
  })
}

/** The rows of a CSV text. */
export async function* csvTable(
  text: AsyncIterable<string>,
  { names, delimiter, openPhoto }: RowsSettings,
): AsyncGenerator<FileRow> {
  let first: CsvRecord | undefined
  let header: Header | undefined
  for await (const records of csvRecords(text, { delimiter, names: Object.values(names) })) {
    for (const record of records) {
      if (record.raw.every(isBlank)) continue
      if (first && header) {
        yield withOrigin(rowOf(record, header, openPhoto), { header: first, record })
      } else {
        header = readHeader(record.raw.map(columnName), { names, line: record.line, cut: record })
        first = record
      }
    }
  }
  if (!header) throw fileError('is empty', 'missing')
}

function isBlank(cell: string): boolean {
  return cellText(cell)?.trim() === ''
}

function rowOf({ line, raw }: CsvRecord, { columns, places }: Header, openPhoto: OpenPhoto): FileRow {
  const cells = raw.map(cellText)
  const named = Object.fromEntries(columns.map((name, column) => [name, cells[column] ?? '']))
  if (raw.length !== columns.length) {
    const message = `has ${raw.length} cells, the header has ${columns.length}`
    return brokenRow({ line, message, columns: named })
  }
  const misquoted = columns.filter((_, column) => cells[column] === undefined)
  if (misquoted.length > 0) {
    const message = `has quotes in wrong places, in ${listNames(misquoted)}`
    return brokenRow({ line, message, columns: named })
  }
  return tableRow(cells as string[], { line, named, places, openPhoto })
}

/** The row of whole cells. */
export function tableRow(
  cells: readonly string[],
  {
    line,
    named,
    places,
    openPhoto,
  }: { line: number; named: Record<string, string>; places: Header['places']; openPhoto: OpenPhoto },
): FileRow {
  return {
    user_id: cells[places.user_id]!,
    user_created_at: cells[places.user_created_at]!,
    photo: photoOf(cells[places.photo]!, openPhoto),
    line,
    columns: named,
  }
}
