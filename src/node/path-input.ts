/** The paths that callers give. */
import type { InputIssue } from '../errors/codes.ts'
import { wrongType } from '../errors/issues.ts'

/** What is wrong with the path of a file or a folder. */
export function pathIssues(path: unknown): InputIssue[] {
  const isPath = typeof path === 'string' && !path.includes('\0')
  return isPath ? [] : [wrongType('path', 'must be text')]
}
