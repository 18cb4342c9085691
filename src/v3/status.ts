/**
 * How a job of v3 stands, and waiting for its verdict.
 *
 * @module
 */
import { checkRequestOptions } from '../client/input.ts'
import type { RequestOptions } from '../client/internals.ts'
import { begin } from './http/begin.ts'
import { checkJobQuery, readStatus } from './status/look.ts'
import type { V3Client } from './wire/clients.ts'
import type { VerificationStatus } from './wire/status.ts'

export { waitForVerdict, watchStatus, type WatchOptions } from './status/watch.ts'
export type { TokenClaims, TokenClient, TokenMember, V3Client } from './wire/clients.ts'
export type { VerdictStatus } from './wire/results.ts'
export type { JobId, TokenProduct } from './wire/shared.ts'
export type { Verdict, VerificationStatus } from './wire/status.ts'

/**
 * Asks how a job stands.
 *
 * A job that still runs is a value, `processing`. For hosts that stop a request after some seconds this is
 * the form to use: keep the id, and ask again in the next request. The reply is about this job, or it is
 * `invalid_reply`, as is a status that this version does not know.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent; also for a job id of v1.
 * @throws {SmileIdApiError} `job_not_found`: a job of nobody, of another partner, or not known yet;
 * `unauthorized`, `forbidden`, `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import { getVerificationStatus, type V3Client } from 'smileid-edge/v3/status'
 *
 * export async function isClear(client: V3Client, job_id: string): Promise<boolean> {
 *   const { status } = await getVerificationStatus(client, { job_id })
 *   return status === 'clear'
 * }
 * ```
 */
export async function getVerificationStatus(
  client: V3Client,
  job: { job_id: string },
  options: RequestOptions = {},
): Promise<VerificationStatus> {
  const call = begin(client, () => checkJobQuery(job), checkRequestOptions(options))
  return readStatus(call.caller, call.input, call.options)
}
