/**
 * Images from a browser or an app straight to the service, with a token that a backend made: over real HTTP,
 * and in Chromium by the service's own CORS.
 */
import { createTokenClient } from 'smileid-edge/v3/client'
import { submitResidencyDocumentVerification } from 'smileid-edge/v3/document-verification'
import { tokenRequest } from 'smileid-edge/v3/request'
import { submitRegistration } from 'smileid-edge/v3/smart-selfie'
import { jpeg, jpegOf, png } from '../../support/v3-images'
import type { Jobs, Session } from '../../support/v3-peer'
import { describe, type Env, equal, issuesOf, ok, rejection, test } from '../harness'

const isBrowser = typeof document === 'object'
const selfie = {
  // Larger than what goes out in one piece.
  selfie_image: jpegOf(200_000),
  liveness_images: [11, 12, 13, 14, 15, 16].map((seed) => jpeg(seed)),
}
const residency = {
  ...selfie,
  country: 'NG',
  id_type: 'PASSPORT' as const,
  document: jpeg(2),
  visa: png(3),
}

/** Users are of one run alone: all runtimes share the peer. */
const newUser = () => `user-${crypto.randomUUID()}`

async function backend<T>({ peer }: Env, what: string, user_id?: string): Promise<T> {
  const query = user_id === undefined ? '' : `?user_id=${user_id}`
  return (await (await fetch(`${peer}/v3-backend/${what}${query}`)).json()) as T
}

async function openPage(env: Env, user_id?: string) {
  const { token, baseUrl } = await backend<Session>(env, 'session', user_id)
  return { token, baseUrl, page: createTokenClient({ token, baseUrl, environment: 'sandbox' }) }
}

describe('with a token, over HTTP', () => {
  test('a face goes straight to the service, as that of the user whom the backend named', async (env) => {
    const user_id = newUser()
    const { page } = await openPage(env, user_id)
    const reply = await submitRegistration(page, selfie)
    equal([reply.status, reply.user_id], ['accepted', user_id])
    const { job_id } = reply
    equal(await backend<Jobs>(env, 'jobs', user_id), [{ job_id, product: 'smart_selfie_registration' }])
    const status = await tokenRequest(page, { path: `/v3/status/${job_id}`, method: 'GET' })
    equal([status.job_id, status.user_id], [job_id, user_id])
  })

  test('a residency is verified under the user of the token', async (env) => {
    const user_id = newUser()
    const { page } = await openPage(env, user_id)
    const { job_id } = await submitResidencyDocumentVerification(page, residency)
    equal(await backend<Jobs>(env, 'jobs', user_id), [{ job_id, product: 'residency_document_verification' }])
  })

  test('nobody else can be named in a header that browsers may not send', async (env) => {
    const user_id = newUser()
    const { page, baseUrl, token } = await openPage(env)
    equal(await issuesOf(submitResidencyDocumentVerification(page, { ...residency, user_id })), [
      'user_id not_allowed',
    ])
    equal(await backend<Jobs>(env, 'jobs', user_id), [])
    if (!isBrowser) return
    // What would have become of it.
    const headers = { 'smileid-token': token, 'user-id': user_id }
    const sent = fetch(`${baseUrl}/v3/registration`, { method: 'POST', body: new FormData(), headers })
    ok((await rejection(sent)) instanceof TypeError, 'CORS')
  })

  test('what the service refuses is told', async (env) => {
    const { page } = await openPage(env)
    const path = `/v3/status/job_${'0'.repeat(26)}`
    const error = await rejection(tokenRequest(page, { path, method: 'GET' }))
    equal([error.code, error.status], ['api_error', 404])
  })
})
