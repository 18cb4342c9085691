/** The playground on workerd, from the source of the SDK, and a page that talks to it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { type Platform, startPlatform } from '../../playground/platform.mjs'
import { freePort } from '../support/free-port.ts'
import { INSIDE } from './inside.ts'

export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'smileid-playground-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

export async function start(options: Partial<Parameters<typeof startPlatform>[0]> = {}): Promise<Platform> {
  const state = options.state ?? scratch()
  const platform = await startPlatform({ state, quiet: true, beside: [INSIDE], ...options })
  // A test may have ended it itself.
  onTestFinished(() => platform.miniflare.dispose().catch(() => {}))
  return platform
}

/**
 * The whole platform as a process of its own, and what kills it with all that it started, as a power cut
 * would.
 */
export async function startApart(
  state: string,
  { port, bindings = {} }: { port?: number; bindings?: Record<string, string> } = {},
): Promise<{ url: string; port: number; kill(): Promise<void> }> {
  const where = port ?? (await freePort())
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('run-platform.mjs', import.meta.url)),
      state,
      `${where}`,
      JSON.stringify(bindings),
    ],
    { detached: true, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    process.kill(-child.pid!, 'SIGKILL')
    await once(child, 'exit')
  }
  onTestFinished(kill)
  const [line] = (await Promise.race([once(child.stdout, 'data'), endedEarly(child)])) as [Buffer]
  return { url: String(line).trim(), port: where, kill }
}

async function endedEarly(child: ChildProcess): Promise<never> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
  throw new Error(`The platform ended before it said its address: ${signal ?? code}.`)
}

export interface Page {
  headers: Record<string, string>
  call(
    path: string,
    options?: { method?: string; body?: unknown; headers?: Record<string, string> },
  ): Promise<Response>
  json<T = any>(path: string, options?: { method?: string; body?: unknown }): Promise<T>
}

/**
 * A connection a call: a connection that lay idle while the test waited for something else may be closed by
 * workerd at the very moment in which it is used again.
 */
const ONCE = { connection: 'close' }

export function fetchOnce(url: string | URL, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, headers: { ...(init.headers as Record<string, string>), ...ONCE } })
}

export async function openPage(url: string): Promise<Page> {
  const response = await fetchOnce(`${url}/api/session`)
  const cookie = response.headers.get('set-cookie')!.split(';')[0]!
  const { csrf } = (await response.json()) as { csrf: string }
  return pageWith(url, { cookie, 'x-csrf-token': csrf, origin: url })
}

export function pageWith(url: string, headers: Record<string, string>): Page {
  const call: Page['call'] = (path, { method = 'GET', body, headers: more } = {}) => {
    const raw =
      body === undefined ||
      typeof body === 'string' ||
      body instanceof Blob ||
      body instanceof FormData ||
      body instanceof Uint8Array
    return fetchOnce(url + path, {
      method,
      headers: { ...headers, ...more },
      ...(body !== undefined && { body: (raw ? body : JSON.stringify(body)) as BodyInit }),
    })
  }
  return { headers, call, json: async (path, options) => (await call(path, options)).json() as never }
}

/**
 * The status of a request that names another host than the one it goes to, as a browser's would after the
 * name was pointed elsewhere; `fetch` allows no such header.
 */
export async function statusAs(host: string, url: string, method = 'GET'): Promise<number> {
  const call = request(url, { method, headers: { ...ONCE, host } }).end()
  const [response] = (await once(call, 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode!
}

export const form = (fields: Record<string, string | Uint8Array>): FormData => {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields))
    data.set(name, typeof value === 'string' ? value : new Blob([value as BlobPart]))
  return data
}

/** What a look gives, once it gives something; where it never does, the test's own time limit says so. */
export async function until<T>(
  look: () => Promise<T | undefined | false>,
  { everyMs = 100 }: { everyMs?: number } = {},
): Promise<T> {
  for (;;) {
    const seen = await look()
    if (seen) return seen
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
