/**
 * Enrolment of an existing user's photo: `POST /v1/backfill_users`.
 *
 * @module
 */
import { enrol } from './backfill/enrol.ts'
import { type BackfillInput, checkEnrolment, wireDate } from './backfill/input.ts'
import { checkRequestOptions, usableSignal } from './client/input.ts'
import { internalsOf, type RequestOptions } from './client/internals.ts'
import { SmileIdInputError } from './errors/classes.ts'
import { readPhotoAt } from './photo/read.ts'
import { throwIfAborted } from './platform/time.ts'
import type { Client } from './signature/credentials.ts'
import type { BackfillResult } from './wire/replies.ts'

export type { BackfillInput } from './backfill/input.ts'
export type { BackfillResult } from './wire/replies.ts'

/**
 * Enrols one existing user's photo, and checks the reply's signature.
 *
 * Resolves for every signed reply, also for a processed refusal: `interpretResult` of smileid-edge/result
 * tells them apart, and why. The server makes the job id: `reply.PartnerParams.job_id`. A call can burn a
 * `user_id`, so it is repeated only when it is certain that the server did nothing.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `user_exists` (2209) and the other codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`; `'not_sent'` where the photo was not read in time.
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`
 *
 * Where `outcome` is `'unknown'`, the user may be enrolled.
 *
 * @see https://github.com/smileidentity/Image-enroll
 *
 * @example
 * ```ts
 * import { backfillUser } from 'smileid-edge/backfill'
 * import { createClient } from 'smileid-edge/client'
 * import { isSmileIdError } from 'smileid-edge/errors'
 * import { interpretResult } from 'smileid-edge/result'
 *
 * const client = createClient({ partnerId: '085', apiKey: 'your key', environment: 'sandbox' })
 *
 * export async function enrol(user_id: string, photo: Blob): Promise<string> {
 *   try {
 *     const reply = await backfillUser(client, { user_id, user_created_at: new Date(), photo })
 *     return interpretResult(reply).decision === 'approved' ? 'enrolled' : reply.ResultText
 *   } catch (error) {
 *     if (isSmileIdError(error, 'user_exists')) return 'enrolled before'
 *     throw error
 *   }
 * }
 * ```
 */
export async function backfillUser(
  client: Client,
  input: BackfillInput,
  options: RequestOptions = {},
): Promise<BackfillResult> {
  const internals = internalsOf(client)
  const checked = checkEnrolment(input)
  const given = checkRequestOptions(options)
  const issues = [...checked.issues, ...given.issues]
  const signal = usableSignal(given)
  throwIfAborted(signal)
  const { user_id = '', user_created_at = '', photo } = checked.value
  const date = issues.length ? '' : wireDate(user_created_at)
  const read = await readPhotoAt('photo', photo, {
    operation: 'backfill_users',
    timeoutMs: given.value.timeoutMs ?? internals.limits.timeoutMs,
    signal,
  })
  if (!read.ok) issues.push(...read.issues)
  if (!issues.length && 'late' in read) throw read.late
  if (issues.length || !read.ok) throw new SmileIdInputError(issues)
  return enrol(internals, { user_id, user_created_at: date, photo: read.photo }, given.value)
}
