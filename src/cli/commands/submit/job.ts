/** The job of `smileid submit`, from its file and flags. */
import { dirname } from 'node:path'
import { imageJobs } from '../../../wire/jobs.ts'
import type { Call } from '../../command.ts'
import { ID_FLAGS } from '../../job-flags.ts'
import { addNewIds, type JobInput, type NewIds, readJob } from '../../job-input.ts'
import { JOB_SWITCHES, JOB_TYPES, type SUBMIT_FLAGS } from './flags.ts'
import { collectImages } from './images.ts'

export interface ReadImageJob {
  job: JobInput
  newIds: NewIds
  /** The images as the file lists them, whatever they are. */
  listedImages: unknown
}

export interface ReadImageJobOptions extends Pick<Call<typeof SUBMIT_FLAGS>, 'values' | 'io' | 'signal'> {
  file: string | undefined
}

/** @throws {SmileIdInputError} `invalid_input`: the file cannot be read, or holds no job. */
export async function readImageJob({ file, values, io, signal }: ReadImageJobOptions): Promise<ReadImageJob> {
  const read = await readJob({ file, values, infoFlags: ID_FLAGS, io, signal })
  const { images: listedImages, ...input } = read as JobInput & { images?: unknown }
  const jobType = values['job-type']
  if (jobType !== undefined) input.partner_params.job_type = JOB_TYPES[jobType] ?? Number(jobType)
  for (const name of Object.keys(JOB_SWITCHES) as (keyof typeof JOB_SWITCHES)[]) {
    if (values[name]) input[name.replaceAll('-', '_')] = true
  }
  const { job, newIds } = addNewIds(input, requiredIds(input))
  const folder = file === undefined || file === '-' ? '.' : dirname(file)
  job.images = collectImages(listedImages, values, folder)
  return { job, newIds, listedImages }
}

/** Ids of something that exists already, so that no new ones are made up. */
function requiredIds(job: JobInput): ('user_id' | 'job_id')[] {
  if (job.retry === true) return ['user_id', 'job_id']
  const needs = imageJobs()[job.partner_params.job_type as number]
  const isOfEnrolledUser = job.use_enrolled_image === true || (needs !== undefined && !needs.enrols)
  return isOfEnrolledUser ? ['user_id'] : []
}
