/** Results of v3, as callbacks and synchronous replies have them. */
import type { JobId } from './shared.ts'

export type VerdictStatus = 'clear' | 'attention' | 'block' | 'error'

/** Known names complete in editors; others are accepted. */
export type Reason =
  | 'document_expired'
  | 'document_copy_detected'
  | 'age_requirement_not_met'
  | 'medium_risk'
  | 'news_media_match'
  | 'information_outdated'
  | 'high_risk'
  | 'account_locked'
  | 'account_locked_fraud'
  | 'face_verification_failed'
  | 'spoof_detected'
  | 'document_check_failed'
  | 'unsupported_document'
  | 'identifier_not_found'
  | 'aml_match_found'
  | 'address_out_of_range'
  | 'name_mismatch'
  | 'no_address_on_record'
  | 'service_unavailable'
  | 'internal_error'
  | 'image_unavailable_or_invalid'
  | 'content_policy_violated'
  | 'document_unclassifiable'
  | 'invalid_id_number'
  | (string & {})

export type Product =
  | 'enhanced_kyc'
  | 'biometric_kyc'
  | 'document_verification'
  | 'enhanced_document_verification'
  | 'residency_document_verification'
  | 'smart_selfie_registration'
  | 'smart_selfie_authentication'
  | 'smart_selfie_compare'
  | 'one_time_aml'
  | 'aml_monitoring'
  | 'aml_monitoring_update'

/** What callbacks and synchronous replies share. `product` is open: `isResultOf` tells. */
export interface Result {
  status: VerdictStatus | 'processing'
  message: string
  reason: Reason | null
  product?: Product | (string & {})
  created_at?: string
  completed_at?: string
  partner_params?: Record<string, string> | null
  kyc_receipt?: string | null
  user_provided_info?: {
    given_names: string | null
    last_name: string | null
    email: string | null
    phone_number: string | null
    [field: string]: unknown
  }
  consent?: Record<string, unknown>
  antifraud?: Antifraud | Record<string, unknown> | null
  device_signals?: Record<string, unknown> | null
  [field: string]: unknown
}

/** Flat in AML, nested elsewhere. */
export interface Antifraud {
  fraud_risk?: {
    risk_level?: 'low' | 'medium' | 'high' | (string & {})
    risk_score?: number
    [field: string]: unknown
  }
  smile_secure?: {
    status?: string
    suspect_users?: { user_id: string; reasons: string[] }[]
    [field: string]: unknown
  }
  summary?: { fraud_detected?: boolean; [field: string]: unknown }
  fraud_risk_level?: string
  fraud_risk_score?: number
  fraud_risk_indicator_groups?: string[]
  [field: string]: unknown
}

/** Missing with `block` and `error`. */
export interface IdFields {
  country?: string | null
  id_type?: string | null
  id_number?: string | null
  first_name?: string | null
  last_name?: string | null
  other_names?: string | null
  full_name?: string | null
  date_of_birth?: string | null
  gender?: string | null
  issuance_date?: string | null
  expiration_date?: string | null
  address?: string | null
  [field: string]: unknown
}

export interface EnhancedKycResult extends Result {
  id_fields?: IdFields | null
}

export interface SelfieResult extends Result {
  /** Links of about a quarter of an hour. */
  image_links?: { selfie_image?: string; [kind: string]: unknown } | null
}

export interface BiometricKycResult extends SelfieResult {
  id_fields?: IdFields | null
}

export interface DocumentResult extends Result {
  image_links?: {
    selfie_image?: string
    id_card_image?: string
    id_card_back_image?: string
    [kind: string]: unknown
  } | null
  id_fields?: IdFields | null
}

export interface ResidencyDocumentResult extends DocumentResult {
  /** Empty with `block` and `error`. */
  additional_documents: {
    image_link?: string | null
    full_name?: string | null
    id_number?: string | null
    issued_at?: string | null
    issuance_date?: string | null
    conditions?: string | null
    document_primary_id?: string | null
    expiry?: { expiry_date?: string | null; expiry_period_in_months?: string | null }
    no_of_entries?: 'single' | 'multiple' | 'other' | null
    [field: string]: unknown
  }[]
}

export type NewsCategory =
  | 'arms_trafficking'
  | 'credit_update'
  | 'environmental_crime'
  | 'financial_crime'
  | 'human_rights_violation'
  | 'leadership_change'
  | 'legal_risk'
  | 'location_change'
  | 'narcotics'
  | 'other'
  | 'other_crime'
  | 'ownership_change'
  | 'product_change'
  | 'regulatory'
  | 'sexual_crime'
  | 'technology_event'
  | 'terrorism'
  | 'violent_crime'

export interface AmlPerson {
  name?: string
  addresses?: Record<string, unknown>[]
  aliases?: Record<string, unknown>[]
  associations?: Record<string, unknown>[]
  dates_of_birth?: Record<string, unknown>[]
  enforcement_actions?: Record<string, unknown>[]
  nationalities?: Record<string, unknown>[]
  sanctions?: Record<string, unknown>[]
  news_summary?: {
    news_category?: NewsCategory | (string & {})
    news_category_label?: string
    number_of_articles?: number
  }[]
  pep?: {
    pep_level?: number | null
    political_positions?: string[]
    sources?: Record<string, unknown>[]
  }
  [field: string]: unknown
}

export interface OneTimeAmlResult extends Result {
  strict_match: boolean
  no_of_persons_found: number
  people: AmlPerson[]
}

/** Not in the specification: `people` and their `reference` are looked for, and need not be there. */
export interface AmlMonitoringResult extends Result {
  people?: (AmlPerson & { reference?: string })[]
}

export interface ResultOf {
  enhanced_kyc: EnhancedKycResult
  biometric_kyc: BiometricKycResult
  document_verification: DocumentResult
  enhanced_document_verification: DocumentResult
  residency_document_verification: ResidencyDocumentResult
  smart_selfie_registration: SelfieResult
  smart_selfie_authentication: SelfieResult
  smart_selfie_compare: SelfieResult
  one_time_aml: OneTimeAmlResult
  aml_monitoring: AmlMonitoringResult
  aml_monitoring_update: AmlMonitoringResult
}

/**
 * A result that came in the reply; the ids are of its headers, since the bodies of some products have none.
 */
export type Inline<R extends Result> = R & { status: VerdictStatus; job_id: JobId; user_id: string }
