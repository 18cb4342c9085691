/** Inputs of one level, for the endpoints beside the lookups. */
import { type Client, type Core, coreOf, type RequestOptions } from '../client/internals.ts'
import type { InputIssue } from '../errors/classes.ts'
import { optionalTexts } from '../id-verification/input.ts'
import { throwIfAny } from '../errors/issues.ts'
import { members } from './objects.ts'
import { memberIssues, optionIssues, type Rule } from './rules.ts'
import { textIssues } from '../services/validate.ts'

/** Texts that are needed, texts that may be there, what has a rule, what is checked elsewhere, and nothing else. */
export function flatIssues(input: unknown, needed: readonly string[], allowed: readonly string[] = [], rules: Readonly<Record<string, Rule>> = {}, elsewhere: readonly string[] = []): InputIssue[] {
  const given = members(input)
  return [...needed.flatMap((name) => textIssues(name, given[name])), ...optionalTexts('', given, allowed), ...memberIssues(given, rules, '', [...needed, ...allowed, ...elsewhere])]
}

/** The core, once neither input nor options have issues. */
export function begin(client: Client, options: RequestOptions, issues: InputIssue[]): Core {
  const core = coreOf(client)
  issues.push(...optionIssues(options))
  throwIfAny(issues)
  return core
}
