/** Asks the API whether what a callback says is true. */
import { eventId, refuse } from './verify.ts'
import type { JobResult, JobStatus } from '../wire/replies.ts'
import type { JobRef } from '../wire/jobs.ts'
import { resultOf } from '../result/interpret.ts'
import { SmileIdError } from '../errors/classes.ts'
import { getJobStatus } from '../job-status/status.ts'
import { inputError, wrongType } from '../errors/issues.ts'
import { type RequestOptions, internalsOf } from '../client/internals.ts'
import type { VerifiedCallback } from './verify.ts'
import type { Client } from '../signature/credentials.ts'

/**
 * Asks for the job's status and history, and resolves to what the service says now, if the event of the
 * callback is among it.
 *
 * Rejects with `callback_unconfirmed` when it is not (forged, or not visible yet: `retryable`), and with the
 * errors of `getJobStatus`.
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
  if (callback?.['~smileid'] !== 'callback')
    throw inputError([wrongType('callback', 'must come from verifyCallback')])
  const { job, smileJobId } = callback
  const unconfirmed = (why: string) =>
    refuse('callback_unconfirmed', why, 'Answer 503, so that it comes again; act on nothing.', {
      job,
      retryable: true,
    })
  const status = await getJobStatus(client, { ...job, history: true }, options).catch((error: unknown) => {
    throw error instanceof SmileIdError && error.code === 'job_not_found' ? unconfirmed(UNKNOWN_JOB) : error
  })
  const present = resultOf(status)
  const { ResultCode, ResultType } = callback.unconfirmedResult
  const seen = [present, ...(Array.isArray(status.history) ? status.history : [])].find(
    (result) =>
      result &&
      result.PartnerParams?.user_id === job.user_id &&
      result.PartnerParams.job_id === job.job_id &&
      result.SmileJobID === smileJobId &&
      result.ResultCode === ResultCode &&
      // Newer answers leave it out, at times in one of the two places.
      (!result.ResultType || !ResultType || result.ResultType === ResultType),
  )
  if (!seen) throw unconfirmed('the service does not show this event')
  return { eventId: eventId(internals, seen), job, smileJobId, result: present ?? seen, status }
}

/**
 * `result` and `status` come from the API; they may be newer than the event, so late and swapped deliveries
 * do no harm.
 *
 * Decide by the status: a job's first result may be that of its ID alone, while the faces are still compared.
 */
export interface ConfirmedCallback {
  eventId: string
  job: JobRef
  smileJobId: string
  result: JobResult
  status: JobStatus
}

/** The cause of a `callback_unconfirmed` whose job the service does not know at all. */
export const UNKNOWN_JOB = 'the service does not know the job'
