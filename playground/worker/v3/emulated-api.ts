/**
 * What a token client in the browser asks of the API, handed on to the emulator, which is bound to this
 * Worker and which no browser reaches. Where the API is real, browsers go there, and these are not here.
 */
import { readBytes } from '../body.ts'
import { Refusal } from '../problem.ts'
import type { Context, Route } from '../router.ts'

/** The emulator says itself, as the service does, what is too large below that. */
const MAX_BYTES = 5_000_000

/** Of what came, only this: neither cookies nor what else the page's own routes look at. */
const HEADERS = ['content-type', 'smileid-token', 'smileid-source-sdk', 'smileid-source-sdk-version']

/** Let in by the token that they carry, as at the service: it was made for a session of this page. */
async function handOn({ request, env }: Context): Promise<Response> {
  if (!env.SMILE_ID_API) throw new Refusal(404, 'no_emulator', 'This playground calls the real API.')
  const headers = new Headers()
  for (const name of HEADERS) {
    const value = request.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  const { pathname } = new URL(request.url)
  const { method } = request
  const body = method === 'GET' ? undefined : await readBytes(request, MAX_BYTES)
  return env.SMILE_ID_API.fetch(`http://localhost${pathname}`, body ? { method, headers, body } : { headers })
}

export const emulatedApiRoutes: readonly Route[] = [
  { method: 'POST', path: '/v3/registration', for: 'anybody', answer: handOn },
  { method: 'GET', path: '/v3/status/:job', for: 'anybody', answer: handOn },
]
