/** Rows from a CSV file. */
import { type FileRow, rereadable } from '../rows/row.ts'
import { csvTable } from '../rows/table.ts'
import { checkRowsOptions, type RowsOptions } from './rows.ts'
import { textOfFile } from './text-file.ts'

/**
 * The rows of a CSV file, read as they are asked for: never the whole file in memory. Can be iterated again.
 *
 * UTF-8 and UTF-16, with or without a byte order mark; comma, semicolon, tab or `|` between cells, found by
 * the header, or as a first line `sep=;` says; lines that end with LF, CR LF, CR CR LF or CR; quotes as in
 * RFC 4180.
 *
 * The first line names the columns, in any order; `user_id`, `user_created_at` and `photo` unless `columns`
 * maps them, whatever their case and spaces; further ones are kept in each row's `columns`. A `photo` is a
 * path within `photoRoot`, or the picture itself: in base64, as a data URI, in hex (also as Postgres,
 * MySQL and SQLite write bytes), or with escaped bytes (DuckDB, Python, Postgres).
 *
 * Lines without any text are passed over, also those of commas alone, which spreadsheets leave of rows that
 * were emptied. A line with too many or too few cells, or with quotes in wrong places, becomes a row with
 * `error`, which is never sent and stops nobody.
 *
 * @throws {SmileIdInputError} `invalid_input`, as it is iterated, naming the line: the file cannot be read,
 *   is empty, is no UTF-8 or UTF-16 text, lacks columns or has one twice, or has a row of more than
 *   16,777,216 characters; or the options are wrong.
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
    const settings = checkRowsOptions(path, options)
    yield* csvTable(textOfFile(path), settings)
  })
}
