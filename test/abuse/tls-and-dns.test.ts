/**
 * Connections that cannot be made, or not with whom they should: nothing is sent, and the error says so as
 * far as the system can tell.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttps } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCertificate } from '../support/certificate'
import { freePort } from '../support/free-port'
import { bundledProgram, ended } from '../support/node-child'
import { listen, type Listening } from '../support/server'

const YEAR = 365 * 86_400_000
const [past, now, future] = [-2, 0, 2].map((years) => new Date(Date.now() + years * YEAR)) as [
  Date,
  Date,
  Date,
]

let dir = ''
const servers: Listening[] = []
const arrived: string[] = []
const TRANSPORTS = ['fetch', 'nodeFetch'] as const
type Result =
  { name: string; code: string; outcome: string; retryable: boolean; cause?: string; ms: number } | 'answered'
/** By the place. */
let results: Record<(typeof TRANSPORTS)[number], Record<string, Result>>

/** Where each kind of trouble listens. */
async function places(): Promise<{ addresses: Record<string, string>; authority: string }> {
  const authority = createCertificate({ name: 'Test authority', from: past, to: future })
  const stranger = createCertificate({ name: 'Unknown authority', from: past, to: future })
  const certificates = {
    'right certificate': createCertificate({ name: '127.0.0.1', from: past, to: future, by: authority }),
    'self-signed certificate': createCertificate({ name: '127.0.0.1', from: past, to: future }),
    'expired certificate': createCertificate({
      name: '127.0.0.1',
      from: past,
      to: new Date(now.getTime() - 86_400_000),
      by: authority,
    }),
    'certificate of the future': createCertificate({
      name: '127.0.0.1',
      from: new Date(now.getTime() + 86_400_000),
      to: future,
      by: authority,
    }),
    'certificate for another host': createCertificate({
      name: 'api.smileidentity.com',
      from: past,
      to: future,
      by: authority,
    }),
    'certificate for another address': createCertificate({
      name: '127.0.0.2',
      from: past,
      to: future,
      by: authority,
    }),
    'certificate of an unknown authority': createCertificate({
      name: '127.0.0.1',
      from: past,
      to: future,
      by: stranger,
    }),
  }
  const addresses: Record<string, string> = {}
  const keep = async (name: string, server: Parameters<typeof listen>[0]) => {
    const listening = await listen(server, 'https')
    servers.push(listening)
    addresses[name] = listening.url
  }
  for (const [name, { cert, key }] of Object.entries(certificates)) {
    await keep(
      name,
      createHttps({ cert, key }, (_, response) => {
        arrived.push(name)
        response.end('{"id_types":{},"hosted_web":{}}')
      }),
    )
  }
  await keep(
    'closed in the handshake',
    createServer((socket) => socket.once('data', () => socket.destroy())),
  )
  await keep(
    'closed before the handshake',
    createServer((socket) => socket.destroy()),
  )
  await keep(
    'reset in the handshake',
    createServer((socket) => socket.once('data', () => socket.resetAndDestroy())),
  )
  await keep(
    'silent in the handshake',
    createServer(() => {}),
  )
  await keep(
    'no TLS at all',
    createServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
  )
  return {
    addresses: {
      ...addresses,
      'nobody listens': `https://127.0.0.1:${await freePort()}`,
      'name that does not resolve': 'https://nothing.invalid',
      'name that is too long': `https://${'a'.repeat(64)}.invalid`,
    },
    authority: authority.cert,
  }
}

/** In a process of its own, which can be told whom to trust. */
const PROGRAM = `
import { createClient, getServices } from 'smileid-edge'
import { nodeFetch } from 'smileid-edge/node'
const results = { fetch: {}, nodeFetch: {} }
const transports = Object.entries({ fetch, nodeFetch })
const places = Object.entries(JSON.parse(process.argv[2]))
const each = transports.flatMap(([transport, fetch]) =>
  places.map(([name, baseUrl]) => ({ transport, fetch, name, baseUrl })))
await Promise.all(each.map(async ({ transport, fetch, name, baseUrl }) => {
  const client = createClient({
    partnerId: '085',
    apiKey: 'k',
    environment: 'sandbox',
    baseUrl,
    fetch,
    maxRetries: 0,
    timeoutMs: name.startsWith('silent') ? 1000 : 60_000,
  })
  const failed = ({ name, code, outcome, retryable, cause }) =>
    ({ name, code, outcome, retryable, cause: cause?.message })
  results[transport][name] = await getServices(client).then(() => 'answered', failed)
}))
console.log(JSON.stringify(results))
process.exit(0)`

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tls-'))
  const { addresses, authority } = await places()
  await writeFile(join(dir, 'authority.pem'), authority)
  const file = await bundledProgram(dir, 'ask.mjs', PROGRAM)
  const child = spawn(process.execPath, [file, JSON.stringify(addresses)], {
    env: { PATH: process.env.PATH ?? '', NODE_EXTRA_CA_CERTS: join(dir, 'authority.pem') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { stdout, stderr } = await ended(child)
  expect(stderr).toBe('')
  results = JSON.parse(stdout) as typeof results
})
afterAll(async () => {
  await Promise.all(servers.map((server) => server.close()))
  await rm(dir, { recursive: true })
})

it('the right certificate is taken, so that the others are refused for what they are', () => {
  const answers = TRANSPORTS.map((transport) => results[transport]['right certificate'])
  expect(answers).toEqual(['answered', 'answered'])
  expect(arrived).toEqual(['right certificate', 'right certificate'])
})

describe.each(TRANSPORTS)('by %s, nothing was sent', (transport) => {
  it.each([
    ['self-signed certificate', /^DEPTH_ZERO_SELF_SIGNED_CERT$/],
    ['expired certificate', /^CERT_HAS_EXPIRED$/],
    ['certificate of the future', /^CERT_NOT_YET_VALID$/],
    ['certificate for another host', /^ERR_TLS_CERT_ALTNAME_INVALID$/],
    ['certificate for another address', /^ERR_TLS_CERT_ALTNAME_INVALID$/],
    ['certificate of an unknown authority', /^UNABLE_TO_\w+$/],
    ['nobody listens', /^ECONNREFUSED$/],
    ['name that does not resolve', /^(ENOTFOUND|EAI_AGAIN)$/],
    ['name that is too long', /^(ENOTFOUND|EAI_AGAIN|EINVAL)$/],
  ])('%s', (name, cause) => {
    expect(results[transport][name]).toMatchObject({
      name: 'SmileIdNetworkError',
      code: 'network_error',
      outcome: 'not_sent',
      retryable: true,
      cause: expect.stringMatching(cause),
    })
  })
})

describe.each(TRANSPORTS)('by %s, nobody can tell', (transport) => {
  it.each([
    'closed in the handshake',
    'closed before the handshake',
    'reset in the handshake',
    'no TLS at all',
  ])('%s', (name) =>
    expect(results[transport][name]).toMatchObject({ name: 'SmileIdNetworkError', code: 'network_error' }),
  )
  it('silent in the handshake', () => {
    expect(results[transport]['silent in the handshake']).toMatchObject({
      name: 'SmileIdTimeoutError',
      code: 'request_timeout',
    })
  })
})
