/** Rows out of a CSV file. */
import { dirname } from 'node:path'
import { cellText, type CsvRecord, csvRecords } from './csv.ts'
import {
  brokenRow,
  type FileRow,
  type Names,
  namesOf,
  photoOf,
  rereadable,
  type RowsOptions,
} from './rows.ts'
import { fileError, lineError, textOf } from './text-file.ts'

/** A row's place in its file, for reports that give the file's own text back. */
export interface CsvOrigin {
  header: CsvRecord
  record: CsvRecord
}

// Beside the columns, where nothing prints it; a WeakMap of all rows would grow faster than it is emptied.
const ORIGIN = /* @__PURE__ */ Symbol.for('smileid-edge.csv-origin')

export const originOf = (row: object): CsvOrigin | undefined => (row as { [ORIGIN]?: CsvOrigin })[ORIGIN]

/**
 * The rows of a CSV file (RFC 4180, UTF-8, comma), read as they are asked for: never the whole file in
 * memory. Can be iterated again.
 *
 * The first line names the columns, in any order; `user_id`, `user_created_at` and `photo` unless `columns`
 * maps them; further ones are kept in each row's `columns`. A `photo` is a path within `photoRoot`, or the
 * picture itself in base64 or as a data URI, as in data files of Postman's collection runner.
 *
 * A line with too many or too few cells, or with quotes in wrong places, becomes a row with `error`, which is
 * never sent and stops nobody. Rejects with `invalid_input`, naming the line, for a file that is empty, no
 * UTF-8 text, lacks columns or has one twice, has a row of more than 16,777,216 characters, or lines that end
 * with CR alone.
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
    const names = namesOf(options)
    const root = options.photoRoot ?? dirname(path)
    const records = csvRecords(textOf(path))
    const { value: header } = await records.next()
    if (!header) throw fileError('is empty', 'missing')
    const columns = columnsOf(header, names)
    for await (const record of records) {
      const row = rowOf(record, columns, names, root)
      yield Object.defineProperty(row, ORIGIN, { value: { header, record } satisfies CsvOrigin })
    }
  })
}

function rowOf(
  record: CsvRecord,
  names: string[],
  { user_id, user_created_at, photo }: Names,
  root: string,
): FileRow {
  const { line, raw } = record
  const cells = raw.map(cellText)
  const columns = Object.fromEntries(names.map((name, column) => [name, cells[column] ?? '']))
  if (raw.length !== names.length)
    return brokenRow(line, columns, `has ${raw.length} cells, the header has ${names.length}`)
  const wrong = names.filter((_, column) => cells[column] === undefined)
  if (wrong.length) return brokenRow(line, columns, `has quotes in wrong places, in ${listed(wrong)}`)
  return {
    user_id: columns[user_id]!,
    user_created_at: columns[user_created_at]!,
    photo: photoOf(columns[photo]!, root),
    line,
    columns,
  }
}

function columnsOf({ line, raw }: CsvRecord, names: Names): string[] {
  const columns = raw.map((cell) => (cellText(cell) ?? cell).trim())
  // All lines are in the first one then, and its cells somebody's data. Within quotes, CR is a line break of
  // the cell.
  if (columns.some((name, column) => name.includes('\r') && !isQuoted(raw[column]!)))
    throw lineError(line, 'ends with CR: save the file with LF or CR LF as line ends')
  const missing = Object.values(names).filter((name) => !columns.includes(name))
  if (missing.length) {
    // Without one name that is known, the line may be no header, and its cells somebody's data.
    const there =
      raw.length === 1 && /[;\t]/.test(raw[0]!)
        ? ': cells must be separated by commas'
        : missing.length < 3 && columns.length <= 50 && !columns.join('').includes('\r')
          ? `; there are ${listed(columns)}`
          : `; is it the header? It has ${columns.length} cells`
    throw lineError(line, `lacks ${missing.join(', ')}${there}`, 'missing')
  }
  // Columns without a name, as spreadsheets leave them at the end, may be many.
  const twice = columns.filter((name, column) => name && columns.indexOf(name) < column)
  if (twice.length) throw lineError(line, `names columns twice: ${listed([...new Set(twice)])}`, 'duplicate')
  return columns
}

const isQuoted = (raw: string): boolean => raw.startsWith('"') && cellText(raw) !== undefined

/**
 * Names of columns for a message: what is taken for a header may be none, so no more than a few, and not at
 * length.
 */
const listed = (names: string[]): string =>
  names
    .slice(0, 20)
    .map((name) => name.slice(0, 40))
    .join(', ') + (names.length > 20 ? ` and ${names.length - 20} more` : '')
