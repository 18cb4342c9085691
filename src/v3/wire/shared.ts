/** Members that many inputs and replies of v3 share, as its entries export them. */
import type { PhotoSource } from '../../photo/source.ts'
import type { SupportedIdTypes } from './services.ts'

/** Made by the service. Where one is asked for, text will do: ids of v1 are refused at run time. */
export type JobId = `job_${string}`

/** Whether the service may have made it: ids in its replies are not looked at more closely. */
export function isJobId(id: unknown): id is JobId {
  return typeof id === 'string' && /^job_\w{1,64}$/.test(id)
}

/** What a person agreed to. All four, on every verification. */
export interface Consent {
  granted: true
  /** When the person agreed, not when you send; ISO 8601 with a zone. A future moment is refused. */
  granted_at: string | Date
  /** Two letters; sent in upper case. */
  notice_language: string
  /** https. */
  notice_privacy_policy_url: string
}

/** `phone_number`: E.164. One of the two contacts at least. */
export type UserDetails = { given_names: string; last_name: string } & (
  | { email: string; phone_number?: string | null | undefined }
  | { email?: string | null | undefined; phone_number: string }
)

/**
 * Texts alone, and the only reference of your own: the job id is made by the service. Echoed in callbacks.
 */
export type PartnerParams = Readonly<Record<string, string>>

export interface Metadata {
  /** At most 100 characters. */
  name: string
  /** At most 1000. */
  value: string
}

/** What every verification takes. */
export interface Verification {
  consent: Consent
  user_details: UserDetails
  /** @default one that the service makes: see the reply's */
  user_id?: string | undefined
  /** https, on an allowed domain. @default the token's, the client's `callbackUrl`, the portal's */
  callback_url?: string | undefined
  partner_params?: PartnerParams | undefined
  metadata?: readonly Metadata[] | undefined
}

/** The number of an ID. */
export interface IdNumber {
  /** ISO 3166-1 alpha-2. */
  country: string
  id_type: string
  id_number: string
}

/**
 * Sandbox accounts alone. Which numbers exist is not published; examples are codes of v1 (840, 1220).
 */
export interface WithSandboxResult {
  sandbox_result?: number | undefined
}

/** JPEG alone. */
export interface Selfie {
  selfie_image: PhotoSource
  /** Six to eight frames of a capture SDK. */
  liveness_images: readonly PhotoSource[]
}

/** Taken on, nothing more: the verdict comes by callback or `waitForVerdict`. */
export interface Accepted {
  status: 'accepted'
  message: string
  job_id: JobId
  user_id: string
  [field: string]: unknown
}

export interface AcceptedJob extends Accepted {
  created_at: string
}

/** Checked before anything is sent: the ID type exists in the country, and one of its formats fits. */
export interface CheckOptions {
  /** The reply of `getSupportedIdTypes`. */
  idTypes?: SupportedIdTypes | undefined
}

/** What a token can be bound to. */
export type TokenProduct =
  | 'aml'
  | 'basic_kyc'
  | 'one_time_aml'
  | 'biometric_kyc'
  | 'address_verification'
  | 'document_verification'
  | 'enhanced_document_verification'
  | 'enhanced_kyc'
  | 'phone_number_verification'
  | 'smart_selfie_authentication'
  | 'smart_selfie_registration'
  | 'smart_selfie_compare'
