/**
 * Replies that are endless, enormous, packed or nested: refused in bounded memory, by a process of its own
 * whose peak is measured.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { bundledProgram, ended } from '../support/node-child'
import { listen } from '../support/server'
import { until } from '../support/until'

const MB = 1_048_576

/** The same piece, as long as somebody reads; `total` bytes, or for ever. */
function pour(response: ServerResponse, piece: Buffer | string, total = Infinity, end = ''): void {
  let sent = 0
  const more = () => {
    while (sent < total) {
      sent += piece.length
      if (!response.write(piece)) return void response.once('drain', more)
    }
    response.end(end)
  }
  more()
}
const json = { 'content-type': 'application/json' }
const head = '{"id_types":{},"hosted_web":{},"x":'

/** Made once, since it takes a while. */
const members = `${head}{${Array.from({ length: 1_000_000 }, (_, i) => `"${i}a":[]`).join()}}}`

/** What a server can do to a reader, by the first part of the path. */
const REPLIES: Readonly<Record<string, (response: ServerResponse) => void>> = {
  'endless white space': (response) => pour(response.writeHead(200, json), ' '.repeat(65_536)),
  'endless text in JSON': (response) =>
    pour((response.writeHead(200, json).write(`${head}"`), response), 'x'.repeat(65_536)),
  'endless error': (response) => pour(response.writeHead(500, json), '<html>'.repeat(10_000)),
  'endless XML': (response) =>
    pour(
      response.writeHead(403, { 'content-type': 'application/xml' }),
      '<Error><Message>expired '.repeat(3000),
    ),
  'endless chunks of one byte': (response) => pour(response.writeHead(200, json), 'x'),
  '100 MB of text': (response) =>
    pour((response.writeHead(200, json).write(`${head}"`), response), 'x'.repeat(65_536), 100 * MB, '"}'),
  '100 MB that it announces': (response) =>
    pour(
      response.writeHead(200, { ...json, 'content-length': String(100 * MB) }),
      'x'.repeat(65_536),
      100 * MB,
    ),
  '30 MB of brackets': (response) =>
    pour((response.writeHead(200, json).write(head), response), '['.repeat(65_536), 30 * MB),
  '15 MB of nested arrays': (response) =>
    pour(
      (response.writeHead(200, json).write(head + '['.repeat(7 * MB)), response),
      ']'.repeat(65_536),
      7 * MB,
      '}',
    ),
  '15 MB of nested objects': (response) =>
    pour(
      (response.writeHead(200, json).write(head + '{"a":'.repeat(2 * MB) + '1'), response),
      '}'.repeat(65_536),
      2 * MB,
      '}',
    ),
  '15 MB of empty objects': (response) =>
    pour((response.writeHead(200, json).write(`${head}[{}`), response), ',{}'.repeat(20_000), 14 * MB, ']}'),
  '15 MB of members': (response) => response.writeHead(200, json).end(members),
  '15 MB of escapes': (response) =>
    pour(
      (response.writeHead(200, json).write(`${head}"`), response),
      '\\u005f'.repeat(10_000),
      14 * MB,
      '"}',
    ),
  '128 MB of gzip': (response) =>
    response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(bombs.gzip),
  '128 MB of brotli': (response) =>
    response.writeHead(200, { ...json, 'content-encoding': 'br' }).end(bombs.brotli),
  '128 MB of gzip in gzip': (response) =>
    response.writeHead(200, { ...json, 'content-encoding': 'gzip, gzip' }).end(bombs.twice),
  'headers without end': (response) => {
    const socket = response.socket!
    socket.write('HTTP/1.1 200 OK\r\n')
    const more = () => {
      while (socket.writable && socket.write(`x-header-${Math.random()}: ${'x'.repeat(8000)}\r\n`));
      if (socket.writable) socket.once('drain', more)
    }
    more()
  },
  'a status line without end': (response) => pourRaw(response, `HTTP/1.1 200 ${'x'.repeat(65_536)}`),
  'interim responses without end': (response) =>
    pourRaw(response, 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(1000)),
}
function pourRaw(response: ServerResponse, piece: string): void {
  const socket = response.socket!
  const more = () => {
    while (socket.writable && socket.write(piece));
    if (socket.writable) socket.once('drain', more)
  }
  more()
}
const names = Object.keys(REPLIES)
let bombs: { gzip: Buffer; brotli: Buffer; twice: Buffer }

/** Calls that read replies in different ways, with different bounds. */
const PROGRAM = `
import { createClient, createWebToken, getJobStatus, getServices, submitImageJob } from 'smileid-edge'
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
import { nodeFetch } from 'smileid-edge/node'
const [, , baseUrl, kind] = process.argv
const emulator = createEmulator()
const { apiKey } = emulator.clientOptions
let timeoutMs = 60_000
const client = (fetch) =>
  createClient({
    partnerId: '085',
    apiKey,
    environment: 'sandbox',
    baseUrl,
    maxRetries: 0,
    timeoutMs,
    uploadTimeoutMs: timeoutMs,
    sleep: async () => {},
    fetch,
  })
const job = { user_id: 'u', job_id: 'j' }
/** Everything is answered well but the upload of the zip. */
const toStore = (url, init) => {
  if (init.method === 'PUT') return fetch(url, init)
  if (!url.endsWith('/upload')) return emulator.fetch(url, init)
  return Promise.resolve(
    Response.json({ upload_url: baseUrl + '/store', smile_job_id: '1', code: '2202' }),
  )
}
const calls = {
  getServices: () => getServices(client()),
  'getJobStatus by nodeFetch': () => getJobStatus(client(nodeFetch), job),
  createWebToken: () =>
    createWebToken(client(), { ...job, product: 'x', callback_url: 'https://app.example/c' }),
  upload: () =>
    submitImageJob(
      client(toStore),
      { partner_params: { ...job, job_type: 4 }, images: { selfie: samplePhoto() } },
      { willWait: true },
    ),
}
const nameOf = ({ name, code, status }) => [name, code, status].join(' ').trim()
// Everything is loaded and warm before the first measure.
await calls[kind]().catch(() => {})
const before = process.resourceUsage().maxRSS
const ends = {}
for (const reply of ${JSON.stringify(names)}) {
  // A connection of its own: one that lay idle may be closed as it is used again.
  await fetch(baseUrl + '/next', { headers: { connection: 'close' } })
  // What comes slowly is ended by time, the rest by size.
  timeoutMs = /one byte|status line|interim/.test(reply) ? 400 : 60_000
  ends[reply] = await calls[kind]().then(() => 'answered', nameOf)
}
console.log(JSON.stringify({ ends, mb: (process.resourceUsage().maxRSS - before) / 1024 }))
process.exit(0)`

interface Met {
  /** How the call ended, by the name of the reply. */
  ends: Record<string, string>
  /** By which the peak of its memory grew. */
  mb: number
}
const KINDS = ['getServices', 'getJobStatus by nodeFetch', 'createWebToken', 'upload'] as const
const met = new Map<string, Met>()

beforeAll(async () => {
  const gzip = gzipSync(Buffer.alloc(128 * MB, 0x20))
  bombs = {
    gzip,
    twice: gzipSync(gzip),
    brotli: brotliCompressSync(Buffer.alloc(128 * MB, 0x20), {
      params: { [constants.BROTLI_PARAM_QUALITY]: 3 },
    }),
  }
  const dir = await mkdtemp(join(tmpdir(), 'large-'))
  const program = await bundledProgram(dir, 'read.mjs', PROGRAM)
  await Promise.all(KINDS.map(async (kind) => void met.set(kind, await meet(kind, program))))
  await rm(dir, { recursive: true })
})

/** A process that makes this call again and again, and is answered by one after the other. */
async function meet(kind: string, program: string): Promise<Met> {
  let turn = -1
  const server = await listen(
    createServer((request, response) => {
      request.resume()
      if (request.url === '/next') return void response.end(String(++turn))
      if (turn < 0) return void response.writeHead(400, json).end('{"code":"2204"}')
      REPLIES[names[turn]!]!(response)
    }),
  )
  const { stdout, stderr } = await ended(
    spawn(process.execPath, [program, server.url, kind], {
      env: { PATH: process.env.PATH ?? '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  )
  // A connection that stays open is one that this never ends for.
  await until(() => server.open() === 0)
  await server.close()
  if (!stdout) throw new Error(`the process died: ${stderr.slice(0, 500)}`)
  return JSON.parse(stdout) as Met
}

/** How calls end that read JSON; a store that says 200 has the zip, whatever stands in its answer. */
const ENDS: Readonly<Record<string, RegExp>> = {
  'endless error': /^SmileIdApiError server_error 500$/,
  'endless XML': /^SmileIdApiError (unauthorized|upload_refused) 403$/,
  'endless chunks of one byte': /^SmileIdTimeoutError request_timeout$/,
  // In itself it is JSON like any other.
  '15 MB of escapes':
    /^(answered|SmileIdSignatureError signature_missing|SmileIdApiError invalid_reply 200)$/,
  'headers without end': /^SmileIdNetworkError network_error$/,
  'a status line without end': /^SmileId(Timeout|Network)Error /,
  'interim responses without end': /^SmileId(Timeout|Network)Error /,
}
/** A reply of at most 32 MB is held as bytes, as text and as what was parsed. */
const MOST_MB = 256

describe.each(KINDS)('%s', (kind) => {
  it.each(names)('%s', (reply) => {
    const end = met.get(kind)!.ends[reply]!
    if (kind !== 'upload' || end !== 'answered')
      expect(end).toMatch(ENDS[reply] ?? /^SmileIdApiError invalid_reply 200$/)
  })
  it('takes little memory, and leaves no connection open', () =>
    expect(met.get(kind)!.mb).toBeLessThan(MOST_MB))
})
