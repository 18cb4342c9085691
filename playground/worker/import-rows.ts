/** A table as rows, with everything that is wrong with it. */
import { checkRows } from 'smileid-edge/bulk'
import { type InputIssue, isSmileIdError } from 'smileid-edge/errors'
import { type FileRow, readCsvRows, readJsonRows } from 'smileid-edge/rows'
import { messageOf } from './import-feed.ts'
import { invalid, Refusal } from './problem.ts'

export interface ImportRow {
  /** Of the file, from 1; the header of a CSV is 1. Where several rows stand on a line: their number. */
  line: number
  user_id: string
  user_created_at: string
  /** A file name; the photo comes by itself. */
  photo: string
  state: 'waiting' | 'invalid'
  code?: string
  text?: string
  /** What looks damaged in a row that can be sent. */
  warning?: string
}

const FIELDS = ['user_id', 'user_created_at', 'photo'] as const
const MOST_ROWS = 10_000

/** What a queue takes as one message, and what it adds to each. */
const MAX_MESSAGE_BYTES = 128_000
const MESSAGE_OVERHEAD_BYTES = 100

/** The rows of a CSV, a TSV or JSON, as the command reads them. */
export async function readRows(table: Uint8Array, importId: string): Promise<ImportRow[]> {
  const lines = await parseTable(table)
  const isByLine = hasLines(lines)
  const rows = lines.map((row, index) => importRowOf(row, isByLine ? row.line : index + 1))
  const problems = new Map<number, InputIssue[]>()
  const warnings = new Map<number, InputIssue[]>()
  // An empty field is one that is missing. Photos are looked at when they are sent; here an empty one stands
  // for each.
  const given = lines.map(({ user_id, user_created_at }) => ({
    user_id: user_id || undefined!,
    user_created_at: user_created_at || undefined!,
    photo: '',
  }))
  for await (const { index, error } of checkRows(given)) {
    const issues = error.issues.filter(({ path }) => path !== 'photo')
    problems.set(
      index,
      issues.filter(({ code }) => code !== 'suspicious'),
    )
    warnings.set(
      index,
      issues.filter(({ code }) => code === 'suspicious'),
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
        text: describe(issues),
      })
    else if (warnings.get(index)?.length) row.warning = describe(warnings.get(index)!)
  }
  return rows
}

const describe = (issues: readonly InputIssue[]): string =>
  issues.map(({ path, message }) => `${path} ${message}`.trim()).join('; ')

function importRowOf({ error, columns, user_id, user_created_at, photo }: FileRow, line: number): ImportRow {
  // A line that is wrong has no members, but its cells are to be shown.
  const shown = error ? columns : { user_id, user_created_at, photo }
  return {
    line,
    user_id: textOf(shown.user_id),
    user_created_at: textOf(shown.user_created_at),
    // A picture in a cell is no name.
    photo: typeof shown.photo === 'string' ? shown.photo : '',
    state: 'waiting',
  }
}

/** As the database and the page show what a JSON has. */
function textOf(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Whether each row begins on a line of its own: a list of objects may stand on one. */
function hasLines(rows: readonly FileRow[]): boolean {
  return rows.every(({ line }, index) => index === 0 || line > rows[index - 1]!.line)
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

/** Marks of the encoding, what UTF-16 puts between letters, and white space. */
const BEFORE_TEXT = new Set([0xef, 0xbb, 0xbf, 0xff, 0xfe, 0, 0x20, 9, 0x0a, 0x0d])
const BRACKETS = [0x5b, 0x7b]

/** By its first letter, since files are called what people like. */
const isJson = (table: Uint8Array): boolean =>
  BRACKETS.includes(table.find((byte) => !BEFORE_TEXT.has(byte))!)

async function parseTable(table: Uint8Array): Promise<FileRow[]> {
  const rows: FileRow[] = []
  const read = isJson(table) ? readJsonRows : readCsvRows
  try {
    for await (const row of read(table, { openPhoto: (name) => name })) {
      rows.push(row)
      if (rows.length > MOST_ROWS) {
        throw new Refusal(413, 'too_many_rows', `At most ${MOST_ROWS} rows at a time: split the file.`)
      }
    }
  } catch (error) {
    if (isSmileIdError(error, 'invalid_input')) throw invalid(error.issues)
    throw error
  }
  if (!rows.length) throw new Refusal(422, 'no_rows', 'The file has no rows.')
  return rows
}

/** A name, not a path. */
function photoIssues(name: string): InputIssue[] {
  if (!name) return [{ path: 'photo', code: 'missing', message: 'is missing' }]
  return /^[^/\\\p{Cc}]{1,200}$/u.test(name) && name !== '.' && name !== '..'
    ? []
    : [{ path: 'photo', code: 'wrong_format', message: 'must be the name of a file, without a folder' }]
}
