/**
 * Rules as a schema of valibot, whose issues become ours. Its texts quote what they received, so every
 * message here is one of our own.
 */
import { custom, object, safeParse } from 'valibot'
import { members } from './objects.ts'
import { type Rule, unknownMember } from './rules.ts'
import type { InputIssue } from '../errors/codes.ts'

/** Everything that does not fit an object of these members, in which those of `needed` must be there. */
export function check(
  value: unknown,
  rules: Readonly<Record<string, Rule>>,
  needed: readonly string[],
): InputIssue[] {
  const given = members(value)
  const asked = Object.entries(rules).filter(([name]) => needed.includes(name) || given[name] !== undefined)
  const entries = Object.fromEntries(
    asked.map(([name, [test, message]]) => [name, custom((member) => !!test(member), message)]),
  )
  const { issues = [] } = safeParse(object(entries, 'must be an object'), value)
  return [
    ...issues.map(({ path, input, message }): InputIssue => ({
      path: `${path?.[0].key ?? 'input'}`,
      ...(input === undefined
        ? { code: 'missing', message: 'is missing' }
        : { code: typeof input === 'string' ? 'wrong_format' : 'wrong_type', message }),
    })),
    ...Object.keys(given)
      .filter((name) => !Object.hasOwn(rules, name))
      .map(unknownMember),
  ]
}
