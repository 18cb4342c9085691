/** The constants of the old SDKs, and the shapes of what their methods take. */
import type { PhotoSource } from '../photo/read.ts'
import { type JobRef, JOB_TYPE as TYPES } from '../wire/jobs.ts'

/**
 * What a job is. Numbers and no literals, as they were: `let type = JOB_TYPE.BIOMETRIC_KYC` may become
 * another one.
 */
export const JOB_TYPE: Readonly<Record<keyof typeof TYPES, number>> = TYPES

/** What an image is, and how it comes. */
export const IMAGE_TYPE: Readonly<
  Record<`${'SELFIE' | 'ID_CARD' | 'LIVENESS' | 'ID_CARD_BACK'}_IMAGE_${'FILE' | 'BASE64'}`, number>
> = {
  SELFIE_IMAGE_FILE: 0,
  ID_CARD_IMAGE_FILE: 1,
  SELFIE_IMAGE_BASE64: 2,
  ID_CARD_IMAGE_BASE64: 3,
  LIVENESS_IMAGE_FILE: 4,
  ID_CARD_BACK_IMAGE_FILE: 5,
  LIVENESS_IMAGE_BASE64: 6,
  ID_CARD_BACK_IMAGE_BASE64: 7,
}

export interface OldPartnerParams {
  user_id: string | number
  job_id: string | number
  job_type: number | string
  [extra: string]: unknown
}

export interface OldIdInfo {
  country?: string
  id_type?: string
  id_number?: string
  /** Whether the number is to be looked up. */
  entered?: boolean | string
  /** `any`, so that an interface without an index signature fits, too. */
  [field: string]: any
}

export interface OldOptions {
  return_job_status?: boolean
  return_history?: boolean
  return_images?: boolean
  /** As `return_images`, by the name that other SDKs have for it. */
  return_image_links?: boolean
  use_enrolled_image?: boolean
  optional_callback?: string
  /**
   * smile_id_core's: checks `id_info` against the services document first. @default true for `IdApi`, or else
   * false
   */
  use_validation_api?: boolean
  /**
   * smile_id_core's: `true` signs with an HMAC, `false` with a sec_key. @default false for `IdApi` and
   * `Utilities.get_job_status(partner_params, …)`, or else true
   */
  signature?: boolean
}

export interface ImageDetail {
  image_type_id: number | string
  /** A path under 0, 1, 4 and 5, base64 under the others; bytes, a Blob or a stream under all. */
  image: PhotoSource
}

export interface WebTokenRequest extends JobRef {
  product: string
  callback_url?: string
}

/** smile_id_core's: a pair that was made elsewhere. */
export interface SecParams {
  timestamp: string | number
  sec_key?: string
  signature?: string
}
