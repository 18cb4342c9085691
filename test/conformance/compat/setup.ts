/** What tests of the old classes begin with. */
import { type CompatExtras, IDApi, Utilities, WebApi } from 'smileid-edge/compat'
import { createEmulator } from 'smileid-edge/emulator'
import { test } from '../harness'

export const inBrowser = typeof document === 'object'

/**
 * These classes are for servers: in a browser the key would be public, and there is no way to say that it may
 * be.
 */
export const onServers: typeof test = (name, run) => test(name, (env) => (inBrowser ? undefined : run(env)))

export const params = (job_type: number, more: object = {}) => ({
  user_id: 'u1',
  job_id: 'j1',
  job_type,
  ...more,
})

export const bvn = {
  country: 'NG',
  id_type: 'BVN',
  id_number: '00000000000',
  first_name: 'Leo',
  last_name: 'Doe',
  entered: true,
}

export function withEmulator() {
  const emulator = createEmulator()
  const { partnerId, apiKey, fetch, now, sleep } = emulator.clientOptions
  const extras = { fetch: fetch!, now: now!, sleep: sleep! }
  const key = apiKey as string
  return {
    emulator,
    partnerId,
    key,
    extras,
    web: (callback: string | null = null) => new WebApi(partnerId, callback, key, 0, extras),
    id: () => new IDApi(partnerId, key, '0', extras),
    utilities: () => new Utilities(partnerId, key, 0, extras),
  }
}

/** A service that answers as it is told, and time that passes when it is waited for. */
export function answering(answer: (body: Record<string, any>, url: string, count: number) => Response) {
  const sent: { url: string; body: Record<string, any> }[] = []
  const pauses: number[] = []
  let now = 1_700_000_000_000
  const extras: CompatExtras = {
    now: () => now,
    sleep: async (ms) => void (pauses.push(ms), (now += ms)),
    fetch: async (url, init) => {
      const text = init.body ? await new Response(init.body).text() : '{}'
      const body = (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, any>
      sent.push({ url, body })
      return answer(body, url, sent.length)
    },
  }
  return { sent, pauses, extras }
}
