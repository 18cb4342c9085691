/**
 * `POST /api/v3/selfie-token`: lets the page register one face. The server says for whom, for what and where
 * the result goes; the browser sends the face straight to the service, and can change none of that.
 */
import { createToken, type TokenPayload } from 'smileid-edge/v3/token'
import { readJson } from '../body.ts'
import { callbackUrl, isEmulated } from '../client.ts'
import type { Route, SignedIn } from '../router.ts'
import { noteJob, orForget } from './jobs.ts'
import { consent, type Read, userDetails } from './person.ts'

async function token(context: SignedIn): Promise<Response> {
  const { request, env, client } = context
  const body = await readJson(request)
  const read = (name: string) => body[name]
  const payload: TokenPayload = {
    consent: consent(env, read),
    callback_url: callbackUrl(env, request),
    // The sandbox knows its people only where the request itself names them.
    ...(client.environment === 'production' && namesOf(read)),
  }
  const job = await noteJob(context, 'smart_selfie_registration')
  const { reference, events, partner_params } = job
  const made = await orForget(env, job, () =>
    createToken(client, {
      user_id: `face-${reference}`,
      product: 'smart_selfie_registration',
      partner_params,
      payload,
    }),
  )
  const answer = {
    token: made.token,
    expires_at: made.expiresAt,
    environment: client.environment,
    // No browser reaches the emulator, which is bound to this Worker: see emulated-api.ts.
    base_url: isEmulated(env) ? new URL(request.url).origin : client.baseUrl,
    reference,
    events,
  }
  return Response.json(answer, { headers: { 'cache-control': 'no-store' } })
}

/** A token carries texts alone: the contact that is not given is left out. */
function namesOf(read: Read): TokenPayload {
  const { email, phone_number, ...names } = userDetails(read)
  return { ...names, email: email ?? undefined, phone_number: phone_number ?? undefined }
}

export const v3SelfieRoutes: readonly Route[] = [
  { method: 'POST', path: '/api/v3/selfie-token', for: 'session', answer: token },
]
