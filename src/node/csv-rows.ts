/** Rows from a CSV file. */
import { dirname } from 'node:path'
import { columnsOf, listNames } from './csv-header.ts'
import { cellText, type CsvRecord, csvRecords } from './csv.ts'
import {
  brokenRow,
  checkRowsOptions,
  type FileRow,
  type Names,
  photoOf,
  rereadable,
  type RowsOptions,
} from './rows.ts'
import { fileError, textOf } from './text-file.ts'

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
 * The rows of a CSV file (RFC 4180, UTF-8, comma), read as they are asked for: never the whole file in
 * memory. Can be iterated again.
 *
 * The first line names the columns, in any order; `user_id`, `user_created_at` and `photo` unless `columns`
 * maps them; further ones are kept in each row's `columns`. A `photo` is a path within `photoRoot`, or the
 * picture itself in base64 or as a data URI, as in data files of Postman's collection runner.
 *
 * Lines without any text are passed over, also those of commas alone, which spreadsheets leave of rows that
 * were emptied. A line with too many or too few cells, or with quotes in wrong places, becomes a row with
 * `error`, which is never sent and stops nobody.
 *
 * @throws {SmileIdInputError} `invalid_input`, as it is iterated, naming the line: the file cannot be read,
 *   is empty, is no UTF-8 text, lacks columns or has one twice, has a row of more than 16,777,216 characters,
 *   or lines that end with CR alone; or the options are wrong.
 *
 * @example
 * ```ts
 * import { csvRows } from 'smileid-edge/node'
 *
 * export async function list(file: string): Promise<void> {
 *   for await (const row of csvRows(file, {
 *     columns: { user_id: 'id', photo: 'file' },
 *     photoRoot: 'photos',
 *   })) {
 *     console.log(row.line, row.error ? row.error.message : row.columns.branch)
 *   }
 * }
 * ```
 */
export function csvRows(path: string, options: RowsOptions = {}): AsyncIterable<FileRow> {
  return rereadable(async function* () {
    const { names, photoRoot: root = dirname(path) } = checkRowsOptions(path, options)
    let header: CsvRecord | undefined
    let columnNames: string[] = []
    for await (const record of csvRecords(textOf(path))) {
      if (record.raw.every(isBlank)) continue
      if (header) {
        const row = rowOf(record, { columnNames, names, root })
        yield withOrigin(row, { header, record })
      } else {
        header = record
        columnNames = columnsOf(header, names)
      }
    }
    if (!header) throw fileError('is empty', 'missing')
  })
}

function isBlank(cell: string): boolean {
  return cellText(cell)?.trim() === ''
}

function rowOf(
  { line, raw }: CsvRecord,
  { columnNames, names, root }: { columnNames: string[]; names: Names; root: string },
): FileRow {
  const cells = raw.map(cellText)
  const columns = Object.fromEntries(columnNames.map((name, column) => [name, cells[column] ?? '']))
  if (raw.length !== columnNames.length) {
    const message = `has ${raw.length} cells, the header has ${columnNames.length}`
    return brokenRow({ line, message, columns })
  }
  const misquoted = columnNames.filter((_, column) => cells[column] === undefined)
  if (misquoted.length > 0) {
    const message = `has quotes in wrong places, in ${listNames(misquoted)}`
    return brokenRow({ line, message, columns })
  }
  return {
    user_id: columns[names.user_id]!,
    user_created_at: columns[names.user_created_at]!,
    photo: photoOf(columns[names.photo]!, root),
    line,
    columns,
  }
}
