/** What an image job is made of, and what can be wrong with it before anything is sent. */
import { issue, missing, wrongType } from '../errors/issues.ts'
import { callbackIssues } from '../client/addresses.ts'
import type { ClientInternals } from '../client/internals.ts'
import {
  type ConsentInformation,
  consentIssues,
  idIssues,
  type IdInfo,
  lookupNeeds,
  paramsIssues,
} from '../id-verification/input.ts'
import type { Country, IdType } from '../wire/id-types.ts'
import type { PhotoSource } from '../photo/read.ts'
import { members, own } from '../input/objects.ts'
import { FLAG, memberIssues } from '../input/rules.ts'
import type { InputIssue } from '../errors/codes.ts'
import {
  type ImageKind,
  IMAGE_TYPES,
  imageJobs,
  type PartnerParams,
  type WithCallback,
  type Enrolment,
} from '../wire/jobs.ts'

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

/** A fresh selfie, or the one on file. */
export type DocumentJob =
  | { use_enrolled_image?: false | undefined; images: SelfieImages & DocumentImages }
  | { use_enrolled_image: true; images: Optional<SelfieImages> & DocumentImages }

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

/** No limit is documented; clients send some eight. */
const MAX_FRAMES = 100

/** An image as it will be: in which place of the input it stands, and what the wire calls its kind. */
export interface PlacedImage {
  path: string
  kind: ImageKind
  /** Among several of a kind, from 1. */
  number?: number
  source: unknown
}

/** The images that are there or must be, in the wire's order. */
export function placedImages(job: unknown): PlacedImage[] {
  const given = members(job)
  const images = members(given.images)
  const needs = needsOf(job)
  const needed = (kind: ImageKind) =>
    kind === 'selfie'
      ? given.use_enrolled_image !== true
      : kind === 'front' && (needs?.card === 'needed' || (needs?.card === 'or_number' && !looksUp(job)))
  return (Object.keys(IMAGE_TYPES) as ImageKind[]).flatMap((kind): PlacedImage[] => {
    const path = `images.${kind}`
    const value = images[kind]
    if (kind === 'liveness')
      return Array.from(Array.isArray(value) ? value.slice(0, MAX_FRAMES) : [], (source: unknown, index) => ({
        path: `${path}[${index}]`,
        kind,
        number: index + 1,
        source: source ?? null,
      }))
    return value !== undefined || needed(kind) ? [{ path, kind, source: value }] : []
  })
}

/** Whether an ID number is looked up, which the wire calls "entered". */
export function looksUp(job: unknown): boolean {
  const given = members(job)
  const { entered, id_number, session_id } = members(given.id_info)
  return typeof entered === 'boolean'
    ? entered
    : (id_number ?? session_id) !== undefined && needsOf(job)?.card === 'or_number'
}

function needsOf(job: unknown) {
  const { job_type } = members(members(job).partner_params)
  return typeof job_type === 'number' ? own(imageJobs(), `${job_type}`) : undefined
}

/** All but what is wrong with the images themselves. */
export function imageJobIssues(internals: ClientInternals, job: unknown, willWait: boolean): InputIssue[] {
  const given = members(job)
  const { job_type } = members(given.partner_params)
  const needs = needsOf(job)
  const issues = paramsIssues(given.partner_params)
  const refuse = (path: string, message: string) => issues.push(issue(path, 'not_allowed', message))
  if (job_type === undefined) issues.push(missing('partner_params.job_type'))
  else if (!needs) refuse('partner_params.job_type', whatTakes(job_type))

  const images = members(given.images)
  if (given.images !== undefined && images !== given.images)
    issues.push(wrongType('images', 'must be an object of images by kind'))
  issues.push(...memberIssues(images, {}, 'images.', Object.keys(IMAGE_TYPES)))
  const { liveness = [] } = images
  if (!Array.isArray(liveness) || liveness.length > MAX_FRAMES)
    issues.push(wrongType('images.liveness', `must be a list of at most ${MAX_FRAMES} images`))
  if (needs?.card === 'unused')
    for (const kind of ['front', 'back'])
      if (images[kind] !== undefined) refuse(`images.${kind}`, `is not used by job type ${job_type}`)

  if (needs) {
    const unused = `is not used by job type ${job_type}`
    if (given.use_enrolled_image === true && !needs.enrolledImage) refuse('use_enrolled_image', unused)
    if (given.allow_new_enroll === true && !needs.enrols) refuse('allow_new_enroll', unused)
    for (const name of ['id_info', 'consent_information'])
      if (given[name] !== undefined && !needs.idInfo) refuse(name, unused)
  }
  if (needs?.idInfo) {
    const info = members(given.id_info)
    if (given.id_info !== undefined && info !== given.id_info)
      issues.push(wrongType('id_info', 'must be an object'))
    issues.push(
      ...idIssues(info, looksUp(job) ? lookupNeeds(info) : needs.idInfo),
      ...consentIssues(given.consent_information),
    )
  }
  issues.push(
    ...memberIssues(given, { use_enrolled_image: FLAG, allow_new_enroll: FLAG, retry: FLAG }, '', [
      'partner_params',
      'images',
      'id_info',
      'consent_information',
      'callback_url',
    ]),
    ...callbackIssues(internals, given.callback_url, !willWait),
  )
  return issues
}

function whatTakes(jobType: unknown): string {
  const lookups =
    jobType === 5 ? 'verifyId and submitId' : jobType === 7 ? 'verifyBusiness and submitBusiness' : undefined
  return lookups
    ? `is a lookup: ${lookups} of smileid-edge/id-verification are for it`
    : `must be one of ${Object.keys(imageJobs()).join(', ')}`
}
