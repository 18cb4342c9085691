/** The text of files and pipes: UTF-8, or UTF-16 as PowerShell 5 writes it. */
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'
import { createDecoder, encodingOf } from '../rows/encoding.ts'

/**
 * `path` is what an issue calls the file.
 *
 * @throws {SmileIdInputError} `invalid_input`: it is no text in UTF-8 or UTF-16.
 */
export function decodeText(bytes: Uint8Array, path: string): string {
  const decoder = createDecoder(encodingOf(bytes))
  try {
    const text = decoder.decode(bytes) + decoder.decode()
    return text.replace(/^\ufeff/, '')
  } catch {
    throw wrongEncoding(path, 'is neither UTF-8 nor UTF-16 text: save it as UTF-8')
  }
}

function wrongEncoding(path: string, message: string): SmileIdInputError {
  return new SmileIdInputError([issue(path, 'wrong_format', message)])
}
