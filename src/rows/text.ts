/** Files of text: read piece by piece in whichever Unicode encoding they are. */
import { createDecoder, ENCODING_BYTES, encodingOf, type PieceDecoder } from './encoding.ts'
import { fileError, lineError } from './errors.ts'

/**
 * The text of a file in pieces, a byte order mark included.
 *
 * @throws {SmileIdInputError} `invalid_input`, as it is iterated: the file is empty, or is no text in UTF-8
 *   or UTF-16.
 */
export async function* textOf(pieces: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  let reader: TextReader | undefined
  let head: Uint8Array | undefined
  let isEmpty = true
  for await (const piece of pieces) {
    if (piece.length === 0) continue
    isEmpty = false
    if (typeof piece === 'string') {
      yield piece
      continue
    }
    const bytes = head ? concat(head, piece) : piece
    head = undefined
    if (!reader && bytes.length < ENCODING_BYTES) {
      head = bytes.slice()
      continue
    }
    reader ??= createTextReader(bytes)
    yield reader.next(bytes)
  }
  if (head) {
    reader = createTextReader(head)
    yield reader.next(head)
  }
  if (reader) yield reader.rest()
  if (isEmpty) throw fileError('is empty', 'missing')
}

interface TextReader {
  next(bytes: Uint8Array): string
  rest(): string
}

/** How files begin that are no text, whatever they are called, and what to do about it. */
const NO_TEXT: readonly (readonly [start: readonly number[], message: string])[] = [
  [[0x50, 0x4b, 3, 4], 'is an .xlsx or another zip: name it .xlsx, or unpack it'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'is an old .xls: save it as .xlsx, or as CSV (UTF-8)'],
  [[0x1f, 0x8b], 'is packed by gzip: unpack it'],
]

function createTextReader(head: Uint8Array): TextReader {
  const noText = NO_TEXT.find(([start]) => start.every((byte, place) => head[place] === byte))
  if (noText) throw fileError(noText[1])
  const encoding = encodingOf(head)
  const decoder = createDecoder(encoding)
  return encoding === 'utf-8' ? utf8Reader(decoder) : utf16Reader(decoder)
}

function utf8Reader(decoder: PieceDecoder): TextReader {
  let line = 1
  return {
    next(bytes) {
      const nul = bytes.indexOf(0)
      if (nul >= 0) throw rawPicture(bytes, line) ?? nulError(line + lineFeeds(bytes.subarray(0, nul)))
      const text = decodeOrThrow(decoder, bytes, line)
      line += lineFeeds(bytes)
      return text
    },
    rest: () => decodeOrThrow(decoder, undefined, line),
  }
}

function utf16Reader(decoder: PieceDecoder): TextReader {
  let line = 1
  function decode(bytes?: Uint8Array): string {
    let text: string
    try {
      text = decoder.decode(bytes)
    } catch {
      throw lineError(line, 'or one after it is not UTF-16, as the file begins: save the file as UTF-8')
    }
    const nul = text.indexOf('\0')
    if (nul >= 0) throw nulError(line + text.slice(0, nul).split('\n').length - 1)
    line += text.split('\n').length - 1
    return text
  }
  return { next: decode, rest: () => decode() }
}

function nulError(line: number): Error {
  return lineError(line, 'holds a NUL byte: this is no text file')
}

/** How JPEG and PNG begin. */
const PICTURES = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47],
]

/**
 * The error of a picture that was written into a table as it is, by programs that know no better. A file that
 * begins with one is no table at all.
 */
function rawPicture(bytes: Uint8Array, line: number): Error | undefined {
  for (const [first = 0, ...others] of PICTURES) {
    const start = bytes.indexOf(first)
    if (start > 0 && others.every((byte, place) => bytes[start + 1 + place] === byte)) {
      const message = 'holds the bytes of a picture: export the column in base64 or hex'
      return lineError(line + lineFeeds(bytes.subarray(0, start)), message)
    }
  }
  return undefined
}

/** Decodes a piece, which begins on `line`; without bytes, the end of the file. */
function decodeOrThrow(decoder: PieceDecoder, bytes: Uint8Array | undefined, line: number): string {
  try {
    return decoder.decode(bytes)
  } catch {
    const picture = bytes && rawPicture(bytes, line)
    if (picture) throw picture
    // A decoder that is not strict puts its first replacement character where the strict one stopped, unless
    // that was within the bytes kept from the piece before.
    const [valid] = new TextDecoder().decode(bytes).split('\ufffd', 1)
    const linesBefore = valid!.split('\n').length - 1
    throw lineError(line + linesBefore, 'is not UTF-8: save the file as UTF-8 ("CSV UTF-8" in spreadsheets)')
  }
}

const LF = 10

function lineFeeds(bytes: Uint8Array): number {
  let count = 0
  let lineEnd = bytes.indexOf(LF)
  while (lineEnd >= 0) {
    count++
    lineEnd = bytes.indexOf(LF, lineEnd + 1)
  }
  return count
}

function concat(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(head.length + tail.length)
  bytes.set(head)
  bytes.set(tail, head.length)
  return bytes
}
