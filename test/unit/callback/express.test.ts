/** The adapter that the documentation shows for servers with requests of their own kind, over real HTTP. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCallbackHandler, createClient } from 'smileid-edge'
import { createEmulator } from 'smileid-edge/emulator'

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

const server = createServer((req, res) => void route(req, res))
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(
  () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
)

it('takes callbacks behind a Node server', async () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`
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
