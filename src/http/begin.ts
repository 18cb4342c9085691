/** How most calls begin. */
import { throwIfAny } from '../errors/issues.ts'
import { optionIssues } from '../input/rules.ts'
import type { InputIssue } from '../errors/codes.ts'
import { type RequestOptions, type Core, coreOf } from '../client/internals.ts'
import type { Client } from '../signature/credentials.ts'

/** The core, once neither input nor options have issues. */
export function begin(client: Client, options: RequestOptions, issues: InputIssue[]): Core {
  const core = coreOf(client)
  issues.push(...optionIssues(options))
  throwIfAny(issues)
  return core
}
