/** Files of text: read piece by piece as UTF-8, and the errors for those that cannot be read. */
import { createReadStream } from 'node:fs'
import type { IssueCode } from '../errors/classes.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'
import { systemCode } from '../platform/system-errors.ts'

/** The longest line or record in characters: a photo of 5,000,000 bytes in base64 has 6,666,668. */
export const MAX_LINE = 16_777_216

const LF = 10

/** Something wrong with one line. The message says what and where, never what is written there. */
export function lineError(
  line: number,
  message: string,
  code: IssueCode = 'wrong_format',
): SmileIdInputError {
  return new SmileIdInputError([issue(`line ${line}`, code, message)])
}

/** Something wrong with a whole file. No message has its path, which may hold a name. */
export function fileError(
  message: string,
  code: IssueCode = 'wrong_format',
  cause?: Error,
): SmileIdInputError {
  return new SmileIdInputError([issue('file', code, message)], cause)
}

/** An error of the file system as one of the input. Any other error is returned as it is. */
export function readError(error: unknown): unknown {
  const cause = systemCode(error)
  return cause ? fileError(`could not be read (${cause.message})`, 'missing', cause) : error
}

/**
 * The text of a file in pieces of some 64 kB, a byte order mark included.
 *
 * @throws {SmileIdInputError} `invalid_input`, as it is iterated: the file cannot be read, is empty or is no
 *   UTF-8 text.
 */
export async function* textOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let line = 1
  let isEmpty = true
  for await (const bytes of bytesOf(path)) {
    if (isEmpty && isUtf16(bytes)) throw fileError('is UTF-16 text: save it as UTF-8')
    isEmpty = false
    checkNoNul(bytes, line)
    yield decodeOrThrow(decoder, { bytes, line })
    line += lineEnds(bytes)
  }
  yield decodeOrThrow(decoder, { bytes: undefined, line })
  if (isEmpty) throw fileError('is empty', 'missing')
}

async function* bytesOf(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>
  } catch (error) {
    throw readError(error)
  }
}

/** Whether the file begins with a byte order mark of UTF-16, of either byte order. */
function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

/** `line` is the one that the bytes begin on. */
function checkNoNul(bytes: Uint8Array, line: number): void {
  const nul = bytes.indexOf(0)
  if (nul < 0) return
  const nulLine = line + lineEnds(bytes.subarray(0, nul))
  throw lineError(nulLine, 'holds a NUL byte: this is no text file')
}

/** Decodes a piece, which begins on `line`; without bytes, the end of the file. */
function decodeOrThrow(
  decoder: TextDecoder,
  { bytes, line }: { bytes: Uint8Array | undefined; line: number },
): string {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
  } catch {
    // A decoder that is not strict puts its first replacement character where the strict one stopped, unless
    // that was within the bytes kept from the piece before.
    const [valid] = new TextDecoder().decode(bytes).split('\ufffd', 1)
    const linesBefore = valid!.split('\n').length - 1
    throw lineError(line + linesBefore, 'is not UTF-8: save the file as UTF-8 ("CSV UTF-8" in spreadsheets)')
  }
}

function lineEnds(bytes: Uint8Array): number {
  let count = 0
  let lineEnd = bytes.indexOf(LF)
  while (lineEnd >= 0) {
    count++
    lineEnd = bytes.indexOf(LF, lineEnd + 1)
  }
  return count
}
