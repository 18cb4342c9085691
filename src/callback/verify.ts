/** Checks who sent a callback. */
import { internalsOf } from '../client/internals.ts'
import { throwIfAny } from '../errors/issues.ts'
import type { Client } from '../signature/credentials.ts'
import type { VerifiedCallback } from './event.ts'
import { type CallbackInput, checkVerifyOptions, type VerifyCallbackOptions } from './input.ts'
import { receiveCallback } from './receive.ts'
import { errorOf } from './refusal.ts'

/**
 * Reads a callback and checks who sent it; stores nothing, asks nobody.
 *
 * The signature covers its time and the partner, **not the body**: whoever holds one signed pair can put any
 * body beside it. Pass what you get to {@link confirmCallback}, or use `createCallbackHandler`, which does.
 * Takes the result itself or a job status as body, and the headers `Response-Signature` and
 * `Response-Timestamp` of newer Smile ID webhooks. Of text and bytes, members named `__proto__`,
 * `constructor` or `prototype` are dropped; a body with a member twice, nested more than 64 levels deep or
 * with more than a million parts is refused. An object is taken as its parser left it.
 *
 * @throws {SmileIdSignatureError} `callback_malformed`, `signature_missing`, `signature_mismatch`,
 * `signature_expired`; odd input throws nothing else.
 * @throws {SmileIdInputError} `invalid_input`: not a client, or wrong options.
 *
 * @see https://docs.usesmileid.com/results/callbacks
 *
 * @example
 * ```ts
 * import { confirmCallback, verifyCallback } from 'smileid-edge/callback'
 * import { type Client } from 'smileid-edge/client'
 *
 * export async function receive(client: Client, request: Request): Promise<string> {
 *   const { result } = await confirmCallback(client, await verifyCallback(client, request))
 *   return result.ResultCode
 * }
 * ```
 */
export async function verifyCallback(
  client: Client,
  input: CallbackInput,
  options: VerifyCallbackOptions = {},
): Promise<VerifiedCallback> {
  const internals = internalsOf(client)
  const { issues, value } = checkVerifyOptions(options)
  throwIfAny(issues)
  const received = await receiveCallback(internals, input, value)
  if (!received.ok) throw errorOf(received.refusal)
  return received.callback
}
