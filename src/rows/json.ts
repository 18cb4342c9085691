/** Rows from JSON objects. */
import { isObject } from '../input/objects.ts'
import { jsonTexts, type JsonText } from './json-values.ts'
import { findColumn, MEMBERS, type Names } from './names.ts'
import { bufferBytes } from './picture-cell.ts'
import { checkReadOptions, type ReadRowsOptions, type RowsSettings } from './options.ts'
import { brokenRow, type FileRow, photoOf, rereadable, withNames } from './row.ts'
import { piecesOf, type RowSource } from './source.ts'
import { textOf } from './text.ts'

/**
 * The rows of JSON: one object on each line (NDJSON), or a list of objects, such as a data file of Postman's
 * runner. Never the whole of it in memory. Can be iterated again, unless the source is a stream.
 *
 * Members are named and photos found as by `readCsvRows`; an id that is a whole number is the text of its
 * digits. Other members are kept in `columns`, as text, and `null` as an empty one. What is no JSON object
 * becomes a row with `error`, which is never sent and stops nobody; empty lines are skipped.
 *
 * @throws {SmileIdInputError} `invalid_input`, as it is iterated, naming the line: the source is empty, is no
 *   UTF-8 or UTF-16 text, is a list that does not end, or has an object of more than 16,777,216 characters;
 *   or the options are wrong.
 *
 * @example
 * ```ts
 * import { readJsonRows } from 'smileid-edge/rows'
 *
 * export const rows = (request: Request) => readJsonRows(request.body!)
 * ```
 */
export function readJsonRows(source: RowSource, options: ReadRowsOptions = {}): AsyncIterable<FileRow> {
  return rereadable(async function* () {
    const settings = checkReadOptions(options)
    yield* jsonTable(textOf(piecesOf(source)), settings)
  })
}

/** The rows of a JSON text. */
export async function* jsonTable(
  text: AsyncIterable<string>,
  settings: RowsSettings,
): AsyncGenerator<FileRow> {
  for await (const texts of jsonTexts(text)) {
    for (const one of texts) yield rowOf(one, settings)
  }
}

function rowOf({ json, line }: JsonText, { names, openPhoto }: RowsSettings): FileRow {
  const members = parseObject(json)
  if (!members) return withNames(brokenRow({ line, message: 'is no JSON object', columns: {} }), names)
  const found = namesIn(members, names)
  // Members that are missing or no text are left as they are: the checks of every row report them.
  const member = (name: string): any => (Object.hasOwn(members, name) ? members[name] : undefined)
  const photo: unknown = member(found.photo)
  const row = {
    user_id: idOf(member(found.user_id), { json, name: found.user_id }),
    user_created_at: member(found.user_created_at),
    photo: typeof photo === 'string' ? photoOf(photo, openPhoto) : (bufferBytes(photo) ?? (photo as string)),
    line,
    columns: columnsOf(members),
  }
  return withNames(row, found)
}

/**
 * An id that a database counts: its digits, where the file has them so. Of 1.0, 1e3 and what is too large
 * for a number, nobody can tell which text was meant.
 */
function idOf(value: unknown, { json, name }: { json: string; name: string }): any {
  if (!Number.isSafeInteger(value)) return value
  const digits = String(value)
  const key = JSON.stringify(name)
  const behindKey = json.indexOf(key) + key.length
  const written = json.slice(behindKey, behindKey + MOST_BLANKS).replace(/^\s*:\s*/, '')
  const isDigitsAlone = written.startsWith(digits) && /[\s,}]/.test(written.charAt(digits.length))
  return isDigitsAlone ? digits : value
}

/** Around a colon, and behind the 17 characters of a number. */
const MOST_BLANKS = 100

/** What the wanted members are called in this object. */
function namesIn(members: Record<string, unknown>, names: Names): Names {
  if (MEMBERS.every((member) => Object.hasOwn(members, names[member]))) return names
  const columns = Object.keys(members)
  const found = { ...names }
  for (const member of MEMBERS) {
    const place = findColumn(columns, names[member]).found
    if (place !== undefined) found[member] = columns[place]!
  }
  return found
}

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** What the cell of a table would hold. */
function cellOf(value: unknown): string {
  if (typeof value === 'string') return value
  return value === null ? '' : JSON.stringify(value)
}

function columnsOf(members: Record<string, unknown>): Record<string, string> {
  const columns = Object.entries(members).map(([name, value]) => {
    return [name, cellOf(value)] as const
  })
  return Object.fromEntries(columns)
}
