/** `POST /api/image-jobs`: document verification, with a selfie and both sides of a document. */
import { submitImageJob } from 'smileid-edge/image-jobs'
import { readForm } from './body.ts'
import { callbackUrl } from './client.ts'
import { invalid } from './problem.ts'
import type { Route, SignedIn } from './router.ts'

const MAX_BYTES = 31_000_000

async function submit({ request, env, client, session }: SignedIn): Promise<Response> {
  const form = await readForm(request, MAX_BYTES)
  const country = form.text('country')
  const [selfie, front, back] = [form.file('selfie'), form.file('front'), form.file('back')]
  for (const [path, file] of Object.entries({ selfie, front }))
    if (!file) form.issues.push({ path, code: 'missing', message: 'is missing' })
  if (!selfie || !front || form.issues.length) throw invalid(form.issues)
  const job_id = crypto.randomUUID()
  const partner_params = { user_id: `doc-${job_id}`, job_id, job_type: 6 as const }
  // Noted before the call: if this process dies, the job can still be asked for.
  await env.DB.prepare('INSERT INTO jobs (job_id, user_id, session_id, created_at) VALUES (?, ?, ?, ?)')
    .bind(job_id, partner_params.user_id, session.id, Date.now())
    .run()
  const { smile_job_id } = await submitImageJob(client, {
    partner_params,
    images: { selfie, front, back },
    id_info: { country },
    callback_url: callbackUrl(env, request),
  })
  return Response.json({ job_id, smile_job_id, events: `/api/jobs/${job_id}/events` }, { status: 202 })
}

export const imageJobRoutes: readonly Route[] = [
  { method: 'POST', path: '/api/image-jobs', for: 'session', answer: submit },
]
