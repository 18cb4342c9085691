/** Where the operations of the Smile ID API are, and which of them are safe to repeat. */
import type { V3Operation } from './v3-operations.ts'

export type Environment = 'sandbox' | 'production'

/** The roots of the API, without its version. */
export const ORIGINS: Readonly<Record<Environment, string>> = {
  sandbox: 'https://testapi.smileidentity.com',
  production: 'https://api.smileidentity.com',
}

/** One name per call of the API, the same in errors, events of hooks and rules of the emulator. */
export type Operation = V1Operation | V3Operation

/** The calls of v1 and v2. `'callback'` is the one that comes in. */
export type V1Operation =
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

interface Endpoint {
  /** Below the root of the API; empty where each call names an address of its own. */
  path: string
  /** Whether a repeat bills nothing and uses nothing up. */
  repeatable: boolean
}

// Basic KYC (`verify`) is part of v2, but signed in the body, as v1 is.
const ENDPOINTS: Readonly<Record<V1Operation, Endpoint>> = {
  backfill_users: { path: '/v1/backfill_users', repeatable: false },
  upload: { path: '/v1/upload', repeatable: true },
  upload_zip: { path: '', repeatable: false },
  job_status: { path: '/v1/job_status', repeatable: true },
  services: { path: '/v1/services', repeatable: true },
  token: { path: '/v1/token', repeatable: true },
  aml: { path: '/v1/aml', repeatable: false },
  callback: { path: '', repeatable: false },
  other: { path: '', repeatable: false },
  id_verification: { path: '/v1/id_verification', repeatable: false },
  async_id_verification: { path: '/v1/async_id_verification', repeatable: false },
  verify: { path: '/v2/verify', repeatable: false },
  verify_async: { path: '/v2/verify_async', repeatable: false },
  business_verification: { path: '/v1/business_verification', repeatable: false },
  async_business_verification: { path: '/v1/async_business_verification', repeatable: false },
  verify_address: { path: '/v1/async-verify-address', repeatable: false },
  compare_user_info: { path: '/v1/compare_user_info', repeatable: false },
  id_number_rate_limit_reset: { path: '/v1/id_number_rate_limit_reset', repeatable: true },
  products_config: { path: '/v1/products_config', repeatable: true },
  valid_documents: { path: '/v1/valid_documents', repeatable: true },
  totp_consent: { path: '/v1/totp_consent', repeatable: false },
  smart_selfie_enroll: { path: '/v2/smart-selfie-enroll', repeatable: false },
  smart_selfie_authentication: { path: '/v2/smart-selfie-authentication', repeatable: false },
}

export function endpointOf(operation: V1Operation): Endpoint {
  return ENDPOINTS[operation]
}

/** How REST clients name themselves. The API reference calls it required, older SDKs leave it out. */
export const SOURCE = { source_sdk: 'rest_api', source_sdk_version: '1.0.0' }
