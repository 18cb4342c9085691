/** One look at a job. */
import { postSigned } from '../http/post.ts'
import { type ClientInternals, internalsOf, type RequestOptions } from '../client/internals.ts'
import { issue, throwIfAny, wrongType } from '../errors/issues.ts'
import { optionIssues } from '../input/rules.ts'
import { partnerHash } from '../signature/partner-hash.ts'
import type { JobResult, JobStatus } from '../wire/replies.ts'
import { isTrue } from '../result/interpret.ts'
import { confirmReply } from '../http/signed-reply.ts'
import type { InputIssue } from '../errors/codes.ts'
import { type JobRef, NO_ZIP } from '../wire/jobs.ts'
import type { CallFacts } from '../http/refusal.ts'
import type { Client } from '../signature/credentials.ts'

export interface JobQuery extends JobRef {
  /** All results of the job so far, newest first, in `history`. */
  history?: boolean | undefined
  /** Signed links to its images, which expire, in `image_links`: as secret as the images. */
  image_links?: boolean | undefined
}

/**
 * What is wrong with the question. It is open, so that what a submission returned can be passed on as it is.
 */
function queryIssues(job: JobQuery): InputIssue[] {
  if (typeof job !== 'object' || job === null) return [wrongType('job', 'must be an object')]
  return [
    ...(['user_id', 'job_id'] as const).flatMap((name) =>
      typeof job[name] === 'string' && job[name]
        ? []
        : [issue(name, job[name] === undefined ? 'missing' : 'wrong_type', 'must be text')],
    ),
    ...(['history', 'image_links'] as const).flatMap((name) =>
      typeof (job[name] ?? false) === 'boolean' ? [] : [wrongType(name, 'must be true or false')],
    ),
  ]
}

/**
 * Asks how a job stands, and checks the reply's signature.
 *
 * A job that is not processed yet is a value (`job_complete` false, `result` a text or absent); one that the
 * server does not know rejects with `job_not_found`. For hosts that stop a request after some seconds this is
 * the form to use: keep the ids, and ask again in the next request.
 *
 * Rejects with `invalid_input`, codes of the API, `network_error`, `request_timeout`, `signature_missing` or
 * `signature_mismatch`.
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
  const internals = internalsOf(client)
  throwIfAny([...queryIssues(job), ...optionIssues(options)])
  return readStatus(internals, job, options)
}

/** The same of a question that was found right; ids that are numbers are sent as such. */
export async function readStatus(
  internals: ClientInternals,
  { user_id, job_id, history = false, image_links = false }: JobQuery,
  options: RequestOptions,
): Promise<JobStatus> {
  const reply = await postSigned(
    internals,
    'job_status',
    { user_id, job_id, history, image_links },
    { job: { user_id, job_id }, verify: 'never', check },
    options,
  )
  const { job_success, code } = reply
  return {
    ...reply,
    job_complete: isTrue(reply.job_complete),
    ...(job_success !== undefined && { job_success: isTrue(job_success) }),
    code: `${code}`,
  } as JobStatus

  async function check(reply: Record<string, unknown>, facts: CallFacts): Promise<boolean> {
    const { job_complete, job_success, code, result, history, image_links } = reply
    const hasResult = typeof result === 'object' && result !== null
    // A job without a zip was seen answered with no secret in its signature: worth believing as far as it
    // says that nothing happened.
    const idle =
      `${code}` === NO_ZIP &&
      !isTrue(job_complete) &&
      !isTrue(job_success) &&
      !hasResult &&
      !image_links &&
      !(history as unknown[] | undefined)?.length
    if (!(idle && (await isBareHash(internals.client.partnerId, reply))))
      await confirmReply(internals, reply, facts)
    // The signature covers no more than the time: what it comes with must at least be about this job.
    const named = hasResult ? (result as JobResult).PartnerParams : undefined
    return (
      job_complete !== undefined &&
      (!named || (`${named.user_id}` === `${user_id}` && `${named.job_id}` === `${job_id}`))
    )
  }
}

async function isBareHash(
  partnerId: string,
  { timestamp, signature }: Record<string, unknown>,
): Promise<boolean> {
  return /^[0-9a-f]{64}$/.test(`${signature}`) && (await partnerHash(partnerId, timestamp)) === signature
}
