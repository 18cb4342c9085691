/**
 * What smile-identity-core 3.2.1 refuses, in its order and in its words: the first mistake alone, as old code
 * and its tests expect.
 */
import type { SmileIdInputError } from '../errors/classes.ts'
import { inputError, issue } from '../errors/issues.ts'
import { type Members, members } from '../input/objects.ts'
import type { InputIssue } from '../errors/codes.ts'

/** One mistake, whose message is the sentence itself. */
export const refusal = (
  path: string,
  message: string,
  code: InputIssue['code'] = 'missing',
): SmileIdInputError => Object.assign(inputError([issue(path, code, message)]), { message })

export function checkPartnerParams(params: unknown): void {
  if (!params) throw refusal('partner_params', 'Please ensure that you send through partner params')
  if (typeof params !== 'object')
    throw refusal('partner_params', 'Partner params needs to be an object', 'wrong_type')
  for (const name of ['user_id', 'job_id', 'job_type']) {
    if (!(params as Members)[name])
      throw refusal(
        `partner_params.${name}`,
        `Please make sure that ${name} is included in the partner params`,
      )
  }
}

/** A whole number, also of text; NaN for what is none, which the original read as far as it went ("5abc"). */
export function jobTypeOf(params: unknown): number {
  const text = `${members(params).job_type as string}`
  return /^\s*\d+\s*$/.test(text) ? Number(text) : NaN
}

/** The ID of a lookup; resolves to the job type. */
export function checkLookup(params: unknown, info: unknown): number {
  checkPartnerParams(params)
  const jobType = jobTypeOf(params)
  if (jobType !== 5 && jobType !== 7)
    throw refusal(
      'partner_params.job_type',
      'Please ensure that you are setting your job_type to 5 or 7 to query ID Api',
      'not_allowed',
    )
  if (typeof info !== 'object') throw refusal('id_info', 'ID Info needs to be an object', 'wrong_type')
  if (!info || !Object.keys(info).length)
    throw refusal('id_info', 'Please make sure that id_info not empty or nil')
  if (isEmpty((info as Members).id_number))
    throw refusal('id_info.id_number', 'Please provide an id_number in the id_info payload')
  return jobType
}

export interface Flags {
  return_job_status: boolean
  return_history: boolean
  return_images: boolean
  use_enrolled_image: boolean
}

/** All of an image job but what its images hold. */
export function checkImageJob(
  jobType: number,
  images: unknown,
  info: Members,
  options: Members,
  callbackUrl: unknown,
): { entered: boolean; flags: Flags } {
  const entered = checkIdInfo(jobType, info)
  const flags = checkFlags(options)
  checkImages(jobType, images, flags.use_enrolled_image)
  if ((typeof callbackUrl !== 'string' || !callbackUrl) && !flags.return_job_status) {
    throw refusal(
      'options.optional_callback',
      'Please choose to either get your response via the callback or job status query',
    )
  }
  if (!hasImage(images, 1, 3)) {
    if (jobType === 1 && !entered)
      throw refusal(
        'image_details',
        'You are attempting to complete a job type 1 without providing an id card image or id info',
      )
    if (isDocument(jobType))
      throw refusal(
        'image_details',
        'You are attempting to complete a Document Verification job without providing an id card image',
      )
  }
  // Last, since the original said nothing here.
  if (Number.isNaN(jobType))
    throw refusal('partner_params.job_type', 'job_type needs to be a number', 'wrong_type')
  return { entered, flags }
}

/** Whether an ID number is to be looked up. */
function checkIdInfo(jobType: number, info: Members): boolean {
  const entered = `${info.entered ?? false}`
  if (entered !== 'true' && entered !== 'false')
    throw refusal(
      'id_info.entered',
      'Please make sure that idInfo.entered is either true, false, or undefined',
      'wrong_type',
    )
  const needed =
    entered === 'true'
      ? ['country', 'id_type', 'id_number']
      : jobType === 6
        ? ['country']
        : jobType === 11
          ? ['country', 'id_type']
          : []
  for (const name of needed)
    if (isEmpty(info[name]))
      throw refusal(`id_info.${name}`, `Please make sure that ${name} is included in the id_info`)
  return entered === 'true'
}

function checkFlags(options: Members): Flags {
  const { return_image_links, return_images = return_image_links } = options
  const given = {
    return_job_status: options.return_job_status,
    return_history: options.return_history,
    return_images,
    use_enrolled_image: options.use_enrolled_image,
  }
  for (const [name, value] of Object.entries(given))
    if (value && typeof value !== 'boolean')
      throw refusal(`options.${name}`, `${name} needs to be a boolean`, 'wrong_type')
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, !!value])) as unknown as Flags
}

function checkImages(jobType: number, images: unknown, enrolled: boolean): void {
  if (!images) throw refusal('image_details', 'Please ensure that you send through image details')
  if (!Array.isArray(images))
    throw refusal('image_details', 'Image details needs to be an array', 'wrong_type')
  if (!hasImage(images, 0, 2) && !(enrolled && isDocument(jobType)))
    throw refusal('image_details', 'You need to send through at least one selfie image')
}

const isDocument = (jobType: number) => jobType === 6 || jobType === 11
const isEmpty = (value: unknown) => !value || (value as string).length === 0
const hasImage = (images: unknown, ...types: number[]) =>
  (images as unknown[]).some((entry) => types.includes(Number(members(entry).image_type_id ?? NaN)))

/** What a web token is asked for with; resolves to its callback. */
export function checkTokenRequest(request: unknown, defaultCallback: unknown): string {
  if (!request) throw refusal('request', 'Please ensure that you send through request params')
  if (typeof request !== 'object')
    throw refusal('request', 'Request params needs to be an object', 'wrong_type')
  const given = request as Members
  const callback = given.callback_url || defaultCallback
  if (typeof callback !== 'string' || !callback)
    throw refusal('request.callback_url', 'Callback URL is required for this method')
  for (const name of ['user_id', 'job_id', 'product'])
    if (!given[name]) throw refusal(`request.${name}`, `${name} is required to get a web token`)
  return callback
}
