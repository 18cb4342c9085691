/** Jobs of the v1 API: how they are named, their types, and their images. */

/** Names a job: submissions return it, status calls take it, errors carry it. */
export interface JobRef {
  user_id: string
  job_id: string
}

/** A copy of the ids alone: the caller's object may change while a call is on its way. */
export function jobRef({ user_id, job_id }: JobRef): JobRef {
  return { user_id, job_id }
}

/**
 * The number of each job type, as a literal type, which survives in a variable:
 * `{ …, job_type: JOB_TYPE.DOCUMENT_VERIFICATION }`.
 */
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

/** The `image_type_id` of each kind: as a file of the zip, and as base64 within info.json. */
export const IMAGE_TYPES: Readonly<Record<ImageKind, readonly [file: number, inline: number]>> = {
  selfie: [0, 2],
  liveness: [4, 6],
  front: [1, 3],
  back: [5, 7],
}

/** What a job of images needs beside a selfie. */
export interface ImageJobNeeds {
  /** Whether images of an ID card are needed. `'or_number'`: unless an ID number is looked up instead. */
  card: 'needed' | 'or_number' | 'unused'
  /** Members of `id_info` that are required. Where this is absent, there may be no `id_info` at all. */
  idInfo?: readonly string[]
  /** Whether the selfie on file may be used instead of a new one. */
  enrolledImage?: boolean
  /** Whether the job enrols a new user. */
  enrols?: boolean
}

/** The needs of each job type with images. */
export function imageJobs(): Readonly<Record<number, ImageJobNeeds>> {
  return {
    [JOB_TYPE.BIOMETRIC_KYC]: { card: 'or_number', idInfo: [], enrols: true },
    [JOB_TYPE.SMART_SELFIE_AUTHENTICATION]: { card: 'unused' },
    [JOB_TYPE.SMART_SELFIE_REGISTRATION]: { card: 'unused', enrols: true },
    [JOB_TYPE.DOCUMENT_VERIFICATION]: {
      card: 'needed',
      idInfo: ['country'],
      enrolledImage: true,
      enrols: true,
    },
    [JOB_TYPE.UPDATE_PHOTO]: { card: 'unused' },
    [JOB_TYPE.ENHANCED_DOCUMENT_VERIFICATION]: {
      card: 'needed',
      idInfo: ['country', 'id_type'],
      enrolledImage: true,
      enrols: true,
    },
  }
}

/** The largest image that Smile ID's documentation allows: 10 MB. */
export const MAX_IMAGE_BYTES = 10_000_000

/** The code in a reply to `upload`: the job is prepared. */
export const PREPARED = '2202'

/** The code in a job status: no zip was received. */
export const NO_ZIP = '2314'

/**
 * The parameters of a job, which its result repeats, extra members included.
 *
 * `job_id` is the nearest thing to an idempotency key: derive it from a record of yours, and a repeat fails
 * with `job_exists`. `job_type` may be left out wherever the function implies it; another one does not
 * compile.
 */
export interface PartnerParams<T extends number = number> extends JobRef {
  job_type?: T | undefined
  /** Sandbox only: the result is approved (`'0'`), rejected (`'1'`) or provisional (`'2'`). */
  sandbox_result?: '0' | '1' | '2' | undefined
  [extra: string]: any
}

export interface WithCallback {
  /** Where the result is sent; without any, it would be lost. @default the client's `callbackUrl` */
  callback_url?: string | undefined
}

/** A job that was accepted. Its result comes by callback. */
export interface SubmittedJob extends JobRef {
  success: true
}

/** Options of jobs that enrol a user. */
export interface Enrolment {
  /** Whether an id may be enrolled again. Known only from Smile ID's Android client. */
  allow_new_enroll?: boolean | undefined
}
