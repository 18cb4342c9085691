/** Shapes of what the v1 API replies, as types alone. */
import type { JobRef } from './jobs.ts'

/** The code of a result. Known ones complete in editors, others are accepted. */
export type ResultCode =
  | '0001'
  | '0810'
  | '0814'
  | '0840'
  | '0903'
  | '0907'
  | '1012'
  | '1013'
  | '1014'
  | '1015'
  | '1016'
  | '1020'
  | '1021'
  | '1022'
  | '1023'
  | '1030'
  | '1210'
  | (string & {})

export type ActionName =
  | 'Register_Selfie'
  | 'Selfie_Check'
  | 'Selfie_Provided'
  | 'Liveness_Check'
  | 'Verify_ID_Number'
  | 'Return_Personal_Info'
  | 'Selfie_To_ID_Authority_Compare'
  | 'Selfie_To_ID_Card_Compare'
  | 'Selfie_To_Registered_Selfie_Compare'
  | 'Update_Registered_Selfie_On_File'
  | 'Human_Review_Compare'
  | 'Human_Review_Liveness_Check'
  | 'Human_Review_Selfie_Check'
  | 'Human_Review_Update_Selfie'
  | 'Document_Check'
  | 'Human_Review_Document_Check'
  | 'Verify_Document'
  | 'Verify_Business'
  | 'Return_Business_Info'
  | 'Listed'

export type ActionValue =
  | 'Passed'
  | 'Completed'
  | 'Approved'
  | 'Verified'
  | 'Provisionally Approved'
  | 'Returned'
  | 'Not Returned'
  | 'Failed'
  | 'Rejected'
  | 'Under Review'
  | 'Not Applicable'
  | 'Exact Match'
  | 'Partial Match'
  | 'Transposed'
  | 'No Match'
  | 'Not Provided'
  | 'Listed'
  | 'Not Listed'
  | 'Unable To Determine'
  | 'Not Verified'
  | 'Not Done'
  | 'Issuer Unavailable'
  | 'ID Authority Photo Not Available'
  | 'Sent to Human Review'
  | (string & {})

/** What all results share. Booleans come as texts, missing texts as `"Not Available"` or `"N/A"`. */
export interface AnyResult {
  ResultCode: ResultCode
  ResultText: string
  SmileJobID: string
  PartnerParams: JobRef & { job_type?: number | string; [extra: string]: unknown }
  Actions?: { [name in ActionName]?: ActionValue } & { [name: string]: ActionValue | undefined }
  ResultType?: string
  IsFinalResult?: string
  ConfidenceValue?: string
  [field: string]: unknown
}

/** The signature of a direct reply, which is checked before you see the reply. */
export interface SignedReply {
  timestamp: string
  signature: string
}

/** The reply to a backfill. The server makes `PartnerParams.job_id`. */
export interface BackfillResult extends AnyResult, SignedReply {}

/** What is known of the holder of an ID. */
export interface IdFields {
  Country?: string
  IDType?: string
  IDNumber?: string
  FullName?: string
  DOB?: string
  Gender?: string
  ExpirationDate?: string
  Address?: string
  PhoneNumber?: string
  PhoneNumber2?: string
  Secondary_ID_Number?: string
  Photo?: string
  Document?: string
  FullData?: unknown
  IDNumberPreviouslyRegistered?: boolean
  UserIDsOfPreviousRegistrants?: string[]
}

/** The reply to an ID lookup. Missing texts come as `"Not Available"` (see `known`). */
export interface IdResult extends AnyResult, SignedReply, IdFields {}

/** The reply to a business lookup. Missing texts come as `"N/A"`. */
export interface BusinessResult extends AnyResult, SignedReply {
  company_information?: Record<string, unknown>
  directors?: unknown[]
  beneficial_owners?: unknown[]
  fiduciaries?: unknown[]
  proprietors?: unknown[]
  documents?: Record<string, unknown>
}

/** The reply to a screening. Who was found is in `people`. */
export interface AmlResult extends AnyResult, SignedReply {
  no_of_persons_found?: number
  people?: Record<string, unknown>[]
}

/** The result of an image job, or of any job as its status or a callback has it. */
export interface JobResult extends AnyResult, IdFields {
  Antifraud?: Record<string, unknown>
  KYCReceipt?: string
}

/** The reply to a status call. */
export interface JobStatus extends SignedReply {
  job_complete: boolean
  job_success?: boolean
  /** The status of this call, not of the job. */
  code: string
  /** A text as long as nothing was processed, such as `"No zip file received"`. */
  result?: JobResult | string | null
  history?: JobResult[]
  image_links?: { selfie_image?: string; error?: string; [kind: string]: unknown }
  kyc_receipt?: string
  kyb_receipt?: string
  [field: string]: unknown
}
