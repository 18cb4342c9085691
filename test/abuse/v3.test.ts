/**
 * Every call of v3 against a service, or somebody in its place, that answers badly: the error has the right
 * outcome, what may bill is sent once, nothing personal is told, and nothing is followed or left open.
 */
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { createClient, isSmileIdError } from 'smileid-edge'
import { createEmulator } from 'smileid-edge/emulator'
import { createToken } from 'smileid-edge/v3/token'
import { CANARY } from '../support/canary'
import { listen, serve } from '../support/server'
import { until } from '../support/until'
import { jwt } from '../support/v3-service'
import { onceCalls, repeatableCalls, tokenClientAt, v3Calls } from './v3-calls'

const JSON_TYPE = { 'content-type': 'application/json' }
const all = Object.entries(v3Calls)

/** Answers each request so; a token client asks it directly. */
function startAnswering(answer: () => Response | Promise<Response>) {
  const told: unknown[] = []
  let asked = 0
  const note = (event: unknown) => void told.push(event)
  const client = tokenClientAt('https://service.example', {
    maxRetries: 2,
    sleep: async () => {},
    hooks: { onRequest: note, onResponse: note, onRetry: note, onError: note },
    async fetch() {
      asked++
      return answer()
    },
  })
  return { client, told, asked: () => asked }
}

const NESTED = `${'{"a":'.repeat(65)}1${'}'.repeat(65)}`
/** What is no reply of any operation, with 200. After it, the service has acted, most likely. */
const NO_REPLIES: Readonly<Record<string, () => Response>> = {
  'a page of a proxy': () => new Response('<html>ok</html>', { headers: { 'content-type': 'text/html' } }),
  nothing: () => new Response('', { headers: JSON_TYPE }),
  'no body': () => new Response(null, { status: 204 }),
  'half of a reply': () => new Response('{"status":"accepted","job_', { headers: JSON_TYPE }),
  'a list': () => new Response('[]', { headers: JSON_TYPE }),
  null: () => new Response('null', { headers: JSON_TYPE }),
  'no UTF-8': () => new Response(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])),
  'what is nested too deeply': () => new Response(NESTED, { headers: JSON_TYPE }),
  'what is too long': () => new Response(`{"a":"${'x'.repeat(4_194_305)}"}`, { headers: JSON_TYPE }),
  'an error in its shape, by 200': () => Response.json({ status: 'Bad Request', message: CANARY.name }),
  'members of other kinds': () =>
    Response.json({
      status: { toString: 'accepted' },
      code: { toString: 1, valueOf: 1 },
      job_id: 7,
      user_id: [],
      news: {},
      meta: [],
      link: 1,
      bank_codes: 'x',
      id_types: 1,
      valid_documents: null,
      last_check_status: 0,
    }),
}

describe.each(Object.entries(NO_REPLIES))('%s', (_, answer) => {
  it.each(all.filter(([name]) => name !== 'tokenRequest'))('to %s is no reply', async (name, call) => {
    const { client, told, asked } = startAnswering(answer)
    const error: any = await call(client).catch((thrown: unknown) => thrown)
    expect(isSmileIdError(error)).toBe(true)
    expect([error.code, error.outcome, error.attempts]).toEqual(['invalid_reply', 'unknown', asked()])
    expect(asked()).toBe(1)
    const printed = JSON.stringify([error, error.message, error.hint, told])
    expect(printed).not.toMatch(new RegExp(`${CANARY.name}|${CANARY.idNumber}|ada@example`))
    if (name in onceCalls) expect(error.retryable).toBe(false)
  })
})

/** What the statuses of gateways and proxies say, whatever page comes with them. */
const REFUSALS: readonly [status: number, outcome: string, again: boolean][] = [
  [400, 'rejected', false],
  [418, 'rejected', false],
  [429, 'rejected', true],
  [500, 'unknown', false],
  [504, 'unknown', false],
  [599, 'unknown', false],
]

describe.each(REFUSALS)('a page with %i', (status, outcome, isTurnedAway) => {
  it.each(all)('to %s', async (name, call) => {
    const { client, told, asked } = startAnswering(
      () => new Response(`<html>${CANARY.name}</html>`, { status }),
    )
    const error: any = await call(client).catch((thrown: unknown) => thrown)
    expect([isSmileIdError(error), error.status, error.outcome]).toEqual([true, status, outcome])
    // Numbers of IDs that are blocked are blocked longer by each try.
    const isBlocked = error.code === 'id_number_blocked'
    const isRepeated = (isTurnedAway && !isBlocked) || (status >= 500 && name in repeatableCalls)
    expect([asked(), error.retryable]).toEqual([isRepeated ? 3 : 1, isRepeated])
    expect(JSON.stringify([error, error.message, told])).not.toContain(CANARY.name)
  })
})

describe('over connections', () => {
  it.each(all)('%s follows no redirect', async (_, call) => {
    const arrived: string[] = []
    const elsewhere = await serve((request, response) => {
      arrived.push(request.url!)
      response.end('{}')
    })
    let asked = 0
    const location = elsewhere.url.replace('127.0.0.1', 'localhost')
    const api = await serve((request, response) => {
      asked++
      request.resume().on('end', () => response.writeHead(307, { location }).end())
    })
    const error: any = await call(tokenClientAt(api.url, { maxRetries: 2 })).catch(
      (thrown: unknown) => thrown,
    )
    expect([error.code, error.outcome, asked, arrived]).toEqual(['invalid_reply', 'unknown', 1, []])
    await Promise.all([api.close(), elsewhere.close()])
  })

  it('a reply that stops ends in time, and its connection with it', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"status":'
    const api = await listen(
      createServer((socket) => void socket.resume().once('data', () => socket.write(head))),
    )
    const errors = await Promise.all(
      all.map(([, call]) =>
        call(tokenClientAt(api.url), { timeoutMs: 300 }).catch((thrown: unknown) => thrown),
      ),
    )
    expect(errors.map((error: any) => [error.code, error.outcome])).toEqual(
      all.map(() => ['request_timeout', 'unknown']),
    )
    await until(() => api.open() === 0)
    await api.close()
  })
})

describe('an abort', () => {
  it.each(all)('ends %s with its own reason, and is told as unknown', async (name, call) => {
    const controller = new AbortController()
    const { client, told } = startAnswering(() => {
      controller.abort('enough')
      return new Promise<Response>(() => {})
    })
    const reason = await call(client, { signal: controller.signal }).catch((thrown: unknown) => thrown)
    expect(reason).toBe('enough')
    // Of lookups that others may wait for, too, one caller's wait ends, not the request.
    const isShared = /^get(Bank|Supported|IdStatus)/.test(name)
    if (!isShared) expect(told.at(-1)).toMatchObject({ code: 'aborted', outcome: 'unknown' })
  })
})

describe('whoever answers in place of the token endpoint', () => {
  const partners = [{ partnerId: '085', apiKey: CANARY.apiKey }]
  const clientWith = (token: () => Response) => {
    const emulator = createEmulator({ partners })
    const seen: string[] = []
    const client = createClient({
      ...emulator.clientOptions,
      maxRetries: 0,
      v3: { tokenStore: { get: async () => undefined, set: async () => {}, drop: async () => {} } },
      async fetch(url, init) {
        seen.push(new URL(url).pathname)
        return url.endsWith('/v3/token') ? token() : emulator.fetch(url, init)
      },
    })
    return { client, seen }
  }

  it.each([
    ['a page', () => new Response('<html>')],
    ['a token that breaks headers', () => Response.json({ token: 'a.e30.b\r\nx: y' })],
    ['a token that is no text', () => Response.json({ token: { a: 1 } })],
    ['an empty one', () => Response.json({ token: '' })],
    ['a redirect', () => new Response(null, { status: 307, headers: { location: 'https://a.example' } })],
    ['an error that names it', () => Response.json({ message: CANARY.apiKey }, { status: 500 })],
  ] as const)('%s: nothing else is sent', async (_, token) => {
    for (const [name, call] of all.filter(([one]) => !/^get(Bank|Supported)/.test(one))) {
      const { client, seen } = clientWith(token)
      const error: any = await call(client).catch((thrown: unknown) => thrown)
      expect([name, error.operation, error.outcome]).toEqual([name, 'v3/token', 'not_sent'])
      expect(seen).toEqual(['/v3/token'])
      expect(`${error.message}${error.hint}${JSON.stringify(error)}`).not.toContain(CANARY.apiKey)
    }
  })

  it('one of nobody: each call is refused after one more, and says so', async () => {
    const { client, seen } = clientWith(() => Response.json({ token: jwt({ partner_id: '1' }) }))
    for (const [name, call] of Object.entries(onceCalls)) {
      if (name === 'tokenRequest') continue
      seen.length = 0
      const error: any = await call(client).catch((thrown: unknown) => thrown)
      expect([error.code, error.outcome, seen.length]).toEqual(['unauthorized', 'rejected', 4])
    }
    const made = await createToken(client)
    expect(made.expiresAt).toBeUndefined()
  })
})
