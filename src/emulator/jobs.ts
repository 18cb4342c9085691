/** Jobs that take their time: stages on the emulator's clock, and `POST /v1/job_status`. */
import type { JobResult } from '../internal/replies.ts'
import { type Answer, refuse, type Service } from './service.ts'

export type JobVerdict = 'approved' | 'provisional' | 'rejected'

/** A job to run, as an image job would: for tests of polling and callbacks. */
export interface EmulatedJob {
  user_id: string
  job_id: string
  /** @default 1 */
  job_type?: number | undefined
  /** @default the emulator's `verdict` */
  verdict?: JobVerdict | undefined
  /** Milliseconds from now to the verdict; a provisional one is reviewed after as much again. @default the emulator's `jobDurationMs` */
  durationMs?: number | undefined
  /** How the review of a provisional job ends. @default 'approved' */
  review?: 'approved' | 'rejected' | undefined
  /** Without its zip a job stays as it is prepared (2314). @default true */
  zip?: boolean | undefined
  /** Where its results are delivered. */
  callback_url?: string | undefined
  /** Further members of `partner_params`, echoed in results. */
  partner_params?: Record<string, unknown> | undefined
}

/** One thing that happens to a job. */
interface Stage {
  at: number
  result: JobResult
  complete: boolean
  success: boolean
}

export interface Job {
  partnerId: string
  job: EmulatedJob
  smileJobId: string
  stages: Stage[]
}

const NONE = {
  Liveness_Check: 'Not Applicable', Selfie_To_ID_Card_Compare: 'Not Applicable', Selfie_To_Registered_Selfie_Compare: 'Not Applicable', Update_Registered_Selfie_On_File: 'Not Applicable',
  Human_Review_Compare: 'Not Applicable', Human_Review_Liveness_Check: 'Not Applicable', Human_Review_Selfie_Check: 'Not Applicable', Human_Review_Update_Selfie: 'Not Applicable',
}
const MACHINE = {
  approved: { ResultCode: '0810', ResultText: 'Enroll User', Actions: { Register_Selfie: 'Approved', Selfie_To_ID_Authority_Compare: 'Completed' }, ConfidenceValue: '99' },
  provisional: { ResultCode: '0814', ResultText: 'Provisional Enroll - Under Review', Actions: { Register_Selfie: 'Provisionally Approved', Selfie_To_ID_Authority_Compare: 'Provisionally Approved', Human_Review_Compare: 'Under Review' }, ConfidenceValue: '81' },
  rejected: { ResultCode: '0907', ResultText: 'FAIL - Possible Spoof - Strict Setting', Actions: { Register_Selfie: 'Rejected', Liveness_Check: 'Failed' }, ConfidenceValue: '12' },
}

/** Half-way the ID's verdict, for jobs that have one; then the machine's; for a provisional one the reviewer's. */
export function makeJob(service: Service, partnerId: string, job: EmulatedJob): Job {
  const { user_id, job_id, job_type = 1, verdict = service.verdict, durationMs = service.jobDurationMs, zip = true, partner_params } = job
  const smileJobId = service.nextJob()
  const start = service.now()
  const common = { JSONVersion: '1.0.0', SmileJobID: smileJobId, PartnerParams: { ...partner_params, user_id, job_id, job_type }, Source: 'WebAPI' }
  const stages: Stage[] = []
  if (zip) {
    if (job_type === 1) {
      stages.push({ at: start + durationMs / 2, complete: false, success: false, result: {
        ...common, ResultType: 'ID Verification', ResultCode: '1012', ResultText: 'ID Number Validated', IsFinalResult: 'true', Actions: { Verify_ID_Number: 'Verified', Return_Personal_Info: 'Returned' },
      } })
    }
    const { Actions, ...machine } = MACHINE[verdict]
    const decided = verdict !== 'provisional'
    stages.push({ at: start + durationMs, complete: decided, success: verdict === 'approved', result: { ...common, ResultType: 'SAIA', IsMachineResult: 'true', IsFinalResult: `${decided}`, ...machine, Actions: { ...NONE, ...Actions } } })
    if (!decided) {
      const good = job.review !== 'rejected'
      stages.push({ at: start + 2 * durationMs, complete: true, success: good, result: {
        ...common, ResultType: 'DIVA', IsMachineResult: 'false', IsFinalResult: 'true', ...good ? { ResultCode: '1210', ResultText: 'Enroll User' } : { ResultCode: service.choices.reviewRejectedCode, ResultText: 'Rejected by reviewer' },
        ConfidenceValue: '99', Actions: { ...NONE, Register_Selfie: good ? 'Approved' : 'Rejected', Human_Review_Compare: good ? 'Passed' : 'Failed' },
      } })
    }
  }
  return { partnerId, job, smileJobId, stages }
}

/** The body of a job status as of now, unsigned. */
export function statusOf(service: Service, { job, stages }: Job, history: boolean, imageLinks: boolean): Record<string, unknown> {
  const seen = stages.filter(({ at }) => at <= service.now()).reverse()
  const [latest] = seen
  return {
    job_complete: latest?.complete ?? false,
    job_success: latest?.success ?? false,
    code: job.zip === false ? '2314' : '2302',
    ...(latest ? { result: latest.result } : job.zip === false ? { result: 'No zip file received' } : {}),
    ...(history && { history: seen.map(({ result }) => result) }),
    ...(imageLinks && { image_links: { selfie_image: `https://smile-results.example/${latest?.result.SmileJobID ?? 'none'}/selfie.jpg?Expires=${Math.floor(service.now() / 1000) + 900}` } }),
  }
}

export async function jobStatus(service: Service, partnerId: string, body: Record<string, unknown>): Promise<Answer> {
  for (const field of ['user_id', 'job_id']) {
    if (body[field] === undefined || body[field] === '') return refuse('2213', `"${field}" is required`)
    if (typeof body[field] !== 'string') return refuse('2204', `"${field}" must be a string`)
  }
  const job = service.jobs.get(`${partnerId}:${body.user_id as string}:${body.job_id as string}`)
  if (!job) return refuse('2304', 'Job not found')
  // Old documentation types the flags as text.
  const flag = (value: unknown) => value === true || value === 'true'
  const reply = statusOf(service, job, flag(body.history), flag(body.image_links))
  return { status: 200, body: reply, committed: false, signed: reply.code === '2314' && service.choices.noZipSignature === 'bare_hash' ? 'bare_hash' : true }
}
