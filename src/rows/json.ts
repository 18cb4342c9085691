/** Rows from JSON objects. */
import { isObject } from '../input/objects.ts'
import { jsonTexts, type JsonText } from './json-values.ts'
import { findColumn, MEMBERS, type Names } from './names.ts'
import { checkReadOptions, type ReadRowsOptions, type RowsSettings } from './options.ts'
import { brokenRow, type FileRow, type OpenPhoto, photoOf, rereadable, withNames } from './row.ts'
import { piecesOf, type RowSource } from './source.ts'
import { textOf } from './text.ts'

/**
 * The rows of JSON: one object on each line (NDJSON), or a list of objects, such as a data file of Postman's
 * runner. Never the whole of it in memory. Can be iterated again, unless the source is a stream.
 *
 * Members are named and photos found as by `readCsvRows`; other members are kept in `columns`, as text. What
 * is no JSON object becomes a row with `error`, which is never sent and stops nobody; empty lines are
 * skipped.
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
  { names, openPhoto }: RowsSettings,
): AsyncGenerator<FileRow> {
  for await (const texts of jsonTexts(text)) {
    for (const one of texts) yield withNames(rowOf(one, { names, openPhoto }), names)
  }
}

function rowOf(
  { json, line }: JsonText,
  { names, openPhoto }: { names: Names; openPhoto: OpenPhoto },
): FileRow {
  const members = parseObject(json)
  if (!members) return brokenRow({ line, message: 'is no JSON object', columns: {} })
  const { user_id, user_created_at, photo } = wantedMembers(members, names)
  return {
    // Members that are missing or no text are left as they are: the checks of every row report them.
    user_id: user_id as string,
    user_created_at: user_created_at as string,
    photo: typeof photo === 'string' ? photoOf(photo, openPhoto) : (photo as string),
    line,
    columns: columnsOf(members),
  }
}

function wantedMembers(
  members: Record<string, unknown>,
  names: Names,
): Partial<Record<keyof Names, unknown>> {
  const areExact = MEMBERS.every((member) => Object.hasOwn(members, names[member]))
  const columns = areExact ? [] : Object.keys(members)
  const wanted = MEMBERS.map((member) => {
    const name = areExact ? names[member] : columns[findColumn(columns, names[member]).found ?? -1]
    return [member, name === undefined ? undefined : members[name]] as const
  })
  return Object.fromEntries(wanted)
}

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function columnsOf(members: Record<string, unknown>): Record<string, string> {
  const columns = Object.entries(members).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return [name, text] as const
  })
  return Object.fromEntries(columns)
}
