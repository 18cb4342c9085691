/** `GET /api/jobs/:job/events`: the status of a job as server-sent events, until it is decided. */
import { type JobStatus, watchJob } from 'smileid-edge/job-status'
import { interpretResult, resultOf } from 'smileid-edge/result'
import { problemOf, Refusal } from './problem.ts'
import type { Route, SignedIn } from './router.ts'

const MAX_WAIT_MS = 300_000

/** Only jobs of this very session: a status may hold what an ID authority knows about a person. */
async function events({ env, client, session, params }: SignedIn): Promise<Response> {
  const job = await env.DB.prepare('SELECT user_id, job_id FROM jobs WHERE job_id = ? AND session_id = ?')
    .bind(params.job, session.id)
    .first<{ user_id: string; job_id: string }>()
  if (!job) throw new Refusal(404, 'job_not_found', 'There is no such job of yours.')
  const gone = new AbortController()
  const statuses = watchJob(client, job, { maxWaitMs: MAX_WAIT_MS, signal: gone.signal })
  const body = new ReadableStream<Uint8Array>({
    async pull(stream) {
      try {
        const { value, done } = await statuses.next()
        stream.enqueue(done ? event('end', {}) : event('status', shown(value)))
        if (done) stream.close()
      } catch (error) {
        if (gone.signal.aborted) return
        stream.enqueue(event('problem', problemOf(error)))
        stream.close()
      }
    },
    cancel: () => gone.abort(),
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
}

function shown(status: JobStatus): object {
  const result = resultOf(status)
  return { complete: status.job_complete, ...interpretResult(status), actions: result?.Actions ?? {} }
}

const event = (name: string, data: object): Uint8Array =>
  new TextEncoder().encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`)

export const jobRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/jobs/:job/events', for: 'session', answer: events },
]
