/** How a CSV file is written: what stands between cells, and how its lines end. */
import { matchesAny } from './names.ts'

export interface Dialect {
  /** One character. */
  delimiter: string
  /** Lines end with CR alone, as old programs for Macs write them: else with LF, and any CRs before it. */
  endsWithCr: boolean
  /** What stands before the first record: a byte order mark, and the `sep=` line that Excel reads. */
  before: string
  /** How many lines are in `before`. */
  linesBefore: number
}

export interface DialectOptions {
  /** What stands between cells, whatever the file looks like. @default found by looking */
  delimiter?: string | undefined
  /** The columns that are looked for in the header. */
  names: readonly string[]
}

/** In the order in which they are taken where a line has none of them. */
const DELIMITERS = [',', ';', '\t', '|'] as const

/** Never taken by looking, since names and dates may hold them. */
const RARE_DELIMITERS = [':', '^', '~'] as const

/** A header longer than this is none. */
const MOST_HEADER = 262_144

/**
 * Looks at the beginning of a file; `undefined` where more of it is needed. The header tells the delimiter:
 * it is the one that gives most of the wanted names, and most cells among equals.
 */
export function findDialect(
  head: string,
  { isWhole, delimiter, names }: DialectOptions & { isWhole: boolean },
): Dialect | undefined {
  const isEnough = isWhole || head.length > MOST_HEADER
  const byteOrderMark = head.startsWith('\ufeff') ? '\ufeff' : ''
  const rest = head.slice(byteOrderMark.length)
  const sepLine = /^"?sep=([^\r\n])"?(\r*\n|\r)/i.exec(rest)
  const isCutOff = !isEnough && /^"?(s(ep?)?|sep=.?"?\r*)?$/i.test(rest)
  if (isCutOff) return undefined

  const before = byteOrderMark + (sepLine?.[0] ?? '')
  const lines = firstLines(head.slice(before.length))
  const header = lines.find(({ text }) => !isBlank(text))
  // A CR at the end may be the first half of CR LF.
  const isHalf = header !== undefined && /^\r*$/.test(header.end) && header.isLast
  if (!isEnough && (!header || isHalf)) return undefined
  return {
    delimiter: delimiter ?? sepLine?.[1] ?? delimiterOf(header?.text ?? '', names),
    endsWithCr: (lines[0]?.end ?? sepLine?.[2]) === '\r',
    before,
    linesBefore: sepLine ? 1 : 0,
  }
}

interface HeadLine {
  text: string
  /** `\n`, `\r\n`, `\r\r\n`, `\r` or nothing. */
  end: string
  /** Whether the text stops after it. */
  isLast: boolean
}

/** The lines up to the first one with text. Line ends in quotes are none. */
function firstLines(text: string): HeadLine[] {
  const lines: HeadLine[] = []
  let start = 0
  while (start < text.length) {
    const contentEnd = endOfContent(text, start)
    const content = text.slice(start, contentEnd)
    const [end = ''] = /^(\r+\n|\n|\r)/.exec(text.slice(contentEnd, contentEnd + MOST_CRS)) ?? []
    start = contentEnd + end.length
    lines.push({ text: content, end, isLast: start >= text.length })
    if (!isBlank(content)) break
  }
  return lines
}

const MOST_CRS = 8

function endOfContent(text: string, start: number): number {
  let isQuoted = false
  let at = start
  for (; at < text.length; at++) {
    const char = text[at]
    if (char === '"') isQuoted = !isQuoted
    else if (!isQuoted && (char === '\n' || char === '\r')) break
  }
  return at
}

/** Whether a line has no text, whatever stands between its cells. */
function isBlank(line: string): boolean {
  return /^[\s",;|]*$/.test(line)
}

function delimiterOf(header: string, names: readonly string[]): string {
  const bare = withoutQuoted(header)
  let best = { delimiter: ',', matches: 0, cells: 1 }
  for (const delimiter of DELIMITERS) {
    const cells = bare.split(delimiter).length
    const matches = cellsOf(header, delimiter).filter((cell) => matchesAny(cell, names)).length
    const isBetter = matches > best.matches || (matches === best.matches && cells > best.cells)
    if (isBetter) best = { delimiter, matches, cells }
  }
  return best.delimiter
}

function withoutQuoted(text: string): string {
  return text.replace(/"[^"]*("|$)/g, '')
}

/** The delimiter that would give a header more of the wanted names than the one that it was cut by. */
export function betterDelimiter(
  header: string,
  { delimiter, names }: { delimiter: string; names: readonly string[] },
): string | undefined {
  const matchesOf = (one: string) => cellsOf(header, one).filter((cell) => matchesAny(cell, names)).length
  // One name alone may stand in a title.
  let best = { delimiter, matches: Math.max(1, matchesOf(delimiter)) }
  for (const other of [...DELIMITERS, ...RARE_DELIMITERS]) {
    const matches = matchesOf(other)
    if (matches > best.matches) best = { delimiter: other, matches }
  }
  return best.delimiter === delimiter ? undefined : best.delimiter
}

/** The names in a header, as far as their quotes are right. */
function cellsOf(header: string, delimiter: string): string[] {
  const cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (const char of header) {
    if (char === '"') isQuoted = !isQuoted
    else if (char === delimiter && !isQuoted) {
      cells.push(cell)
      cell = ''
    } else cell += char
  }
  return [...cells, cell]
}
