/**
 * A way into the platform for tests: its database, the emulator, the schedule. Miniflare's own way keeps
 * connections; one that workerd closes after five idle seconds may be closed as it is used again, and the
 * call fails with "other side closed".
 */
import type { WorkerOptions } from 'miniflare'
import type { Platform } from '../../playground/platform.mjs'

const NAME = 'inside'

const PROGRAM = `export default {
  async fetch(request, env) {
    const url = request.headers.get('x-inside-url')
    if (url) return env.EMULATOR.fetch(url, request)
    const { sql, values } = await request.json()
    return Response.json((await env.DB.prepare(sql).bind(...values).all()).results)
  },
}`

/** Bound to the playground's database and the emulator; on a port of its own, of this machine alone. */
export const INSIDE: WorkerOptions = {
  name: NAME,
  modules: [{ type: 'ESModule', path: 'index.mjs', contents: PROGRAM }],
  compatibilityDate: '2026-04-01',
  d1Databases: { DB: 'playground' },
  serviceBindings: { EMULATOR: 'emulator' },
  unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
}

export interface Inside {
  /** The rows that a statement gives. */
  query<Row = Record<string, unknown>>(sql: string, ...values: unknown[]): Promise<Row[]>
  /** Lets the playground do what it does by the hour. */
  tidy(): Promise<void>
  /** The emulator as the service at any address. */
  emulatorFetch: typeof fetch
}

export async function insideOf({ miniflare, scheduled }: Platform): Promise<Inside> {
  const door = await miniflare.unsafeGetDirectURL(NAME)
  return {
    async query(sql, ...values) {
      const body = JSON.stringify({ sql, values })
      const response = await fetch(door, { method: 'POST', headers: { connection: 'close' }, body })
      if (!response.ok) throw new Error(await response.text())
      return response.json() as never
    },
    // The schedule is behind Miniflare's own way alone; to tidy up once more does no harm.
    async tidy() {
      const tidyUp = () => scheduled({ cron: '0 * * * *' })
      await tidyUp().catch(tidyUp)
    },
    emulatorFetch(url, init) {
      const headers = new Headers(init?.headers)
      headers.set('connection', 'close')
      headers.set('x-inside-url', String(url))
      return fetch(door, { ...init, headers })
    },
  }
}
