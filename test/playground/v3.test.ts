/** The playground's routes of v3, and what they refuse; all on one platform. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'smileid-edge/client'
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
import { createTokenClient } from 'smileid-edge/v3/client'
import { submitEnhancedKyc } from 'smileid-edge/v3/enhanced-kyc'
import { submitRegistration } from 'smileid-edge/v3/smart-selfie'
import { waitForVerdict } from 'smileid-edge/v3/status'
import { readToken } from 'smileid-edge/v3/token'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { Miniflare } from 'miniflare'
import { bundle, type Platform, startPlatform } from '../../playground/platform.mjs'
import { INSIDE, insideOf } from './inside.ts'
import { fetchOnce, openPage, type Page, pageWith, statusAs, until } from './platform.ts'

const PROGRAM = '../test/playground/programs/sync-kyc.ts'

const state = mkdtempSync(join(tmpdir(), 'smileid-playground-v3-'))
let platform: Platform
let url: string
let page: Page

beforeAll(async () => {
  platform = await startPlatform({ state, quiet: true, beside: [INSIDE] })
  url = platform.url
})
beforeEach(async () => {
  page = await openPage(url)
})
afterAll(async () => {
  await platform.miniflare.dispose()
  rmSync(state, { recursive: true, force: true, maxRetries: 5 })
})

/** Whom the sandbox knows, by the published table of its people. */
const CLEAR = { given_names: 'Amina Fatou', last_name: 'Clearwater', email: 'amina.clearwater@example.com' }
const UNKNOWN_ID = {
  given_names: 'Fatima Bello',
  last_name: 'Ghostwell',
  email: 'fatima.ghostwell@example.com',
}
const AGREED = { agreed_at: '2026-05-04T08:00:00.000Z' }
const NIN = { country: 'NG', id_type: 'NIN_V2', id_number: '00000000000' }

const post = (path: string, body: unknown, who = page) => who.call(path, { method: 'POST', body })
const verify = (body: object) => post('/api/v3/verify-id', body)
const emulated = () => page.json<{ tokens: number; jobs: number; bills: number }>('/api/emulator/v3')

async function problemOf(response: Response): Promise<any> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  return response.json()
}

async function pathsOf(response: Response): Promise<string[]> {
  return (await problemOf(response)).issues.map(({ path }: { path: string }) => path)
}

/** The decisions of a stream of events, which ends with the last. */
async function decisionsOf(events: string): Promise<string[]> {
  const text = await (await page.call(events)).text()
  return text
    .split('\n\n')
    .filter((event) => event.startsWith('event: status'))
    .map((event) => JSON.parse(event.split('data: ')[1]!).decision)
}

/** What the log of callbacks says, the newest first. */
async function callbackLog(): Promise<string[]> {
  const { callbacks } = await page.json<{ callbacks: any[] }>('/api/callbacks')
  return callbacks.map(({ verdict, status, code }) => `${verdict} ${status}${code ? ` ${code}` : ''}`)
}

function documentForm(fields: Record<string, string>, { frames = 6, selfie = samplePhoto() } = {}): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  form.set('selfie', new Blob([selfie as BlobPart]))
  form.set('front', new Blob([samplePhoto({ seed: 2, type: 'image/png' }) as BlobPart]))
  for (let i = 0; i < frames; i++) form.append('frame', new Blob([samplePhoto({ seed: i }) as BlobPart]))
  return form
}

describe('an ID number', () => {
  test('is looked up with its answer in the same request', async () => {
    const { id_types } = await page.json('/api/v3/id-types')
    expect(id_types.some(({ country, type }: any) => country === 'NG' && type === 'NIN_V2')).toBe(true)

    const good = await verify({ ...NIN, ...CLEAR, ...AGREED })
    expect(good.status).toBe(200)
    expect(await good.json()).toMatchObject({ status: 'clear', decision: 'approved', retryable: false })
    const none = await (await verify({ ...NIN, ...UNKNOWN_ID, ...AGREED })).json()
    expect(none).toMatchObject({ decision: 'rejected', reason: 'identifier_not_found' })
  })

  test('all that is wrong is listed, and nothing is sent or noted', async () => {
    const before = await emulated()
    const wrong = { country: 'NG', id_type: 'NIN_V2', id_number: 5, given_names: 'Amina', agreed_at: 'today' }
    const refused = await verify(wrong)
    expect(refused.status).toBe(422)
    expect((await pathsOf(refused)).sort()).toEqual([
      'consent.granted_at',
      'id_number',
      'user_details.email',
      'user_details.last_name',
    ])
    expect((await pathsOf(await verify({ ...NIN, ...CLEAR }))).sort()).toEqual(['consent.granted_at'])
    expect((await problemOf(await verify({ ...NIN, note: 'x'.repeat(20_000) }))).code).toBe('too_large')
    expect(await emulated()).toEqual(before)
    const { query } = await insideOf(platform)
    expect(await query('SELECT count(*) AS n FROM v3_jobs WHERE job_id IS NULL')).toEqual([{ n: 0 }])
  })

  test('a lookup that timed out is asked for, not sent again', async () => {
    const { bills } = await emulated()
    await post('/api/emulator/faults', { fault: 'v3_timeout' })
    const late = await verify({ ...NIN, ...CLEAR, ...AGREED })
    const problem = await problemOf(late)
    expect([late.status, problem.code, problem.outcome]).toEqual([504, 'provider_timeout', 'unknown'])
    expect(await decisionsOf(problem.events)).toContain('approved')
    expect((await emulated()).bills).toBe(bills + 1)
  })
})

describe('tokens in a Worker', () => {
  test('many requests at once wait for none of each other; later ones ask for none', async () => {
    const first = await Promise.all(Array.from({ length: 20 }, () => verify({ ...NIN, ...CLEAR, ...AGREED })))
    expect(first.map(({ status }) => status)).toEqual(Array(20).fill(200))
    const { tokens } = await emulated()
    const second = await Promise.all(
      Array.from({ length: 20 }, () => verify({ ...NIN, ...CLEAR, ...AGREED })),
    )
    expect(second.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect((await emulated()).tokens).toBe(tokens)
  })
})

describe('a document', () => {
  test('is followed to its verdict by who submitted it', async () => {
    const { valid_documents } = await page.json('/api/v3/documents')
    expect(valid_documents.length).toBeGreaterThan(0)

    const submitted = await post('/api/v3/documents', documentForm({ country: 'NG', ...CLEAR, ...AGREED }))
    expect(submitted.status).toBe(202)
    const { events, job_id } = (await submitted.json()) as { events: string; job_id: string }
    expect(job_id).toMatch(/^job_/)
    const stranger = await (await openPage(url)).call(events)
    expect([stranger.status, (await problemOf(stranger)).code]).toEqual([404, 'job_not_found'])
    const decisions = await decisionsOf(events)
    expect([decisions[0], decisions.at(-1)]).toEqual(['pending', 'approved'])
  })

  test('whose answer was lost is found again by its callback', async () => {
    const { jobs } = await emulated()
    await post('/api/emulator/faults', { fault: 'v3_lost' })
    const lost = await post('/api/v3/documents', documentForm({ country: 'NG', ...CLEAR, ...AGREED }))
    const { outcome, events } = await problemOf(lost)
    expect([lost.status, outcome, (await emulated()).jobs]).toEqual([502, 'unknown', jobs + 1])
    await until(async () => (await page.call(events)).ok)
    expect(await decisionsOf(events)).toEqual(['approved'])
  })

  test('what is wrong with pictures is listed with the rest', async () => {
    const png = samplePhoto({ type: 'image/png' })
    const wrong = documentForm({ country: 'Nigeria', ...CLEAR, ...AGREED }, { frames: 5, selfie: png })
    const refused = await post('/api/v3/documents', wrong)
    expect(refused.status).toBe(422)
    expect((await pathsOf(refused)).sort()).toEqual(['country', 'liveness_images', 'selfie_image'])
    const large = documentForm({ ...CLEAR }, { selfie: new Uint8Array(5_000_000) })
    expect((await problemOf(await post('/api/v3/documents', large))).code).toBe('too_large')
    expect((await post('/api/v3/documents', 'no form')).status).toBe(400)
  })
})

describe('a face', () => {
  test('goes from the browser to the service, for whom the server said', async () => {
    const chosen = {
      user_id: 'somebody else',
      product: 'enhanced_kyc',
      callback_url: 'https://elsewhere.example',
    }
    const response = await post('/api/v3/selfie-token', { ...CLEAR, ...AGREED, ...chosen })
    expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
    const { token, environment, base_url, reference, events } = (await response.json()) as any
    expect(JSON.stringify(readToken(token))).not.toMatch(/elsewhere|somebody|Clearwater/)
    expect(readToken(token)).toMatchObject({
      product: 'smart_selfie_registration',
      user_id: `face-${reference}`,
      provides: ['user_id', 'callback_url', 'consent'],
    })
    expect((await problemOf(await page.call(events))).code).toBe('job_not_named')

    const client = createTokenClient({ token, environment, baseUrl: base_url })
    const frames = Array.from({ length: 6 }, (_, seed) => samplePhoto({ seed }))
    const face = { selfie_image: samplePhoto(), liveness_images: frames }
    const job = await submitRegistration(client, { ...face, user_details: CLEAR })
    expect(job.user_id).toBe(`face-${reference}`)
    expect((await waitForVerdict(client, job)).status).toBe('clear')
    // The server learns of it by the callback alone.
    await until(async () => (await page.call(events)).ok)
    expect(await decisionsOf(events)).toEqual(['approved'])
  })

  test('without a token there is no way to the emulator, and with one only to what it is for', async () => {
    const send = (path: string, headers = {}) =>
      page.call(path, { method: 'POST', body: new FormData(), headers })
    expect((await send('/v3/registration')).status).toBe(401)
    expect((await send('/v3/registration', { 'smileid-token': 'a.b.c' })).status).toBe(401)
    const key = { 'smileid-partner-id': '85', 'smileid-api-key': 'emulator-key-of-085' }
    for (const path of ['/v3/token', '/v3/enhanced_kyc']) expect((await send(path, key)).ok, path).toBe(false)
    const large = await page.call('/v3/registration', { method: 'POST', body: new Uint8Array(6_000_000) })
    expect((await problemOf(large)).code).toBe('too_large')
  })
})

describe('callbacks of both generations', () => {
  test('come to one route; each bad one is turned away', async () => {
    const before = (await callbackLog()).length
    const form = new FormData()
    form.set('country', 'GH')
    for (const name of ['selfie', 'front']) form.set(name, new Blob([samplePhoto() as BlobPart]))
    expect((await post('/api/image-jobs', form)).status).toBe(202)
    await until(async () => (await callbackLog()).length > before)
    expect((await callbackLog())[0]).toBe('verified 200 0810')

    await post('/api/v3/documents', documentForm({ country: 'NG', ...CLEAR, ...AGREED }))
    await until(async () => (await callbackLog()).length > before + 1)
    for (const kind of ['forged', 'altered', 'late', 'again']) {
      expect((await post('/api/emulator/callbacks', { kind })).status, kind).toBe(200)
    }
    expect((await callbackLog()).slice(0, 5)).toEqual([
      'replayed 200',
      'forged 401',
      'unconfirmed 503',
      'forged 401',
      'verified 200 clear',
    ])
  })

  test('about jobs that were not begun here, nothing is done', async () => {
    const { emulatorFetch, query } = await insideOf(platform)
    const client = createClient({
      partnerId: '085',
      apiKey: 'emulator-key-of-085',
      environment: 'sandbox',
      baseUrl: 'http://localhost',
      fetch: emulatorFetch,
    })
    const { agreed_at: granted_at } = AGREED
    const notice = { notice_language: 'EN', notice_privacy_policy_url: 'https://shop.example/privacy' }
    const { job_id } = await submitEnhancedKyc(client, {
      ...NIN,
      user_details: CLEAR,
      consent: { granted: true, granted_at, ...notice },
      callback_url: `${url}/callbacks`,
      partner_params: { reference: crypto.randomUUID() },
    })
    await until(async () => (await callbackLog())[0]?.startsWith('unconfirmed 503'))
    expect(await query('SELECT 1 FROM results WHERE job_id = ?', job_id)).toEqual([])
  })
})

describe("a Worker of one's own", () => {
  const env = {
    SMILE_ID_PARTNER_ID: '085',
    SMILE_ID_API_KEY: 'emulator-key-of-085',
    SMILE_ID_ENVIRONMENT: 'sandbox',
  }

  /** The program on workerd, whose way to the service leads to an emulator in this process. */
  async function startProgram() {
    const emulator = createEmulator({ clock: 'real' })
    const miniflare = new Miniflare({
      modules: [{ type: 'ESModule', path: 'index.mjs', contents: await bundle(PROGRAM) }],
      compatibilityDate: '2026-04-01',
      cf: false,
      bindings: env,
      outboundService: (request: { url: string }) => emulator.fetch(request as Request) as never,
    })
    onTestFinished(() => miniflare.dispose())
    const address = await miniflare.ready
    const lookUp = (body: object) => fetchOnce(address, { method: 'POST', body: JSON.stringify(body) })
    const status = (job: string) => fetchOnce(new URL(`/?job=${job}`, address))
    return { emulator, lookUp, status }
  }

  const LOOKUP = { application: 'A-1', ...NIN, ...CLEAR, agreedAt: AGREED.agreed_at }

  test('looks up, lists what is wrong, and asks for what nobody knows', async () => {
    const { emulator, lookUp, status } = await startProgram()
    const good = await lookUp(LOOKUP)
    expect(good.status).toBe(200)
    const { job, ...said } = (await good.json()) as { job: string }
    expect(said).toMatchObject({ decision: 'approved' })
    const asked = await status(job)
    expect(await asked.json()).toMatchObject({ job_id: job, status: 'clear' })

    const wrong = await lookUp({ ...LOOKUP, id_number: '1', email: 'nobody' })
    expect(wrong.status).toBe(422)
    const { issues } = (await wrong.json()) as { issues: { path: string }[] }
    expect(issues.map(({ path }) => path).sort()).toEqual(['id_number', 'user_details.email'])

    emulator.addFault({ on: 'v3/enhanced_kyc/sync', fault: { kind: 'status', status: 408 } })
    const late = await lookUp(LOOKUP)
    expect([late.status, await late.json()]).toMatchObject([202, { ask: expect.stringMatching(/^job_/) }])
    expect(emulator.v3.bills.length).toBe(2)
  })

  test('200 requests at once on a cold isolate: each asks until one has a token, none waits', async () => {
    const { emulator, lookUp } = await startProgram()
    const answered = async () => {
      const reply = await lookUp(LOOKUP)
      // Read at once: one that waited for all others was found closed, in one run under load.
      const text = await reply.text()
      return text.includes('approved') ? reply.status : text
    }
    const statuses = (count: number) => Promise.all(Array.from({ length: count }, answered))
    expect(await statuses(200)).toEqual(Array(200).fill(200))
    const { length } = emulator.v3.tokens
    expect(length).toBeLessThanOrEqual(200)
    expect(await statuses(60)).toEqual(Array(60).fill(200))
    expect(emulator.v3.tokens.length).toBe(length)
    expect(emulator.v3.bills.length).toBe(260)
  })
})

describe('who may', () => {
  const ROUTES = [
    ['GET', '/api/v3/id-types'],
    ['POST', '/api/v3/verify-id'],
    ['GET', '/api/v3/documents'],
    ['POST', '/api/v3/documents'],
    ['POST', '/api/v3/selfie-token'],
    ['GET', `/api/v3/jobs/${crypto.randomUUID()}/events`],
  ] as const

  test('nobody without a session, from elsewhere, or by a foreign name', async () => {
    const { 'x-csrf-token': _, ...withoutToken } = page.headers
    const before = await emulated()
    for (const [method, path] of ROUTES) {
      expect((await fetchOnce(url + path, { method, headers: { origin: url } })).status, path).toBe(401)
      if (method === 'POST') {
        const response = await pageWith(url, withoutToken).call(path, { method, body: {} })
        expect(response.status, path).toBe(403)
      }
      expect(await statusAs('elsewhere.example', url + path, method), path).toBe(421)
    }
    for (const path of ['/v3/registration', '/v3/status/job_1']) {
      expect(await statusAs('elsewhere.example', url + path, 'POST'), path).toBe(421)
    }
    expect(await emulated()).toEqual(before)
  })
})
