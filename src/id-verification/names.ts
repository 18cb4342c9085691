/** The names that Basic KYC compares. */
import type { InputIssue } from '../errors/codes.ts'
import { issue } from '../errors/issues.ts'
import type { Members } from '../input/objects.ts'

const NAMES = ['first_name', 'middle_name', 'last_name', 'company']

/** Compared with nothing, everybody would match. */
export function nameIssues(info: Members): InputIssue[] {
  if (NAMES.some((name) => info[name] !== undefined)) return []
  const message = 'is missing: Basic KYC compares names, so give this one, middle_name, last_name or company'
  return [issue('id_info.first_name', 'missing', message)]
}
