/** Answers of calls that wait for the result: in their headers what a callback says in its own. */
import { acted } from './answers.ts'
import type { V3Answer, V3Job, V3State } from './model.ts'
import { resultOf } from './results.ts'

/** The result as a callback would have it, signed. */
export function resultNow(state: V3State, job: V3Job): V3Answer {
  const { job_id, user_id } = job
  const ids = job.product === 'one_time_aml' ? {} : { job_id, user_id }
  return { ...aboutJob(job, acted(200, { ...ids, ...resultOf(state, job) })), signed: true }
}

/** An answer that names its job in its headers. */
export function aboutJob({ job_id, user_id }: V3Job, answer: V3Answer): V3Answer {
  const headers = { ...answer.headers, 'SmileID-Job-ID': job_id, 'User-ID': user_id }
  return { ...answer, headers, job: { job_id, user_id }, committed: true }
}
