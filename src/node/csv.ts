/** CSV as RFC 4180 has it, record by record, each with its line and its text as it is in the file. */
import { lineError, MAX_LINE } from './text-file.ts'

export interface CsvRecord {
  /** The line that it begins on, from 1. */
  line: number
  /** As in the file, quotes included: joined by commas they are the record again, byte for byte. */
  raw: string[]
  /** A byte order mark, at the start of some files. */
  before: '\ufeff' | ''
  after: '\r\n' | '\n'
}

const MAX_CELLS = 10_000
const LF = 10
const CR = 13
const QUOTE = 34
const COMMA = 44

/** Splits text into records; lines without any text are none. Rejects for a record that has no end. */
export async function* csvRecords(text: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  let [line, start, quotedAt] = [1, 1, 0]
  // A quote opens a cell where the cell begins; and right after a closing one, for two of them are one that
  // stands for itself.
  let [quoted, mayOpen] = [false, true]
  let raw: string[] = []
  // Of the present cell, whose end has not come yet.
  let pieces: string[] = []
  let length = 0
  let before: CsvRecord['before'] | undefined

  const endCell = (piece: string) => {
    raw.push(pieces.length ? pieces.join('') + piece : piece)
    pieces = []
  }
  const endRecord = (): CsvRecord | undefined => {
    const last = raw.at(-1)!
    const crlf = last.charCodeAt(last.length - 1) === CR
    if (crlf) raw[raw.length - 1] = last.slice(0, -1)
    const record: CsvRecord | undefined =
      raw.length === 1 && raw[0] === ''
        ? undefined
        : { line: start, raw, before: before ?? '', after: crlf ? '\r\n' : '\n' }
    raw = []
    length = 0
    start = line
    before = ''
    return record
  }

  for await (const piece of text) {
    if (piece === '') continue
    let from = 0
    if (before === undefined) {
      before = piece.startsWith('\ufeff') ? '\ufeff' : ''
      from = before.length
    }
    for (let at = from; at < piece.length; at++) {
      const char = piece.charCodeAt(at)
      if (quoted) {
        if (char === QUOTE) {
          quoted = false
          mayOpen = true
        } else if (char === LF) line++
      } else if (char === QUOTE && mayOpen) {
        quoted = true
        quotedAt = line
      } else if (char === COMMA || char === LF) {
        endCell(piece.slice(from, at))
        length += at + 1 - from
        from = at + 1
        mayOpen = true
        if (char === LF) {
          line++
          const record = endRecord()
          if (record) yield record
        } else if (raw.length > MAX_CELLS) throw lineError(start, `has more than ${MAX_CELLS} cells`)
      } else mayOpen = false
    }
    pieces.push(piece.slice(from))
    length += piece.length - from
    if (length > MAX_LINE)
      throw lineError(
        start,
        `begins a row of more than ${MAX_LINE} characters${quoted ? `: is the quote closed that opens in line ${quotedAt}?` : ''}`,
      )
  }
  if (quoted) throw lineError(quotedAt, 'opens a quote that is never closed')
  endCell('')
  const record = endRecord()
  if (record) yield record
}

/** What a cell holds; `undefined` where its quotes are wrong. */
export function cellText(raw: string): string | undefined {
  if (!raw.includes('"')) return raw
  if (raw.length < 2 || !raw.startsWith('"') || !raw.endsWith('"')) return undefined
  const parts = raw.slice(1, -1).split('""')
  return parts.some((part) => part.includes('"')) ? undefined : parts.join('"')
}

/** A cell that every reader takes as this text, and no spreadsheet as a formula (OWASP, CSV injection). */
export const safeCell = (text: string): string =>
  `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`

/** A cell of data, unchanged in meaning: quoted only where it must be. */
export const dataCell = (text: string): string =>
  /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
