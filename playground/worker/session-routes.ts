/** Signing in and out, and what the page has to know first. */
import type { Env } from './bindings.ts'
import { readJson } from './body.ts'
import { isEmulated } from './client.ts'
import { Refusal } from './problem.ts'
import type { Context, Route, SignedIn } from './router.ts'
import {
  checkOrigin,
  csrfToken,
  endSession,
  mayEnter,
  openSession,
  readSession,
  type Session,
} from './session.ts'
import { countTry } from './sign-in-limit.ts'

async function describe({ env }: Context, session: Session | undefined, cookie?: string): Promise<Response> {
  const body = {
    mode: isEmulated(env) ? 'emulator' : env.SMILE_ID_ENVIRONMENT,
    partner_id: env.SMILE_ID_PARTNER_ID,
    signed_in: session !== undefined,
    ...(session && { csrf: await csrfToken(session, env), expires: session.expires }),
  }
  return Response.json(body, {
    headers: { 'cache-control': 'no-store', ...(cookie && { 'set-cookie': cookie }) },
  })
}

/** With the emulator everybody is let in; otherwise the page asks for the token. */
async function current(context: Context): Promise<Response> {
  const known = await readSession(context.request, context.env).catch(() => undefined)
  if (known || !isEmulated(context.env)) return describe(context, known)
  const { session, cookie } = await openSession(context.request, context.env)
  return describe(context, session, cookie)
}

async function signIn(context: Context): Promise<Response> {
  const { request, env } = context
  await checkOrigin(request, undefined, env)
  const { token } = await readJson(request)
  await checkToken(request, env, token)
  const { session, cookie } = await openSession(request, env)
  return describe(context, session, cookie)
}

async function checkToken(request: Request, env: Env, token: unknown): Promise<void> {
  const isRight = await mayEnter(env, token)
  // Nothing is guessed where everybody may enter.
  if (isEmulated(env)) return
  const takeBack = await countTry(request, env)
  if (!isRight) throw new Refusal(401, 'wrong_token', 'That is not the token.')
  await takeBack()
}

async function signOut({ request, env, session }: SignedIn): Promise<Response> {
  const { cookie } = await endSession(request, session, env)
  return new Response(null, { status: 204, headers: { 'set-cookie': cookie, 'cache-control': 'no-store' } })
}

export const sessionRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/session', for: 'anybody', answer: current },
  { method: 'POST', path: '/api/session', for: 'anybody', answer: signIn },
  { method: 'DELETE', path: '/api/session', for: 'session', answer: signOut },
]
