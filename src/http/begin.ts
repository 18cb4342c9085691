/** How most calls begin. */
import { throwIfAny } from '../errors/issues.ts'
import { optionIssues } from '../input/rules.ts'
import type { InputIssue } from '../errors/codes.ts'
import { type RequestOptions, type ClientInternals, internalsOf } from '../client/internals.ts'
import type { Client } from '../signature/credentials.ts'

/** The internals, once neither input nor options have issues. */
export function begin(client: Client, options: RequestOptions, issues: InputIssue[]): ClientInternals {
  const internals = internalsOf(client)
  issues.push(...optionIssues(options))
  throwIfAny(issues)
  return internals
}
