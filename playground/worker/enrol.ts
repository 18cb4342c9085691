/** `POST /api/enrol`: one existing user, with a photo. */
import { backfillUser } from 'smileid-edge/backfill'
import { interpretResult } from 'smileid-edge/result'
import { readForm } from './body.ts'
import { invalid } from './problem.ts'
import type { Route, SignedIn } from './router.ts'

/** A photo of 5 MB and what a form puts around it. */
const MAX_BYTES = 5_500_000

async function enrol({ request, client }: SignedIn): Promise<Response> {
  const form = await readForm(request, MAX_BYTES)
  const [user_id, user_created_at, photo] = [
    form.text('user_id'),
    form.text('user_created_at'),
    form.file('photo'),
  ]
  if (!photo) form.issues.push({ path: 'photo', code: 'missing', message: 'is missing' })
  if (!photo || form.issues.length) throw invalid(form.issues)
  const reply = await backfillUser(client, { user_id, user_created_at, photo })
  // What a page shows: the reply, without what belongs between servers.
  const { signature: _, timestamp: __, ...shown } = reply
  return Response.json({ ...interpretResult(reply), reply: shown })
}

export const enrolRoutes: readonly Route[] = [
  { method: 'POST', path: '/api/enrol', for: 'session', answer: enrol },
]
