/** The service's v3 on loopback, with its own rules for browsers, and the backend of one who uses it. */
import { createClient } from 'smileid-edge/client'
import { createEmulator } from 'smileid-edge/emulator'
import { createToken } from 'smileid-edge/v3/token'
import { bodyOf, type Listening, serve } from './server'

/** What the backend says to whoever asks for a token. */
export interface Session {
  baseUrl: string
  token: string
}

/** What it says of the jobs of a user. */
export type Jobs = { job_id: string; product: string }[]

export interface V3Peer extends Listening {
  /** `/v3-backend/session?user_id=…` or, of that user, `/v3-backend/jobs?…`. */
  backend(url: string): Promise<Session | Jobs>
}

export async function startV3Peer(): Promise<V3Peer> {
  const emulator = createEmulator({ clock: 'real', v3: { boundIdentityMatches: true } })
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

  async function session(user_id: string | undefined): Promise<Session> {
    const { token } = await createToken(client, {
      user_id,
      payload: {
        given_names: 'Amina Fatou',
        last_name: 'Clearwater',
        email: 'amina.clearwater@example.com',
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

  return {
    ...listening,
    async backend(url) {
      const { pathname, searchParams } = new URL(url, 'http://localhost')
      const user_id = searchParams.get('user_id') ?? undefined
      if (pathname === '/v3-backend/session') return session(user_id)
      const jobs = [...emulator.v3.jobs].filter((job) => job.user_id === user_id)
      return jobs.map(({ job_id, product }) => ({ job_id, product }))
    },
  }
}
