/** Text of a file in pieces, and what is wrong with a file that is none. */
import { createReadStream } from 'node:fs'
import type { IssueCode, SmileIdInputError } from '../errors/classes.ts'
import { inputError, issue } from '../errors/issues.ts'
import { systemCode } from '../platform/system-errors.ts'

/** The longest line or record: a photo of 5,000,000 bytes in base64 has 6,666,668 characters. */
export const MAX_LINE = 16_777_216

/** Something wrong with one line; the message tells where and what, never what stands there. */
export const lineError = (
  line: number,
  message: string,
  code: IssueCode = 'wrong_format',
): SmileIdInputError => inputError([issue(`line ${line}`, code, message)])

/** Something wrong with the file as a whole. Its path may hold a name, so no message has it. */
export const fileError = (
  message: string,
  code: IssueCode = 'wrong_format',
  options?: ErrorOptions,
): SmileIdInputError => inputError([issue('file', code, message)], options)

/** UTF-8 text in pieces of some 64 kB, a byte order mark included; rejects for anything else. */
export async function* textOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let line = 1
  let empty = true
  try {
    for await (const bytes of createReadStream(path) as AsyncIterable<Uint8Array>) {
      if (empty && (bytes[0] === 0xff || bytes[0] === 0xfe) && bytes[0] + (bytes[1] ?? 0) === 0x1fd)
        throw fileError('is UTF-16 text: save it as UTF-8')
      empty = false
      const nul = bytes.indexOf(0)
      if (nul >= 0)
        throw lineError(line + lineEnds(bytes.subarray(0, nul)), 'holds a NUL byte: this is no text file')
      yield decoded(decoder, bytes, line)
      line += lineEnds(bytes)
    }
    yield decoded(decoder, undefined, line)
  } catch (error) {
    const cause = systemCode(error)
    throw cause ? fileError(`could not be read (${cause.message})`, 'missing', { cause }) : error
  }
  if (empty) throw fileError('is empty', 'missing')
}

function decoded(decoder: TextDecoder, bytes: Uint8Array | undefined, line: number): string {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode()
  } catch {
    // The first replacement character of the lenient decoder stands where the strict one stopped, or in the
    // bytes carried over from before.
    const before = new TextDecoder().decode(bytes).split('\ufffd', 1)[0]!
    throw lineError(
      line + before.split('\n').length - 1,
      'is not UTF-8: save the file as UTF-8 ("CSV UTF-8" in spreadsheets)',
    )
  }
}

function lineEnds(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++
  return count
}
