/** CSV as in RFC 4180, and its relatives: text split into records, and cells read and written. */
import type { SmileIdInputError } from '../errors/classes.ts'
import { type Dialect, type DialectOptions, findDialect } from './dialect.ts'
import { lineError, MAX_LINE } from './errors.ts'

export interface CsvRecord {
  /** The line that it begins on, from 1. */
  line: number
  /** The cells as in the file, quotes included: joined by the delimiter, they are the record. */
  raw: string[]
  /** What stands before it: a byte order mark and a `sep=` line, which some files begin with. */
  before: string
  /** The line end: LF with any CRs before it, or CR alone. */
  after: string
  delimiter: string
}

const MAX_CELLS = 10_000
const LF = 10
const CR = 13
const QUOTE = 34

/** How far the text is read. */
interface Parser {
  dialect: Dialect
  delimiterCode: number
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
  /** Whether a line has just ended with CR: an LF after it belongs to the same line end. */
  isAfterCr: boolean
  /** The complete cells of the current record. */
  cells: string[]
  /** The current cell, as far as earlier pieces of the text have it. */
  cellPieces: string[]
  /** The line that the current record begins on. */
  recordLine: number
  /** The characters of the current record. */
  recordLength: number
  /** Of the current record. */
  before: string
}

/**
 * Splits text into records, and gives them in batches. Empty lines are none.
 *
 * @throws {SmileIdInputError} `invalid_input`, as it is iterated: a quote is not closed, or a record has too
 *   many cells or characters.
 */
export async function* csvRecords(
  text: AsyncIterable<string>,
  options: DialectOptions,
): AsyncGenerator<CsvRecord[]> {
  let parser: Parser | undefined
  let head = ''
  for await (const piece of text) {
    if (parser) {
      yield recordsIn(parser, piece)
      continue
    }
    head += piece
    const dialect = findDialect(head, { ...options, isWhole: false })
    if (!dialect) continue
    parser = createParser(dialect)
    yield recordsIn(parser, head.slice(dialect.before.length))
    head = ''
  }
  parser ??= createParser(findDialect(head, { ...options, isWhole: true })!)
  const records = recordsIn(parser, head.slice(parser.dialect.before.length))
  if (parser.isQuoted) throw lineError(parser.quoteLine, 'opens a quote that is never closed')
  endCell(parser, '')
  const last = endRecord(parser, '\n')
  yield last ? [...records, last] : records
}

function createParser(dialect: Dialect): Parser {
  const firstLine = 1 + dialect.linesBefore
  return {
    dialect,
    delimiterCode: dialect.delimiter.charCodeAt(0),
    line: firstLine,
    isQuoted: false,
    quoteLine: 0,
    mayOpenQuote: true,
    isAfterCr: false,
    cells: [],
    cellPieces: [],
    recordLine: firstLine,
    recordLength: 0,
    before: dialect.before,
  }
}

/** The records that end in this piece of the text. */
function recordsIn(parser: Parser, piece: string): CsvRecord[] {
  const { delimiterCode } = parser
  const { endsWithCr } = parser.dialect
  const records: CsvRecord[] = []
  let cellStart = 0
  let at = 0
  while (at < piece.length) {
    if (parser.isQuoted) {
      at = readQuoted(parser, piece, at)
      continue
    }
    const char = piece.charCodeAt(at)
    if (char === QUOTE && parser.mayOpenQuote) {
      parser.isQuoted = true
      parser.quoteLine = parser.line
      parser.isAfterCr = false
    } else if (char === delimiterCode) {
      endCell(parser, piece.slice(cellStart, at))
      parser.recordLength += at + 1 - cellStart
      cellStart = at + 1
      if (parser.cells.length > MAX_CELLS) throw tooManyCells(parser)
    } else if (char === LF && parser.isAfterCr) {
      cellStart = at + 1
      parser.isAfterCr = false
    } else if (char === LF || (endsWithCr && char === CR)) {
      endCell(parser, piece.slice(cellStart, at))
      cellStart = at + 1
      parser.line++
      parser.isAfterCr = char === CR
      const record = endRecord(parser, char === CR ? '\r' : '\n')
      if (record) records.push(record)
    } else {
      parser.mayOpenQuote = false
      parser.isAfterCr = false
      at = skipPlain(piece, at + 1, parser)
      continue
    }
    at++
  }
  parser.cellPieces.push(piece.slice(cellStart))
  parser.recordLength += piece.length - cellStart
  if (parser.recordLength > MAX_LINE) throw tooLong(parser)
  return records
}

/** The place of the next character that may end a cell. */
function skipPlain(piece: string, from: number, { delimiterCode, dialect }: Parser): number {
  const otherEnd = dialect.endsWithCr ? CR : LF
  for (let at = from; at < piece.length; at++) {
    const char = piece.charCodeAt(at)
    if (char === delimiterCode || char === LF || char === otherEnd) return at
  }
  return piece.length
}

/** Reads up to the end of the quoted text, or of the piece. */
function readQuoted(parser: Parser, piece: string, from: number): number {
  const quote = piece.indexOf('"', from)
  const end = quote < 0 ? piece.length : quote
  const { endsWithCr } = parser.dialect
  for (let at = from; at < end; at++) {
    const char = piece.charCodeAt(at)
    if (char === LF && !parser.isAfterCr) parser.line++
    if (endsWithCr && char === CR) parser.line++
    parser.isAfterCr = endsWithCr && char === CR
  }
  if (quote < 0) return end
  parser.isQuoted = false
  parser.mayOpenQuote = true
  parser.isAfterCr = false
  return quote + 1
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
function endRecord(parser: Parser, lineEnd: '\r' | '\n'): CsvRecord | undefined {
  const { cells, recordLine, before, dialect } = parser
  const last = cells.at(-1)!
  let length = last.length
  // Python on Windows ends lines with CR CR LF.
  while (length > 0 && last.charCodeAt(length - 1) === CR) length--
  const after = last.slice(length) + lineEnd
  if (length < last.length) cells[cells.length - 1] = last.slice(0, length)

  parser.cells = []
  parser.recordLine = parser.line
  parser.recordLength = 0
  parser.before = ''

  const isEmptyLine = cells.length === 1 && cells[0] === ''
  if (isEmptyLine) return undefined
  return { line: recordLine, raw: cells, before, after, delimiter: dialect.delimiter }
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
