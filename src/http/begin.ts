/** How most calls begin. */
import { checkRequestOptions } from '../client/input.ts'
import { type ClientInternals, internalsOf, type RequestOptions } from '../client/internals.ts'
import { throwIfAny } from '../errors/issues.ts'
import type { Checked } from '../input/schema.ts'
import type { Client } from '../signature/credentials.ts'

export interface Begun<T> {
  internals: ClientInternals
  /** Copies, which nobody changes any more. */
  input: T
  options: RequestOptions
}

/**
 * What a call is made of, once neither input nor options have issues.
 *
 * @throws {SmileIdInputError} `invalid_input`: all issues of the input, then those of the options.
 */
export function begin<T>(
  client: Client,
  options: unknown,
  checkInput: (internals: ClientInternals) => Checked<T>,
): Begun<T> {
  const internals = internalsOf(client)
  const input = checkInput(internals)
  const given = checkRequestOptions(options)
  throwIfAny([...input.issues, ...given.issues])
  return { internals, input: input.value, options: given.value }
}

/** For calls that take options alone. */
export function noInput(): Checked<undefined> {
  return { issues: [], value: undefined }
}
