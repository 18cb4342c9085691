/** Members that are texts. */
import type { Members } from './objects.ts'
import { issue, wrongType } from '../errors/issues.ts'
import type { InputIssue } from '../errors/codes.ts'

export function missingOrEmpty(path: string): InputIssue {
  return issue(path, 'missing', 'is missing or empty')
}

export function textIssues(path: string, value: unknown): InputIssue[] {
  if (value === undefined || value === null || (typeof value === 'string' && !value.trim()))
    return [missingOrEmpty(path)]
  return typeof value === 'string' ? [] : [wrongType(path, 'must be text')]
}

export function countryIssues(path: string, country: unknown): InputIssue[] {
  return typeof country === 'string' && /^[A-Z]{2}$/.test(country)
    ? []
    : [issue(path, 'wrong_format', 'must be an ISO code of two capital letters')]
}

/** Texts that are there but empty, or no texts. */
export function optionalTexts(root: string, given: Members, names: readonly string[]): InputIssue[] {
  return names.flatMap((name) => (given[name] === undefined ? [] : textIssues(root + name, given[name])))
}
