/** Facts of the Smile ID v1 API, each in this one place. */

export type Environment = 'sandbox' | 'production'

/** API roots, without version. */
export const ORIGINS: Readonly<Record<Environment, string>> = {
  sandbox: 'https://testapi.smileidentity.com',
  production: 'https://api.smileidentity.com',
}

// Basic KYC (`verify`) lives under v2, signed in the body as v1 is.
const PATHS: Readonly<Partial<Record<Operation, string>>> = {
  verify: '/v2/verify',
  verify_async: '/v2/verify_async',
  verify_address: '/v1/async-verify-address',
  smart_selfie_enroll: '/v2/smart-selfie-enroll',
  smart_selfie_authentication: '/v2/smart-selfie-authentication',
}

/** Where an operation is: unless known to be elsewhere, at `/v1/` and its name. */
export function pathOf(operation: Operation): string {
  return PATHS[operation] ?? `/v1/${operation}`
}

/** Operations of which a repeat bills nothing and uses nothing up. */
export const REPEATABLE: readonly Operation[] = [
  'upload',
  'job_status',
  'services',
  'token',
  'id_number_rate_limit_reset',
  'products_config',
  'valid_documents',
]

/** What REST clients say of themselves (the reference calls it required, older SDKs omit it). */
export const SOURCE = { source_sdk: 'rest_api', source_sdk_version: '1.0.0' }
/** What errors are called, and when each happens; types alone. */

/**
 * One name per wire call, the same on errors, hook events and emulator rules; `'callback'` is the one that
 * comes in.
 */
export type Operation =
  | 'backfill_users'
  | 'upload'
  | 'upload_zip'
  | 'job_status'
  | 'services'
  | 'token'
  | 'aml'
  | 'callback'
  | 'other'
  | 'id_verification'
  | 'async_id_verification'
  | 'verify'
  | 'verify_async'
  | 'business_verification'
  | 'async_business_verification'
  | 'verify_address'
  | 'compare_user_info'
  | 'id_number_rate_limit_reset'
  | 'products_config'
  | 'valid_documents'
  | 'totp_consent'
  | 'smart_selfie_enroll'
  | 'smart_selfie_authentication'
