/** Where blocks of the documentation run: with the files that they name, and an emulator for Smile ID. */
import { createHash, privateEncrypt } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http, { type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator, type Emulator, samplePhoto } from 'smileid-edge/emulator'
import { vi } from 'vitest'
import secKeys from '../vectors/sec-key.json'
import { blocksOf } from './docs.ts'
import { bodyOf, serve } from './server.ts'

export interface DocsSetup {
  emulator: Emulator
  url: string
  /** The working folder, also of the process itself. */
  dir: string
  /** What was written to the console. */
  logged: string[]
  close(): Promise<void>
}

/**
 * The emulator has partner 085, with the key that all examples have, behind a port; the hosts of Smile ID and
 * of its store lead there.
 */
export async function setUpDocs(): Promise<DocsSetup> {
  const emulator = createEmulator({
    clock: 'real',
    jobDurationMs: 200,
    partners: ['085', '125'].map((partnerId) => ({ partnerId, apiKey: 'your key' })),
  })
  const server = await serve(async (request, response) => {
    const body = await bodyOf(request)
    const reply =
      secKeyReply(request, body) ??
      (await emulator.fetch(new URL(request.url!, `${request.headers['x-origin'] ?? server.url}`), {
        method: request.method,
        headers: request.headers as Record<string, string>,
        ...(body.length && { body }),
      }))
    const headers = { 'content-type': 'application/json', ...Object.fromEntries(reply.headers) }
    response.writeHead(reply.status, headers).end(await reply.text())
  })
  const { fetch } = globalThis
  vi.stubGlobal('fetch', (input: string, init: RequestInit = {}) => {
    const { origin, hostname, pathname, search } = new URL(input)
    if (hostname === '127.0.0.1') return fetch(input, init)
    const headers = new Headers(init.headers)
    headers.set('x-origin', origin)
    return fetch(`${server.url}${pathname}${search}`, { ...init, headers })
  })

  leadHttpsTo(server.port)

  const dir = mkdtempSync(join(tmpdir(), 'smileid-docs-'))
  mkdirSync(join(dir, 'photos'))
  for (const [name, seed] of [
    ['0042', 1],
    ['0043', 2],
    ['selfie', 3],
    ['passport', 4],
  ] as const)
    writeFileSync(join(dir, seed < 3 ? 'photos' : '', `${name}.jpg`), samplePhoto({ seed }))
  writeFileSync(
    join(dir, 'users.csv'),
    blocksOf('playground/docs/bulk.md').find(({ language }) => language === 'csv')!.code,
  )
  const before = process.cwd()
  process.chdir(dir)
  for (const [name, value] of Object.entries({
    PARTNER_ID: '085',
    API_KEY: 'your key',
    ENVIRONMENT: 'sandbox',
    BASE_URL: server.url,
  }))
    vi.stubEnv(`SMILE_ID_${name}`, value)
  const logged: string[] = []
  vi.spyOn(console, 'log').mockImplementation(
    (...parts: unknown[]) => void logged.push(parts.map(String).join(' ')),
  )
  return {
    emulator,
    url: server.url,
    dir,
    logged,
    async close() {
      vi.restoreAllMocks()
      vi.unstubAllGlobals()
      vi.unstubAllEnvs()
      process.chdir(before)
      rmSync(dir, { recursive: true })
      await server.close()
    },
  }
}

/** For `nodeFetch`, which asks for Node's own modules when it sends. */
function leadHttpsTo(port: number): void {
  const own = process.getBuiltinModule
  const request = ({ hostname, headers, ...options }: http.RequestOptions) =>
    http.request({
      ...options,
      hostname: '127.0.0.1',
      port,
      headers: [...(headers as string[]), 'x-origin', `https://${hostname}`],
    })
  const https = { request, Agent: http.Agent, globalAgent: http.globalAgent }
  vi.spyOn(process, 'getBuiltinModule').mockImplementation(((name: string) =>
    name === 'https' ? https : own(name)) as typeof own)
}

export const secKey = secKeys.keys.rsa1024

/** What a service answers that signs with RSA, which the emulator is not set up for here. */
function secKeyReply({ url: path }: IncomingMessage, body: Buffer): Response | undefined {
  const { sec_key } = path === '/v1/job_status' ? (JSON.parse(body.toString()) as { sec_key?: string }) : {}
  if (!sec_key) return undefined
  const timestamp = Date.now()
  const hash = createHash('sha256').update(`125:${timestamp}`).digest('hex')
  const encrypted = privateEncrypt(secKey.private_pem_pkcs8, Buffer.from(hash))
  const signature = `${encrypted.toString('base64')}|${hash}`
  return Response.json({
    timestamp,
    signature,
    job_complete: true,
    job_success: true,
    code: '2302',
    result: {
      ResultCode: '0810',
      SmileJobID: '1',
      PartnerParams: { user_id: 'user-1', job_id: 'job-1', job_type: 1 },
    },
    image_links: {},
    history: [],
  })
}
