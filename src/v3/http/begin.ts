/** How the calls of v3 begin. */
import type { RequestOptions } from '../../client/internals.ts'
import { distinctIssues } from '../../errors/distinct-issues.ts'
import { throwIfAny } from '../../errors/issues.ts'
import type { Checked } from '../../input/schema.ts'
import { type Caller, callerOf, type KeyCaller, keyCallerOf } from '../client/caller.ts'

export interface Begun<C, T, O> {
  caller: C
  /** Copies, which nobody changes any more. */
  input: T
  options: O
}

/**
 * What a call is made of, once neither input nor options have issues.
 *
 * @throws {SmileIdInputError} `invalid_input`: all issues of the input, then those of the options.
 */
export function begin<T, O extends RequestOptions = RequestOptions>(
  client: unknown,
  checkInput: (caller: Caller) => Checked<T>,
  options: Checked<O>,
): Begun<Caller, T, O> {
  return begun(callerOf(client), checkInput, options)
}

/** The same where a token will not do. */
export function beginWithKey<T, O extends RequestOptions = RequestOptions>(
  client: unknown,
  checkInput: (caller: KeyCaller) => Checked<T>,
  options: Checked<O>,
): Begun<KeyCaller, T, O> {
  return begun(keyCallerOf(client), checkInput, options)
}

function begun<C, T, O>(
  caller: C,
  checkInput: (caller: C) => Checked<T>,
  options: Checked<O>,
): Begun<C, T, O> {
  const input = checkInput(caller)
  throwIfAny(distinctIssues([...input.issues, ...options.issues]))
  return { caller, input: input.value, options: options.value }
}
