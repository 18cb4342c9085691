/** Rows from a file of one JSON object per line. */
import { dirname } from 'node:path'
import { isObject } from '../input/objects.ts'
import {
  brokenRow,
  checkRowsOptions,
  type FileRow,
  type Names,
  photoOf,
  rereadable,
  type RowsOptions,
  withNames,
} from './rows.ts'
import { lineError, MAX_LINE, textOf } from './text-file.ts'

/**
 * The rows of an NDJSON file (one JSON object per line, UTF-8), read as they are asked for. Can be iterated
 * again.
 *
 * Members are named and photos found as by `csvRows`; other members are kept in `columns`, as text. A line
 * that is no JSON object becomes a row with `error`, which is never sent and stops nobody; empty lines are
 * skipped.
 *
 * @throws {SmileIdInputError} `invalid_input`, as it is iterated, naming the line: the file cannot be read,
 *   is empty, is no UTF-8 text, or has a line of more than 16,777,216 characters; or the options are wrong.
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
    const { names, photoRoot: root = dirname(path) } = checkRowsOptions(path, options)
    let line = 0
    for await (const text of linesOf(textOf(path))) {
      line++
      // trim() removes a byte order mark, too.
      const json = text.trim()
      if (json) yield withNames(rowOf(json, { line, names, root }), names)
    }
  })
}

function rowOf(json: string, { line, names, root }: { line: number; names: Names; root: string }): FileRow {
  const members = parseObject(json)
  if (!members) return brokenRow({ line, message: 'is no JSON object', columns: {} })
  // Members that are missing or no text are left as they are: the checks of every row report them.
  const member = (name: string): any => (Object.hasOwn(members, name) ? members[name] : undefined)
  const photo: unknown = member(names.photo)
  return {
    user_id: member(names.user_id),
    user_created_at: member(names.user_created_at),
    photo: typeof photo === 'string' ? photoOf(photo, root) : (photo as string),
    line,
    columns: columnsOf(members),
  }
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

/** Joins and cuts pieces of text to lines. */
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let line = 1
  /** The current line, as far as it was read. */
  let pieces: string[] = []
  let length = 0
  for await (const piece of text) {
    const [endOfLine = '', ...nextLines] = piece.split('\n')
    pieces.push(endOfLine)
    length += endOfLine.length
    for (const nextLine of nextLines) {
      yield pieces.join('')
      line++
      pieces = [nextLine]
      length = nextLine.length
    }
    if (length > MAX_LINE) throw lineError(line, `has more than ${MAX_LINE} characters`)
  }
  yield pieces.join('')
}
