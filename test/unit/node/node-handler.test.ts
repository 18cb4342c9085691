/** The adapter for servers with requests of their own kind, over real HTTP: whatever is sent, it stays up. */
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createCallbackHandler, createClient, isSmileIdError } from 'smileid-edge'
import { createEmulator } from 'smileid-edge/emulator'
import { toNodeHandler } from 'smileid-edge/node'
import { bodyOf, type Listening, serve } from '../../support/server.ts'
import { until } from '../../support/until.ts'

const emulator = createEmulator({ clock: 'real' })
const { partnerId, apiKey, fetch: api } = emulator.clientOptions
const SmileJobID = emulator.startJob({ user_id: 'user', job_id: 'job', durationMs: 0 })
const acted: string[] = []
const seen: Request[] = []
const refused: string[] = []
const errors: unknown[] = []
const handler = createCallbackHandler(
  (request) => {
    seen.push(request)
    return createClient({ partnerId, apiKey, environment: 'sandbox', fetch: api })
  },
  {
    onResult: ({ result }) => void acted.push(result.ResultCode),
    onRefused: (error) => void refused.push(isSmileIdError(error) ? error.code : String(error)),
  },
)
const route = toNodeHandler(
  (request) => {
    if (request.url.endsWith('/fails')) throw new Error('a bug')
    if (request.url.endsWith('/no-response')) return Response.error()
    if (request.url.endsWith('/cookies')) {
      return new Response('body', {
        headers: [
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ],
      })
    }
    return handler(request)
  },
  { onError: (error) => void errors.push(error) },
)

/** What runs before the route, as a framework's body parser would. */
const parsers: Record<string, (request: IncomingMessage & { body?: unknown; rawBody?: unknown }) => unknown> =
  {
    '/json': async (request) => void (request.body = JSON.parse(String(await bodyOf(request)))),
    '/raw': async (request) => void (request.body = await bodyOf(request)),
    '/text': async (request) => void (request.body = String(await bodyOf(request))),
    '/both': async (request) => {
      request.rawBody = await bodyOf(request)
      request.body = JSON.parse(String(request.rawBody))
    },
    // As those of Express 4 do with a content type that is not theirs.
    '/other': (request) => void (request.body = {}),
  }

let server: Listening
beforeAll(async () => {
  server = await serve(async (request, response) => {
    await parsers[request.url!]?.(request)
    route(request, response)
  })
})
afterAll(() => server.close())
beforeEach(() => {
  for (const list of [acted, seen, refused, errors]) list.length = 0
})

const genuine = async () =>
  (await emulator.callbackRequest('https://app.example/', { SmileJobID, ResultCode: '0810' })).text()
const post = async (path: string, body: BodyInit) =>
  fetch(server.url + path, { method: 'POST', body, duplex: 'half' } as RequestInit)

/** Sends text as it is; the status that comes, or `undefined` where the connection ends without. */
function send(text: string, { goAway = false } = {}): Promise<string | undefined> {
  return new Promise((resolve) => {
    let reply = ''
    const socket = connect(server.port, '127.0.0.1', () => {
      socket.write(text)
      if (goAway) setTimeout(() => socket.destroy(), 20)
    })
    socket.on('data', (piece) => {
      reply += String(piece)
      socket.destroy()
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(/^HTTP\/1.1 (\d+)/.exec(reply)?.[1]))
  })
}

it('takes callbacks, acts once, and says no to what is none', async () => {
  const callback = await genuine()
  expect([(await post('/', callback)).status, (await post('/', callback)).status]).toEqual([200, 200])
  expect(acted).toEqual(['0810'])
  const forged = await emulator.callbackRequest('https://app.example/', {}, { apiKey: 'forged' })
  expect((await post('/', await forged.text())).status).toBe(401)
  const get = await fetch(server.url)
  expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST'])
  expect((await post('/', '')).status).toBe(400)
})

it.each([
  ['/json', 500],
  ['/raw', 200],
  ['/text', 200],
  ['/both', 200],
  ['/other', 200],
])('behind the parser %s it answers %i', async (path, status) => {
  expect((await post(path, await genuine())).status).toBe(status)
  expect(refused).toEqual(status === 500 ? ['callback_unreadable'] : [])
})

const END = 'content-length: 2\r\n\r\n{}'
it.each([
  ['POST / HTTP/1.1\r\nhost: [', '401', 'http://localhost/'],
  ['POST / HTTP/1.1\r\nhost: a:b', '401', 'http://localhost/'],
  ['POST / HTTP/1.1\r\nhost: a/b?c#d', '401', 'http://localhost/'],
  ['POST / HTTP/1.1\r\nhost: name@a', '401', 'http://localhost/'],
  ['POST / HTTP/1.1\r\nhost: a:99999', '401', 'http://localhost/'],
  ['POST / HTTP/1.1\r\nhost: \u00e4', '401', 'http://localhost/'],
  ['POST / HTTP/1.1\r\nhost:', '401', 'http://localhost/'],
  ['POST / HTTP/1.0\r\nx: y', '401', 'http://localhost/'],
  ['POST /a?b=%zz HTTP/1.1\r\nhost: App.example:81', '401', 'http://app.example:81/a?b=%zz'],
  ['POST /a HTTP/1.1\r\nhost: [::1]:80', '401', 'http://[::1]/a'],
  ['POST //other/a HTTP/1.1\r\nhost: a', '401', 'http://a//other/a'],
  ['POST http://other/a HTTP/1.1\r\nhost: a', '401', 'http://a/'],
  ['POST /%00[ HTTP/1.1\r\nhost: a', '401', 'http://a/%00['],
  ['OPTIONS * HTTP/1.1\r\nhost: a', '405', undefined],
  ['TRACE / HTTP/1.1\r\nhost: a', '501', undefined],
  ['POST / HTTP/1.1\r\nhost: a\r\nx-odd: \u0080\u00ff\r\nx-odd: b\r\n__proto__: c', '401', 'http://a/'],
])('%j is answered %s', async (head, status, url) => {
  expect(await send(`${head}\r\n${END}`)).toBe(status)
  expect(seen[0]?.url).toBe(url)
  expect(errors).toEqual([])
})

it('lets a sender go who goes away', async () => {
  const text = 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 200\r\n\r\n{"a'
  expect(await send(text, { goAway: true })).toBe(undefined)
  await until(() => refused.length === 1)
  expect([refused, errors]).toEqual([['callback_unreadable'], []])
  expect((await post('/', await genuine())).status).toBe(200)
})

it.each([
  ['declared', 'x'.repeat(2_097_153)],
  [
    'in chunks',
    new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(32)),
    }),
  ],
])('refuses too large a body, %s, and the process takes the next one', async (_, body) => {
  const status = await post('/', body).then(
    (response) => response.status,
    // The sender may still be sending when the answer comes.
    () => 413,
  )
  expect([status, refused]).toEqual([413, ['callback_malformed']])
  expect((await post('/', await genuine())).status).toBe(200)
})

it('goes on with a connection whose body was refused half way', async () => {
  const large = `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 3000000\r\n\r\n${' '.repeat(3_000_000)}`
  const next = 'POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}'
  const statuses = await new Promise<string[]>((resolve) => {
    let reply = ''
    const socket = connect(server.port, '127.0.0.1', () => socket.write(large + next))
    socket.on('data', (piece) => void (reply += String(piece)))
    socket.on('close', () => resolve([...reply.matchAll(/^HTTP\/1.1 (\d+)/gm)].map(([, code]) => code!)))
  })
  expect(statuses).toEqual(['413', '401'])
})

it('answers for a handler that fails, and sends what another one gives', async () => {
  expect([(await post('/fails', '')).status, String(errors)]).toEqual([500, 'Error: a bug'])
  expect((await post('/no-response', '')).status).toBe(500)
  const response = await post('/cookies', '')
  expect([response.headers.getSetCookie(), await response.text()]).toEqual([['a=1', 'b=2'], 'body'])
})

it('gives requests the origin it is told, and refuses what is none', async () => {
  const urls: string[] = []
  const told = await serve(
    toNodeHandler(
      ({ url }) => {
        urls.push(url)
        return new Response()
      },
      { origin: 'https://app.example' },
    ),
  )
  await fetch(`${told.url}/a?b`)
  await told.close()
  expect(urls).toEqual(['https://app.example/a?b'])
  const issuesOf = (...args: unknown[]) => {
    try {
      return toNodeHandler(...(args as [never]))
    } catch (error) {
      return isSmileIdError(error, 'invalid_input') && error.issues.map(({ path, code }) => `${path} ${code}`)
    }
  }
  expect(issuesOf()).toEqual(['handler missing'])
  for (const origin of ['app.example', 'https://app.example/', 'ftp://app.example', 'https://a@b', 5]) {
    expect(issuesOf(handler, { origin, onError: 1, x: 1 })).toEqual([
      'options.origin wrong_format',
      'options.onError wrong_type',
      'options.x not_allowed',
    ])
  }
})
