/**
 * SmartSelfie of the v2 API: enrolment and authentication that answer at once.
 *
 * @module
 */
import type { RequestOptions } from './client/internals.ts'
import type { Client } from './signature/credentials.ts'
import {
  checkAuthentication,
  checkEnrolment,
  type SmartSelfieAuthentication,
  type SmartSelfieEnrolment,
} from './smart-selfie/input.ts'
import { sendSmartSelfie, type SmartSelfieResult } from './smart-selfie/send.ts'

export type { PhotoSource } from './photo/read.ts'
export type {
  SmartSelfieAuthentication,
  SmartSelfieEnrolment,
  SmartSelfieImages,
} from './smart-selfie/input.ts'
export type { SmartSelfieResult } from './smart-selfie/send.ts'

/**
 * Enrols a user by a selfie and liveness frames, and resolves to the verdict at once.
 *
 * No callback is needed, but while human review is going on (`status` `'pending'`) the last word comes by
 * callback alone. The request can be billed and uses the `user_id` up, so it is repeated only when it is
 * certain that the server did nothing. `timeoutMs` is the client's `uploadTimeoutMs` by default.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `user_exists` (2209) and the other codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @see https://github.com/smileidentity/android (networking/SmileIDService.kt)
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { enrollSmartSelfie } from 'smileid-edge/smart-selfie'
 *
 * export const enrol = async (client: Client, user_id: string, selfie: Blob, frames: Blob[]) =>
 *   (await enrollSmartSelfie(client, { user_id, selfie_image: selfie, liveness_images: frames })).status
 * ```
 */
export async function enrollSmartSelfie(
  client: Client,
  input: SmartSelfieEnrolment,
  options: RequestOptions = {},
): Promise<SmartSelfieResult> {
  const checked = checkEnrolment(input)
  return sendSmartSelfie(client, { operation: 'smart_selfie_enroll', checked }, options)
}

/**
 * Compares a selfie and liveness frames with the photo of an enrolled user, and resolves to the verdict at
 * once.
 *
 * As {@link enrollSmartSelfie} in all else.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `user_not_found` (2210): no such user; and the other codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { authenticateSmartSelfie } from 'smileid-edge/smart-selfie'
 *
 * export const isSame = async (client: Client, user_id: string, selfie: Blob, frames: Blob[]) =>
 *   (await authenticateSmartSelfie(client, { user_id, selfie_image: selfie, liveness_images: frames }))
 *     .status === 'approved'
 * ```
 */
export async function authenticateSmartSelfie(
  client: Client,
  input: SmartSelfieAuthentication,
  options: RequestOptions = {},
): Promise<SmartSelfieResult> {
  const checked = checkAuthentication(input)
  return sendSmartSelfie(client, { operation: 'smart_selfie_authentication', checked }, options)
}
