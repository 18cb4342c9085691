/** What image jobs are made of, member by member. What depends on several of them is in check.ts. */
import { requestOptionEntries } from '../client/input.ts'
import type { RequestOptions } from '../client/internals.ts'
import {
  type ConsentInformation,
  consentInformation,
  type IdInfo,
  partnerParamEntries,
} from '../id-verification/input.ts'
import type { Members } from '../input/objects.ts'
import { anything, callable, flag, milliseconds, must } from '../input/rules.ts'
import {
  allOf,
  elsewhere,
  json,
  listOf,
  objectOf,
  once,
  openObjectOf,
  optional,
  recordOf,
} from '../input/schema.ts'
import type { PhotoSource } from '../photo/read.ts'
import type { Country, IdType } from '../wire/id-types.ts'
import type { Enrolment, PartnerParams, WithCallback } from '../wire/jobs.ts'

/** By kind: JPEG or PNG of at most 10,000,000 bytes each. All travel as files, whatever they are here. */
export interface SelfieImages {
  selfie: PhotoSource
  liveness?: readonly PhotoSource[] | undefined
}

export interface DocumentImages {
  front: PhotoSource
  back?: PhotoSource | undefined
}

type Optional<T> = { [name in keyof T]?: T[name] | undefined }

/** The selfie on file, or a fresh one: the compiler names what the last member lacks. */
export type DocumentJob =
  | { use_enrolled_image: true; images: Optional<SelfieImages> & DocumentImages }
  | { use_enrolled_image?: false | undefined; images: SelfieImages & DocumentImages }

export interface WithConsent {
  consent_information?: ConsentInformation | undefined
}

/** What each job type needs, as far as types can say it. */
export interface ImageJobParts {
  /** Biometric KYC: a document's front, or `id_info` with a number to look up. */
  1: { images: SelfieImages & Optional<DocumentImages>; id_info?: Partial<IdInfo> | undefined } & Enrolment &
    WithConsent
  /** SmartSelfie authentication. */
  2: { images: SelfieImages }
  /** SmartSelfie registration. */
  4: { images: SelfieImages } & Enrolment
  /** Document verification. */
  6: DocumentJob & { id_info: Partial<IdInfo> & { country: Country } } & Enrolment & WithConsent
  /** Update of the photo on file. */
  8: { images: SelfieImages }
  /** Enhanced document verification. */
  11: DocumentJob & { id_info: Partial<IdInfo> & { country: Country; id_type: IdType } } & Enrolment &
    WithConsent
}

export type ImageJobType = keyof ImageJobParts

export interface Reopening {
  /**
   * Opens a job that exists (2215) once more: say so only for a job of your own whose images never arrived
   * (its status has code 2314), since it would run a second time.
   */
  retry?: boolean | undefined
}

export type ImageJob<T extends ImageJobType = ImageJobType> = {
  partner_params: PartnerParams<T> & { job_type: T }
} & WithCallback &
  Reopening &
  ImageJobParts[T]

/** Bytes of one attempt to upload the zip. */
export interface UploadProgress {
  sentBytes: number
  totalBytes: number
}

export interface SubmitOptions extends RequestOptions {
  /** Milliseconds per attempt to upload. @default the client's, 120_000 */
  uploadTimeoutMs?: number | undefined
  /**
   * Says that you will ask for the result, by `waitForJob` or later; without a callback URL it would be lost
   * otherwise. @default false
   */
  willWait?: boolean | undefined
  /**
   * Bytes of the zip handed over for sending; begins anew with each attempt. In Deno and browsers, and below
   * 128 kB, it is called at the end alone.
   */
  onProgress?: ((progress: UploadProgress) => void) | undefined
}

/** The job type is looked at apart: what else is needed depends on it. */
export const imageJobParams = /* @__PURE__ */ once(() =>
  openObjectOf<PartnerParams>({ ...partnerParamEntries(), job_type: optional(anything()) }),
)

/** No limit is documented; clients send some eight. */
export const MAX_FRAMES = 100
export const FRAMES_MESSAGE = `must be a list of at most ${MAX_FRAMES} images`

export const livenessFrames = /* @__PURE__ */ once(() => listOf(anything<PhotoSource>(), FRAMES_MESSAGE))

/** All members but the images, as JSON has them. */
export const imageJobAsJson = /* @__PURE__ */ once(() =>
  recordOf<Members>(optional(allOf(must(isData, NOT_JSON), json())), { images: elsewhere() }),
)

const NOT_JSON = 'cannot be written as JSON'

/** JSON would leave such members out, and nobody would know. */
function isData(value: unknown): boolean {
  return typeof value !== 'function' && typeof value !== 'symbol'
}

/** The images themselves are read apart. */
export const imagesOfAllKinds = /* @__PURE__ */ once(() =>
  objectOf<Optional<SelfieImages & DocumentImages>>({
    selfie: elsewhere(),
    liveness: elsewhere(),
    front: elsewhere(),
    back: elsewhere(),
  }),
)

export const optionalConsent = /* @__PURE__ */ once(() => optional(consentInformation()))

type MemberOfAny<Job> = Job extends unknown ? keyof Job : never

/** Every member that jobs of some type have. */
export const imageJobMembers = /* @__PURE__ */ once(() =>
  objectOf<Partial<Record<MemberOfAny<ImageJob>, unknown>>>({
    partner_params: elsewhere(),
    images: elsewhere(),
    id_info: elsewhere(),
    consent_information: elsewhere(),
    callback_url: elsewhere(),
    use_enrolled_image: optional(flag()),
    allow_new_enroll: optional(flag()),
    retry: optional(flag()),
  }),
)

export const submitOptions = /* @__PURE__ */ once(() =>
  objectOf<SubmitOptions>({
    ...requestOptionEntries(),
    uploadTimeoutMs: optional(milliseconds(1)),
    willWait: optional(flag()),
    onProgress: optional(callable()),
  }),
)
