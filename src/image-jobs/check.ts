/** What can be wrong with an image job before anything is sent, but for the images themselves. */
import { callbackUrlIssues } from '../client/addresses.ts'
import type { ClientInternals } from '../client/internals.ts'
import type { InputIssue } from '../errors/codes.ts'
import { issue, missing, wrongType } from '../errors/issues.ts'
import { idInfoIssues, lookupNeeds } from '../id-verification/input.ts'
import { isObject, type Members, membersOf, own } from '../input/objects.ts'
import { issuesOf } from '../input/schema.ts'
import { imageJobs } from '../wire/jobs.ts'
import { imageJobMembers, imageJobParams, imagesOfAllKinds, optionalConsent } from './input.ts'
import { looksUpNumber, needsOf } from './needs.ts'

/** No limit is documented; clients send some eight. */
export const MAX_FRAMES = 100

export function imageJobIssues(
  internals: ClientInternals,
  job: unknown,
  { willWait }: { willWait: boolean },
): InputIssue[] {
  const given = membersOf(job)
  return [
    ...issuesOf(imageJobParams(), membersOf(given.partner_params), 'partner_params'),
    ...jobTypeIssues(given),
    ...imagesIssues(given.images),
    ...unusedIssues(given),
    ...idIssues(given),
    ...issuesOf(imageJobMembers(), given),
    ...callbackUrlIssues(internals, given.callback_url, { needed: !willWait }),
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

function imagesIssues(images: unknown): InputIssue[] {
  const issues: InputIssue[] = []
  if (images !== undefined && !isObject(images)) {
    issues.push(wrongType('images', 'must be an object of images by kind'))
  }
  const given = membersOf(images)
  issues.push(...issuesOf(imagesOfAllKinds(), given, 'images'))
  const { liveness = [] } = given
  if (!Array.isArray(liveness) || liveness.length > MAX_FRAMES) {
    issues.push(wrongType('images.liveness', `must be a list of at most ${MAX_FRAMES} images`))
  }
  return issues
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
  const info = membersOf(given.id_info)
  const needed = looksUpNumber(given) ? lookupNeeds(info) : idInfo
  return [
    ...issues,
    ...idInfoIssues(info, needed),
    ...issuesOf(optionalConsent(), given.consent_information, 'consent_information'),
  ]
}
