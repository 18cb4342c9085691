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
  /** Below the root of the API. Absent where each call names an address of its own. */
  path?: string
  /** Whether a repeat bills nothing and uses nothing up. */
  isRepeatable: boolean
}

// Basic KYC (`verify`) is part of v2, but signed in the body, as v1 is.
const ENDPOINTS: Readonly<Partial<Record<Operation, Endpoint>>> = {
  backfill_users: { path: '/v1/backfill_users', isRepeatable: false },
  upload: { path: '/v1/upload', isRepeatable: true },
  upload_zip: { isRepeatable: false },
  job_status: { path: '/v1/job_status', isRepeatable: true },
  services: { path: '/v1/services', isRepeatable: true },
  token: { path: '/v1/token', isRepeatable: true },
  aml: { path: '/v1/aml', isRepeatable: false },
  callback: { isRepeatable: false },
  other: { isRepeatable: false },
  id_verification: { path: '/v1/id_verification', isRepeatable: false },
  async_id_verification: { path: '/v1/async_id_verification', isRepeatable: false },
  verify: { path: '/v2/verify', isRepeatable: false },
  verify_async: { path: '/v2/verify_async', isRepeatable: false },
  business_verification: { path: '/v1/business_verification', isRepeatable: false },
  async_business_verification: { path: '/v1/async_business_verification', isRepeatable: false },
  verify_address: { path: '/v1/async-verify-address', isRepeatable: false },
  compare_user_info: { path: '/v1/compare_user_info', isRepeatable: false },
  id_number_rate_limit_reset: { path: '/v1/id_number_rate_limit_reset', isRepeatable: true },
  products_config: { path: '/v1/products_config', isRepeatable: true },
  valid_documents: { path: '/v1/valid_documents', isRepeatable: true },
  totp_consent: { path: '/v1/totp_consent', isRepeatable: false },
  smart_selfie_enroll: { path: '/v2/smart-selfie-enroll', isRepeatable: false },
  smart_selfie_authentication: { path: '/v2/smart-selfie-authentication', isRepeatable: false },
} satisfies Record<V1Operation, Endpoint>

/**
 * The path of an operation below the root of the API; empty where each call names an address of its own. For
 * v1 and v2: calls of v3 bring all that is known of them.
 */
export function pathOf(operation: Operation): string {
  return ENDPOINTS[operation]!.path ?? ''
}

/** Whether a repeat of the operation, of v1 or v2, bills nothing and uses nothing up. */
export function isRepeatable(operation: Operation): boolean {
  return ENDPOINTS[operation]!.isRepeatable
}

/** How REST clients name themselves. The API reference calls it required, older SDKs leave it out. */
export const SOURCE = { source_sdk: 'rest_api', source_sdk_version: '1.0.0' }
