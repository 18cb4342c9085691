/** What a schema does not find: rules about several members. */
import type { InputIssue } from '../../errors/codes.ts'
import { type Members, membersOf } from '../../input/objects.ts'
import type { Checked } from '../../input/schema.ts'

/** With more issues; where several are about one member, the error has the first. */
export function withMore<T>({ issues, value }: Checked<T>, more: readonly InputIssue[]): Checked<T> {
  return { value, issues: [...issues, ...more] }
}

export interface SortedMembers<T = Members> {
  /** Those in which nothing is wrong. */
  right: Partial<T>
  /** The names of the others: what depends on them, nobody can tell. */
  wrong: ReadonlySet<string>
}

/** Sorts the members of an input, so that one mistake does not look like two. */
export function sortMembers<T = Members>({ issues, value }: Checked<T>): SortedMembers<T> {
  const wrong = new Set(issues.map(({ path }) => /^[^.[]*/.exec(path)![0]))
  const right = Object.entries(membersOf(value)).filter(([name]) => !wrong.has(name))
  return { right: Object.fromEntries(right) as Partial<T>, wrong }
}
