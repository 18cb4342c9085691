/** Inputs of one level, for the endpoints beside the lookups. */
import { members } from './objects.ts'
import { memberIssues, type Rule } from './rules.ts'
import type { InputIssue } from '../errors/codes.ts'
import { textIssues, optionalTexts } from './texts.ts'

/**
 * Texts that are needed, texts that may be there, what has a rule, what is checked elsewhere, and nothing
 * else.
 */
export function flatIssues(
  input: unknown,
  needed: readonly string[],
  allowed: readonly string[] = [],
  rules: Readonly<Record<string, Rule>> = {},
  elsewhere: readonly string[] = [],
): InputIssue[] {
  const given = members(input)
  return [
    ...needed.flatMap((name) => textIssues(name, given[name])),
    ...optionalTexts('', given, allowed),
    ...memberIssues(given, rules, '', [...needed, ...allowed, ...elsewhere]),
  ]
}
