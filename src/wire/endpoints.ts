/** Facts of the Smile ID v1 API, each in this one place. */
import type { ApiCode, Operation } from '../errors/classes.ts'

export type Environment = 'sandbox' | 'production'

/** API roots, without version. */
export const ORIGINS: Readonly<Record<Environment, string>> = {
  sandbox: 'https://testapi.smileidentity.com',
  production: 'https://api.smileidentity.com',
}

// Basic KYC (`verify`) lives under v2, signed in the body as v1 is.
const PATHS: Readonly<Partial<Record<Operation, string>>> = {
  verify: '/v2/verify', verify_async: '/v2/verify_async', verify_address: '/v1/async-verify-address',
  smart_selfie_enroll: '/v2/smart-selfie-enroll', smart_selfie_authentication: '/v2/smart-selfie-authentication',
}

/** Where an operation is: unless known to be elsewhere, at `/v1/` and its name. */
export function pathOf(operation: Operation): string {
  return PATHS[operation] ?? `/v1/${operation}`
}

/** Operations of which a repeat bills nothing and uses nothing up. */
export const REPEATABLE: readonly Operation[] = ['upload', 'job_status', 'services', 'token', 'id_number_rate_limit_reset', 'products_config', 'valid_documents']

/** What REST clients say of themselves (the reference calls it required, older SDKs omit it). */
export const SOURCE = { source_sdk: 'rest_api', source_sdk_version: '1.0.0' }

/** Literal types survive in a variable: `{ …, job_type: JOB_TYPE.DOCUMENT_VERIFICATION }`. */
export const JOB_TYPE = {
  BIOMETRIC_KYC: 1, SMART_SELFIE_AUTHENTICATION: 2, SMART_SELFIE_REGISTRATION: 4, BASIC_KYC: 5, ENHANCED_KYC: 5, DOCUMENT_VERIFICATION: 6,
  BUSINESS_VERIFICATION: 7, UPDATE_PHOTO: 8, COMPARE_USER_INFO: 9, ENHANCED_DOCUMENT_VERIFICATION: 11,
} as const

export type ImageKind = 'selfie' | 'liveness' | 'front' | 'back'

/** `image_type_id` of each kind: as a file of the zip, and inline. */
export const IMAGE_TYPES: Readonly<Record<ImageKind, readonly [file: number, inline: number]>> = { selfie: [0, 2], liveness: [4, 6], front: [1, 3], back: [5, 7] }

/** What an image job takes beside a selfie. */
export interface ImageJobNeeds {
  /** An ID card: `'or_number'` when no ID number is looked up instead. */
  card: 'needed' | 'or_number' | 'unused'
  /** Members of `id_info` that must be there; none at all may be where this is absent. */
  idInfo?: readonly string[]
  /** Whether the selfie on file will do. */
  enrolledImage?: boolean
  /** Whether the user becomes a new one. */
  enrols?: boolean
}

/** By job type. */
export function imageJobs(): Readonly<Record<number, ImageJobNeeds>> {
  return {
    1: { card: 'or_number', idInfo: [], enrols: true },
    2: { card: 'unused' },
    4: { card: 'unused', enrols: true },
    6: { card: 'needed', idInfo: ['country'], enrolledImage: true, enrols: true },
    8: { card: 'unused' },
    11: { card: 'needed', idInfo: ['country', 'id_type'], enrolledImage: true, enrols: true },
  }
}

/** The largest image that Smile ID names for documents: 10 MB. */
export const MAX_IMAGE_BYTES = 10_000_000

/** In an answer to a prep upload: it was taken on. */
export const PREPARED = '2202'
/** In a job status: no zip was received. */
export const NO_ZIP = '2314'

/** What to do when nobody knows whether the server acted. */
export const ASK_FIRST = 'Find out whether the server acted.'

/** What the API says no with: Smile ID's codes (2xyz in `code`), which count before the HTTP status, and what to do. Made where it is asked for, as a cold start has no use for it. */
export function answers(): Readonly<Record<ApiCode, readonly [codes: string, hint: string]>> {
  return {
    unauthorized: ['2205 2405 401 403', 'Check partner id, API key, environment and clock.'],
    payment_required: ['402', 'Top up the wallet.'],
    not_enabled: ['2220', 'Ask Smile ID to enable it.'],
    rate_limited: ['429', 'Wait, then send again.'],
    id_number_blocked: ['2222', 'Do not send this number again: each try prolongs the block.'],
    invalid_request: ['2203 2204 2212 2213 2217 2413', 'Compare with the documentation.'],
    too_large: ['413', 'Send a smaller photo.'],
    user_exists: ['2209', 'Nothing is left to do, or choose another user_id.'],
    user_not_found: ['2210', 'Enrol the user.'],
    user_disabled: ['2207', 'Enable the user.'],
    user_deleted: ['2208', 'Choose another user_id.'],
    user_must_reenroll: ['2211', 'Let the user re-enrol.'],
    user_has_no_photo: ['2216', 'Enrol a photo.'],
    job_exists: ['2215', 'Ask for the status of the job.'],
    job_not_found: ['2304', 'Check ids and environment.'],
    upload_refused: ['', 'Ask for a new upload address.'],
    server_error: ['2201 2301 2401', ASK_FIRST],
    invalid_reply: ['', 'Check baseUrl and proxies.'],
    api_error: ['', 'Look the code up in the documentation.'],
  }
}

/** What to do when no connection could be made. */
export const CHECK_NETWORK = 'Check the network and baseUrl.'
