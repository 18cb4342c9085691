/** Rows out of a file of one JSON object per line. */
import { dirname } from 'node:path'
import {
  brokenRow,
  type FileRow,
  type Names,
  namesOf,
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
 * skipped. Rejects with `invalid_input`, naming the line, for a file that is empty or no UTF-8 text, or has a
 * line of more than 16,777,216 characters.
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
    const names = namesOf(options)
    const root = options.photoRoot ?? dirname(path)
    let line = 0
    for await (const text of linesOf(textOf(path))) {
      line++
      // White space may surround JSON; a byte order mark counts as such here.
      const json = text.trim()
      if (json) yield withNames(rowOf(json, line, names, root), names)
    }
  })
}

function rowOf(json: string, line: number, names: Names, root: string): FileRow {
  const value = parsed(json)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return brokenRow(line, {}, 'is no JSON object')
  const columns = Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      typeof member === 'string' ? member : JSON.stringify(member),
    ]),
  )
  // What is missing or no text is left as it is: the checks of every row say so.
  const member = (name: string): any =>
    Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
  const photo: unknown = member(names.photo)
  return {
    user_id: member(names.user_id),
    user_created_at: member(names.user_created_at),
    photo: typeof photo === 'string' ? photoOf(photo, root) : (photo as string),
    line,
    columns,
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let line = 1
  let pieces: string[] = []
  let length = 0
  for await (const piece of text) {
    const [first = '', ...others] = piece.split('\n')
    pieces.push(first)
    length += first.length
    for (const other of others) {
      yield pieces.join('')
      line++
      pieces = [other]
      length = other.length
    }
    if (length > MAX_LINE) throw lineError(line, `has more than ${MAX_LINE} characters`)
  }
  yield pieces.join('')
}
