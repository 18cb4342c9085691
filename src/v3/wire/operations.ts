/** Where the operations of v3 are, and what is known of each; who needs one has no other in the bundle. */
import type { V1ApiCode, V3ApiCode } from '../../errors/codes.ts'
import type { V3Operation } from '../../wire/v3-operations.ts'
import type { TokenProduct } from './shared.ts'

export interface V3Endpoint {
  operation: V3Operation
  /** Below the root of the API; a name in braces stands for a parameter. @default the operation's name */
  path?: string
  /** @default 'POST' */
  method?: 'GET'
  /** A repeat bills nothing and uses nothing up. @default false */
  isRepeatable?: boolean
  /** The product to which a token for it can be bound. Without one, the token must be bound to none. */
  product?: TokenProduct
  /** Anybody may ask, without a token. @default false */
  isPublic?: boolean
  /** Statuses that mean something of their own here. */
  codes?: Readonly<Record<number, V1ApiCode | V3ApiCode>>
  /** What is left to do when nobody knows whether it was done. @default the callback tells */
  ifLost?: string
}

const NUMBER_BLOCKED = { 429: 'id_number_blocked' } as const
const NO_USER = { 404: 'user_not_found' } as const
const NO_JOB = { 404: 'job_not_found' } as const
const LOOK_FIRST = 'It may have been done: look at what became of it before you send it again.'

export const TOKEN: V3Endpoint = { operation: 'v3/token', isRepeatable: true }

export const ENHANCED_KYC: V3Endpoint = {
  operation: 'v3/enhanced_kyc',
  product: 'enhanced_kyc',
  codes: NUMBER_BLOCKED,
}
export const ENHANCED_KYC_SYNC: V3Endpoint = {
  operation: 'v3/enhanced_kyc/sync',
  product: 'enhanced_kyc',
  codes: { ...NUMBER_BLOCKED, 408: 'provider_timeout', 424: 'authority_unavailable' },
  ifLost:
    'It may have been billed, and without its job id there is no way to ask. Sent again, it is billed anew.',
}
export const BIOMETRIC_KYC: V3Endpoint = {
  operation: 'v3/biometric_kyc',
  product: 'biometric_kyc',
  codes: NUMBER_BLOCKED,
}

export const DOCUMENT_VERIFICATION: V3Endpoint = {
  operation: 'v3/document_verification',
  product: 'document_verification',
}
export const ENHANCED_DOCUMENT_VERIFICATION: V3Endpoint = {
  operation: 'v3/enhanced_document_verification',
  product: 'enhanced_document_verification',
}
/** The list of products has none for it. */
export const RESIDENCY_DOCUMENT_VERIFICATION: V3Endpoint = {
  operation: 'v3/residency_document_verification',
}

export const REGISTRATION: V3Endpoint = {
  operation: 'v3/registration',
  product: 'smart_selfie_registration',
}
export const AUTHENTICATION: V3Endpoint = {
  operation: 'v3/authentication',
  product: 'smart_selfie_authentication',
}
export const COMPARE: V3Endpoint = { operation: 'v3/compare', product: 'smart_selfie_compare' }

export const AML: V3Endpoint = { operation: 'v3/aml', product: 'one_time_aml', codes: NO_USER }
/** Repeatable, since it goes out under an idempotency key. */
export const AML_SYNC: V3Endpoint = {
  operation: 'v3/aml/sync',
  product: 'one_time_aml',
  isRepeatable: true,
  codes: { ...NO_USER, 408: 'provider_timeout' },
}
export const AML_MONITORING: V3Endpoint = {
  operation: 'v3/aml/monitoring',
  product: 'aml',
  codes: NO_USER,
}
export const AML_NEWS: V3Endpoint = {
  operation: 'v3/aml/monitoring/news',
  path: '/v3/aml/monitoring/{job_id}/news/{reference}',
  method: 'GET',
  isRepeatable: true,
  codes: { 404: 'news_not_found' },
}

export const ADDRESS: V3Endpoint = { operation: 'v3/address', product: 'address_verification' }

export const STATUS: V3Endpoint = {
  operation: 'v3/status',
  path: '/v3/status/{job_id}',
  method: 'GET',
  isRepeatable: true,
  codes: NO_JOB,
}
export const REPLAY: V3Endpoint = {
  operation: 'v3/replay',
  path: '/v3/replay/{job_id}',
  codes: { ...NO_JOB, 409: 'job_running' },
  ifLost: 'The callback may be sent again, or not: receivers of callbacks take repeats.',
}

export const REPORT_FRAUD: V3Endpoint = {
  operation: 'v3/users/report_fraud',
  path: '/v3/users/{user_id}/report_fraud',
  codes: NO_USER,
  ifLost: LOOK_FIRST,
}

export const CREATE_SMILE_LINK: V3Endpoint = {
  operation: 'v3/smile_links',
  codes: { 409: 'link_user_taken' },
  ifLost: LOOK_FIRST,
}
export const GET_SMILE_LINK: V3Endpoint = {
  operation: 'v3/smile_links',
  path: '/v3/smile_links/{ref_id}',
  method: 'GET',
  isRepeatable: true,
  codes: { 404: 'link_not_found' },
}

export const BANK_CODES: V3Endpoint = {
  operation: 'v3/services/bank_codes',
  method: 'GET',
  isRepeatable: true,
  isPublic: true,
}
export const SUPPORTED_ID_TYPES: V3Endpoint = {
  operation: 'v3/services/supported_id_types',
  method: 'GET',
  isRepeatable: true,
  isPublic: true,
}
export const SUPPORTED_DOCUMENTS: V3Endpoint = {
  operation: 'v3/services/supported_documents',
  method: 'GET',
  isRepeatable: true,
  isPublic: true,
}
export const ID_STATUS: V3Endpoint = {
  operation: 'v3/services/id_status',
  method: 'GET',
  isRepeatable: true,
}
