/** One mistake is one issue. */
import type { InputIssue } from './codes.ts'

/** `.selfie` of `images.selfie`, `[0]` of `rows[0]`; all of a path that has no holder. */
const LAST_STEP = /(^|[.[])[^.[]*$/

/**
 * Of each member the first issue, from which the others follow; nor is anything missing in a member that is
 * wrong as a whole.
 */
export function distinctIssues(issues: readonly InputIssue[]): InputIssue[] {
  const paths = new Set(issues.map(({ path }) => path))
  const untold = new Set(paths)
  return issues.filter(({ path, code }) => {
    const isFirst = untold.delete(path)
    return isFirst && !(code === 'missing' && paths.has(path.replace(LAST_STEP, '')))
  })
}
