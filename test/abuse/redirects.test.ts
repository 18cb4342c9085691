/** No call follows a redirect: what it carries is signed, and for one host alone. */
import { describe, expect, it } from 'vitest'
import { isSmileIdError } from 'smileid-edge'
import { CANARY } from '../support/canary'
import { serveEmulator } from '../support/served-emulator'
import { listen, serve } from '../support/server'
import { calls, clientAt, oldCalls } from './calls'
import { createServer } from 'node:http'

const STATUSES = [300, 301, 302, 303, 305, 307, 308]

/** A server that sends everybody on, to another port of another name, and what arrived there. */
async function detour(status: number, location = (elsewhere: string) => `${elsewhere}/v1/anything`) {
  const arrived: string[] = []
  const elsewhere = await serve((request, response) => {
    arrived.push(request.url!)
    response.end('{}')
  })
  const asked: string[] = []
  const api = await serve((request, response) => {
    asked.push(request.url!)
    request
      .resume()
      .on('end', () =>
        response
          .writeHead(status, { location: location(elsewhere.url.replace('127.0.0.1', 'localhost')) })
          .end(),
      )
  })
  return { api, arrived, asked, close: () => Promise.all([api.close(), elsewhere.close()]) }
}

describe.each(STATUSES)('%i', (status) => {
  it.each(Object.keys(calls))('%s', async (name) => {
    const { api, arrived, asked, close } = await detour(status)
    const error: unknown = await calls[name]!(clientAt(api.url)).catch((thrown: unknown) => thrown)
    expect(isSmileIdError(error, 'invalid_reply') && error.outcome).toBe('unknown')
    expect([asked.length, arrived]).toEqual([1, []])
    await close()
  })
})

it.each(Object.keys(oldCalls))('307, %s of the old classes', async (name) => {
  const { api, arrived, asked, close } = await detour(307)
  const error: unknown = await oldCalls[name]!(api.url).catch((thrown: unknown) => thrown)
  expect(isSmileIdError(error, 'invalid_reply')).toBe(true)
  expect([asked.length, arrived]).toEqual([1, []])
  await close()
})

it.each([
  '//127.0.0.1:1/v1',
  'file:///etc/passwd',
  'data:application/json,{}',
  '/v1/elsewhere',
  'javascript:0',
  '',
])('to %j', async (location) => {
  const { api, asked, close } = await detour(307, () => location)
  const error: unknown = await calls.getJobStatus!(clientAt(api.url)).catch((thrown: unknown) => thrown)
  expect(isSmileIdError(error, 'invalid_reply')).toBe(true)
  expect(asked).toHaveLength(1)
  await close()
})

it.each(STATUSES)('%i to the upload of a zip', async (status) => {
  const api = await serveEmulator({ partners: [{ partnerId: '085', apiKey: CANARY.apiKey }] })
  const { api: store, arrived, asked, close } = await detour(status)
  // The service itself is right; its store is not.
  api.emulator.addFault({ on: 'upload', fault: { kind: 'upload_url', url: `${store.url}/store` } })
  const error: unknown = await calls.submitImageJob!(clientAt(api.url)).catch((thrown: unknown) => thrown)
  expect(isSmileIdError(error, 'invalid_reply') && [error.outcome, error.operation]).toEqual([
    'rejected',
    'upload_zip',
  ])
  expect([asked.length, arrived]).toEqual([1, []])
  await Promise.all([close(), api.close()])
})

it('to itself, for ever', async () => {
  let asked = 0
  const api = await listen(
    createServer((_, response) => void (asked++, response.writeHead(302, { location: '/again' }).end())),
  )
  expect(
    isSmileIdError(
      await calls.getServices!(clientAt(api.url)).catch((thrown: unknown) => thrown),
      'invalid_reply',
    ),
  ).toBe(true)
  expect(asked).toBe(1)
  await api.close()
})
