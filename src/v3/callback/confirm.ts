/** Asks v3 whether what a callback says is true. */
import { errorOf, type Refusal } from '../../callback/refusal.ts'
import { checkRequestOptions } from '../../client/input.ts'
import type { RequestOptions } from '../../client/internals.ts'
import { isSmileIdError } from '../../errors/classes.ts'
import { wrongType } from '../../errors/issues.ts'
import { membersOf } from '../../input/objects.ts'
import { jsonObject, oneOf, text } from '../../input/rules.ts'
import {
  check,
  type Checked,
  once,
  openObjectOf,
  optional,
  type OptionalSchema,
  type Schema,
} from '../../input/schema.ts'
import type { Client } from '../../signature/credentials.ts'
import type { KeyCaller } from '../client/caller.ts'
import { beginWithKey } from '../http/begin.ts'
import { namesUser } from '../http/user-id.ts'
import { jobId } from '../input/shared.ts'
import { readStatus } from '../status/look.ts'
import type { Result } from '../wire/results.ts'
import type { JobId } from '../wire/shared.ts'
import type { VerificationStatus } from '../wire/status.ts'
import { type ConfirmedCallback, eventIdOf, type VerifiedCallback } from './event.ts'
import { notShown, unknownJob } from './refusal.ts'

/**
 * Asks for the status of the job, and resolves to what the service says now, if user and verdict are those of
 * the callback.
 *
 * @throws {SmileIdSignatureError} `callback_unconfirmed`: the service knows no such job, or shows another
 * user or verdict. The callback is forged, or its verdict is not visible yet (`retryable`).
 * @throws {SmileIdInputError} `invalid_input`: a callback that does not come from `verifyCallback`, or wrong
 * options.
 * @throws {SmileIdError} the errors of `getVerificationStatus`.
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { confirmCallback, verifyCallback } from 'smileid-edge/v3/callback'
 *
 * export async function decide(client: Client, request: Request): Promise<string> {
 *   const { status } = await confirmCallback(client, await verifyCallback(client, request))
 *   return status
 * }
 * ```
 */
export async function confirmCallback(
  client: Client,
  callback: VerifiedCallback,
  options: RequestOptions = {},
): Promise<ConfirmedCallback> {
  const call = beginWithKey(client, () => checkVerified(callback), checkRequestOptions(options))
  const confirmation = await askService(call.caller, call.input, call.options)
  if (!confirmation.ok) throw errorOf(confirmation.refusal)
  return confirmation.callback
}

const verified = /* @__PURE__ */ once(() =>
  openObjectOf<Pick<VerifiedCallback, '~smileid' | 'job' | 'unconfirmedResult'>>({
    '~smileid': oneOf('v3-callback'),
    job: openObjectOf<VerifiedCallback['job']>({
      job_id: jobId() as Schema<JobId>,
      user_id: optional(text()) as OptionalSchema<string>,
    }) as Schema<VerifiedCallback['job']>,
    unconfirmedResult: jsonObject<Result>(),
  }),
)

/** What `verifyCallback` resolved to, as it is now. */
function checkVerified(callback: unknown): Checked<Pick<VerifiedCallback, 'job' | 'unconfirmedResult'>> {
  const { issues, value } = check(verified(), membersOf(callback))
  return { issues: issues.length ? [wrongType('callback', 'must come from verifyCallback')] : [], value }
}

export type Confirmation =
  | { ok: true; callback: ConfirmedCallback }
  /** `status`: what the service says instead, where it knows the job. */
  | { ok: false; refusal: Refusal; status?: VerificationStatus }

/**
 * The callback with what the service says now, or why it is not confirmed.
 *
 * @throws {SmileIdError} the errors of `getVerificationStatus` but for `job_not_found`.
 */
export async function askService(
  caller: KeyCaller,
  { job, unconfirmedResult }: Pick<VerifiedCallback, 'job' | 'unconfirmedResult'>,
  options: RequestOptions,
): Promise<Confirmation> {
  const { job_id } = job
  let status: VerificationStatus
  try {
    status = await readStatus(caller, { job_id }, options)
  } catch (error) {
    if (isSmileIdError(error, 'job_not_found')) return { ok: false, refusal: unknownJob(job_id) }
    throw error
  }
  const { user_id } = status
  if (job.user_id !== undefined && !namesUser(job.user_id, user_id))
    return { ok: false, refusal: notShown(job_id) }
  if (status.status !== unconfirmedResult.status) return { ok: false, refusal: notShown(job_id), status }
  return {
    ok: true,
    callback: {
      eventId: await eventIdOf(caller.internals.client, job_id, unconfirmedResult),
      job: { job_id, user_id },
      status: status.status,
      unconfirmedResult,
    },
  }
}
