/** All problems of an input as one error. */
import type { IssueCode, SmileIdInputError } from './classes.ts'
import type { InputIssue } from './codes.ts'

export function inputError(issues: readonly InputIssue[], options?: ErrorOptions): SmileIdInputError {
  return Object.assign(
    new Error(issues.map(({ path, message }) => `${path} ${message}`).join('; '), options),
    {
      name: 'SmileIdInputError',
      code: 'invalid_input',
      issues,
      outcome: 'not_sent',
      retryable: false,
      attempts: 0,
      hint: 'Fix the issues.',
    },
  ) as unknown as SmileIdInputError
}

export function throwIfAny(issues: readonly InputIssue[]): void {
  if (issues.length) throw inputError(issues)
}

export function isInputError(error: unknown): error is SmileIdInputError {
  return (error as Partial<SmileIdInputError> | undefined)?.code === 'invalid_input'
}

export function issue(path: string, code: IssueCode, message: string): InputIssue {
  return { path, code, message }
}

export function missing(path: string): InputIssue {
  return { path, code: 'missing', message: 'is missing' }
}

export function wrongType(path: string, message: string): InputIssue {
  return { path, code: 'wrong_type', message }
}
