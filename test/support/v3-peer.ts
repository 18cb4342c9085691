/** The service's v3 on loopback, with its own rules for browsers, and the backend of one who uses it. */
import { createClient } from 'smileid-edge/client'
import { createEmulator } from 'smileid-edge/emulator'
import { createToken } from 'smileid-edge/v3/token'
import { tokenFor } from '../types/v3-browser-registration'
import { bodyOf, type Listening, serve } from './server'

/** What the backend says to whoever asks for a token. */
export interface Session {
  baseUrl: string
  token: string
}

/** What it says of the jobs of a user. */
export type Jobs = { job_id: string; product: string }[]

export interface V3Peer extends Listening {
  /**
   * `/v3-backend/session?user_id=…`, `/v3-backend/token?…` for a face alone or, of that user,
   * `/v3-backend/jobs?…`.
   */
  backend(url: string): Promise<unknown>
}

export async function startV3Peer(): Promise<V3Peer> {
  const emulator = createEmulator({ clock: 'real', jobDurationMs: 0, v3: { boundIdentityMatches: true } })
  const client = createClient(emulator.clientOptions)
  const listening = await serve(async (request, response, origin) => {
    const body = request.method === 'POST' ? { body: await bodyOf(request) } : {}
    const headers = Object.entries(request.headers) as [string, string][]
    const reply = await emulator.fetch(`${origin}${request.url}`, {
      method: request.method,
      headers,
      ...body,
    })
    response.writeHead(reply.status, Object.fromEntries(reply.headers)).end(await reply.text())
  })

  const person = {
    given_names: 'Amina Fatou',
    last_name: 'Clearwater',
    email: 'amina.clearwater@example.com',
  }

  async function session(user_id: string | undefined): Promise<Session> {
    const { token } = await createToken(client, {
      user_id,
      payload: {
        ...person,
        callback_url: 'https://shop.example/smile-id',
        consent: {
          granted: true,
          granted_at: new Date(0),
          notice_language: 'EN',
          notice_privacy_policy_url: 'https://shop.example/privacy',
        },
      },
    })
    return { baseUrl: listening.url, token }
  }

  /** As the program of `types/v3-browser-registration.ts` makes it. */
  async function registration(userId = ''): Promise<unknown> {
    const response = await tokenFor(client, { userId, ...person, agreedAt: new Date(0) })
    return response.json()
  }

  return {
    ...listening,
    async backend(url) {
      const { pathname, searchParams } = new URL(url, 'http://localhost')
      const user_id = searchParams.get('user_id') ?? undefined
      if (pathname === '/v3-backend/session') return session(user_id)
      if (pathname === '/v3-backend/token') return registration(user_id)
      const jobs = [...emulator.v3.jobs].filter((job) => job.user_id === user_id)
      return jobs.map(({ job_id, product }): Jobs[number] => ({ job_id, product }))
    },
  }
}
