/**
 * The server signs for who and what; the browser sends the face straight to the service, and can change none
 * of that. `conformance/v3/browser-registration.ts` runs it, in a browser, too.
 */
import type { Client } from 'smileid-edge/client'
import { isSmileIdError } from 'smileid-edge/errors'
import { createTokenClient } from 'smileid-edge/v3/client'
import { submitRegistration } from 'smileid-edge/v3/smart-selfie'
import { waitForVerdict } from 'smileid-edge/v3/status'
import { createToken } from 'smileid-edge/v3/token'

interface Session {
  userId: string
  given_names: string
  last_name: string
  email: string
  agreedAt: Date
}

/** On the server, for the user who is signed in, in no case for ids that the request names. */
export async function tokenFor(client: Client, session: Session): Promise<Response> {
  const { userId, given_names, last_name, email, agreedAt } = session
  const { token } = await createToken(client, {
    user_id: userId,
    product: 'smart_selfie_registration',
    payload: {
      given_names,
      last_name,
      email,
      callback_url: 'https://shop.example/smile-id',
      consent: {
        granted: true,
        granted_at: agreedAt,
        notice_language: 'EN',
        notice_privacy_policy_url: 'https://shop.example/privacy',
      },
    },
  })
  return Response.json({ token }, { headers: { 'cache-control': 'no-store' } })
}

/** In the browser: no key, and neither names nor consent, which the token carries. */
export async function enrol(selfie: Blob, frames: Blob[], show: (text: string) => void): Promise<void> {
  const response = await fetch('/smile-id/token', { method: 'POST' })
  const { token } = (await response.json()) as { token: string }
  const client = createTokenClient({ token, timeoutMs: 60_000 })
  try {
    const job = await submitRegistration(client, { selfie_image: selfie, liveness_images: frames })
    show('Sent.')
    // For the eye alone: what counts is the callback to the server.
    const { status } = await waitForVerdict(client, job, { maxWaitMs: 60_000 })
    show(status === 'clear' ? 'Done.' : 'Please try again.')
  } catch (error) {
    if (isSmileIdError(error, 'invalid_input')) {
      show(error.issues.map(({ path, message }) => `${path} ${message}`).join(', '))
    } else if (isSmileIdError(error, 'unauthorized')) show('This took too long: please start again.')
    else if (isSmileIdError(error, 'wait_timeout')) show('You will hear from us.')
    else throw error
  }
}
