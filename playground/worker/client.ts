/** One client per isolate: it keeps the services document, and nothing else. */
import { type Client, clientOptionsFromEnv, createClient } from 'smileid-edge/client'
import type { Env } from './bindings.ts'

const clients = /* @__PURE__ */ new WeakMap<Env, Client>()

export function clientOf(env: Env): Client {
  let client = clients.get(env)
  if (!client) {
    const { SMILE_ID_API: api } = env
    client = createClient({
      ...clientOptionsFromEnv(env),
      ...(api && { fetch: (url, init) => api.fetch(url, init) }),
    })
    clients.set(env, client)
  }
  return client
}

/** Whether calls go to the emulator, where nothing is paid for and nobody is real. */
export const isEmulated = (env: Env): boolean => env.SMILE_ID_API !== undefined

/** Where results are delivered: here. */
export const callbackUrl = (env: Env, request: Request): string =>
  env.SMILE_ID_CALLBACK_URL || `${new URL(request.url).origin}/callbacks`
