/** Lookups of IDs and businesses: the result in the reply, or later by callback. */
import type { RequestOptions } from '../client/internals.ts'
import type { Client } from '../signature/credentials.ts'
import type { SubmittedJob, WithCallback } from '../wire/jobs.ts'
import type { BusinessResult, IdResult } from '../wire/replies.ts'
import type { BusinessJob, IdJob, VerifyOptions } from './input.ts'
import { BASIC_KYC, BUSINESS, ENHANCED_KYC, lookUpNow, submitLookup } from './send-lookup.ts'

/**
 * Enhanced KYC: looks an ID up, and resolves to what the authority knows.
 *
 * A number that is not found is a reply, too (`ResultCode` 1013; see `interpretResult`). That an ID exists
 * says nothing about who typed it: {@link verifyBasicKyc} compares names, a job with a selfie compares faces.
 * The request can be billed, so it is repeated only when it is certain that the server did nothing.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `job_exists` (2215: ask for that job's result instead), `id_number_blocked`
 * (2222: each try prolongs the block; see `resetIdNumberRateLimit`) and the other codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`
 *
 * @see https://docs.usesmileid.com/products/for-individuals-kyc/identity-lookup
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { verifyId } from 'smileid-edge/id-verification'
 * import { interpretResult, known } from 'smileid-edge/result'
 *
 * export async function born(
 *   client: Client,
 *   user_id: string,
 *   application: string,
 *   bvn: string,
 * ): Promise<string | undefined> {
 *   const reply = await verifyId(client, {
 *     // Derived from a record: a repeat answers 'job_exists'.
 *     partner_params: { user_id, job_id: `bvn-${application}` },
 *     id_info: { country: 'NG', id_type: 'BVN', id_number: bvn },
 *   })
 *   return interpretResult(reply).decision === 'approved' ? known(reply.DOB) : undefined
 * }
 * ```
 */
export function verifyId(client: Client, job: IdJob, options: VerifyOptions = {}): Promise<IdResult> {
  return lookUpNow(client, ENHANCED_KYC, job, options)
}

/**
 * As {@link verifyId}, with the result by callback: resolves once the job is accepted.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `job_exists` (2215) and the other codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 */
export function submitId(
  client: Client,
  job: IdJob & WithCallback,
  options: VerifyOptions = {},
): Promise<SubmittedJob> {
  return submitLookup(client, ENHANCED_KYC, job, options)
}

/**
 * Basic KYC: compares names, date of birth and the like with what the authority knows, and tells no more than
 * how well they match.
 *
 * `ResultCode` 1020 is an exact match, 1021 a partial one (`'partial'` to `interpretResult`, and no
 * approval), 1022 none, 1023 not found. Without a name there is nothing to compare, so one at least is
 * needed.
 *
 * As {@link verifyId} in all else.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `job_exists` (2215), `id_number_blocked` (2222) and the other codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`
 *
 * @see https://docs.usesmileid.com/products/for-individuals-kyc/basic-kyc
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { verifyBasicKyc } from 'smileid-edge/id-verification'
 *
 * export const matches = async (client: Client, job_id: string) =>
 *   (
 *     await verifyBasicKyc(client, {
 *       partner_params: { user_id: 'user-1', job_id },
 *       id_info: {
 *         country: 'NG',
 *         id_type: 'BVN',
 *         id_number: '00000000000',
 *         first_name: 'Leo',
 *         last_name: 'Doe',
 *       },
 *     })
 *   ).ResultCode === '1020'
 * ```
 */
export function verifyBasicKyc(client: Client, job: IdJob, options: VerifyOptions = {}): Promise<IdResult> {
  return lookUpNow(client, BASIC_KYC, job, options)
}

/**
 * As {@link verifyBasicKyc}, with the result by callback: resolves once the job is accepted.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `job_exists` (2215) and the other codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 */
export function submitBasicKyc(
  client: Client,
  job: IdJob & WithCallback,
  options: VerifyOptions = {},
): Promise<SubmittedJob> {
  return submitLookup(client, BASIC_KYC, job, options)
}

/**
 * KYB: looks a business up in its register.
 *
 * Nigerian registrations need a `business_type`, Kenyan ones a postal address and code, as far as Smile ID's
 * SDKs tell.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `job_exists` (2215) and the other codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { verifyBusiness } from 'smileid-edge/id-verification'
 *
 * export const register = (client: Client, job_id: string) =>
 *   verifyBusiness(client, {
 *     partner_params: { user_id: 'business-1', job_id },
 *     id_info: {
 *       country: 'NG',
 *       id_type: 'BUSINESS_REGISTRATION',
 *       id_number: '0000000',
 *       business_type: 'co',
 *     },
 *   })
 * ```
 */
export function verifyBusiness(
  client: Client,
  job: BusinessJob,
  options: RequestOptions = {},
): Promise<BusinessResult> {
  return lookUpNow(client, BUSINESS, job, options)
}

/**
 * As {@link verifyBusiness}, with the result by callback: resolves once the job is accepted.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `job_exists` (2215) and the other codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 */
export function submitBusiness(
  client: Client,
  job: BusinessJob & WithCallback,
  options: RequestOptions = {},
): Promise<SubmittedJob> {
  return submitLookup(client, BUSINESS, job, options)
}
