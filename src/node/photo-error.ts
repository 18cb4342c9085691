/** Errors of photos that are read from files. */
import type { IssueCode } from '../errors/classes.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'

export function photoError(code: IssueCode, message: string): SmileIdInputError {
  return new SmileIdInputError([issue('photo', code, message)])
}
