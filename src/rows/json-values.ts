/** JSON split into the values that its rows are: one on each line, or those of a list. */
import { lineError, MAX_LINE } from './errors.ts'

export interface JsonText {
  /** The line that it begins on, from 1. */
  line: number
  json: string
}

/**
 * The values of NDJSON (one on each line), of a list, or of objects one after the other, in batches. None of
 * them is parsed.
 *
 * @throws {SmileIdInputError} `invalid_input`, as it is iterated: a value is too long, or a list does not
 *   end.
 */
export async function* jsonTexts(text: AsyncIterable<string>): AsyncGenerator<JsonText[]> {
  let splitter: Splitter | undefined
  let head = ''
  for await (const piece of text) {
    if (splitter) {
      yield splitter.next(piece)
      continue
    }
    head += piece
    const isKnown = /\S\s*\n|\S.*\S/.test(head) || head.length > MAX_LINE
    if (!isKnown) continue
    splitter = createSplitter(head)
    yield splitter.next(head)
    head = ''
  }
  splitter ??= createSplitter(head)
  yield [...splitter.next(head), ...splitter.rest()]
}

interface Splitter {
  next(piece: string): JsonText[]
  rest(): JsonText[]
}

/** A list, or an object whose members stand on lines of their own: else each line is a value. */
function createSplitter(head: string): Splitter {
  // trim() removes a byte order mark, too.
  const start = head.trimStart()
  const isSpread = start.startsWith('[') || /^\{[ \t]*\r*\n/.test(start)
  return isSpread ? valueSplitter() : lineSplitter()
}

/** Joins and cuts pieces of text to lines. */
function lineSplitter(): Splitter {
  let line = 1
  /** The current line, as far as it was read. */
  let pieces: string[] = []
  let length = 0

  function endLine(): JsonText[] {
    const json = pieces.join('').trim()
    return json ? [{ line, json }] : []
  }
  return {
    next(piece) {
      const found: JsonText[] = []
      const [endOfLine = '', ...nextLines] = piece.split('\n')
      pieces.push(endOfLine)
      length += endOfLine.length
      for (const nextLine of nextLines) {
        found.push(...endLine())
        line++
        pieces = [nextLine]
        length = nextLine.length
      }
      if (length > MAX_LINE) throw lineError(line, `has more than ${MAX_LINE} characters`)
      return found
    },
    rest: endLine,
  }
}

const QUOTE = 34
const COMMA = 44
const BACKSLASH = 92
const LF = 10
const SPACE = 32
/** A byte order mark. */
const MARK = 0xfeff
const OPENING = [91, 123]
const CLOSING = [93, 125]

/** Finds the ends of values by their brackets, outside of strings. */
function valueSplitter(): Splitter {
  let line = 1
  let depth = 0
  /** Where values stand: 1 within a list, else 0. */
  let base = 0
  let isInString = false
  let isEscaped = false
  let hasBegun = false
  let hasText = false
  let startLine = 1
  let pieces: string[] = []
  let length = 0

  function end(lastPiece: string): JsonText[] {
    const json = [...pieces, lastPiece].join('').trim()
    pieces = []
    length = 0
    hasText = false
    return json ? [{ line: startLine, json }] : []
  }
  return {
    next(piece) {
      const found: JsonText[] = []
      let start = 0
      for (let at = 0; at < piece.length; at++) {
        const char = piece.charCodeAt(at)
        if (char === LF) line++
        const isListStart = !hasBegun && char === OPENING[0]
        const isText = char > SPACE && char !== COMMA && char !== MARK && !isListStart
        if (isText && !hasText) {
          hasText = true
          startLine = line
        }
        if (isInString) {
          if (isEscaped) isEscaped = false
          else if (char === BACKSLASH) isEscaped = true
          else if (char === QUOTE) isInString = false
        } else if (char === QUOTE) {
          isInString = true
        } else if (OPENING.includes(char)) {
          if (isListStart) {
            base = 1
            start = at + 1
          }
          hasBegun = true
          depth++
        } else if (CLOSING.includes(char)) {
          depth--
          const endsList = base === 1 && depth === 0
          if (endsList || depth === base) {
            found.push(...end(piece.slice(start, endsList ? at : at + 1)))
            start = at + 1
          }
          if (endsList) base = 0
          if (depth < 0) throw lineError(line, 'closes a bracket that was never opened')
        } else if (char === COMMA && depth === base) {
          found.push(...end(piece.slice(start, at)))
          start = at + 1
        }
      }
      pieces.push(piece.slice(start))
      length += piece.length - start
      if (length > MAX_LINE) throw lineError(startLine, `begins a value of more than ${MAX_LINE} characters`)
      return found
    },
    rest() {
      if (depth > 0 || isInString) throw lineError(startLine, 'begins a value or list that does not end')
      return end('')
    },
  }
}
