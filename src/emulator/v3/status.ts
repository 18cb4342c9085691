/** `GET /v3/status/{jobId}`. */
import { answer, badRequest } from './answers.ts'
import { hasEnded } from './jobs.ts'
import type { V3Answer, V3Call, V3Job, V3State } from './model.ts'

/** The release of the API, which answers name in a header. */
export const API_VERSION = 'v3.952.0'

export function status(state: V3State, call: V3Call): V3Answer {
  const { jobId = '' } = call.path
  if (!/^job_[0-9a-hjkmnp-tv-z]{26}$/.test(jobId)) {
    return badRequest(call.operation, `"jobId" must be a valid TypeID with prefix 'job_'`)
  }
  const job = findJob(state, call, jobId)
  if (!job || state.now() < job.createdAt + state.choices.statusDelayMs) {
    return tell(state, 404, {
      status: 'not_found',
      job_id: jobId,
      user_id: 'unknown',
      message: 'Job not found',
    })
  }
  const { job_id, user_id, verdict } = job
  if (!hasEnded(state, job) || job.staysProcessing) {
    const message = 'Job is still processing'
    return tell(state, 202, { status: 'processing', job_id, user_id, message })
  }
  return tell(state, 200, { status: verdict.status, job_id, user_id, message: 'Job completed' })
}

/** A job of this partner in this environment. */
export function findJob(state: V3State, { partner, environment }: V3Call, job_id: string): V3Job | undefined {
  const job = state.jobs.get(job_id)
  return job?.partner === partner && job.environment === environment ? job : undefined
}

/** `created_at` is the time of the answer. */
function tell(
  state: V3State,
  httpStatus: number,
  body: { status: string; job_id: string; user_id: string; message: string },
): V3Answer {
  const { job_id, user_id } = body
  const told = answer(httpStatus, { ...body, created_at: new Date(state.now()).toISOString() })
  const headers = { api_version: API_VERSION, job_id, user_id }
  return httpStatus === 404 ? { ...told, headers } : { ...told, headers, job: { job_id, user_id } }
}
