/**
 * Every block of TypeScript that users read runs, as it stands there, against the emulator on loopback; one
 * that nothing runs fails here.
 */
import type { IncomingMessage } from 'node:http'
import { type Client as LibsqlClient, createClient as openLibsql } from '@libsql/client'
import { Redis } from 'ioredis'
import { type Client, createClient, createWebToken } from 'smileid-edge'
import type { ReplayStore } from 'smileid-edge/callback'
import type { D1Like, D1StatementLike } from 'smileid-edge/cloudflare'
import { samplePhoto } from 'smileid-edge/emulator'
import { createToken } from 'smileid-edge/v3/token'
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { missingDatabases, startPostgres, startRedis } from '../support/databases.ts'
import { blocksOf, PAGES, runBlock } from '../support/docs.ts'
import { type DocsSetup, secKey, setUpDocs } from '../support/docs-setup.ts'
import { serve } from '../support/server.ts'
import { serveUpstash } from '../support/upstash-bridge.ts'

let setup: DocsSetup
beforeEach(async () => void (setup = await setUpDocs()))
afterEach(() => setup.close())

const credentials = { partnerId: '085', apiKey: 'your key', environment: 'sandbox' as const }
const photo = () => new Blob([samplePhoto()])
const client = () => createClient({ ...credentials, baseUrl: setup.url })
const BVN = '00000000000'
/** One of the sandbox's identities. */
const PERSON = { given_names: 'Amina Fatou', last_name: 'Clearwater', email: 'amina.clearwater@example.com' }
const consent = () => ({
  granted: true as const,
  granted_at: new Date(Date.now() - 60_000),
  notice_language: 'EN',
  notice_privacy_policy_url: 'https://shop.example/privacy',
})

type HandlerOf = (client: Client) => (request: Request) => Promise<Response>

const has = (server: string) => !missingDatabases.some((name) => name.startsWith(server))

/** A callback that comes four times at once, and then once more. */
async function deliverFourTimes(handler: (request: Request) => Promise<Response>): Promise<void> {
  const callback_url = 'https://app.example/callback'
  setup.emulator.startJob({ user_id: 'user', job_id: 'job', job_type: 6, callback_url })
  await vi.waitFor(() => expect(setup.emulator.callbacks).toHaveLength(1), 200_000)
  const [real] = setup.emulator.callbacks
  const answers = await Promise.all(Array.from({ length: 4 }, () => handler(real!.clone())))
  const busyOrDone = answers.map(({ status }) => status).filter((status) => status !== 200 && status !== 409)
  expect(busyOrDone).toEqual([])
  expect((await handler(real!.clone())).status).toBe(200)
}

/** SQLite by the methods of D1. */
function d1Of(db: LibsqlClient): D1Like {
  const statement = (sql: string, args: any[] = []): D1StatementLike => ({
    bind: (...values) => statement(sql, values),
    all: async () => ({ results: (await db.execute({ sql, args })).rows }),
  })
  return { prepare: (sql) => statement(sql) }
}

const RUNS: Record<string, (name: string) => Promise<void>> = {
  async "README.md: Enrol a user's photo, ts"(name) {
    const { enrol } = await runBlock<{ enrol(client: Client, user: string, photo: Blob): Promise<string> }>(
      name,
    )
    expect([await enrol(client(), 'u1', photo()), await enrol(client(), 'u1', photo())]).toEqual([
      'Enroll User',
      'enrolled before',
    ])
    setup.emulator.addFault({ fault: { kind: 'reset', commit: true } })
    expect(await enrol(client(), 'u2', photo())).toMatch(/perhaps/)
  },
  async 'playground/docs/bulk.md: From code, ts'(name) {
    await runBlock(name)
    expect([setup.emulator.isEnrolled('0042'), setup.emulator.isEnrolled('0043')]).toEqual([true, true])
    expect(setup.logged).toEqual(['[object Object]'])
  },
  async 'playground/docs/workers.md: In a Worker, ts'(name) {
    const { default: worker } = await runBlock<{
      default: { fetch(request: Request, env: object): Promise<Response> }
    }>(name)
    const ask = (query: string) =>
      worker.fetch(
        new Request(`https://app.example/?${query}`, { method: 'POST', body: samplePhoto() }),
        process.env,
      )
    expect(await (await ask('user_id=u1')).json()).toMatchObject({ result: '0840' })
    expect((await ask('')).status).toBe(422)
    expect(await (await ask('user_id=u1')).json()).toMatchObject({ code: 'user_exists' })
  },
  async 'README.md: Look an ID up, ts'(name) {
    const { check } = await runBlock<{
      check(client: Client, application: string, bvn: string): Promise<string>
    }>(name)
    expect(await check(client(), 'a1', BVN)).toBe('approved')
  },
  async 'README.md: Submit a job with images, ts'(name) {
    const { checkPassport } = await runBlock<{
      checkPassport(client: Client, application: string, selfie: Blob, front: Blob): Promise<string>
    }>(name)
    expect(await checkPassport(client(), 'a1', photo(), photo())).toBe('approved')
    expect(setup.emulator.uploads).toHaveLength(1)
  },
  async 'README.md: Hand a token to the browser, ts'(name) {
    const { tokenFor } = await runBlock<{ tokenFor(client: Client, session: object): Promise<Response> }>(
      name,
    )
    const response = await tokenFor(
      createClient({ ...credentials, baseUrl: setup.url, callbackUrl: 'https://app.example/callback' }),
      { userId: 'u1', applicationId: 'a1' },
    )
    expect(response.headers.get('cache-control')).toBe('no-store')
    const { token } = (await response.json()) as { token: string }
    expect(JSON.parse(atob(token.split('.')[1]!))).toMatchObject({
      partner_params: { user_id: 'u1', job_id: 'kyc-a1' },
      product: 'biometric_kyc',
    })
  },
  async 'playground/docs/image-jobs.md: Wait for a job, ts'(name) {
    const { decide } = await runBlock<{ decide(job: object): Promise<string> }>(name)
    setup.emulator.startJob({ user_id: 'u1', job_id: 'good' })
    setup.emulator.startJob({ user_id: 'u2', job_id: 'bad', verdict: 'rejected' })
    expect([
      await decide({ user_id: 'u1', job_id: 'good' }),
      await decide({ user_id: 'u2', job_id: 'bad' }),
    ]).toEqual(['approved', expect.stringMatching(/^rejected: .*Liveness_Check/)])
  },
  async 'README.md: Receive callbacks, ts'(name) {
    const { POST } = await runBlock<{ POST(request: Request): Promise<Response> }>(name)
    setup.emulator.startJob({
      user_id: 'user',
      job_id: 'job',
      job_type: 6,
      callback_url: 'https://app.example/callback',
    })
    await vi.waitFor(() => expect(setup.emulator.callbacks).toHaveLength(1), 200_000)
    const [real] = setup.emulator.callbacks
    expect([(await POST(real!.clone())).status, (await POST(real!.clone())).status]).toEqual([200, 200])
    expect(
      (
        await POST(
          await setup.emulator.callbackRequest('https://app.example/callback', {}, { apiKey: 'forged' }),
        )
      ).status,
    ).toBe(401)
    expect(setup.logged).toEqual([expect.stringMatching(/^sandbox:085:\d+:.* job approved$/)])
  },
  async 'README.md: Speak v3, ts'(name) {
    const { lookUp } = await runBlock<{ lookUp(client: Client, input: object): Promise<string> }>(name)
    const input = { country: 'NG', id_type: 'BVN', id_number: BVN, user_details: PERSON, consent: consent() }
    expect(await lookUp(client(), input)).toBe('clear')
    setup.emulator.addFault({ fault: { kind: 'status', status: 408 } })
    expect(await lookUp(client(), input)).toMatch(/^ask for job_/)
  },
  async 'playground/docs/lookups.md: Sign a request yourself, ts'(name) {
    await runBlock(name)
  },
  async 'README.md: smileid-edge, ts'(name) {
    await runBlock(name)
    expect(setup.logged).toEqual(['approved true'])
  },
  async 'playground/migration.md: From smile_id_core (Python), ts'(name) {
    const { run } = await runBlock<{ run(key: string, selfie: string): Promise<unknown> }>(name)
    expect(await run('your key', Buffer.from(samplePhoto()).toString('base64'))).toMatchObject({
      job_complete: true,
      job_success: true,
    })
    setup.emulator.reset()
    expect(await run('your key', '%%%')).toEqual([
      expect.objectContaining({ path: 'image_details[0].image' }),
    ])
  },
  async 'playground/migration.md: From smile_id_core (Python), ts 2'(name) {
    const { status } = await runBlock<{ status(key: string): Promise<unknown> }>(name)
    expect(await status(secKey.api_key_b64_of_pem)).toMatchObject({
      job_success: true,
      result: { ResultCode: '0810' },
    })
  },
  async 'playground/migration.md: From smile_id_core (Python), ts 3'(name) {
    await runBlock(name)
    expect(setup.logged).toEqual(['false'])
  },
  async 'playground/migration.md: From signing by hand, ts'(name) {
    const { byHand } = await runBlock<{
      byHand(partner: string, key: string, body: object): Promise<unknown>
    }>(name)
    const signed = (await (await setup.emulator.callbackRequest('https://app.example/')).json()) as {
      timestamp: string
      signature: string
    }
    expect(await byHand('085', 'your key', signed)).toMatchObject({})
    await expect(byHand('085', 'your key', { ...signed, signature: 'x' })).rejects.toThrow(
      'not from Smile ID',
    )
    expect(setup.emulator.calls.map(({ operation, status }) => [operation, status])).toEqual([
      ['products_config', 200],
    ])
  },
  async 'playground/docs/callbacks.md: Callbacks, ts'(name) {
    const { route } = await runBlock<{ route(req: IncomingMessage, res: unknown): Promise<void> }>(name)
    const server = await serve(route)
    onTestFinished(() => server.close())
    setup.emulator.startJob({
      user_id: 'user',
      job_id: 'job',
      job_type: 6,
      callback_url: 'https://app.example/callback',
    })
    await vi.waitFor(() => expect(setup.emulator.callbacks).toHaveLength(1), 200_000)
    const [real] = setup.emulator.callbacks
    const post = (body: string) => fetch(`${server.url}/callback`, { method: 'POST', body })
    expect([(await post(await real!.text())).status, (await post('[]')).status, setup.logged.length]).toEqual(
      [200, 400, 1],
    )
  },
  async "playground/docs/enrol.md: Enrol a user's photo, ts"(name) {
    const { enrol } = await runBlock<{
      enrol(user: string, file: Blob): Promise<{ status: number; said: string }>
    }>(name)
    expect((await enrol('u1', photo())).status).toBe(201)
    expect((await enrol('u1', photo())).status).toBe(409)
    expect(await enrol('u2', new Blob(['GIF89a']))).toEqual({
      status: 422,
      said: expect.stringMatching(/^photo /),
    })
    setup.emulator.addFault({ fault: { kind: 'reset', commit: true } })
    expect((await enrol('u2', photo())).status).toBe(503)
    expect((await enrol('u2', photo())).status).toBe(409)
  },
  async 'playground/docs/image-jobs.md: Image jobs, ts'(name) {
    const { submitOrResume } = await runBlock<{
      submitOrResume(
        client: Client,
        job: object,
        begun: Date,
      ): Promise<{ job_id: string; smile_job_id?: string }>
    }>(name)
    const job = {
      partner_params: { user_id: 'u1', job_id: 'j1', job_type: 4 },
      images: { selfie: samplePhoto() },
    }
    setup.emulator.startJob({ user_id: 'u1', job_id: 'j1', job_type: 4, zip: false })
    expect(await submitOrResume(client(), job, new Date())).toEqual(job.partner_params)
    expect(setup.emulator.uploads).toHaveLength(0)
    expect(await submitOrResume(client(), job, new Date(Date.now() - 3_600_000))).toMatchObject({
      success: true,
      job_id: 'j1',
    })
    expect(setup.emulator.uploads).toHaveLength(1)
  },
  async 'playground/docs/lookups.md: Look an ID up, ts'(name) {
    const { form } = await runBlock<{
      form(country: string): Promise<{ type: string; fields: string[]; pattern?: string }[]>
    }>(name)
    expect(await form('NG')).toContainEqual({
      type: 'BVN',
      fields: expect.arrayContaining(['id_number']),
      pattern: expect.stringContaining('11'),
    })
    expect(await form('XX')).toEqual([])
  },
  async 'playground/docs/lookups.md: Look an ID up, ts 2'(name) {
    const { nameOf } = await runBlock<{
      nameOf(user: string, application: string, bvn: string): Promise<string>
    }>(name)
    expect(await nameOf('u1', 'a1', BVN)).toBe('DOE LEO JOE')
    expect(await nameOf('u1', 'a2', BVN.replace(/0$/, '1'))).toBe('no such ID')
    expect(await nameOf('u1', 'a3', BVN.replace(/0$/, '3'))).toMatch(/try later/)
    expect(await nameOf('u1', 'a4', '12')).toMatch(/^id_info\.id_number /)
    setup.emulator.addFault({ on: 'id_verification', fault: { kind: 'code', code: '2222' } })
    expect(await nameOf('u1', 'a5', BVN)).toMatch(/prolongs the block/)
  },
  async 'playground/docs/lookups.md: On Node, ts'(name) {
    const { client: onNode } = await runBlock<{ client: Client }>(name)
    await createWebToken(onNode, {
      user_id: 'u1',
      job_id: 'j1',
      product: 'biometric_kyc',
      callback_url: 'https://app.example/callback',
    })
    expect(setup.emulator.calls.map(({ operation }) => operation)).toEqual(['token'])
  },
  async 'playground/docs/testing.md: Test without an account, ts'(name) {
    await runBlock(name)
    expect(setup.logged).toEqual(['unknown user_exists 2'])
  },
  async 'playground/docs/testing.md: Test without an account, ts 2'(name) {
    await runBlock(name)
    expect(setup.logged).toEqual(['j1 0907', '401'])
  },
  async 'playground/docs/testing.md: Test without an account, ts 3'(name) {
    await runBlock(name)
    expect(setup.logged).toEqual(['Enroll User'])
  },
  async 'playground/docs/testing.md: v3, ts'(name) {
    await runBlock(name)
    expect(setup.logged).toEqual(['identifier_not_found', '1 block'])
  },
  async 'playground/docs/stores.md: SQLite, ts'(name) {
    const { enrolAll } = await runBlock<{ enrolAll(client: Client, rows: object[]): Promise<string[]> }>(name)
    const rows = ['u1', 'u2'].map((user_id) => ({ user_id, user_created_at: '2021-08-12', photo: photo() }))
    expect(await enrolAll(client(), rows)).toEqual(['enrolled', 'enrolled'])
    expect(await enrolAll(client(), rows)).toEqual(['enrolled', 'enrolled'])
    expect(setup.emulator.calls).toHaveLength(2)
  },
  async 'playground/docs/stores.md: Postgres, ts'(name) {
    if (!has('Postgres')) return
    const server = await startPostgres()
    onTestFinished(() => server.close())
    vi.stubEnv('DATABASE_URL', `postgres://postgres@127.0.0.1:${server.port}/postgres`)
    const { handlerOf, close } = await runBlock<{ handlerOf: HandlerOf; close(): Promise<void> }>(name)
    await deliverFourTimes(handlerOf(client()))
    expect(setup.logged).toEqual([expect.stringMatching(/^decided \d+$/)])
    await close()
  },
  async 'playground/docs/stores.md: D1, ts'(name) {
    const { default: worker } = await runBlock<{
      default: { fetch(request: Request, env: object): Promise<Response> }
    }>(name)
    const db = openLibsql({ url: 'file:d1.db' })
    onTestFinished(() => db.close())
    const tokens = new Map<string, string>()
    const TOKENS = {
      get: async (key: string) => tokens.get(key) ?? null,
      put: async (key: string, value: string) => void tokens.set(key, value),
      delete: async (key: string) => void tokens.delete(key),
    }
    const env = { ...process.env, DB: d1Of(db), TOKENS }
    await deliverFourTimes((request) => worker.fetch(request, env))
    const { rows } = await db.execute('SELECT done FROM smileid_events')
    expect(rows.map(({ done }) => done)).toEqual([1])
  },
  async 'playground/docs/stores.md: Redis, ts'(name) {
    if (!has('Redis')) return
    const server = await startRedis()
    onTestFinished(() => server.close())
    vi.stubEnv('REDIS_URL', `redis://127.0.0.1:${server.port}`)
    const { work, close } = await runBlock<{
      work(client: Client, row: object): Promise<string>
      close(): void
    }>(name)
    const row = { user_id: 'u1', user_created_at: '2021-08-12', photo: photo() }
    const ends = await Promise.all(Array.from({ length: 4 }, () => work(client(), row)))
    expect(ends.sort()).toEqual(['busy', 'busy', 'busy', 'enrolled'])
    expect(setup.emulator.calls).toHaveLength(1)
    close()
  },
  async 'playground/docs/stores.md: Redis over HTTP, ts'(name) {
    if (!has('Redis')) return
    const server = await startRedis()
    const redis = new Redis(server.port, '127.0.0.1')
    const bridge = await serveUpstash(redis, 'the-token')
    onTestFinished(async () => {
      redis.disconnect()
      await bridge.close()
      await server.close()
    })
    const { storeOf } = await runBlock<{ storeOf(env: object): ReplayStore }>(name)
    const store = storeOf({ UPSTASH_REDIS_REST_URL: bridge.url, UPSTASH_REDIS_REST_TOKEN: 'the-token' })
    const claims = await Promise.all(Array.from({ length: 4 }, () => store.claim('event', 60_000)))
    expect(claims.sort()).toEqual(['busy', 'busy', 'busy', 'claimed'])
  },
  async 'playground/docs/stores.md: Your own, ts'(name) {
    await runBlock(name)
    expect(setup.logged).toHaveLength(8)
  },
  async 'playground/docs/v3.md: From v1 to v3, ts'(name) {
    const { check, POST } = await runBlock<{
      check(user: string, order: string, info: object, v3?: object): Promise<void>
      POST(request: Request): Promise<Response>
    }>(name)
    const info = {
      country: 'NG',
      id_type: 'BVN',
      id_number: BVN,
      first_name: 'Amina Fatou',
      last_name: 'Clearwater',
    }
    await check('u1', 'order-1', info)
    await check('u1', 'order-2', info, { consent: consent(), email: PERSON.email })
    await vi.waitFor(() => expect(setup.emulator.callbacks).toHaveLength(2), 200_000)
    for (const callback of setup.emulator.callbacks) expect((await POST(callback.clone())).status).toBe(200)
    expect(setup.logged.sort()).toEqual(['order-1 clear', 'order-2 clear'])
  },
  async 'playground/docs/web-tokens.md: A token of v3, ts'(name) {
    const { register } = await runBlock<{
      register(made: object, person: object, selfie: Blob, frames: Blob[]): Promise<string>
    }>(name)
    const made = await createToken(client(), {
      user_id: 'u1',
      product: 'smart_selfie_registration',
      payload: { consent: consent(), callback_url: 'https://app.example/callback' },
    })
    const frames = Array.from({ length: 6 }, (_, seed) => new Blob([samplePhoto({ seed })]))
    const to = { token: made.token, environment: 'sandbox', base_url: setup.url }
    expect(await register(to, PERSON, photo(), frames)).toBe('clear')
  },
  async 'playground/docs/web-tokens.md: Web tokens, ts'(name) {
    const { tokenRoute } = await runBlock<{
      tokenRoute(
        session: (request: Request) => Promise<object | undefined>,
        records: object,
        env: object,
      ): (request: Request) => Promise<Response>
    }>(name)
    const records = {
      applicationOf: async (userId: string, id: string) =>
        userId === 'owner' && id === '7' ? { id, attempt: 2 } : undefined,
    }
    const route = tokenRoute(async (request) => ({ userId: request.headers.get('x-session')! }), records, {
      ...process.env,
      SMILE_ID_CALLBACK_URL: 'https://app.example/callback',
    })
    const ask = (user: string, origin = 'https://app.example') =>
      route(
        new Request('https://app.example/token?application=7', {
          method: 'POST',
          headers: { origin, 'x-session': user },
        }),
      )
    expect([
      (await ask('owner')).status,
      (await ask('other')).status,
      (await ask('owner', 'https://evil.example')).status,
    ]).toEqual([200, 404, 403])
  },
}

const names = PAGES.flatMap(blocksOf)
  .filter(({ language }) => language === 'ts')
  .map(({ name }) => name)

it.each(names)('%s', async (name) => {
  expect(Object.keys(RUNS)).toContain(name)
  await RUNS[name]!(name)
})

it('nothing is run that stands nowhere', () => {
  expect(Object.keys(RUNS).filter((name) => !names.includes(name))).toEqual([])
})
