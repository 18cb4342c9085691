/** What is wrong with an input: each problem as an issue, and all of them as one error. */
import { SmileIdInputError } from './classes.ts'
import type { InputIssue, IssueCode } from './codes.ts'

export function issue(path: string, code: IssueCode, message: string): InputIssue {
  return { path, code, message }
}

export function missing(path: string): InputIssue {
  return { path, code: 'missing', message: 'is missing' }
}

export function wrongType(path: string, message: string): InputIssue {
  return { path, code: 'wrong_type', message }
}

export function throwIfAny(issues: readonly InputIssue[]): void {
  if (issues.length) throw new SmileIdInputError(issues)
}

/** Of every copy of the SDK in the process. */
export function isInputError(error: unknown): error is SmileIdInputError {
  return error instanceof SmileIdInputError
}
