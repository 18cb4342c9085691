/** Checks who sent a callback of v3. */
import { errorOf } from '../../callback/refusal.ts'
import { throwIfAny } from '../../errors/issues.ts'
import type { Client } from '../../signature/credentials.ts'
import { keyCallerOf } from '../client/caller.ts'
import type { VerifiedCallback } from './event.ts'
import { type CallbackInput, checkVerifyOptions, type VerifyCallbackOptions } from './input.ts'
import { receiveCallback } from './receive.ts'

/**
 * Reads a callback and checks who sent it; stores nothing, asks nobody.
 *
 * The signature covers its time and the partner id, as configured or without leading zeros, **not the body
 * and not the job**: whoever holds one signed pair can put anything beside it. Pass what you get to
 * {@link confirmCallback}, or use `createCallbackHandler`, which does. Text and bytes are read with the same
 * suspicion as in v1.
 *
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`, `signature_expired`,
 * `callback_malformed`, `callback_unreadable`; odd input throws nothing else.
 * @throws {SmileIdInputError} `invalid_input`: no client with a key, or wrong options.
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { confirmCallback, verifyCallback } from 'smileid-edge/v3/callback'
 *
 * // Express, behind express.json(): its request has headers and a body.
 * export async function receive(client: Client, request: Express): Promise<string> {
 *   const { job, status } = await confirmCallback(client, await verifyCallback(client, request))
 *   return `${job.job_id} ${status}`
 * }
 *
 * interface Express {
 *   headers: Record<string, string | string[] | undefined>
 *   body: Record<string, unknown>
 * }
 * ```
 */
export async function verifyCallback(
  client: Client,
  input: CallbackInput,
  options: VerifyCallbackOptions = {},
): Promise<VerifiedCallback> {
  const caller = keyCallerOf(client)
  const { issues, value } = checkVerifyOptions(options)
  throwIfAny(issues)
  const received = await receiveCallback(caller, input, value)
  if (!received.ok) throw errorOf(received.refusal)
  return received.callback
}
