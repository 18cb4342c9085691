/** Rows from a file of JSON objects. */
import { jsonTable } from '../rows/json.ts'
import { type FileRow, rereadable } from '../rows/row.ts'
import { checkRowsOptions, type RowsOptions } from './rows.ts'
import { textOfFile } from './text-file.ts'

/**
 * The rows of an NDJSON file (one JSON object per line), or of a JSON file that is a list of objects, such as
 * a data file of Postman's runner. Read as they are asked for; can be iterated again.
 *
 * Members are named and photos found as by `csvRows`; other members are kept in `columns`, as text, and
 * `null` as an empty one. What is no JSON object becomes a row with `error`, which is never sent and stops
 * nobody; empty lines are skipped.
 *
 * @throws {SmileIdInputError} `invalid_input`, as it is iterated, naming the line: the file cannot be read,
 *   is empty, is no UTF-8 or UTF-16 text, is a list that does not end, or has a line or object of more than
 *   16,777,216 characters; or the options are wrong.
 *
 * @example
 * ```ts
 * import { ndjsonRows } from 'smileid-edge/node'
 *
 * export async function count(file: string): Promise<number> {
 *   let rows = 0
 *   for await (const row of ndjsonRows(file, { photoRoot: 'photos' })) if (!row.error) rows++
 *   return rows
 * }
 * ```
 */
export function ndjsonRows(path: string, options: RowsOptions = {}): AsyncIterable<FileRow> {
  return rereadable(async function* () {
    const settings = checkRowsOptions(path, options)
    yield* jsonTable(textOfFile(path), settings)
  })
}
