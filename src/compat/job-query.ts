/** What is asked of a job, in the old terms. */
import { membersOf } from '../input/objects.ts'
import type { JobQuery } from '../job-status/input.ts'
import { missingParam } from './checks.ts'

/** Ids that are numbers stay numbers. */
export function jobQueryOf(job: unknown, options: unknown): JobQuery {
  const { user_id, job_id } = membersOf(job)
  if (!user_id) throw missingParam('user_id')
  if (!job_id) throw missingParam('job_id')
  const { return_history, return_image_links, return_images = return_image_links } = membersOf(options)
  return {
    user_id: user_id as string,
    job_id: job_id as string,
    history: Boolean(return_history),
    image_links: Boolean(return_images),
  }
}
