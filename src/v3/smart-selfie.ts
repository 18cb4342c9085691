/**
 * Faces by v3: enrolled, recognised, compared with a picture.
 *
 * @module
 */
import { checkRequestOptions } from '../client/input.ts'
import type { RequestOptions } from '../client/internals.ts'
import { SELFIE_IMAGES } from './http/images.ts'
import { submitWithImages } from './http/submit.ts'
import { checkVerification } from './input/check.ts'
import {
  type Authentication,
  authenticationImages,
  checkAuthentication,
  type Compare,
  COMPARE_IMAGES,
  compare,
  type Registration,
  registration,
} from './smart-selfie/input.ts'
import type { InputFor, V3Client } from './wire/clients.ts'
import { AUTHENTICATION, COMPARE, REGISTRATION } from './wire/operations.ts'
import type { AcceptedJob } from './wire/shared.ts'

export type { PhotoSource } from '../photo/source.ts'
export type { Authentication, Compare, Registration } from './smart-selfie/input.ts'
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
  WithSandboxResult,
} from './wire/shared.ts'

/**
 * Enrols a user by a selfie and frames that show that it is alive; whether it worked comes by callback. Can
 * bill, and uses the `user_id` up.
 *
 * Sent once: after a lost answer (`outcome` `'unknown'`) there is no way to ask, and another try is another
 * job. The whole request may have 4.5 MB. `timeoutMs` is the client's `uploadTimeoutMs` by default.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `forbidden`, `payment_required`, `too_large`, `rate_limited`, `invalid_request`,
 * `unauthorized`, `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import { createTokenClient } from 'smileid-edge/v3/client'
 * import { submitRegistration } from 'smileid-edge/v3/smart-selfie'
 *
 * // In a browser, with a token that carries user, names, contact and consent.
 * export async function enrol(token: string, selfie: Blob, frames: Blob[]): Promise<string> {
 *   const client = createTokenClient({ token })
 *   const { job_id } = await submitRegistration(client, { selfie_image: selfie, liveness_images: frames })
 *   return job_id
 * }
 * ```
 */
export async function submitRegistration<C extends V3Client>(
  client: C,
  input: InputFor<C, Registration>,
  options: RequestOptions = {},
): Promise<AcceptedJob> {
  return submitWithImages(
    client,
    {
      endpoint: REGISTRATION,
      check: (caller) => checkVerification(caller, registration(), input),
      images: SELFIE_IMAGES,
    },
    checkRequestOptions(options),
  )
}

/**
 * Compares a user that is enrolled with a fresh selfie, or with the one on file; the verdict comes by
 * callback. Can bill. Sent once.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} the codes of `submitRegistration`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import { type Authentication, submitAuthentication, type V3Client } from 'smileid-edge/v3/smart-selfie'
 *
 * type Person = Pick<Authentication, 'user_id' | 'consent' | 'user_details'>
 *
 * export async function recognise(client: V3Client, person: Person, selfie: Blob, frames: Blob[]) {
 *   const images = { selfie_image: selfie, liveness_images: frames }
 *   return (await submitAuthentication(client, { ...person, ...images })).job_id
 * }
 * ```
 */
export async function submitAuthentication<C extends V3Client>(
  client: C,
  input: InputFor<C, Authentication>,
  options: RequestOptions = {},
): Promise<AcceptedJob> {
  return submitWithImages(
    client,
    {
      endpoint: AUTHENTICATION,
      check: (caller) => checkAuthentication(caller, input),
      images: authenticationImages,
    },
    checkRequestOptions(options),
  )
}

/**
 * Compares a selfie with another picture; the verdict comes by callback. With a `user_id`, a comparison that
 * passes enrols the user. Can bill. Sent once.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} the codes of `submitRegistration`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import { type Compare, submitCompare, type V3Client } from 'smileid-edge/v3/smart-selfie'
 *
 * type Person = Pick<Compare, 'consent' | 'user_details'>
 *
 * export async function compare(client: V3Client, person: Person, selfie: Blob, portrait: Blob) {
 *   const { job_id } = await submitCompare(client, {
 *     ...person,
 *     selfie_image: selfie,
 *     comparison_image: portrait,
 *     comparison_image_type: 'PORTRAIT',
 *   })
 *   return job_id
 * }
 * ```
 */
export async function submitCompare<C extends V3Client>(
  client: C,
  input: InputFor<C, Compare>,
  options: RequestOptions = {},
): Promise<AcceptedJob> {
  return submitWithImages(
    client,
    {
      endpoint: COMPARE,
      check: (caller) => checkVerification(caller, compare(), input),
      images: COMPARE_IMAGES,
    },
    checkRequestOptions(options),
  )
}
