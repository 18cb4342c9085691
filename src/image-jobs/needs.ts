/** What a job needs because of its type. */
import { membersOf, own } from '../input/objects.ts'
import { type ImageJobNeeds, imageJobs } from '../wire/jobs.ts'

/** `undefined` for what is no type of image jobs. */
export function needsOf(job: unknown): ImageJobNeeds | undefined {
  const { job_type } = membersOf(membersOf(job).partner_params)
  return typeof job_type === 'number' ? own(imageJobs(), `${job_type}`) : undefined
}

/** Whether an ID number is looked up, which the wire calls "entered". */
export function looksUpNumber(job: unknown): boolean {
  const { entered, id_number, session_id } = membersOf(membersOf(job).id_info)
  if (typeof entered === 'boolean') return entered
  const number = id_number ?? session_id
  return number !== undefined && needsOf(job)?.card === 'or_number'
}

export function needsSelfie(job: unknown): boolean {
  return membersOf(job).use_enrolled_image !== true
}

export function needsCard(job: unknown): boolean {
  const card = needsOf(job)?.card
  return card === 'needed' || (card === 'or_number' && !looksUpNumber(job))
}
