/** CSV as in RFC 4180: text split into records, and cells read and written. */
import type { SmileIdInputError } from '../errors/classes.ts'
import { lineError, MAX_LINE } from './text-file.ts'

export interface CsvRecord {
  /** The line that it begins on, from 1. */
  line: number
  /** The cells as in the file, quotes included: joined by commas, they are the record, byte for byte. */
  raw: string[]
  /** A byte order mark, which some files begin with. */
  before: '\ufeff' | ''
  after: '\r\n' | '\n'
}

const MAX_CELLS = 10_000
const BYTE_ORDER_MARK = '\ufeff'
const LF = 10
const CR = 13
const QUOTE = 34
const COMMA = 44

/** How far the text is read. */
interface Parser {
  /** The current line, from 1. */
  line: number
  isQuoted: boolean
  /** The line of the latest opening quote. */
  quoteLine: number
  /**
   * Whether a quote here opens quoted text: at the beginning of a cell, and right after a closing quote,
   * since two quotes in a row stand for one.
   */
  mayOpenQuote: boolean
  /** The complete cells of the current record. */
  cells: string[]
  /** The current cell, as far as earlier pieces of the text have it. */
  cellPieces: string[]
  /** The line that the current record begins on. */
  recordLine: number
  /** The characters of the current record. */
  recordLength: number
  /** Of the current record; `undefined` before the first character of the file. */
  before: CsvRecord['before'] | undefined
}

/**
 * Splits text into records. Empty lines are none.
 *
 * @throws {SmileIdInputError} `invalid_input`, as it is iterated: a quote is not closed, or a record has too
 *   many cells or characters.
 */
export async function* csvRecords(text: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  const parser: Parser = {
    line: 1,
    isQuoted: false,
    quoteLine: 0,
    mayOpenQuote: true,
    cells: [],
    cellPieces: [],
    recordLine: 1,
    recordLength: 0,
    before: undefined,
  }
  for await (const piece of text) {
    if (piece === '') continue
    yield* recordsIn(parser, piece)
    if (parser.recordLength > MAX_LINE) throw tooLong(parser)
  }
  if (parser.isQuoted) throw lineError(parser.quoteLine, 'opens a quote that is never closed')
  endCell(parser, '')
  const record = endRecord(parser)
  if (record) yield record
}

/** The records that end in this piece of the text. */
function* recordsIn(parser: Parser, piece: string): Generator<CsvRecord> {
  let cellStart = 0
  if (parser.before === undefined) {
    parser.before = piece.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : ''
    cellStart = parser.before.length
  }
  for (let at = cellStart; at < piece.length; at++) {
    const char = piece.charCodeAt(at)
    if (parser.isQuoted) {
      readQuoted(parser, char)
    } else if (char === QUOTE && parser.mayOpenQuote) {
      parser.isQuoted = true
      parser.quoteLine = parser.line
    } else if (char === COMMA || char === LF) {
      endCell(parser, piece.slice(cellStart, at))
      parser.recordLength += at + 1 - cellStart
      cellStart = at + 1
      if (char === COMMA) {
        if (parser.cells.length > MAX_CELLS) throw tooManyCells(parser)
      } else {
        parser.line++
        const record = endRecord(parser)
        if (record) yield record
      }
    } else {
      parser.mayOpenQuote = false
    }
  }
  parser.cellPieces.push(piece.slice(cellStart))
  parser.recordLength += piece.length - cellStart
}

function readQuoted(parser: Parser, char: number): void {
  if (char === LF) parser.line++
  if (char === QUOTE) {
    parser.isQuoted = false
    parser.mayOpenQuote = true
  }
}

/** Adds the current cell, which ends with `lastPiece`, to the record. */
function endCell(parser: Parser, lastPiece: string): void {
  let cell = lastPiece
  if (parser.cellPieces.length > 0) {
    cell = parser.cellPieces.join('') + lastPiece
    parser.cellPieces = []
  }
  parser.cells.push(cell)
  parser.mayOpenQuote = true
}

/** Begins a new record. Returns the one that ends here, unless its line is empty. */
function endRecord(parser: Parser): CsvRecord | undefined {
  const { cells, recordLine, before = '' } = parser
  const last = cells.at(-1)!
  const endsWithCr = last.charCodeAt(last.length - 1) === CR
  if (endsWithCr) cells[cells.length - 1] = last.slice(0, -1)

  parser.cells = []
  parser.recordLine = parser.line
  parser.recordLength = 0
  parser.before = ''

  const isEmptyLine = cells.length === 1 && cells[0] === ''
  if (isEmptyLine) return undefined
  return { line: recordLine, raw: cells, before, after: endsWithCr ? '\r\n' : '\n' }
}

function tooManyCells({ recordLine }: Parser): SmileIdInputError {
  return lineError(recordLine, `has more than ${MAX_CELLS} cells`)
}

function tooLong({ recordLine, isQuoted, quoteLine }: Parser): SmileIdInputError {
  const message = `begins a row of more than ${MAX_LINE} characters`
  const question = isQuoted ? `: is the quote closed that opens in line ${quoteLine}?` : ''
  return lineError(recordLine, message + question)
}

/** The text of a raw cell, or `undefined` if its quotes are wrong. */
export function cellText(raw: string): string | undefined {
  if (!raw.includes('"')) return raw
  if (raw.length < 2 || !raw.startsWith('"') || !raw.endsWith('"')) return undefined
  const parts = raw.slice(1, -1).split('""')
  const hasSingleQuote = parts.some((part) => part.includes('"'))
  return hasSingleQuote ? undefined : parts.join('"')
}

/**
 * A raw cell that no spreadsheet takes for a formula, for texts that are not the user's own.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function safeCell(text: string): string {
  const mayBeFormula = /^[=+\-@\t\r]/.test(text)
  return quotedCell(mayBeFormula ? `'${text}` : text)
}

/** A raw cell with just this text, quoted only if it has to be. */
export function dataCell(text: string): string {
  const needsQuotes = /[",\r\n]/.test(text)
  return needsQuotes ? quotedCell(text) : text
}

function quotedCell(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
