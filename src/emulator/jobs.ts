/** Jobs: opened, found again, and set going. */
import type { JobRef } from '../wire/jobs.ts'
import { enrolAt, updatePhotoAt } from './enrolment.ts'
import type { EmulatedJob, Job } from './job-model.ts'
import { jobKey, type Service } from './model.ts'
import type { ResultFields } from './results.ts'
import { failedStage, stagesOf } from './stages.ts'

/** How a job runs. */
export interface RunOptions {
  /** The result of a job that fails before anything is looked at. */
  failure?: ResultFields | undefined
  /** The machine decides now, as in a call that waits for it. @default false */
  atOnce?: boolean | undefined
  /** Of the selfie that is to be kept. @default '' */
  photoSha256?: string | undefined
  /** Whether a user who is enrolled is enrolled anew. @default false */
  replaces?: boolean | undefined
}

const ENROLLING_JOB_TYPES = [1, 4, 6, 11]

export function findJob(service: Service, partnerId: string, ref: JobRef): Job | undefined {
  return service.jobs.get(jobKey(partnerId, ref))
}

/** Whether a new job cannot have this id. */
export function isUsed(service: Service, partnerId: string, ref: JobRef): boolean {
  if (service.choices.jobIdScope === 'user') return findJob(service, partnerId, ref) !== undefined
  return [...service.jobs.values()].some(
    (other) => other.partnerId === partnerId && other.job.job_id === ref.job_id,
  )
}

/** Takes a job on, which waits for its zip. */
export function openJob(service: Service, partnerId: string, job: EmulatedJob): Job {
  const opened: Job = { partnerId, job, smileJobId: service.nextSmileJobId(), stages: [] }
  service.jobs.set(jobKey(partnerId, job), opened)
  return opened
}

/** Runs a job from now, also one that has run before. */
export function runJob(service: Service, job: Job, options: RunOptions = {}): void {
  job.stages = options.failure
    ? [failedStage(service, job, options.failure)]
    : stagesOf(service, job, { atOnce: options.atOnce })
  planUserChange(service, job, options)
  service.schedule(job)
}

/** What the job will do to its user. */
function planUserChange(service: Service, job: Job, options: RunOptions): void {
  const { job_type = 1, useEnrolledImage } = job.job
  const { photoSha256 = '', replaces = false } = options
  service.userChanges.delete(job.smileJobId)

  const machine = job.stages.find(({ result }) => result.ResultType === 'SAIA')!
  const isProvisional = !machine.complete
  const enrols = ENROLLING_JOB_TYPES.includes(job_type) && !useEnrolledImage
  if (enrols && (machine.success || isProvisional)) {
    enrolAt(service, job, { at: machine.at, photoSha256, replaces })
  }

  const approved = job.stages.find(({ success }) => success)
  if (job_type === 8 && approved) updatePhotoAt(service, job, { at: approved.at, photoSha256 })
}
