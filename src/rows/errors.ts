/** The errors of files that cannot be read, by line. */
import type { IssueCode } from '../errors/classes.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'

/** The longest line or record in characters: a photo of 5,000,000 bytes in hex has 10,000,000. */
export const MAX_LINE = 16_777_216

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
