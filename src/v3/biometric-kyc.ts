/**
 * A face against the photo that an ID authority has, by v3.
 *
 * @module
 */
import type { RequestOptions } from '../client/internals.ts'
import { objectOf, once } from '../input/schema.ts'
import { SELFIE_IMAGES } from './http/images.ts'
import { submitWithImages } from './http/submit.ts'
import { checkIdVerification, readIdCheckOptions } from './input/id-types.ts'
import { idNumberEntries, sandboxEntries, selfieEntries, verificationEntries } from './input/shared.ts'
import type { InputFor, V3Client } from './wire/clients.ts'
import { BIOMETRIC_KYC } from './wire/operations.ts'
import type {
  AcceptedJob,
  CheckOptions,
  IdNumber,
  Selfie,
  Verification,
  WithSandboxResult,
} from './wire/shared.ts'

export type { PhotoSource } from '../photo/source.ts'
export type { InputFor, TokenClaims, TokenClient, TokenMember, V3Client } from './wire/clients.ts'
export type { SupportedIdType, SupportedIdTypes } from './wire/services.ts'
export type {
  Accepted,
  AcceptedJob,
  CheckOptions,
  Consent,
  IdNumber,
  JobId,
  Metadata,
  PartnerParams,
  Selfie,
  UserDetails,
  Verification,
  WithSandboxResult,
} from './wire/shared.ts'

export interface BiometricKyc extends Verification, IdNumber, Selfie, WithSandboxResult {}

const biometricKyc = /* @__PURE__ */ once(() =>
  objectOf<BiometricKyc>({
    ...verificationEntries(),
    ...idNumberEntries(),
    ...selfieEntries(),
    ...sandboxEntries(),
  }),
)

/**
 * Compares a selfie with the photo of the ID authority; the result comes by callback. Can bill.
 *
 * Sent once: after a lost answer (`outcome` `'unknown'`) there is no way to ask, and another try is another
 * job. `id_number_blocked` (429) counts per ID number; each try prolongs the block. The whole request may
 * have 4.5 MB. `timeoutMs` is the client's `uploadTimeoutMs` by default.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `forbidden`, `payment_required`, `id_number_blocked`, `too_large`,
 * `invalid_request`, `unauthorized`, `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import { type BiometricKyc, submitBiometricKyc, type V3Client } from 'smileid-edge/v3/biometric-kyc'
 *
 * type Person = Pick<BiometricKyc, 'consent' | 'user_details'>
 *
 * export async function compare(client: V3Client, person: Person, selfie: Blob, frames: Blob[]) {
 *   const { job_id } = await submitBiometricKyc(client, {
 *     ...person,
 *     country: 'NG',
 *     id_type: 'NIN_V2',
 *     id_number: '00000000000',
 *     selfie_image: selfie,
 *     liveness_images: frames,
 *   })
 *   return job_id
 * }
 * ```
 */
export async function submitBiometricKyc<C extends V3Client>(
  client: C,
  input: InputFor<C, BiometricKyc>,
  options: RequestOptions & CheckOptions = {},
): Promise<AcceptedJob> {
  const given = readIdCheckOptions(options)
  return submitWithImages(
    client,
    {
      endpoint: BIOMETRIC_KYC,
      check: (caller) => checkIdVerification(caller, { schema: biometricKyc(), input, options: given.value }),
      images: SELFIE_IMAGES,
    },
    given,
  )
}
