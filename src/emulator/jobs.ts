/** Jobs that take their time: stages on the emulator's clock, and `POST /v1/job_status`. */
import { own } from '../input/objects.ts'
import { enrolAt, updatePhotoAt } from './enrolment.ts'
import { type Ending, machineSays, reviewerSays } from './results.ts'
import {
  type Answer,
  refuse,
  type Service,
  type JobVerdict,
  type EmulatedJob,
  type Stage,
  type Job,
} from './model.ts'

/** How a job runs that does not simply run. */
export interface Run {
  /** What ends it at once. */
  ending?: Ending | undefined
  /** The machine decides now, as in a call that waits for it. @default false */
  atOnce?: boolean | undefined
  /** Of the selfie that is to be kept. @default '' */
  photoSha256?: string | undefined
  /** Whether a user who is enrolled is enrolled anew. @default false */
  replaces?: boolean | undefined
}

const ENROLS = [1, 4, 6, 11]
const SANDBOX_RESULTS: Readonly<Record<string, JobVerdict>> = {
  0: 'approved',
  1: 'rejected',
  2: 'provisional',
}

export const findJob = (
  service: Service,
  partnerId: string,
  user_id: string,
  job_id: string,
): Job | undefined => service.jobs.get(`${partnerId}:${user_id}:${job_id}`)

/** Whether a new job cannot have this id. */
export function isUsed(service: Service, partnerId: string, user_id: string, job_id: string): boolean {
  if (service.choices.jobIdScope === 'user') return findJob(service, partnerId, user_id, job_id) !== undefined
  return [...service.jobs.values()].some(
    (other) => other.partnerId === partnerId && other.job.job_id === job_id,
  )
}

/** Takes a job on, which waits for its zip. */
export function openJob(service: Service, partnerId: string, job: EmulatedJob): Job {
  const opened: Job = { partnerId, job, smileJobId: service.nextJob(), stages: [] }
  service.jobs.set(`${partnerId}:${job.user_id}:${job.job_id}`, opened)
  return opened
}

/** Runs a job from now, also one that has run before. */
export function runJob(service: Service, job: Job, run: Run = {}): void {
  job.stages = stagesOf(service, job, run)
  const { job_type = 1, useEnrolledImage } = job.job
  const { photoSha256 = '', replaces = false } = run
  const machine = job.stages.find(({ result }) => result.ResultType === 'SAIA')!
  const good = job.stages.find(({ success }) => success)
  service.changes.delete(job.smileJobId)
  if (ENROLS.includes(job_type) && !useEnrolledImage && (machine.success || !machine.complete))
    enrolAt(service, job, machine.at, photoSha256, replaces)
  if (job_type === 8 && good) updatePhotoAt(service, job, good.at, photoSha256)
  service.schedule(job)
}

/**
 * Half-way the ID's verdict, for jobs that have one; then the machine's; for a provisional one the
 * reviewer's.
 */
export function stagesOf(service: Service, { job, smileJobId }: Job, { ending, atOnce }: Run = {}): Stage[] {
  const {
    user_id,
    job_id,
    job_type = 1,
    durationMs = service.jobDurationMs,
    idLookup = true,
    review,
    partner_params,
  } = job
  const verdict =
    job.verdict ?? own(SANDBOX_RESULTS, `${partner_params?.sandbox_result as string}`) ?? service.verdict
  const start = service.now()
  const common = {
    JSONVersion: '1.0.0',
    SmileJobID: smileJobId,
    PartnerParams: { job_type, ...partner_params, user_id, job_id },
    Source: 'WebAPI',
  }
  const machine = (at: number, complete: boolean, success: boolean, says: Ending): Stage => ({
    at,
    complete,
    success,
    result: { ...common, ResultType: 'SAIA', IsMachineResult: 'true', IsFinalResult: `${complete}`, ...says },
  })
  if (ending) return [machine(start, true, false, ending)]

  const stages: Stage[] = []
  if (job_type === 1 && idLookup) {
    stages.push({
      at: start + durationMs / 2,
      complete: false,
      success: false,
      result: {
        ...common,
        ResultType: 'ID Verification',
        ResultCode: '1012',
        ResultText: 'ID Number Validated',
        IsFinalResult: 'true',
        Actions: { Verify_ID_Number: 'Verified', Return_Personal_Info: 'Returned' },
      },
    })
  }
  const decided = start + (atOnce ? 0 : durationMs)
  stages.push(
    machine(decided, verdict !== 'provisional', verdict === 'approved', machineSays(service, job, verdict)),
  )
  if (verdict === 'provisional') {
    const good = review !== 'rejected'
    stages.push({
      at: decided + durationMs,
      complete: true,
      success: good,
      result: {
        ...common,
        ResultType: 'DIVA',
        IsMachineResult: 'false',
        IsFinalResult: 'true',
        ...reviewerSays(service, job, good),
      },
    })
  }
  return stages
}

/** The body of a job status as of now, unsigned. */
export function statusOf(
  service: Service,
  { stages }: Job,
  history: boolean,
  imageLinks: boolean,
): Record<string, unknown> {
  const idle = stages.length === 0
  const seen = stages.filter(({ at }) => at <= service.now()).reverse()
  const [latest] = seen
  return {
    job_complete: latest?.complete ?? false,
    job_success: latest?.success ?? false,
    code: idle ? '2314' : '2302',
    ...(latest ? { result: latest.result } : idle ? { result: 'No zip file received' } : {}),
    ...(history && { history: seen.map(({ result }) => result) }),
    ...(imageLinks && {
      image_links: {
        selfie_image: `https://smile-results.example/${latest?.result.SmileJobID ?? 'none'}/selfie.jpg?Expires=${Math.floor(service.now() / 1000) + 900}`,
      },
    }),
  }
}

export async function jobStatus(
  service: Service,
  partnerId: string,
  body: Record<string, unknown>,
): Promise<Answer> {
  for (const field of ['user_id', 'job_id']) {
    if (body[field] === undefined || body[field] === '') return refuse('2213', `"${field}" is required`)
    if (typeof body[field] !== 'string') return refuse('2204', `"${field}" must be a string`)
  }
  const job = findJob(service, partnerId, body.user_id as string, body.job_id as string)
  if (!job) return refuse('2304', 'Job not found')
  // Old documentation types the flags as text.
  const flag = (value: unknown) => value === true || value === 'true'
  const reply = statusOf(service, job, flag(body.history), flag(body.image_links))
  return {
    status: 200,
    body: reply,
    committed: false,
    signed: reply.code === '2314' && service.choices.noZipSignature === 'bare_hash' ? 'bare_hash' : true,
  }
}
