/** One look at a job. */
import type { ClientInternals, RequestOptions } from '../client/internals.ts'
import { begin } from '../http/begin.ts'
import { postSigned } from '../http/post.ts'
import type { CallFacts, Failure } from '../http/refusal.ts'
import { verifyReply } from '../http/signed-reply.ts'
import { asText, type Members, membersOf } from '../input/objects.ts'
import { isTrue } from '../result/interpret.ts'
import type { Client } from '../signature/credentials.ts'
import { partnerHash } from '../signature/partner-hash.ts'
import { type JobRef, NO_ZIP } from '../wire/jobs.ts'
import type { JobStatus } from '../wire/replies.ts'
import { checkJobQuery, type JobQuery } from './input.ts'

/**
 * Asks how a job stands, and checks the reply's signature.
 *
 * A job that is not processed yet is a value (`job_complete` false, `result` a text or absent). For hosts
 * that stop a request after some seconds this is the form to use: keep the ids, and ask again in the next
 * request.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `job_not_found` (2304) and the other codes of the API; `invalid_reply`: also for
 * the status of another job.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`
 *
 * @see https://docs.usesmileid.com/further-reading/job-status
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { getJobStatus } from 'smileid-edge/job-status'
 * import { interpretResult } from 'smileid-edge/result'
 *
 * export const decision = async (client: Client, user_id: string, job_id: string) =>
 *   interpretResult(await getJobStatus(client, { user_id, job_id })).decision
 * ```
 */
export async function getJobStatus(
  client: Client,
  job: JobQuery,
  options: RequestOptions = {},
): Promise<JobStatus> {
  const call = begin(client, options, () => checkJobQuery(job))
  return readStatus(call.internals, call.input, call.options)
}

/** The same for a query and options that were found right; ids that are numbers are sent as numbers. */
export async function readStatus(
  internals: ClientInternals,
  query: JobQuery,
  options: RequestOptions,
): Promise<JobStatus> {
  const { user_id, job_id, history = false, image_links = false } = query
  const job = { user_id, job_id }
  const reply = await postSigned(
    internals,
    {
      operation: 'job_status',
      fields: { user_id, job_id, history, image_links },
      job,
      verify: (received, facts) => verifyStatus(internals, received, facts),
      isValid: (received) => isStatusOf(job, received),
    },
    options,
  )
  const status: Members = { ...reply, job_complete: isTrue(reply.job_complete), code: asText(reply.code) }
  if (reply.job_success !== undefined) status.job_success = isTrue(reply.job_success)
  return status as unknown as JobStatus
}

async function verifyStatus(
  internals: ClientInternals,
  reply: Members,
  facts: CallFacts,
): Promise<Failure | undefined> {
  // Smile ID was seen to answer for a job without a zip with a signature that needs no key. That much is
  // believed of anybody: that nothing happened.
  if (saysNothingHappened(reply) && (await hasBareHash(internals.client.partnerId, reply))) return undefined
  return verifyReply(internals, reply, facts)
}

function saysNothingHappened(reply: Members): boolean {
  const { code, job_complete, job_success, result, image_links, history } = reply
  if (asText(code) !== NO_ZIP || isTrue(job_complete) || isTrue(job_success)) return false
  const hasResult = typeof result === 'object' && result !== null
  const hasHistory = Boolean((history as unknown[] | undefined)?.length)
  return !hasResult && !hasHistory && !image_links
}

async function hasBareHash(partnerId: string, { timestamp, signature }: Members): Promise<boolean> {
  if (!/^[0-9a-f]{64}$/.test(asText(signature))) return false
  return (await partnerHash(partnerId, timestamp)) === signature
}

/** The signature covers no more than the time, so what it comes with must at least be about this job. */
function isStatusOf(job: JobRef, { job_complete, result }: Members): boolean {
  if (job_complete === undefined) return false
  const { PartnerParams: named } = membersOf(result)
  if (!named) return true
  const { user_id, job_id } = membersOf(named)
  return asText(user_id) === `${job.user_id}` && asText(job_id) === `${job.job_id}`
}
