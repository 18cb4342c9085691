/** What can be wrong with an image job before anything is sent, but for the images themselves. */
import { callbackUrlIssues } from '../client/addresses.ts'
import type { ClientInternals } from '../client/internals.ts'
import type { InputIssue } from '../errors/codes.ts'
import { issue, missing, wrongType } from '../errors/issues.ts'
import { checkIdInfo, lookupNeeds } from '../id-verification/input.ts'
import { isObject, type Members, membersOf, own } from '../input/objects.ts'
import { check, type Checked, issuesOf } from '../input/schema.ts'
import { imageJobs } from '../wire/jobs.ts'
import {
  FRAMES_MESSAGE,
  imageJobMembers,
  imageJobParams,
  imagesOfAllKinds,
  livenessFrames,
  MAX_FRAMES,
  optionalConsent,
} from './input.ts'
import { looksUpNumber, needsOf } from './needs.ts'

/** An image job that was copied. `imageIssues`: those of its images, found as they were. */
export function imageJobIssues(
  internals: ClientInternals,
  given: Members,
  { willWait, imageIssues }: { willWait: boolean; imageIssues: readonly InputIssue[] },
): InputIssue[] {
  return [
    ...issuesOf(imageJobParams(), membersOf(given.partner_params), 'partner_params'),
    ...jobTypeIssues(given),
    ...imageIssues,
    ...unusedIssues(given),
    ...idIssues(given),
    ...issuesOf(imageJobMembers(), given),
    ...callbackUrlIssues(internals, given.callback_url, { needed: !willWait, canWait: true }),
  ]
}

function jobTypeIssues(given: Members): InputIssue[] {
  const path = 'partner_params.job_type'
  const { job_type } = membersOf(given.partner_params)
  if (job_type === undefined) return [missing(path)]
  if (needsOf(given)) return []
  return [issue(path, 'not_allowed', jobTypeMessage(job_type))]
}

/** Job types without images, and who takes them. */
const LOOKUPS: Readonly<Record<string, string>> = {
  5: 'verifyId and submitId',
  7: 'verifyBusiness and submitBusiness',
}

function jobTypeMessage(jobType: unknown): string {
  const functions = typeof jobType === 'number' ? own(LOOKUPS, `${jobType}`) : undefined
  if (functions) return `is a lookup: ${functions} of smileid-edge/id-verification are for it`
  return `must be one of ${Object.keys(imageJobs()).join(', ')}`
}

/** The sources of the images by kind, which are read apart. */
export function checkImages(images: unknown): Checked<Members> {
  const { issues, value } = check(imagesOfAllKinds(), membersOf(images), 'images')
  if (images !== undefined && !isObject(images)) {
    issues.unshift(wrongType('images', 'must be an object of images by kind'))
  }
  if (value.liveness === undefined) return { issues, value: value as Members }
  const frames = check(livenessFrames(), value.liveness, 'images.liveness')
  issues.push(...frames.issues)
  if (frames.value.length > MAX_FRAMES) issues.push(wrongType('images.liveness', FRAMES_MESSAGE))
  return { issues, value: { ...value, liveness: frames.value } }
}

/** What a job of this type has no use for, most likely meant for another type. */
function unusedIssues(given: Members): InputIssue[] {
  const needs = needsOf(given)
  if (!needs) return []
  const images = membersOf(given.images)
  const unused: string[] = []
  if (needs.card === 'unused') {
    if (images.front !== undefined) unused.push('images.front')
    if (images.back !== undefined) unused.push('images.back')
  }
  if (!needs.enrolledImage && given.use_enrolled_image === true) unused.push('use_enrolled_image')
  if (!needs.enrols && given.allow_new_enroll === true) unused.push('allow_new_enroll')
  if (!needs.idInfo) {
    if (given.id_info !== undefined) unused.push('id_info')
    if (given.consent_information !== undefined) unused.push('consent_information')
  }
  const { job_type } = membersOf(given.partner_params)
  return unused.map((path) => issue(path, 'not_allowed', `is not used by job type ${job_type}`))
}

function idIssues(given: Members): InputIssue[] {
  const idInfo = needsOf(given)?.idInfo
  if (!idInfo) return []
  const issues: InputIssue[] = []
  if (given.id_info !== undefined && !isObject(given.id_info)) {
    issues.push(wrongType('id_info', 'must be an object'))
  }
  const needs = looksUpNumber(given) ? lookupNeeds : () => idInfo
  return [
    ...issues,
    ...checkIdInfo(membersOf(given.id_info), needs).issues,
    ...issuesOf(optionalConsent(), given.consent_information, 'consent_information'),
  ]
}
