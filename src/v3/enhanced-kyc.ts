/**
 * Lookups of IDs at their authorities, by v3.
 *
 * @module
 */
import type { RequestOptions } from '../client/internals.ts'
import { filledText } from '../input/rules.ts'
import { type Entries, objectOf, once, optional } from '../input/schema.ts'
import { begin } from './http/begin.ts'
import { askInline } from './http/inline.ts'
import { submit } from './http/submit.ts'
import { checkIdVerification, readIdCheckOptions } from './input/id-types.ts'
import { idNumberEntries, verificationEntries } from './input/shared.ts'
import type { InputFor, V3Client } from './wire/clients.ts'
import type { EnhancedKyc } from './wire/enhanced-kyc.ts'
import { ENHANCED_KYC, ENHANCED_KYC_SYNC } from './wire/operations.ts'
import type { EnhancedKycResult, Inline } from './wire/results.ts'
import type { AcceptedJob, CheckOptions } from './wire/shared.ts'

export type {
  Accepted,
  AcceptedJob,
  CheckOptions,
  Consent,
  IdNumber,
  JobId,
  Metadata,
  PartnerParams,
  UserDetails,
  Verification,
} from './wire/shared.ts'
export type { EnhancedKyc } from './wire/enhanced-kyc.ts'
export type { InputFor, TokenClaims, TokenClient, TokenMember, V3Client } from './wire/clients.ts'
export type {
  Antifraud,
  EnhancedKycResult,
  IdFields,
  Inline,
  Product,
  Reason,
  Result,
  VerdictStatus,
} from './wire/results.ts'
export type { SupportedIdType, SupportedIdTypes } from './wire/services.ts'

function entries(): Entries<EnhancedKyc> {
  return {
    ...verificationEntries(),
    ...idNumberEntries(),
    bank_code: optional(filledText()),
    operator: optional(filledText()),
  }
}

const enhancedKyc = /* @__PURE__ */ once(() => objectOf<EnhancedKyc>(entries()))

const synchronous = /* @__PURE__ */ once(() => {
  const { callback_url: _, ...others } = entries()
  return objectOf<Omit<EnhancedKyc, 'callback_url'>>(others)
})

/**
 * Asks the ID authority; the result comes by callback. Can bill.
 *
 * Sent once: after a lost answer (`outcome` `'unknown'`) there is no way to ask, and another try is another
 * job. `id_number_blocked` (429) counts per ID number; each try prolongs the block.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `forbidden`, `payment_required`, `id_number_blocked`, `invalid_request`,
 * `unauthorized`, `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { submitEnhancedKyc } from 'smileid-edge/v3/enhanced-kyc'
 *
 * export async function start(client: Client, application: string, agreedAt: Date): Promise<string> {
 *   const { job_id } = await submitEnhancedKyc(client, {
 *     country: 'NG',
 *     id_type: 'NIN_V2',
 *     id_number: '00000000000',
 *     user_details: { given_names: 'Ada', last_name: 'Sample', email: 'ada@example.com' },
 *     consent: {
 *       granted: true,
 *       granted_at: agreedAt,
 *       notice_language: 'EN',
 *       notice_privacy_policy_url: 'https://shop.example/privacy',
 *     },
 *     partner_params: { application },
 *   })
 *   return job_id
 * }
 * ```
 */
export async function submitEnhancedKyc<C extends V3Client>(
  client: C,
  input: InputFor<C, EnhancedKyc>,
  options: RequestOptions & CheckOptions = {},
): Promise<AcceptedJob> {
  const given = readIdCheckOptions(options)
  const call = begin(
    client,
    (caller) => checkIdVerification(caller, { schema: enhancedKyc(), input, options: given.value }),
    given,
  )
  return submit(call.caller, { endpoint: ENHANCED_KYC, fields: call.input }, call.options)
}

/**
 * The same with the result in the reply, whose signature is checked where the client has a key. No callback
 * is sent.
 *
 * `authority_unavailable` (424), `provider_timeout` (408), `server_error` and no reply at all have `outcome`
 * `'unknown'`, and `smileJobId` when a job exists: ask `getVerificationStatus` for it. Not sent again, since
 * a second lookup is billed.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `authority_unavailable`, `provider_timeout`, `forbidden`, `payment_required`,
 * `id_number_blocked`, `invalid_request`, `unauthorized`, `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`
 *
 * @example
 * ```ts
 * import { isSmileIdError } from 'smileid-edge/errors'
 * import { type EnhancedKyc, submitEnhancedKycSync, type V3Client } from 'smileid-edge/v3/enhanced-kyc'
 *
 * export async function lookUp(client: V3Client, input: Omit<EnhancedKyc, 'callback_url'>): Promise<string> {
 *   try {
 *     return (await submitEnhancedKycSync(client, input)).status
 *   } catch (error) {
 *     if (isSmileIdError(error) && error.smileJobId) return `ask for ${error.smileJobId}`
 *     throw error
 *   }
 * }
 * ```
 */
export async function submitEnhancedKycSync<C extends V3Client>(
  client: C,
  input: InputFor<C, Omit<EnhancedKyc, 'callback_url'>>,
  options: RequestOptions & CheckOptions = {},
): Promise<Inline<EnhancedKycResult>> {
  const given = readIdCheckOptions(options)
  const call = begin(
    client,
    (caller) => checkIdVerification(caller, { schema: synchronous(), input, options: given.value }),
    given,
  )
  return askInline(call.caller, { endpoint: ENHANCED_KYC_SYNC, fields: call.input }, call.options)
}
