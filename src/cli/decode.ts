/** The text of files and pipes: UTF-8, with or without a byte order mark. */
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'

/**
 * `path` is what an issue calls the file.
 *
 * @throws {SmileIdInputError} `invalid_input`: it is no UTF-8 text.
 */
export function decodeText(bytes: Uint8Array, path: string): string {
  if (isUtf16(bytes)) {
    throw wrongEncoding(path, 'is UTF-16 text, as PowerShell 5 writes it: save it as UTF-8')
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw wrongEncoding(path, 'is no UTF-8 text: save it as UTF-8')
  }
}

/** Whether it begins with a byte order mark of UTF-16, of either byte order. */
function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

function wrongEncoding(path: string, message: string): SmileIdInputError {
  return new SmileIdInputError([issue(path, 'wrong_format', message)])
}
