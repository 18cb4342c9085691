/** Where the operations of v3 are, and what is known of each. */
import type { V3Operation } from '../../wire/v3-operations.ts'
import type { TokenProduct } from './shared.ts'

export interface V3Endpoint {
  /** Below the root of the API; a name in braces stands for a parameter. */
  path: string
  /** @default 'POST' */
  method?: 'GET'
  /** A repeat bills nothing and uses nothing up. @default false */
  isRepeatable?: boolean
  /** The product to which a token for it can be bound. Without one, the token must be bound to none. */
  product?: TokenProduct
  /** Anybody may ask, without a token. @default false */
  isPublic?: boolean
}

const READ = { method: 'GET', isRepeatable: true } as const
const PUBLIC = { ...READ, isPublic: true } as const

export const ENDPOINTS: Readonly<Record<V3Operation, V3Endpoint>> = {
  'v3/token': { path: '/v3/token', isRepeatable: true, isPublic: true },
  'v3/enhanced_kyc': { path: '/v3/enhanced_kyc', product: 'enhanced_kyc' },
  'v3/enhanced_kyc/sync': { path: '/v3/enhanced_kyc/sync', product: 'enhanced_kyc' },
  'v3/biometric_kyc': { path: '/v3/biometric_kyc', product: 'biometric_kyc' },
  'v3/document_verification': { path: '/v3/document_verification', product: 'document_verification' },
  'v3/enhanced_document_verification': {
    path: '/v3/enhanced_document_verification',
    product: 'enhanced_document_verification',
  },
  // The list of products has none for it.
  'v3/residency_document_verification': { path: '/v3/residency_document_verification' },
  'v3/registration': { path: '/v3/registration', product: 'smart_selfie_registration' },
  'v3/authentication': { path: '/v3/authentication', product: 'smart_selfie_authentication' },
  'v3/compare': { path: '/v3/compare', product: 'smart_selfie_compare' },
  'v3/aml': { path: '/v3/aml', product: 'one_time_aml' },
  // Under an idempotency key.
  'v3/aml/sync': { path: '/v3/aml/sync', product: 'one_time_aml', isRepeatable: true },
  'v3/aml/monitoring': { path: '/v3/aml/monitoring', product: 'aml' },
  'v3/aml/monitoring/news': { path: '/v3/aml/monitoring/{job_id}/news/{reference}', ...READ },
  'v3/address': { path: '/v3/address', product: 'address_verification' },
  'v3/status': { path: '/v3/status/{job_id}', ...READ },
  'v3/replay': { path: '/v3/replay/{job_id}' },
  'v3/users/report_fraud': { path: '/v3/users/{user_id}/report_fraud' },
  // Creates; what there is, is read under its id.
  'v3/smile_links': { path: '/v3/smile_links' },
  'v3/services/bank_codes': { path: '/v3/services/bank_codes', ...PUBLIC },
  'v3/services/supported_id_types': { path: '/v3/services/supported_id_types', ...PUBLIC },
  'v3/services/supported_documents': { path: '/v3/services/supported_documents', ...PUBLIC },
  'v3/services/id_status': { path: '/v3/services/id_status', ...READ },
  // Each call says where.
  'v3/other': { path: '' },
}
