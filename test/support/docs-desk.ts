/**
 * The place in which blocks of the documentation run: the files that they name, and an emulator where they
 * look for Smile ID.
 */
import { createHash, privateEncrypt } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmulator, type Emulator, samplePhoto } from 'smileid-edge/emulator'
import { vi } from 'vitest'
import secKeys from '../vectors/sec-key.json'
import { blocksOf } from './docs.ts'

export interface Desk {
  emulator: Emulator
  url: string
  /** The working folder; it is the process's own meanwhile. */
  dir: string
  /** What was logged. */
  said: string[]
  clear(): Promise<void>
}

/**
 * The emulator has partner 085, with the key that all examples have, behind a port; the hosts of Smile ID and
 * of its store lead there.
 */
export async function openDesk(): Promise<Desk> {
  const emulator = createEmulator({
    clock: 'real',
    jobDurationMs: 200,
    partners: ['085', '125'].map((partnerId) => ({ partnerId, apiKey: 'your key' })),
  })
  const server = createServer(
    (request, response) =>
      void (async () => {
        const pieces: Buffer[] = []
        for await (const piece of request) pieces.push(piece as Buffer)
        const body = Buffer.concat(pieces)
        const reply =
          secKeyReply(request, body) ??
          (await emulator.fetch(new URL(request.url!, `${request.headers['x-origin'] ?? url}`), {
            method: request.method,
            headers: request.headers as Record<string, string>,
            ...(body.length && { body }),
          }))
        response.writeHead(reply.status, { 'content-type': 'application/json' }).end(await reply.text())
      })().catch(() => response.destroy()),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { fetch } = globalThis
  vi.stubGlobal('fetch', (input: string, init: RequestInit = {}) => {
    const { origin, hostname, pathname, search } = new URL(input)
    if (hostname === '127.0.0.1') return fetch(input, init)
    const headers = new Headers(init.headers)
    headers.set('x-origin', origin)
    return fetch(`${url}${pathname}${search}`, { ...init, headers })
  })

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
  const back = process.cwd()
  process.chdir(dir)
  for (const [name, value] of Object.entries({
    PARTNER_ID: '085',
    API_KEY: 'your key',
    ENVIRONMENT: 'sandbox',
    BASE_URL: url,
  }))
    vi.stubEnv(`SMILE_ID_${name}`, value)
  const said: string[] = []
  vi.spyOn(console, 'log').mockImplementation(
    (...parts: unknown[]) => void said.push(parts.map(String).join(' ')),
  )
  return {
    emulator,
    url,
    dir,
    said,
    async clear() {
      vi.restoreAllMocks()
      vi.unstubAllGlobals()
      vi.unstubAllEnvs()
      process.chdir(back)
      rmSync(dir, { recursive: true })
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export const secKey = secKeys.keys.rsa1024

/** What a service of the old days answers: the emulator knows no RSA. */
function secKeyReply({ url: path }: IncomingMessage, body: Buffer): Response | undefined {
  const { sec_key } = path === '/v1/job_status' ? (JSON.parse(body.toString()) as { sec_key?: string }) : {}
  if (!sec_key) return undefined
  const timestamp = Date.now()
  const hash = createHash('sha256').update(`125:${timestamp}`).digest('hex')
  const mine = `${privateEncrypt(secKey.private_pem_pkcs8, Buffer.from(hash)).toString('base64')}|${hash}`
  return Response.json({
    timestamp,
    signature: mine,
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
