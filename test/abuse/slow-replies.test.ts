/**
 * Replies that come byte by byte, or not at all, end in time, and their connections with them; so do
 * callbacks.
 */
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createCallbackHandler, createClient, isSmileIdError, verifyCallback } from 'smileid-edge'
import { createEmulator } from 'smileid-edge/emulator'
import { listen, type Listening } from '../support/server'
import { until } from '../support/until'
import { calls, clientAt } from './calls'

// All calls of a kind wait at once.
vi.setConfig({ maxConcurrency: Object.keys(calls).length })

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n'

/** A server that says its text byte by byte, every few milliseconds, once the request has begun. */
const drip = (text: string, at = 0): Promise<Listening> =>
  listen(
    createServer((socket) => {
      socket.resume().once('data', () => {
        socket.write(text.slice(0, at))
        let index = at
        const timer = setInterval(
          () => (index < text.length ? socket.write(text[index++]!) : clearInterval(timer)),
          5,
        )
        socket.on('close', () => clearInterval(timer))
      })
    }),
  )

const SLOW: Readonly<Record<string, () => Promise<Listening>>> = {
  'headers byte by byte': () => drip(HEAD.replace('\r\n\r\n', `\r\nx-more: ${'x'.repeat(5000)}`)),
  'a body byte by byte': () => drip(`${HEAD}{"a":"${'x'.repeat(5000)}`, HEAD.length),
  'chunks byte by byte': () =>
    drip(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${'1\r\n \r\n'.repeat(1000)}`, 50),
  'an error byte by byte': () =>
    drip(`${HEAD.replace('200 OK', '500 Oops')}${'x'.repeat(5000)}`, HEAD.length),
  'nothing at all': () => drip(''),
  'a body that stops': () => drip(`${HEAD}{"a":`, HEAD.length + 5),
}

describe.each(Object.keys(SLOW))('%s', (kind) => {
  // Node's fetch forgets the signal once nothing but the body of a reply is held, and memory was tidied up.
  let tidying: ReturnType<typeof setInterval>
  beforeAll(() => void (tidying = setInterval(() => globalThis.gc!(), 40)))
  afterAll(() => clearInterval(tidying))

  it.concurrent.each(Object.keys(calls))('%s', async (name) => {
    const server = await SLOW[kind]!()
    const error: unknown = await calls[name]!(clientAt(server.url), { timeoutMs: 80 }).catch(
      (thrown: unknown) => thrown,
    )
    expect(isSmileIdError(error, 'request_timeout')).toBe(true)
    await until(() => server.open() === 0)
    await server.close()
  })
})

describe('an upload that is answered slowly', () => {
  it.each(Object.keys(SLOW))('%s', async (kind) => {
    const store = await SLOW[kind]!()
    const emulator = createEmulator()
    const client = createClient({
      ...emulator.clientOptions,
      baseUrl: store.url,
      uploadTimeoutMs: 60,
      maxRetries: 0,
      async fetch(url, init) {
        if (init.method === 'PUT') return fetch(url, init)
        if (!url.endsWith('/upload')) return emulator.fetch(url, init)
        return Response.json({ upload_url: `${store.url}/k`, smile_job_id: '1', code: '2202' })
      },
    })
    const error: unknown = await calls.submitImageJob!(client).catch((thrown: unknown) => thrown)
    expect(isSmileIdError(error, 'request_timeout') && [error.operation, error.smileJobId]).toEqual([
      'upload_zip',
      '1',
    ])
    await until(() => store.open() === 0)
    await store.close()
  })
})

describe('a callback that never ends', () => {
  const body = (piece: string, everyMs: number) => {
    let cancelled = false
    let timer: ReturnType<typeof setInterval>
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) =>
        void (timer = setInterval(() => controller.enqueue(new TextEncoder().encode(piece)), everyMs)),
      cancel: () => (clearInterval(timer), void (cancelled = true)),
    })
    return {
      request: new Request('https://app.example/c', {
        method: 'POST',
        body: stream,
        duplex: 'half',
      } as RequestInit),
      cancelled: () => cancelled,
    }
  }
  const client = createClient(createEmulator().clientOptions)

  it.each([
    ['byte by byte', ' ', 1000],
    ['silently', '', 1_000_000],
  ] as const)('%s is given up after half a minute', async (_, piece, everyMs) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] })
    try {
      const [first, second] = [body(piece, everyMs), body(piece, everyMs)]
      const answers = Promise.all([
        createCallbackHandler(client, { onResult: () => {} })(first.request),
        verifyCallback(client, second.request).catch((error: unknown) => error),
      ])
      await vi.advanceTimersByTimeAsync(29_000)
      expect([first.cancelled(), second.cancelled()]).toEqual([false, false])
      await vi.advanceTimersByTimeAsync(2000)
      const [response, error] = await answers
      expect([
        response.status,
        isSmileIdError(error, 'callback_malformed'),
        first.cancelled(),
        second.cancelled(),
      ]).toEqual([408, true, true, true])
      expect(vi.getTimerCount()).toBe(0)
    } finally {
      vi.useRealTimers()
    }
  })

  it.each(['x'.repeat(65_536), '['.repeat(65_536), '{"a":'.repeat(10_000)])(
    'is cut off at its limit, %#',
    async (piece) => {
      const { request, cancelled } = body(piece, 1)
      expect((await createCallbackHandler(client, { onResult: () => {} })(request)).status).toBe(413)
      expect(cancelled()).toBe(true)
    },
  )

  it.each([
    '['.repeat(1_000_000),
    `${'['.repeat(500_000)}${']'.repeat(500_000)}`,
    `${'{"a":'.repeat(300_000)}1${'}'.repeat(300_000)}`,
    `{"a":[${'{},'.repeat(500_000)}{}]}`,
    `{"a":"${'\\"'.repeat(900_000)}"}`,
    `{"a":"${'\\\\'.repeat(900_000)}"}`,
    `{${'"a":1,'.repeat(200_000)}"a":1}`,
  ])('of brackets, escapes and members is refused within its size, %#', async (text) => {
    // Some milliseconds; if it took the square, an hour.
    const error: unknown = await verifyCallback(client, text).catch((thrown: unknown) => thrown)
    expect(isSmileIdError(error, 'callback_malformed', 'signature_missing')).toBe(true)
  })
})
