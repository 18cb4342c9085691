/** `GET /api/jobs/:job/events`: the status of a job as server-sent events, until it is decided. */
import { type JobStatus, watchJob } from 'smileid-edge/job-status'
import { interpretResult, resultOf } from 'smileid-edge/result'
import { eventStream, MAX_WAIT_MS } from './event-stream.ts'
import { Refusal } from './problem.ts'
import type { Route, SignedIn } from './router.ts'

/** Only jobs of this very session: a status may hold what an ID authority knows about a person. */
async function events({ env, client, session, params }: SignedIn): Promise<Response> {
  const job = await env.DB.prepare('SELECT user_id, job_id FROM jobs WHERE job_id = ? AND session_id = ?')
    .bind(params.job, session.id)
    .first<{ user_id: string; job_id: string }>()
  if (!job) throw new Refusal(404, 'job_not_found', 'There is no such job of yours.')
  return eventStream((signal) => watchJob(client, job, { maxWaitMs: MAX_WAIT_MS, signal }), shown)
}

function shown(status: JobStatus): object {
  const result = resultOf(status)
  return { complete: status.job_complete, ...interpretResult(status), actions: result?.Actions ?? {} }
}

export const jobRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/jobs/:job/events', for: 'session', answer: events },
]
