/** ID and business lookups: the result now, or later. */
import { isResultOf, postSigned } from '../http/post.ts'
import { callbackIssues } from '../client/addresses.ts'
import { internalsOf, type RequestOptions } from '../client/internals.ts'
import type { Operation } from '../errors/classes.ts'
import {
  type BusinessInfo,
  type ConsentInformation,
  consentIssues,
  type IdInfo,
  lookupIssues,
  paramsIssues,
} from './input.ts'
import { throwIfAny } from '../errors/issues.ts'
import { memberIssues, optionIssues, unknownMember } from '../input/rules.ts'
import type { BusinessResult, IdResult } from '../wire/replies.ts'
import { isTrue } from '../result/interpret.ts'
import type { Services } from '../services/document.ts'
import { SOURCE } from '../wire/endpoints.ts'
import { members } from '../input/objects.ts'
import { jobRef, type PartnerParams, type WithCallback, type SubmittedJob } from '../wire/jobs.ts'
import type { Client } from '../signature/credentials.ts'

export interface IdJob {
  partner_params: PartnerParams<5>
  id_info: IdInfo
  consent_information?: ConsentInformation | undefined
}

export interface BusinessJob {
  partner_params: PartnerParams<7>
  id_info: BusinessInfo
}

export interface VerifyOptions extends RequestOptions {
  /**
   * Checks country, ID type, needed fields and the number's format against this document before anything is
   * sent; see `getServices`.
   */
  services?: Services | undefined
}

async function lookUp<R>(
  client: Client,
  operation: Operation,
  jobType: 5 | 7,
  job: IdJob | BusinessJob,
  options: VerifyOptions,
  later?: WithCallback,
): Promise<R> {
  const internals = internalsOf(client)
  const { services, ...limits } = options ?? {}
  const given = members(job)
  throwIfAny([
    ...paramsIssues(given.partner_params, jobType),
    ...lookupIssues(
      given.id_info,
      given.partner_params,
      jobType === 5 ? services : undefined,
      operation === 'verify' || operation === 'verify_async' ? 'basic_kyc' : undefined,
    ),
    ...consentIssues(given.consent_information),
    ...memberIssues(given, {}, '', [
      'partner_params',
      'id_info',
      ...(jobType === 5 ? ['consent_information'] : []),
      ...(later ? ['callback_url'] : []),
    ]),
    ...(later ? callbackIssues(internals, later.callback_url, true) : []),
    ...optionIssues(limits),
    // Only lookups of people are in the services document.
    ...(jobType === 7 && services !== undefined ? [unknownMember('options.services')] : []),
  ])
  const { partner_params, id_info, consent_information } = job as IdJob
  const about = jobRef(partner_params)
  const fields = {
    ...id_info,
    ...SOURCE,
    partner_params: { ...partner_params, job_type: jobType },
    ...(consent_information && { consent_information }),
    ...(later && { callback_url: later.callback_url ?? internals.callbackUrl }),
  }
  const reply = await postSigned(
    internals,
    operation,
    fields,
    later
      ? { job: about, verify: 'never', check: isSuccess }
      : { job: about, check: (reply) => isResultOf(about, reply) },
    limits,
  )
  return (later ? { success: true, ...about } : reply) as R
}

/** Of replies that say so; booleans come as texts, too. */
export function isSuccess({ success }: Record<string, unknown>): boolean {
  return isTrue(success)
}

/**
 * Enhanced KYC: looks an ID up, and resolves to what the authority knows.
 *
 * A number that is not found is a reply, too (`ResultCode` 1013; see `interpretResult`). That an ID exists
 * says nothing about who typed it: {@link verifyBasicKyc} compares names, a job with a selfie compares faces.
 * The request can be billed, so it is repeated only when it is certain that the server did nothing. Rejects
 * with `invalid_input` (every problem), `job_exists` (2215: ask for that job's result instead),
 * `id_number_blocked` (2222: each try prolongs the block; see `resetIdNumberRateLimit`), other codes of the
 * API, and errors of the network and the signature.
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
 *     partner_params: { user_id, job_id: `bvn-${application}` }, // derived from a record: a repeat answers 'job_exists'
 *     id_info: { country: 'NG', id_type: 'BVN', id_number: bvn },
 *   })
 *   return interpretResult(reply).decision === 'approved' ? known(reply.DOB) : undefined
 * }
 * ```
 */
export function verifyId(client: Client, job: IdJob, options: VerifyOptions = {}): Promise<IdResult> {
  return lookUp(client, 'id_verification', 5, job, options)
}

/** As {@link verifyId}, with the result by callback. */
export function submitId(
  client: Client,
  job: IdJob & WithCallback,
  options: VerifyOptions = {},
): Promise<SubmittedJob> {
  return lookUp(client, 'async_id_verification', 5, job, options, job ?? {})
}

/**
 * Basic KYC: compares names, date of birth and the like with what the authority knows, and tells no more than
 * how well they match.
 *
 * `ResultCode` 1020 is an exact, 1021 a partial match (both `'approved'`: look at the code if that is not
 * enough for you), 1022 none, 1023 not found.
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
  return lookUp(client, 'verify', 5, job, options)
}

/** As {@link verifyBasicKyc}, with the result by callback. */
export function submitBasicKyc(
  client: Client,
  job: IdJob & WithCallback,
  options: VerifyOptions = {},
): Promise<SubmittedJob> {
  return lookUp(client, 'verify_async', 5, job, options, job ?? {})
}

/**
 * KYB: looks a business up in its register.
 *
 * Nigerian registrations need a `business_type`, Kenyan ones a postal address and code, as far as Smile ID's
 * SDKs tell.
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
  return lookUp(client, 'business_verification', 7, job, options)
}

/** As {@link verifyBusiness}, with the result by callback. */
export function submitBusiness(
  client: Client,
  job: BusinessJob & WithCallback,
  options: RequestOptions = {},
): Promise<SubmittedJob> {
  return lookUp(client, 'async_business_verification', 7, job, options, job ?? {})
}
