/** How most calls begin. */
import { requestOptionIssues } from '../client/input.ts'
import { type ClientInternals, internalsOf, type RequestOptions } from '../client/internals.ts'
import type { InputIssue } from '../errors/codes.ts'
import { throwIfAny } from '../errors/issues.ts'
import type { Client } from '../signature/credentials.ts'

/**
 * The client's internals, once neither input nor options have issues.
 *
 * @throws {SmileIdInputError} `invalid_input`: all issues of the input, then those of the options.
 */
export function begin(
  client: Client,
  options: RequestOptions,
  inputIssues: readonly InputIssue[],
): ClientInternals {
  const internals = internalsOf(client)
  throwIfAny([...inputIssues, ...requestOptionIssues(options)])
  return internals
}
