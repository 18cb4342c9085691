/**
 * `POST /api/web-token`: lets the page's own user run one job of a fixed product in the browser. The request
 * chooses nothing of what is signed.
 */
import { createWebToken } from 'smileid-edge/web-token'
import { callbackUrl } from './client.ts'
import type { Route, SignedIn } from './router.ts'

async function token({ request, env, client, session }: SignedIn): Promise<Response> {
  const ids = { user_id: `page-${session.id}`, job_id: `web-${crypto.randomUUID()}` }
  const { token } = await createWebToken(client, {
    ...ids,
    product: 'biometric_kyc',
    callback_url: callbackUrl(env, request),
  })
  return Response.json({ token, product: 'biometric_kyc' }, { headers: { 'cache-control': 'no-store' } })
}

export const webTokenRoutes: readonly Route[] = [
  { method: 'POST', path: '/api/web-token', for: 'session', answer: token },
]
