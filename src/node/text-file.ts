/** Files of text, read piece by piece. */
import { createReadStream } from 'node:fs'
import { systemCode } from '../platform/system-errors.ts'
import { fileError } from '../rows/errors.ts'
import { textOf } from '../rows/text.ts'

/** An error of the file system as one of the input. Any other error is returned as it is. */
export function readError(error: unknown): unknown {
  const cause = systemCode(error)
  return cause ? fileError(`could not be read (${cause.message})`, 'missing', cause) : error
}

/**
 * The text of a file in pieces of some 64 kB, a byte order mark included.
 *
 * @throws {SmileIdInputError} `invalid_input`, as it is iterated: the file cannot be read, is empty or is no
 *   text in UTF-8 or UTF-16.
 */
export function textOfFile(path: string): AsyncGenerator<string> {
  return textOf(bytesOfFile(path))
}

async function* bytesOfFile(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path) as AsyncIterable<Uint8Array>
  } catch (error) {
    throw readError(error)
  }
}
