/**
 * Documents with a selfie of their holder, by v3.
 *
 * @module
 */
import { checkRequestOptions } from '../client/input.ts'
import type { RequestOptions } from '../client/internals.ts'
import {
  DOCUMENT_IMAGES,
  type DocumentVerification,
  documentVerification,
  type EnhancedDocumentVerification,
  enhancedDocumentVerification,
  RESIDENCY_IMAGES,
  type ResidencyDocumentVerification,
} from './document-verification/input.ts'
import { checkResidency, placeResidency } from './document-verification/residency.ts'
import { submitWithImages } from './http/submit.ts'
import { checkVerification } from './input/check.ts'
import type { InputFor, V3Client } from './wire/clients.ts'
import {
  DOCUMENT_VERIFICATION,
  ENHANCED_DOCUMENT_VERIFICATION,
  RESIDENCY_DOCUMENT_VERIFICATION,
} from './wire/operations.ts'
import type { AcceptedJob } from './wire/shared.ts'

export type { PhotoSource } from '../photo/source.ts'
export type {
  DocumentImages,
  DocumentVerification,
  EnhancedDocumentVerification,
  ResidencyDocumentVerification,
} from './document-verification/input.ts'
export type { InputFor, TokenClaims, TokenClient, TokenMember, V3Client } from './wire/clients.ts'
export type {
  Accepted,
  AcceptedJob,
  Consent,
  JobId,
  Metadata,
  PartnerParams,
  Selfie,
  UserDetails,
  Verification,
} from './wire/shared.ts'

/**
 * Checks a document, and whether its holder is the person of the selfie; the result comes by callback. Can
 * bill.
 *
 * Sent once: after a lost answer (`outcome` `'unknown'`) there is no way to ask, and another try is another
 * job. The whole request may have 4.5 MB: that is some 500 kB an image. `timeoutMs` is the client's
 * `uploadTimeoutMs` by default.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `forbidden`, `payment_required`, `too_large`, `rate_limited`, `invalid_request`,
 * `unauthorized`, `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import {
 *   type DocumentVerification,
 *   submitDocumentVerification,
 *   type V3Client,
 * } from 'smileid-edge/v3/document-verification'
 *
 * type Person = Pick<DocumentVerification, 'consent' | 'user_details'>
 * type Images = Omit<DocumentVerification, keyof Person | 'country'>
 *
 * export async function check(client: V3Client, person: Person, images: Images): Promise<string> {
 *   const { job_id } = await submitDocumentVerification(client, {
 *     ...person,
 *     ...images,
 *     country: 'GH',
 *     partner_params: { application: 'A-1' },
 *   })
 *   return job_id
 * }
 * ```
 */
export async function submitDocumentVerification<C extends V3Client>(
  client: C,
  input: InputFor<C, DocumentVerification>,
  options: RequestOptions = {},
): Promise<AcceptedJob> {
  return submitWithImages(
    client,
    {
      endpoint: DOCUMENT_VERIFICATION,
      check: (caller) => checkVerification(caller, documentVerification(), input),
      images: DOCUMENT_IMAGES,
    },
    checkRequestOptions(options),
  )
}

/**
 * The same, and asks the ID authority about the number on the document, too: `id_type` is needed.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `forbidden` (also where the account may not ask about this ID type), and the
 * other codes of `submitDocumentVerification`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import {
 *   type EnhancedDocumentVerification,
 *   submitEnhancedDocumentVerification,
 *   type V3Client,
 * } from 'smileid-edge/v3/document-verification'
 *
 * type Rest = Omit<EnhancedDocumentVerification, 'country' | 'id_type'>
 *
 * export async function checkLicence(client: V3Client, rest: Rest): Promise<string> {
 *   const licence = { country: 'NG', id_type: 'DRIVERS_LICENSE' }
 *   return (await submitEnhancedDocumentVerification(client, { ...rest, ...licence })).job_id
 * }
 * ```
 */
export async function submitEnhancedDocumentVerification<C extends V3Client>(
  client: C,
  input: InputFor<C, EnhancedDocumentVerification>,
  options: RequestOptions = {},
): Promise<AcceptedJob> {
  return submitWithImages(
    client,
    {
      endpoint: ENHANCED_DOCUMENT_VERIFICATION,
      check: (caller) => checkVerification(caller, enhancedDocumentVerification(), input),
      images: DOCUMENT_IMAGES,
    },
    checkRequestOptions(options),
  )
}

/**
 * Checks a passport and the visa in it, of somebody who lives in a country that is not theirs. It takes
 * longer than other documents.
 *
 * `user_id` goes out as the header `User-ID`, the one place that this endpoint knows, hence in visible ASCII
 * alone. Browsers may not send that header: with a token client, `user_id` is refused unless the token has
 * it, so bind it by `createToken`.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} the codes of `submitDocumentVerification`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import {
 *   type ResidencyDocumentVerification,
 *   submitResidencyDocumentVerification,
 *   type V3Client,
 * } from 'smileid-edge/v3/document-verification'
 *
 * type Rest = Omit<ResidencyDocumentVerification, 'id_type'>
 *
 * export const checkResidency = async (client: V3Client, rest: Rest) =>
 *   (await submitResidencyDocumentVerification(client, { ...rest, id_type: 'PASSPORT' })).job_id
 * ```
 */
export async function submitResidencyDocumentVerification<C extends V3Client>(
  client: C,
  input: InputFor<C, ResidencyDocumentVerification>,
  options: RequestOptions = {},
): Promise<AcceptedJob> {
  return submitWithImages(
    client,
    {
      endpoint: RESIDENCY_DOCUMENT_VERIFICATION,
      check: (caller) => checkResidency(caller, input),
      images: RESIDENCY_IMAGES,
      place: placeResidency,
    },
    checkRequestOptions(options),
  )
}
