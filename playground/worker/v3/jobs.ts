/**
 * Jobs of v3. Their ids are made by the service, so each has a reference of ours, too, which comes back with
 * its callback: when an answer is lost, that is how the job is found again.
 */
import { isSmileIdError } from 'smileid-edge/errors'
import { interpretVerdict } from 'smileid-edge/v3/result'
import { type VerificationStatus, watchStatus } from 'smileid-edge/v3/status'
import type { Env } from '../bindings.ts'
import { eventStream, MAX_WAIT_MS } from '../event-stream.ts'
import { problemOf, Refusal } from '../problem.ts'
import type { Route, SignedIn } from '../router.ts'

export interface NotedJob {
  reference: string
  /** Where its statuses can be followed. */
  events: string
  /** What the service is to echo. */
  partner_params: { reference: string }
}

/** Notes a job before it is submitted: if this process dies meanwhile, its callback still finds it. */
export async function noteJob({ env, session }: SignedIn, product: string): Promise<NotedJob> {
  const reference = crypto.randomUUID()
  await env.DB.prepare('INSERT INTO v3_jobs (reference, session_id, product, created_at) VALUES (?, ?, ?, ?)')
    .bind(reference, session.id, product, Date.now())
    .run()
  return { reference, events: `/api/v3/jobs/${reference}/events`, partner_params: { reference } }
}

/** The first id stays: a job has one. */
export async function learnJobId({ DB }: Env, reference: string, job_id: string): Promise<void> {
  await DB.prepare('UPDATE v3_jobs SET job_id = ? WHERE reference = ? AND job_id IS NULL')
    .bind(job_id, reference)
    .run()
}

/** Whether a job with this reference was begun here. */
export async function isOurs({ DB }: Env, reference: string | undefined): Promise<boolean> {
  if (!reference) return false
  const found = await DB.prepare('SELECT 1 FROM v3_jobs WHERE reference = ?').bind(reference).first()
  return found !== null
}

/** Submits a job that was noted; where its fate is unknown, the problem says where to look. */
export async function submitNoted<R extends { job_id: string }>(
  env: Env,
  job: NotedJob,
  submit: () => Promise<R>,
): Promise<R> {
  const reply = await orForget(env, job, submit)
  await learnJobId(env, job.reference, reply.job_id)
  return reply
}

/** Work for a job that was noted; the note goes when there is no such job for certain. */
export async function orForget<R>(env: Env, job: NotedJob, work: () => Promise<R>): Promise<R> {
  const { reference, events } = job
  try {
    return await work()
  } catch (error) {
    if (!isSmileIdError(error) || error.outcome !== 'unknown') {
      await env.DB.prepare('DELETE FROM v3_jobs WHERE reference = ?').bind(reference).run()
      throw error
    }
    if (error.smileJobId) await learnJobId(env, reference, error.smileJobId)
    const { status, code, title, ...facts } = problemOf(error)
    throw new Refusal(status, code, title, { ...facts, reference, events })
  }
}

/** Only jobs of this very session. */
async function events({ env, client, session, params }: SignedIn): Promise<Response> {
  const job = await env.DB.prepare('SELECT job_id FROM v3_jobs WHERE reference = ? AND session_id = ?')
    .bind(params.reference, session.id)
    .first<{ job_id: string | null }>()
  if (!job) throw new Refusal(404, 'job_not_found', 'There is no such job of yours.')
  if (!job.job_id) {
    const title = 'The service has not named this job yet: its callback may, or it was not taken on.'
    throw new Refusal(409, 'job_not_named', title)
  }
  const { job_id } = job
  return eventStream((signal) => watchStatus(client, { job_id }, { maxWaitMs: MAX_WAIT_MS, signal }), shown)
}

function shown(status: VerificationStatus): object {
  return { complete: status.status !== 'processing', status: status.status, ...interpretVerdict(status) }
}

export const v3JobRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/v3/jobs/:reference/events', for: 'session', answer: events },
]
