/** Asks the API whether what a callback says is true. */
import { checkRequestOptions } from '../client/input.ts'
import { type ClientInternals, internalsOf, type RequestOptions } from '../client/internals.ts'
import { isSmileIdError, SmileIdInputError } from '../errors/classes.ts'
import { throwIfAny, wrongType } from '../errors/issues.ts'
import { membersOf } from '../input/objects.ts'
import { jsonObject } from '../input/rules.ts'
import { check, elsewhere, once, openObjectOf, optional } from '../input/schema.ts'
import { checkJobQuery } from '../job-status/input.ts'
import { readStatus } from '../job-status/status.ts'
import { resultOf } from '../result/interpret.ts'
import type { Client } from '../signature/credentials.ts'
import type { JobResult, JobStatus } from '../wire/replies.ts'
import { type ConfirmedCallback, eventIdOf, type VerifiedCallback } from './event.ts'
import { errorOf, notShown, type Refusal, unknownJob } from './refusal.ts'

/**
 * Asks for the job's status and history, and resolves to what the service says now, if the event of the
 * callback is among it.
 *
 * @throws {SmileIdSignatureError} `callback_unconfirmed`: the service does not say what the callback says.
 * It is forged, or its event is not visible yet (`retryable`).
 * @throws {SmileIdInputError} `invalid_input`: a callback that does not come from `verifyCallback`, or wrong
 * options.
 * @throws {SmileIdError} the errors of `getJobStatus`.
 *
 * @example
 * ```ts
 * import { confirmCallback, verifyCallback } from 'smileid-edge/callback'
 * import { type Client } from 'smileid-edge/client'
 * import { interpretResult } from 'smileid-edge/result'
 *
 * // With a framework that has parsed the body already:
 * export async function decide(client: Client, body: Record<string, unknown>): Promise<string> {
 *   const { status } = await confirmCallback(client, await verifyCallback(client, body))
 *   return interpretResult(status).decision
 * }
 * ```
 */
export async function confirmCallback(
  client: Client,
  callback: VerifiedCallback,
  options: RequestOptions = {},
): Promise<ConfirmedCallback> {
  const internals = internalsOf(client)
  const given = checkVerified(callback)
  const job = checkJobQuery(given.job)
  const call = checkRequestOptions(options)
  throwIfAny([...job.issues, ...call.issues])
  const confirmation = await askService(internals, { ...given, job: job.value }, call.value)
  if (!confirmation.ok) throw errorOf(confirmation.refusal)
  return confirmation.callback
}

const verified = /* @__PURE__ */ once(() =>
  openObjectOf<Record<keyof VerifiedCallback, unknown>>({
    '~smileid': elsewhere(),
    eventId: elsewhere(),
    job: elsewhere(),
    smileJobId: elsewhere(),
    timestamp: elsewhere(),
    unconfirmedResult: optional(jsonObject()),
    unconfirmedBody: elsewhere(),
  }),
)

/** What `verifyCallback` resolved to, as it is now. */
function checkVerified(callback: unknown): VerifiedCallback {
  const { issues, value } = check(verified(), membersOf(callback))
  if (!issues.length && value['~smileid'] === 'callback' && value.unconfirmedResult)
    return value as unknown as VerifiedCallback
  throw new SmileIdInputError([wrongType('callback', 'must come from verifyCallback')])
}

export type Confirmation = { ok: true; callback: ConfirmedCallback } | { ok: false; refusal: Refusal }

/**
 * The callback with what the service says now, or why it is not confirmed.
 *
 * @throws {SmileIdError} the errors of `getJobStatus` but for `job_not_found`.
 */
export async function askService(
  internals: ClientInternals,
  callback: VerifiedCallback,
  options: RequestOptions,
): Promise<Confirmation> {
  const { job, smileJobId } = callback
  let status: JobStatus
  try {
    status = await readStatus(internals, { ...job, history: true }, options)
  } catch (error) {
    if (isSmileIdError(error, 'job_not_found')) return { ok: false, refusal: unknownJob(job) }
    throw error
  }
  const current = resultOf(status)
  const history = Array.isArray(status.history) ? status.history : []
  const shown = [current, ...history].find((result) => isEventOf(callback, result))
  if (!shown) return { ok: false, refusal: notShown(job) }
  const eventId = eventIdOf(internals.client, shown)
  return { ok: true, callback: { eventId, job, smileJobId, result: current ?? shown, status } }
}

function isEventOf(
  { job, smileJobId, unconfirmedResult }: VerifiedCallback,
  result: JobResult | undefined,
): boolean {
  if (!result) return false
  const { PartnerParams, SmileJobID, ResultCode } = result
  if (PartnerParams?.user_id !== job.user_id || PartnerParams.job_id !== job.job_id) return false
  return SmileJobID === smileJobId && ResultCode === unconfirmedResult.ResultCode
}
