/** The sender of callbacks waits 35 seconds: what takes longer is answered before, and comes again. */
import { createEmulator } from 'smileid-edge/emulator'
import { createClient } from 'smileid-edge/client'
import { isSmileIdError } from 'smileid-edge/errors'
import { createCallbackHandler } from 'smileid-edge/v3/callback'
import { afterEach, expect, it, vi } from 'vitest'
import { URL } from '../../conformance/v3/setup.ts'

const LIMIT_MS = 35_000

afterEach(() => void vi.useRealTimers())

async function route(fetch: (url: string, init: RequestInit) => Promise<Response>) {
  const emulator = createEmulator()
  const genuine = await emulator.v3.callbackRequest(URL)
  const { now } = emulator.clientOptions
  const client = createClient({
    partnerId: '085',
    apiKey: emulator.clientOptions.apiKey,
    environment: 'sandbox',
    fetch,
    now,
  })
  const codes: unknown[] = []
  const handler = createCallbackHandler(client, {
    onVerdict: () => void codes.push('acted'),
    onRefused: (error) => void codes.push(isSmileIdError(error) ? error.code : error),
  })
  return { genuine, handler, codes }
}

/**
 * What is answered within the time that the sender waits. Time goes on only while something waits for it:
 * what the processor needs does not count.
 */
async function inTime(answer: Promise<Response>): Promise<number | 'too late'> {
  let status: number | undefined
  void answer.then((response) => (status = response.status))
  const isAtRest = () => status !== undefined || vi.getTimerCount() > 0
  for (let ms = 0; ms < LIMIT_MS; ms += 500) {
    while (!isAtRest()) await new Promise((resolve) => setImmediate(resolve))
    if (status !== undefined) return status
    await vi.advanceTimersByTimeAsync(500)
  }
  return 'too late'
}

it('a service that does not answer', async () => {
  const { genuine, handler, codes } = await route(() => new Promise(() => {}))
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  expect([await inTime(handler(genuine)), codes]).toEqual([503, ['request_timeout']])
})

it('a service that says 503 for ever', async () => {
  const { genuine, handler, codes } = await route(async () => new Response('', { status: 503 }))
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const status = await inTime(handler(genuine))
  expect([status, codes.length]).toEqual([503, 1])
})

it('a body that does not end, and a service that does not answer', async () => {
  const { genuine, handler, codes } = await route(() => new Promise(() => {}))
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode('{')),
  })
  const init = { method: 'POST', headers: genuine.headers, body, duplex: 'half' }
  const endless = new Request(URL, init as RequestInit)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  expect([await inTime(handler(endless)), codes]).toEqual([408, ['callback_malformed']])
})
