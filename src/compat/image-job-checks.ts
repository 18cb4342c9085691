/** What smile-identity-core 3.2.1 refuses of an image job, in its order and in its words. */
import { type Members, membersOf } from '../input/objects.ts'
import { isArray } from '../platform/realms.ts'
import { type ImageKind, IMAGE_TYPES } from '../wire/jobs.ts'
import { textOf } from './arguments.ts'
import { isEmpty } from './checks.ts'
import { mistake } from './mistake.ts'

export interface GivenImageJob {
  jobType: number
  images: unknown
  idInfo: Members
  options: Members
  callbackUrl: unknown
}

export interface Flags {
  return_job_status: boolean
  return_history: boolean
  return_images: boolean
  use_enrolled_image: boolean
}

/** Of all of an image job but what its images hold. `entered`: whether an ID number is to be looked up. */
export function checkImageJob(job: GivenImageJob): { entered: boolean; flags: Flags } {
  const { jobType, images, idInfo, options, callbackUrl } = job
  const entered = checkIdInfo(jobType, idInfo)
  const flags = checkFlags(options)
  checkSelfie(jobType, images, flags)
  const hasCallback = typeof callbackUrl === 'string' && callbackUrl !== ''
  if (!hasCallback && !flags.return_job_status) {
    throw mistake(
      'options.optional_callback',
      'Please choose to either get your response via the callback or job status query',
    )
  }
  checkCard(jobType, images, { entered })
  // Last, since the original said nothing here.
  if (Number.isNaN(jobType)) {
    throw mistake('partner_params.job_type', 'job_type needs to be a number', 'wrong_type')
  }
  return { entered, flags }
}

function checkIdInfo(jobType: number, idInfo: Members): boolean {
  const entered = textOf(idInfo.entered ?? false)
  if (entered !== 'true' && entered !== 'false') {
    throw mistake(
      'id_info.entered',
      'Please make sure that idInfo.entered is either true, false, or undefined',
      'wrong_type',
    )
  }
  const needed = entered === 'true' ? ['country', 'id_type', 'id_number'] : neededWithoutLookup(jobType)
  for (const name of needed) {
    if (isEmpty(idInfo[name])) {
      throw mistake(`id_info.${name}`, `Please make sure that ${name} is included in the id_info`)
    }
  }
  return entered === 'true'
}

function neededWithoutLookup(jobType: number): string[] {
  if (jobType === 6) return ['country']
  if (jobType === 11) return ['country', 'id_type']
  return []
}

function checkFlags(options: Members): Flags {
  const { return_image_links, return_images = return_image_links } = options
  const { return_job_status, return_history, use_enrolled_image } = options
  const given = { return_job_status, return_history, return_images, use_enrolled_image }
  for (const [name, value] of Object.entries(given)) {
    if (value && typeof value !== 'boolean') {
      throw mistake(`options.${name}`, `${name} needs to be a boolean`, 'wrong_type')
    }
  }
  return {
    return_job_status: Boolean(return_job_status),
    return_history: Boolean(return_history),
    return_images: Boolean(return_images),
    use_enrolled_image: Boolean(use_enrolled_image),
  }
}

function checkSelfie(jobType: number, images: unknown, { use_enrolled_image }: Flags): void {
  if (!images) throw mistake('image_details', 'Please ensure that you send through image details')
  if (!isArray(images)) {
    throw mistake('image_details', 'Image details needs to be an array', 'wrong_type')
  }
  const isOnFile = use_enrolled_image && isDocumentJob(jobType)
  if (!isOnFile && !hasImage(images, 'selfie')) {
    throw mistake('image_details', 'You need to send through at least one selfie image')
  }
}

function checkCard(jobType: number, images: unknown, { entered }: { entered: boolean }): void {
  if (hasImage(images, 'front')) return
  if (jobType === 1 && !entered) {
    throw mistake(
      'image_details',
      'You are attempting to complete a job type 1 without providing an id card image or id info',
    )
  }
  if (isDocumentJob(jobType)) {
    throw mistake(
      'image_details',
      'You are attempting to complete a Document Verification job without providing an id card image',
    )
  }
}

function isDocumentJob(jobType: number): boolean {
  return jobType === 6 || jobType === 11
}

function hasImage(images: unknown, kind: ImageKind): boolean {
  return (images as unknown[]).some((image) => {
    const { image_type_id } = membersOf(image)
    return IMAGE_TYPES[kind].includes(Number(image_type_id ?? NaN))
  })
}
