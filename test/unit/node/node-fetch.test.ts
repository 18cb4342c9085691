/** What a client needs of a fetch, by the global one and by `nodeFetch`; and what `nodeFetch` does beyond. */
import { createServer } from 'node:http'
import { createServer as createNetServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { nodeFetch } from 'smileid-edge/node'
import { wayOf } from '../../../src/node/fetch/agents.ts'
import { bodyOf, listen, type Listening, serve } from '../../support/server'
import { until } from '../../support/until'

const servers: Listening[] = []
const kept = (server: Listening) => {
  servers.push(server)
  return server
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const encoder = new TextEncoder()
/** Gives these pieces, and then waits until it is cancelled, unless it ends. */
function source(pieces: readonly string[], { ends = true } = {}) {
  const told = { cancelled: false, taken: 0 }
  const left = [...pieces]
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = left.shift()
        if (piece === undefined) return ends ? controller.close() : new Promise<void>(() => {})
        told.taken++
        controller.enqueue(encoder.encode(piece))
      },
      cancel: () => void (told.cancelled = true),
    },
    { highWaterMark: 0 },
  )
  return { stream, told }
}
const post = (body: BodyInit, headers: Record<string, string> = {}, more: RequestInit = {}) =>
  ({ method: 'POST', body, headers, duplex: 'half', redirect: 'error', ...more }) as RequestInit
const failure = (promise: Promise<unknown>): Promise<any> =>
  promise.then(
    () => undefined,
    (error) => error,
  )
const causeOf = async (promise: Promise<unknown>) => ((await failure(promise)) as Error).cause as any

/** What arrived, as JSON. */
const mirror = () =>
  serve(async (request, response) => {
    const { method, url, headers } = request
    const body = (await bodyOf(request)).toString('latin1')
    response
      .writeHead(201, { 'X-Twice': ['a', 'b'], 'Set-Cookie': ['c=1', 'd=2'] })
      .end(JSON.stringify({ method, url, headers, body }))
  }).then(kept)

describe.each([
  ['fetch', (url: string, init?: RequestInit) => fetch(url, init)],
  ['nodeFetch', nodeFetch],
])('%s', (name, send) => {
  it('sends method, path, headers and bytes, and gives status, headers and body', async () => {
    const { url, port } = await mirror()
    const bytes = encoder.encode('xxå').subarray(2)
    const response = await send(`${url}/v1/a?b=c`, post(bytes, { 'Content-Type': 'a/b', accept: 'c/d' }))
    expect([response.status, response.ok, response.headers.get('x-twice')]).toEqual([201, true, 'a, b'])
    expect(response.headers.getSetCookie()).toEqual(['c=1', 'd=2'])
    const { headers, ...arrived } = (await response.json()) as any
    expect(arrived).toEqual({ method: 'POST', url: '/v1/a?b=c', body: '\xc3\xa5' })
    expect(headers).toMatchObject({
      host: `127.0.0.1:${port}`,
      'content-type': 'a/b',
      accept: 'c/d',
      'content-length': '2',
      'user-agent': 'node',
      connection: 'keep-alive',
    })
  })

  it('sends a stream with the length that is given, and none with GET', async () => {
    const { url } = await mirror()
    const { stream } = source(['ab', 'c'])
    const posted = (await (await send(url, post(stream, { 'content-length': '3' }))).json()) as any
    expect([posted.headers['content-length'], posted.headers['transfer-encoding']]).toEqual(['3', undefined])
    expect(posted.body).toBe('abc')
    const got = (await (await send(url)).json()) as any
    expect([got.method, got.headers['content-length'], got.body]).toEqual(['GET', undefined, ''])
  })

  it.each([
    ['fewer', ['ab']],
    ['more', ['ab', 'cd']],
  ])('refuses a stream of %s bytes than it said, and nobody takes it for a whole one', async (_, pieces) => {
    let whole = 0
    const { url } = kept(
      await serve(async (request, response) => {
        await bodyOf(request)
        whole++
        response.end()
      }),
    )
    const error = await failure(send(url, post(source(pieces).stream, { 'content-length': '3' })))
    expect([error.name, error.message, whole]).toEqual(['TypeError', 'fetch failed', 0])
  })

  it('follows no redirect', async () => {
    const asked: string[] = []
    const { url } = kept(
      await serve((request, response) => {
        asked.push(request.url!)
        response.writeHead(307, { location: '/elsewhere' }).end('{}')
      }),
    )
    expect((await causeOf(send(url, post('{}')))).message).toBe('unexpected redirect')
    const manual = await send(url, post('{}', {}, { redirect: 'manual' }))
    expect([manual.status, await manual.text()]).toEqual([307, '{}'])
    expect(asked).toEqual(['/', '/'])
  })

  it('gives the reply that comes before all is sent', async () => {
    const { url, open } = kept(
      await serve((_, response) => response.writeHead(413, { 'content-length': '2' }).end('{}')),
    )
    const { stream } = source(['a'.repeat(1000)], { ends: false })
    const response = await send(url, post(stream, { 'content-length': '5000000' }))
    expect([response.status, await response.text()]).toEqual([413, '{}'])
    await until(() => open() === 0)
  })

  it('names what the system said as the cause', async () => {
    const closed = await serve(() => {})
    await closed.close()
    expect(await causeOf(send(closed.url, post('{}')))).toMatchObject({
      code: 'ECONNREFUSED',
      syscall: 'connect',
    })
    expect(await causeOf(send('http://nothing.invalid', post('{}')))).toMatchObject({
      code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
      syscall: 'getaddrinfo',
    })
    const cut = kept(await serve((request) => request.socket.resetAndDestroy()))
    expect((await causeOf(send(cut.url, post('{}')))).code).toMatch(/^(ECONNRESET|UND_ERR_SOCKET)$/)
    const noHttp = kept(await listen(createNetServer((socket) => socket.once('data', () => socket.end('x')))))
    expect((await causeOf(send(noHttp.url, post('{}')))).code).toMatch(/^HPE_/)
    expect((await causeOf(send('gopher://127.0.0.1', post('{}')))).message).toBe('unknown scheme')
  })

  it('rejects with the reason of an abort, at any moment', async () => {
    const reason = new Error('enough')
    expect(await failure(send('http://127.0.0.1:1', { signal: AbortSignal.abort(reason) }))).toBe(reason)

    let arrived = 0
    const silent = kept(await serve(() => void arrived++))
    const waiting = new AbortController()
    const answer = failure(send(silent.url, post('{}', {}, { signal: waiting.signal })))
    await until(() => arrived === 1)
    waiting.abort(reason)
    expect(await answer).toBe(reason)
    await until(() => silent.open() === 0)

    const begun = kept(await serve((_, response) => response.write('{')))
    const reading = new AbortController()
    const response = await send(begun.url, post('{}', {}, { signal: reading.signal }))
    const text = failure(response.text())
    reading.abort(reason)
    expect(await text).toBe(reason)
    await until(() => begun.open() === 0)
  })

  it('rejects the body of a reply that breaks off', async () => {
    const { url } = kept(
      await serve((request, response) =>
        response
          .writeHead(200, { 'content-length': '100' })
          .write('{', () => request.socket.resetAndDestroy()),
      ),
    )
    const response = await send(url, post('{}'))
    expect(await failure(response.text())).toBeInstanceOf(TypeError)
  })

  it('reads no faster than the body is read, and closes what is cancelled', async () => {
    let written = 0
    const { url, open } = kept(
      await serve((_, response) => {
        const more = () => {
          while (response.writable && written < 100_000_000) {
            written += 65_536
            if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more)
          }
        }
        more()
      }),
    )
    const reader = (await send(url)).body!.getReader()
    await reader.read()
    let before = -1
    while (before !== written) {
      before = written
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(written).toBeLessThan(50_000_000)
    await reader.cancel()
    await until(() => open() === 0)
  })

  if (name === 'fetch') return

  it('stops and cancels the body that nobody wants any more', async () => {
    const early = kept(await serve((_, response) => response.writeHead(400).end('{}')))
    const refused = source(['a', 'b'], { ends: false })
    await (await send(early.url, post(refused.stream, { 'content-length': '5000000' }))).text()
    await until(() => refused.told.cancelled)

    const silent = kept(await serve(() => {}))
    const stalled = source(['a'], { ends: false })
    const controller = new AbortController()
    const { signal } = controller
    const answer = failure(send(silent.url, post(stalled.stream, { 'content-length': '9' }, { signal })))
    await until(() => silent.open() === 1)
    controller.abort()
    expect((await answer).name).toBe('AbortError')
    await until(() => stalled.told.cancelled)
  })

  it('fails as the source of the body does', async () => {
    const { url } = await mirror()
    const cause = new Error('the file changed')
    const stream = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(cause) })
    expect(await causeOf(send(url, post(stream, { 'content-length': '9' })))).toBe(cause)
  })

  it('asks for replies as they are, and does not unpack them', async () => {
    const packed = gzipSync('{}')
    let asked: unknown
    const { url } = kept(
      await serve((request, response) => {
        asked = request.headers['accept-encoding']
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed)
      }),
    )
    const bytes = Buffer.from(await (await send(url)).arrayBuffer())
    expect([asked, bytes.equals(packed)]).toEqual(['identity', true])
  })

  it('gives replies without a body, and refuses what is no status', async () => {
    let status = 204
    const { url } = kept(
      await listen(
        createNetServer((socket) =>
          socket.on('data', () => socket.write(`HTTP/1.1 ${status} X\r\ncontent-length: 0\r\n\r\n`)),
        ),
      ),
    )
    const response = await send(url, post('{}'))
    expect([response.status, response.body]).toEqual([204, null])
    status = 999
    expect(await causeOf(send(url, post('{}')))).toBeInstanceOf(RangeError)
  })

  it('sends Blobs, and refuses forms and URLs with passwords', async () => {
    const { url } = await mirror()
    const echoed = (await (await send(url, post(new Blob(['abc'])))).json()) as any
    expect([echoed.headers['content-length'], echoed.body]).toEqual(['3', 'abc'])
    expect((await failure(send(url, post(new FormData())))).message).toContain('use fetch for other bodies')
    expect((await failure(send(url.replace('//', '//a:b@')))).message).toContain('password')
  })

  it('gives an idle connection back before the server closes it', async () => {
    let keepAlive: string | undefined
    const ports = new Set<number>()
    // Node says by itself how long it keeps a connection, unless it is told not to.
    const server = createServer((request, response) => {
      ports.add(request.socket.remotePort!)
      if (keepAlive !== undefined) response.setHeader('keep-alive', keepAlive)
      response.setHeader('connection', 'keep-alive')
      request.resume().on('end', () => response.end('{}'))
    })
    server.keepAliveTimeout = 0
    const { url, port } = kept(await listen(server))
    const { agent } = wayOf('http:')!
    const ask = async (says?: string) => {
      keepAlive = says
      await (await send(url, post('{}'))).text()
      await new Promise((resolve) => setImmediate(resolve))
      return (agent.freeSockets[`127.0.0.1:${port}:`] ?? []).map(({ timeout }) => timeout)
    }
    expect(await ask()).toEqual([4000])
    expect(await ask('timeout=72, max=5')).toEqual([71_000])
    expect(await ask('timeout=9999999999')).toEqual([600_000])
    expect(ports.size).toBe(1)
    expect(await ask('timeout=1')).toEqual([])
  })

  it('gives up connecting after ten seconds, when nothing was sent', async () => {
    const silent = kept(
      await listen(
        createNetServer(() => {}),
        'https',
      ),
    )
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const cause = causeOf(send(silent.url, post('{}')))
      await vi.advanceTimersByTimeAsync(10_000)
      expect(await cause).toMatchObject({ code: 'ETIMEDOUT', syscall: 'connect' })
    } finally {
      vi.useRealTimers()
    }
  })

  it('is the global fetch where node:http is a layer over something else', async () => {
    vi.stubGlobal('fetch', async () => new Response('global'))
    vi.stubGlobal('Bun', {})
    try {
      expect(await (await send('http://127.0.0.1:1')).text()).toBe('global')
    } finally {
      vi.unstubAllGlobals()
    }
  })
})
