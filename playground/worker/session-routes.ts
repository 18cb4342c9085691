/** Signing in, and what the page has to know first. */
import { readJson } from './body.ts'
import { isEmulated } from './client.ts'
import { Refusal } from './problem.ts'
import type { Context, Route } from './router.ts'
import { checkOrigin, csrfToken, mayEnter, openSession, readSession, type Session } from './session.ts'

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
  if (!(await mayEnter(env, token))) throw new Refusal(401, 'wrong_token', 'That is not the token.')
  const { session, cookie } = await openSession(request, env)
  return describe(context, session, cookie)
}

export const sessionRoutes: readonly Route[] = [
  { method: 'GET', path: '/api/session', for: 'anybody', answer: current },
  { method: 'POST', path: '/api/session', for: 'anybody', answer: signIn },
]
