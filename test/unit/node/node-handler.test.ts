/** The adapter that the documentation shows for servers with requests of their own kind, over real HTTP. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCallbackHandler, createClient } from 'smileid-edge'
import { createEmulator } from 'smileid-edge/emulator'
import { type Listening, serve } from '../../support/server.ts'

const emulator = createEmulator({ clock: 'real' })
const { partnerId, apiKey, fetch: api } = emulator.clientOptions
const acted: string[] = []
const handler = createCallbackHandler(
  createClient({ partnerId, apiKey, environment: 'sandbox', fetch: api }),
  { onResult: ({ result }) => void acted.push(result.ResultCode) },
)

// As in playground/docs/callbacks.md; Express' request and response are these, with more on them.
async function route(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const request = new Request(`https://${req.headers.host}${req.url}`, {
    method: req.method!,
    headers: Object.entries(req.headers).map(([name, value]): [string, string] => [name, String(value)]),
    ...(req.method === 'POST' && { body: Readable.toWeb(req) as ReadableStream, duplex: 'half' }),
  } as RequestInit)
  const response = await handler(request)
  res.writeHead(response.status, Object.fromEntries(response.headers)).end()
}

let server: Listening
beforeAll(async () => void (server = await serve(route)))
afterAll(() => server.close())

it('takes callbacks behind a Node server', async () => {
  const url = `${server.url}/callback`
  emulator.startJob({ user_id: 'user', job_id: 'job', durationMs: 0 })
  const status = async (request: Request) =>
    (
      await fetch(url, {
        method: request.method,
        headers: request.headers,
        ...(request.method === 'POST' && { body: await request.text() }),
      })
    ).status
  expect(await status(await emulator.callbackRequest(url, { SmileJobID: '0000000001' }))).toBe(200)
  expect(await status(await emulator.callbackRequest(url, { SmileJobID: '0000000001' }))).toBe(200)
  expect(await status(await emulator.callbackRequest(url, {}, { apiKey: 'forged' }))).toBe(401)
  expect(await status(new Request(url))).toBe(405)
  expect(acted).toEqual(['0810'])
})
