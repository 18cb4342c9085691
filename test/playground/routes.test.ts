/** The routes of the playground, and what they refuse. */
import { createHmac } from 'node:crypto'
import { createClient, submitBasicKyc } from 'smileid-edge'
import { samplePhoto } from 'smileid-edge/emulator'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { serve } from '../support/server.ts'
import { insideOf } from './inside.ts'
import { form, fetchOnce, openPage, type Page, pageWith, start, statusAs, until } from './platform.ts'

const enrolment = (user_id: string, photo = samplePhoto({ seed: 2 })) =>
  form({ user_id, user_created_at: '2021-08-12', photo })

describe('tasks against the emulator', () => {
  test('enrols once, and says what was wrong otherwise', async () => {
    const { url } = await start()
    const page = await openPage(url)
    const enrol = (body: FormData) => page.call('/api/enrol', { method: 'POST', body })

    const first = await enrol(enrolment('u1'))
    expect(first.status).toBe(200)
    const answer = (await first.json()) as any
    expect(answer).toMatchObject({
      decision: 'approved',
      code: '0840',
      reply: { Actions: { Register_Selfie: 'Approved' } },
    })
    expect(JSON.stringify(answer)).not.toContain('signature')

    const second = await enrol(enrolment('u1'))
    expect(second.status).toBe(409)
    expect(second.headers.get('content-type')).toBe('application/problem+json')
    expect(await second.json()).toMatchObject({
      type: '/problems/user_exists',
      status: 409,
      smile_code: '2209',
    })

    const wrong = await enrol(form({ user_created_at: '2021-08-12', photo: samplePhoto() }))
    expect([wrong.status, ((await wrong.json()) as any).issues]).toEqual([
      422,
      [{ path: 'user_id', code: 'missing', message: 'is missing' }],
    ])
    const gif = await enrol(enrolment('u2', new TextEncoder().encode('GIF89a, which is no photo here')))
    expect([gif.status, ((await gif.json()) as any).issues[0].path]).toEqual([422, 'photo'])
    const huge = await enrol(enrolment('u3', new Uint8Array(6_000_000)))
    expect([huge.status, ((await huge.json()) as any).code]).toEqual([413, 'too_large'])
    const enormous = await page.call('/api/enrol', { method: 'POST', body: new Uint8Array(100_000_000) })
    expect([enormous.status, ((await enormous.json()) as any).code]).toEqual([413, 'too_large'])

    expect(await page.json('/api/emulator')).toEqual({ enrolments: 1, users: 1 })
  })

  test('a double click enrols once', async () => {
    const { url } = await start()
    const page = await openPage(url)
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => page.call('/api/enrol', { method: 'POST', body: enrolment('u1') })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409])
    expect(await page.json('/api/emulator')).toEqual({ enrolments: 1, users: 1 })
  })

  test('verifies an ID number with the fields that the service names', async () => {
    const { url } = await start()
    const page = await openPage(url)
    const { countries, banks } = await page.json('/api/id-types')
    const nigeria = countries.find(({ country }: any) => country === 'NG').id_types
    expect(nigeria.find(({ id_type }: any) => id_type === 'BANK_ACCOUNT').fields).toEqual([
      'id_number',
      'bank_code',
    ])
    expect(banks.length).toBeGreaterThan(0)
    const verify = (body: object) => page.call('/api/verify-id', { method: 'POST', body })
    const good = await (await verify({ country: 'NG', id_type: 'BVN', id_number: '00000000000' })).json()
    expect(good).toMatchObject({
      decision: 'approved',
      code: '1012',
      actions: { Verify_ID_Number: 'Verified' },
    })
    const bad = await verify({ country: 'NG', id_type: 'BANK_ACCOUNT', id_number: '0000000000' })
    expect([bad.status, ((await bad.json()) as any).issues.map(({ path }: any) => path)]).toEqual([
      422,
      ['id_info.bank_code'],
    ])
  })

  test('a document job tells its stages, and its callback is confirmed, stored and taken once', async () => {
    const platform = await start()
    const { url } = platform
    const page = await openPage(url)
    const submitted = await page.call('/api/image-jobs', {
      method: 'POST',
      body: form({ country: 'GH', selfie: samplePhoto({ seed: 1 }), front: samplePhoto({ seed: 2 }) }),
    })
    expect(submitted.status).toBe(202)
    const { events } = (await submitted.json()) as { events: string }
    const stranger = await (await openPage(url)).call(events)
    expect(stranger.status).toBe(404)

    const stream = await page.call(events)
    expect(stream.headers.get('content-type')).toBe('text/event-stream')
    const statuses = (await stream.text())
      .split('\n\n')
      .filter((event) => event.startsWith('event: status'))
      .map((event) => JSON.parse(event.split('data: ')[1]!).decision)
    expect([statuses[0], statuses.at(-1)]).toEqual(['pending', 'approved'])
    const log = async () =>
      (await page.json<{ callbacks: { verdict: string; status: number }[] }>('/api/callbacks')).callbacks.map(
        ({ verdict, status }) => `${verdict} ${status}`,
      )
    await until(async () => (await log()).length === 1)
    for (const kind of ['forged', 'altered', 'late', 'again'])
      expect((await page.call('/api/emulator/callbacks', { method: 'POST', body: { kind } })).status).toBe(
        200,
      )
    expect(await log()).toEqual([
      'replayed 200',
      'replayed 200',
      'unconfirmed 503',
      'forged 401',
      'verified 200',
    ])

    // What anybody can send hides nothing, and does not fill the database.
    for (let sent = 0; sent < 60; sent++)
      expect((await page.call('/callbacks', { method: 'POST', body: 'x' })).status).toBe(400)
    const { query, tidy } = await insideOf(platform)
    const rows = () => query('SELECT verdict, count(*) AS n FROM callbacks GROUP BY verdict')
    expect(await rows()).toEqual([
      { verdict: 'forged', n: 20 },
      { verdict: 'replayed', n: 2 },
      { verdict: 'unconfirmed', n: 1 },
      { verdict: 'verified', n: 1 },
    ])
    expect((await log()).slice(-4)).toEqual([
      'replayed 200',
      'replayed 200',
      'unconfirmed 503',
      'verified 200',
    ])
    const age = (days: number) => query('UPDATE callbacks SET at = ?', Date.now() - days * 86_400_000)
    await age(6.9)
    await tidy()
    expect((await log()).length).toBe(24)
    await age(7)
    await tidy()
    expect(await rows()).toEqual([])
  })

  test('a result goes to the playground, wherever its job asked for it', async () => {
    const strangers: string[] = []
    const elsewhere = await serve((request, response) => void (strangers.push(request.url!), response.end()))
    onTestFinished(() => elsewhere.close())
    const platform = await start()
    const { url } = platform
    const { emulatorFetch } = await insideOf(platform)
    const client = createClient({
      partnerId: '085',
      apiKey: 'emulator-key-of-085',
      environment: 'sandbox',
      baseUrl: 'http://localhost',
      fetch: emulatorFetch,
    })
    const callback_url = `${elsewhere.url}/callbacks`
    await submitBasicKyc(client, {
      partner_params: { user_id: 'u', job_id: 'j' },
      id_info: { country: 'NG', id_type: 'BVN', id_number: '00000000000', first_name: 'Leo' },
      callback_url,
    })
    const page = await openPage(url)
    const verdicts = await until(async () => {
      const { callbacks } = await page.json<{ callbacks: { verdict: string }[] }>('/api/callbacks')
      return callbacks.length > 0 && callbacks.map(({ verdict }) => verdict)
    })
    expect([verdicts, strangers]).toEqual([['verified'], []])
  })

  test('a web token is for ids that the server chose', async () => {
    const { url } = await start()
    const page = await openPage(url)
    const { token } = await page.json('/api/web-token', {
      method: 'POST',
      body: { user_id: 'somebody else', job_id: 'mine', product: 'enhanced_kyc' },
    })
    const payload = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString())
    expect(payload).toMatchObject({ product: 'biometric_kyc', callback_url: `${url}/callbacks` })
    expect(JSON.stringify(payload)).not.toMatch(/somebody else|"mine"/)
  })
})

describe('who may', () => {
  test("nobody without a session, with another origin, or without the page's own token", async () => {
    const { url } = await start()
    const page = await openPage(url)
    const {
      cookie,
      origin,
      'x-csrf-token': token,
    } = page.headers as Record<'cookie' | 'origin' | 'x-csrf-token', string>
    const code = async (headers: Record<string, string>) => {
      const response = await pageWith(url, headers).call('/api/enrol', {
        method: 'POST',
        body: enrolment('u1'),
      })
      return `${response.status} ${((await response.json()) as any).code}`
    }
    expect(await code({ origin, 'x-csrf-token': token })).toBe('401 no_session')
    expect(await code({ cookie: `${cookie}x`, origin, 'x-csrf-token': token })).toBe('401 no_session')
    expect(await code({ cookie, 'x-csrf-token': token })).toBe('403 wrong_origin')
    expect(await code({ cookie, origin: 'https://elsewhere.example', 'x-csrf-token': token })).toBe(
      '403 wrong_origin',
    )
    expect(await code({ cookie, origin })).toBe('403 wrong_origin')
    expect(
      await code({ cookie, origin, 'x-csrf-token': (await openPage(url)).headers['x-csrf-token']! }),
    ).toBe('403 wrong_origin')
    expect(await page.json('/api/emulator')).toEqual({ enrolments: 0, users: 0 })
    expect((await page.call('/api/nothing')).status).toBe(404)

    const { port } = new URL(url)
    const asked = (host: string) =>
      Promise.all(['/', '/app.js', '/api/session'].map((path) => statusAs(host, url + path)))
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, 'LOCALHOST'])
      expect(await asked(host), host).toEqual([200, 200, 200])
    for (const host of [
      `elsewhere.example:${port}`,
      'localhost.elsewhere.example',
      '127.0.0.1.elsewhere.example',
    ])
      expect(await asked(host), host).toEqual([421, 421, 421])
    // Callbacks prove by themselves where they are from.
    expect(await statusAs('elsewhere.example', `${url}/callbacks`, 'POST')).toBe(400)
    const wrongMethod = await page.call('/api/enrol')
    expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'POST'])
  })

  test('a session ends, and says so; its end cannot be moved', async () => {
    const secret = 'a secret of more than 16 characters'
    const { url } = await start({ bindings: { SESSION_SECRET: secret } })
    const look = async (id: string, expires: number, signed = expires) => {
      const mac = createHmac('sha256', secret).update(`session:${id}.${signed}`).digest('base64url')
      const response = await fetchOnce(`${url}/api/callbacks`, {
        headers: { cookie: `playground_session=${id}.${expires}.${mac}` },
      })
      return response.ok ? 200 : ((await response.json()) as any).code
    }
    const [past, future] = [Date.now() - 1000, Date.now() + 60_000]
    expect([await look('me', future), await look('me', past), await look('me', future, past)]).toEqual([
      200,
      'session_expired',
      'no_session',
    ])
  })

  test('with the real API, only who knows the token; there are no buttons for faults', async () => {
    // What stands for the API counts who asks.
    let asked = 0
    const api = await serve((_, response) => {
      asked++
      response
        .writeHead(400, { 'content-type': 'application/json' })
        .end('{"error":"unauthorized","code":"2205"}')
    })
    onTestFinished(() => api.close())
    const bindings = {
      SMILE_ID_BASE_URL: api.url,
      PLAYGROUND_TOKEN: 'a token nobody guesses',
      PLAYGROUND_HOSTS: '',
    }
    const platform = await start({ emulated: false, bindings })
    const { url } = platform
    const anonymous = await fetchOnce(`${url}/api/session`)
    expect([anonymous.headers.get('set-cookie'), await anonymous.json()]).toEqual([
      null,
      { mode: 'sandbox', partner_id: '085', signed_in: false },
    ])
    // A deployment is reached by the names that lead to it, and nobody has a session by another.
    expect(await statusAs('name.workers.dev', url)).toBe(200)
    for (const [method, path] of [
      ['POST', '/api/enrol'],
      ['POST', '/api/verify-id'],
      ['POST', '/api/image-jobs'],
      ['POST', '/api/web-token'],
      ['GET', '/api/id-types'],
      ['PUT', `/api/imports/${crypto.randomUUID()}`],
      ['GET', '/api/callbacks'],
      ['POST', '/api/v3/verify-id'],
      ['POST', '/api/v3/documents'],
      ['POST', '/api/v3/selfie-token'],
    ]) {
      expect((await fetchOnce(url + path, { method: method!, headers: { origin: url } })).status, path).toBe(
        401,
      )
    }
    expect(asked).toBe(0)

    const signIn = (token: unknown, origin = url) =>
      fetchOnce(`${url}/api/session`, {
        method: 'POST',
        headers: { origin },
        body: JSON.stringify({ token }),
      })
    expect((await signIn('a token nobody guesse')).status).toBe(401)
    expect((await signIn(undefined)).status).toBe(401)
    expect((await signIn(bindings.PLAYGROUND_TOKEN, 'https://elsewhere.example')).status).toBe(403)
    const signedIn = await signIn(bindings.PLAYGROUND_TOKEN)
    expect(signedIn.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Strict;/)
    const { csrf } = (await signedIn.json()) as { csrf: string }
    const page = pageWith(url, {
      cookie: signedIn.headers.get('set-cookie')!.split(';')[0]!,
      'x-csrf-token': csrf,
      origin: url,
    })
    expect(
      (await page.call('/api/emulator/faults', { method: 'POST', body: { fault: 'slow' } })).status,
    ).toBe(404)
    // With a token of v3, the page goes to the API itself, with a person's consent to a notice that there is.
    const handedOn = await page.call('/v3/registration', { method: 'POST', body: new FormData() })
    expect([handedOn.status, ((await handedOn.json()) as any).code]).toEqual([404, 'no_emulator'])
    expect((await page.call('/')).headers.get('content-security-policy')).toContain(
      `; connect-src 'self' ${api.url}`,
    )
    const unnoticed = await page.call('/api/v3/selfie-token', { method: 'POST', body: {} })
    expect([unnoticed.status, ((await unnoticed.json()) as any).code]).toEqual([503, 'no_privacy_notice'])
    const refused = await page.call('/api/enrol', { method: 'POST', body: enrolment('u1') })
    expect([refused.status, ((await refused.json()) as any).code, asked]).toEqual([502, 'unauthorized', 1])

    const other = await signIn(bindings.PLAYGROUND_TOKEN)
    const { 'x-csrf-token': _, ...withoutToken } = page.headers
    const signOut = (who: Page) => who.call('/api/session', { method: 'DELETE' })
    expect((await signOut(pageWith(url, withoutToken))).status).toBe(403)
    const signedOut = await signOut(page)
    expect([signedOut.status, signedOut.headers.get('set-cookie')]).toEqual([
      204,
      'playground_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0',
    ])
    // Whoever kept the cookie is nobody now; other sessions go on.
    for (const late of [await page.call('/api/callbacks'), await signOut(page)])
      expect([late.status, ((await late.json()) as any).code]).toEqual([401, 'signed_out'])
    expect(await page.json('/api/session')).toMatchObject({ signed_in: false })
    const cookie = other.headers.get('set-cookie')!.split(';')[0]!
    expect((await pageWith(url, { cookie }).call('/api/callbacks')).status).toBe(200)
    const { query } = await insideOf(platform)
    // The two wrong ones, and no other.
    expect(await query('SELECT tries FROM sign_in_tries')).toEqual([{ tries: 2 }])
  })

  test('who guesses the token has to wait, and all do when many guess', async () => {
    const bindings = { SMILE_ID_BASE_URL: 'http://localhost', PLAYGROUND_TOKEN: 'a token nobody guesses' }
    const platform = await start({ emulated: false, bindings })
    const { url } = platform
    const signIn = async (address: string, token = bindings.PLAYGROUND_TOKEN) => {
      const response = await pageWith(url, { origin: url, 'cf-connecting-ip': address }).call(
        '/api/session',
        {
          method: 'POST',
          body: { token },
        },
      )
      await response.arrayBuffer()
      return response
    }
    const statuses = async (tries: Promise<Response>[]) =>
      (await Promise.all(tries)).map(({ status }) => status).sort()
    const guesses = (address: string, times: number) =>
      statuses(Array.from({ length: times }, (_, i) => signIn(address, `guess ${i}`)))

    // At the same time, too, and from all addresses that one client has.
    expect(await guesses('192.0.2.1', 12)).toEqual([...Array(5).fill(401), ...Array(7).fill(429)])
    const right = await signIn('192.0.2.1')
    expect(right.status).toBe(429)
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(800)
    expect(Number(right.headers.get('retry-after'))).toBeLessThanOrEqual(900)
    for (let i = 1; i <= 5; i++) expect((await signIn(`2001:db8:0:1::${i}`, 'guess')).status).toBe(401)
    expect((await signIn('2001:db8:0:1:ffff::1')).status).toBe(429)
    expect((await signIn('2001:db8::2')).status).toBe(200)
    // Who knows the token spoils nothing for anybody.
    for (let i = 0; i < 8; i++) expect((await signIn('192.0.2.2')).status).toBe(200)

    const { query, tidy } = await insideOf(platform)
    const known = () => query('SELECT who, tries FROM sign_in_tries')
    expect(JSON.stringify(await known())).not.toMatch(/192|2001/)
    await query("UPDATE sign_in_tries SET tries = 96 WHERE who = 'all'")
    expect(await guesses('192.0.2.3', 5)).toEqual([401, 401, 401, 401, 429])
    const before = await known()
    expect([(await signIn('192.0.2.2')).status, (await signIn('192.0.2.4')).status]).toEqual([429, 429])
    expect(await known()).toEqual(before)

    // A quarter of an hour later.
    await query('UPDATE sign_in_tries SET until = ?', Date.now())
    expect(await guesses('192.0.2.1', 6)).toEqual([...Array(5).fill(401), 429])
    expect((await signIn('192.0.2.2')).status).toBe(200)
    await tidy()
    expect((await known()).length).toBe(2)
  })

  test('nobody at all as long as secrets are missing', async () => {
    const { url } = await start({
      emulated: false,
      bindings: { PLAYGROUND_HOSTS: 'Play.example:8443, 127.0.0.1' },
    })
    const signIn = await fetchOnce(`${url}/api/session`, {
      method: 'POST',
      headers: { origin: url },
      body: '{"token":"undefined"}',
    })
    expect([signIn.status, ((await signIn.json()) as any).code]).toEqual([503, 'not_configured'])
    // By the names of the configuration, whatever the API is.
    expect([await statusAs('play.example', url), await statusAs('localhost', url)]).toEqual([200, 421])
    const unsigned = await start({ bindings: { SESSION_SECRET: '', PLAYGROUND_HOSTS: '' } })
    expect((await fetchOnce(`${unsigned.url}/api/session`)).status).toBe(503)
    expect([await statusAs('localhost', unsigned.url), await statusAs('play.example', unsigned.url)]).toEqual(
      [200, 421],
    )
  })
})

test('the log says what happened, and to nobody', async () => {
  const lines: string[] = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line))
  onTestFinished(() => void vi.restoreAllMocks())
  const written: string[] = []
  const write = process.stdout.write.bind(process.stdout)
  process.stdout.write = ((text: string) => (written.push(text), true)) as never
  onTestFinished(() => void (process.stdout.write = write))
  const { url } = await start({ quiet: false })
  const page = await openPage(url)
  await page.call('/api/enrol', { method: 'POST', body: enrolment('somebody-in-particular') })
  await page.call('/api/verify-id', {
    method: 'POST',
    body: { country: 'NG', id_type: 'BVN', id_number: '00000000000' },
  })
  const all = () => [...lines, ...written].join('\n')
  await until(async () => all().includes('POST /api/verify-id'))
  expect(all()).toContain('{"route":"POST /api/enrol","status":200')
  expect(all()).not.toMatch(/somebody-in-particular|00000000000|emulator-key|JOE/)
})
