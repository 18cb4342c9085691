/** A CSV as rows, with everything that is wrong with it. */
import { checkRows } from 'smileid-edge/bulk'
import { type InputIssue, isSmileIdError } from 'smileid-edge/errors'
import { type FileRow, readCsvRows } from 'smileid-edge/rows'
import { messageOf } from './import-feed.ts'
import { invalid, Refusal } from './problem.ts'

export interface ImportRow {
  /** Of the file, from 1; the header is 1. */
  line: number
  user_id: string
  user_created_at: string
  /** A file name; the photo comes by itself. */
  photo: string
  state: 'waiting' | 'invalid'
  code?: string
  text?: string
}

const FIELDS = ['user_id', 'user_created_at', 'photo'] as const
const MOST_ROWS = 10_000

/** What a queue takes as one message, and what it adds to each. */
const MAX_MESSAGE_BYTES = 128_000
const MESSAGE_OVERHEAD_BYTES = 100

/** The rows of a CSV, as the command reads them. */
export async function readRows(csv: Uint8Array, importId: string): Promise<ImportRow[]> {
  const lines = await parseCsv(csv)
  const rows = lines.map(importRowOf)
  const problems = new Map<number, InputIssue[]>()
  // An empty field is one that is missing. Photos are looked at when they are sent; here an empty one stands
  // for each.
  const given = rows.map(({ user_id, user_created_at }) => ({
    user_id: user_id || undefined!,
    user_created_at: user_created_at || undefined!,
    photo: '',
  }))
  // Warnings stop nothing here: the page has no way to accept them.
  for await (const { index, error } of checkRows(given, { acceptWarnings: true })) {
    problems.set(
      index,
      error.issues.filter(({ path }) => path !== 'photo'),
    )
  }
  for (const [index, row] of rows.entries()) {
    // Where commas are too few or too many, nobody can tell which field is which.
    const { error } = lines[index]!
    const issues = error
      ? error.issues.map((issue) => ({ ...issue, path: '' }))
      : [...(problems.get(index) ?? []), ...photoIssues(row.photo)]
    const tooLong = leaveOutTooLong(row, importId)
    issues.push(...tooLong.filter(({ path }) => !issues.some((known) => known.path === path)))
    if (issues.length)
      Object.assign(row, {
        state: 'invalid',
        code: issues[0]!.code,
        text: issues.map(({ path, message }) => `${path} ${message}`.trim()).join('; '),
      })
  }
  return rows
}

function importRowOf({ line, error, columns, user_id, user_created_at, photo }: FileRow): ImportRow {
  // A line that is wrong has no members, but its cells are to be shown.
  const shown = error ? columns : { user_id, user_created_at: `${user_created_at}`, photo }
  return {
    line,
    user_id: shown.user_id ?? '',
    user_created_at: shown.user_created_at ?? '',
    // A picture in a cell is no name.
    photo: typeof shown.photo === 'string' ? shown.photo : '',
    state: 'waiting',
  }
}

const TOO_LONG = 'is too long, and left out here: a row has 128 kB at most'

/** Takes the longest field out, and the next, until the queue and the database take the row. */
function leaveOutTooLong(row: ImportRow, importId: string): InputIssue[] {
  const issues: InputIssue[] = []
  // One message that is too large would keep back all that come after it.
  while (messageBytes(row, importId) > MAX_MESSAGE_BYTES) {
    const path = longestOf(row)
    issues.push({ path, code: 'not_allowed', message: TOO_LONG })
    // Cut off, an id would be that of somebody else. The line says whose it was.
    row[path] = ''
  }
  return issues
}

function messageBytes(row: ImportRow, importId: string): number {
  const message = JSON.stringify(messageOf(importId, row))
  return new TextEncoder().encode(message).length + MESSAGE_OVERHEAD_BYTES
}

function longestOf(row: ImportRow): (typeof FIELDS)[number] {
  return FIELDS.reduce((longest, name) => (row[name].length > row[longest].length ? name : longest))
}

async function parseCsv(csv: Uint8Array): Promise<FileRow[]> {
  const rows: FileRow[] = []
  try {
    for await (const row of readCsvRows(csv, { openPhoto: (name) => name })) {
      rows.push(row)
      if (rows.length > MOST_ROWS) {
        throw new Refusal(413, 'too_many_rows', `At most ${MOST_ROWS} rows at a time: split the file.`)
      }
    }
  } catch (error) {
    if (isSmileIdError(error, 'invalid_input')) throw invalid(error.issues)
    throw error
  }
  if (!rows.length) throw new Refusal(422, 'no_rows', 'The file has a header and no rows.')
  return rows
}

/** A name, not a path. */
function photoIssues(name: string): InputIssue[] {
  if (!name) return [{ path: 'photo', code: 'missing', message: 'is missing' }]
  return /^[^/\\\p{Cc}]{1,200}$/u.test(name) && name !== '.' && name !== '..'
    ? []
    : [{ path: 'photo', code: 'wrong_format', message: 'must be the name of a file, without a folder' }]
}
