/** What smile-identity-core refuses, as an error of the SDK that speaks in its words. */
import { SmileIdInputError } from '../errors/classes.ts'
import type { IssueCode } from '../errors/codes.ts'
import { issue } from '../errors/issues.ts'

/** The error of one mistake. Its message is the sentence itself, without the path: old tests compare it. */
export function mistake(path: string, sentence: string, code: IssueCode = 'missing'): SmileIdInputError {
  return new SmileIdInputError([issue(path, code, sentence)], undefined, sentence)
}
