/** What a schema does not find. */
import type { InputIssue } from '../../errors/codes.ts'
import type { Checked } from '../../input/schema.ts'

/** With more issues, of members of which nothing was said yet. */
export function withMore<T>({ issues, value }: Checked<T>, more: readonly InputIssue[]): Checked<T> {
  const known = new Set(issues.map(({ path }) => path))
  return { value, issues: [...issues, ...more.filter(({ path }) => !known.has(path))] }
}
