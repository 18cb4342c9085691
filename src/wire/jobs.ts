/** Jobs of the v1 API: their types, their images, and what names them. */

/** What names a job: submissions return it, status calls take it, errors carry it. */
export interface JobRef {
  user_id: string
  job_id: string
}

/** The ids alone, and as they are now: the caller's object may change while a call is on its way. */
export function jobRef({ user_id, job_id }: JobRef): JobRef {
  return { user_id, job_id }
}

/** Literal types survive in a variable: `{ …, job_type: JOB_TYPE.DOCUMENT_VERIFICATION }`. */
export const JOB_TYPE = {
  BIOMETRIC_KYC: 1,
  SMART_SELFIE_AUTHENTICATION: 2,
  SMART_SELFIE_REGISTRATION: 4,
  BASIC_KYC: 5,
  ENHANCED_KYC: 5,
  DOCUMENT_VERIFICATION: 6,
  BUSINESS_VERIFICATION: 7,
  UPDATE_PHOTO: 8,
  COMPARE_USER_INFO: 9,
  ENHANCED_DOCUMENT_VERIFICATION: 11,
} as const

export type ImageKind = 'selfie' | 'liveness' | 'front' | 'back'

/** `image_type_id` of each kind: as a file of the zip, and inline. */
export const IMAGE_TYPES: Readonly<Record<ImageKind, readonly [file: number, inline: number]>> = {
  selfie: [0, 2],
  liveness: [4, 6],
  front: [1, 3],
  back: [5, 7],
}

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

/**
 * `job_id` is the nearest thing to an idempotency key: derive it from a record of yours; a repeat answers
 * `job_exists`. `job_type` may be left out wherever the function implies it; another one does not compile.
 * Extra members are echoed in results.
 */
export interface PartnerParams<T extends number = number> extends JobRef {
  job_type?: T | undefined
  /** Sandbox only: approved, rejected or provisional. */
  sandbox_result?: '0' | '1' | '2' | undefined
  [extra: string]: any
}

export interface WithCallback {
  /** @default the client's `callbackUrl`; one of them is needed, or the result would be lost */
  callback_url?: string | undefined
}

/** Taken on; the result comes by callback. */
export interface SubmittedJob extends JobRef {
  success: true
}

/** For jobs that enrol a user. */
export interface Enrolment {
  /** Lets an id be enrolled again; named by Smile ID's Android client alone. */
  allow_new_enroll?: boolean | undefined
}
