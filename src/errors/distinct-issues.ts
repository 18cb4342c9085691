/** One mistake is one issue. */
import type { InputIssue } from './codes.ts'

/**
 * Of each member the first issue, from which the others follow; nor is anything missing in a member that is
 * wrong as a whole.
 */
export function distinctIssues(issues: readonly InputIssue[]): InputIssue[] {
  const paths = new Set(issues.map(({ path }) => path))
  const untold = new Set(paths)
  return issues.filter(({ path, code }) => {
    const isFirst = untold.delete(path)
    return isFirst && !(code === 'missing' && paths.has(holderOf(path)))
  })
}

/** The path of what has the member: `images` of `images.selfie`, `rows` of `rows[0]`. */
function holderOf(path: string): string {
  const end = Math.max(0, path.lastIndexOf('.'), path.lastIndexOf('['))
  return path.slice(0, end)
}
