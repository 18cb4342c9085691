/**
 * From a request to its route: session and origin checked, errors answered, one line of log that names
 * nobody.
 */
import type { Client } from 'smileid-edge/client'
import type { Env, Life } from './bindings.ts'
import { drain } from './body.ts'
import { clientOf } from './client.ts'
import { problemOf, problemResponse } from './problem.ts'
import { checkOrigin, readSession, type Session } from './session.ts'

export interface Context {
  request: Request
  env: Env
  life: Life
  /** What stands for `:name` in the path. */
  params: Readonly<Record<string, string>>
  client: Client
}

export interface SignedIn extends Context {
  session: Session
}

export type Route = { method: string; path: string } & (
  | { for: 'anybody'; answer: (context: Context) => Promise<Response> }
  | { for: 'session'; answer: (context: SignedIn) => Promise<Response> }
)

export function createRouter(
  routes: readonly Route[],
): (request: Request, env: Env, life: Life) => Promise<Response | undefined> {
  return async (request, env, life) => {
    const { pathname } = new URL(request.url)
    const here = routes.flatMap((route) => {
      const params = match(route.path, pathname)
      return params ? [{ route, params }] : []
    })
    if (!here.length) return undefined
    const started = Date.now()
    const found = here.find(({ route }) => route.method === request.method)
    const response = await answer(
      found,
      here.map(({ route }) => route.method),
    )
    console.log(
      JSON.stringify({
        route: `${request.method} ${here[0]!.route.path}`,
        status: response.status,
        ms: Date.now() - started,
      }),
    )
    return response

    async function answer(found: (typeof here)[number] | undefined, methods: string[]): Promise<Response> {
      try {
        if (!found)
          return problemResponse(
            { status: 405, code: 'wrong_method', title: 'This address takes another method.' },
            { allow: methods.join(', ') },
          )
        const { route, params } = found
        const context = {
          request,
          env,
          life,
          params,
          get client() {
            return clientOf(env)
          },
        }
        if (route.for === 'anybody') return await route.answer(context)
        const session = await readSession(request, env)
        if (request.method !== 'GET') await checkOrigin(request, session, env)
        return await route.answer(Object.assign(context, { session }))
      } catch (error) {
        await drain(request)
        const problem = problemOf(error)
        // Only its class: a message may quote what was sent.
        if (problem.code === 'internal')
          console.error(JSON.stringify({ error: error instanceof Error ? error.name : typeof error }))
        return problemResponse(problem)
      }
    }
  }
}

/** `/api/imports/:id/start`: what each `:name` stands for, if the path fits. */
function match(pattern: string, pathname: string): Record<string, string> | undefined {
  const [wanted, given] = [pattern.split('/'), pathname.split('/')]
  if (
    wanted.length !== given.length ||
    !wanted.every((part, i) => (part.startsWith(':') ? given[i] : part === given[i]))
  )
    return undefined
  try {
    return Object.fromEntries(
      wanted.flatMap((part, i) =>
        part.startsWith(':') ? [[part.slice(1), decodeURIComponent(given[i]!)]] : [],
      ),
    )
  } catch {
    return undefined
  }
}
