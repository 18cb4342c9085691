/** Enhanced KYC, its status and its callback. */
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createEmulator } from 'smileid-edge/emulator'
import { describe, expect, it, test } from 'vitest'
import { CALLBACK_URL, changed, CLEARWATER, CONSENT, GOOD, startV3 } from './requests.ts'

const KYC = '/v3/enhanced_kyc'
const SYNC = '/v3/enhanced_kyc/sync'
const JOB_ID = /^job_[0-7][0-9a-hjkmnp-tv-z]{25}$/

const person = (given_names: string, last_name: string) => ({
  given_names,
  last_name,
  email: `${given_names.split(' ')[0]}.${last_name}@example.com`.toLowerCase(),
})
const signature = (key: string, timestamp: string | null, id: string) =>
  createHmac('sha256', key).update(`${timestamp}${id}sid_request`).digest('base64')

describe('a lookup', () => {
  it('is accepted, runs, and ends on the clock of the emulator', async () => {
    const { emulator, submit, get } = startV3({ jobDurationMs: 5_000 })
    const { status, body } = await submit(KYC)
    expect({ status, body }).toEqual({
      status: 202,
      body: {
        status: 'accepted',
        message: 'Request accepted and queued for processing.',
        job_id: expect.stringMatching(JOB_ID),
        user_id: expect.stringMatching(/^user_[0-9a-hjkmnp-tv-z]{26}$/),
        created_at: '2026-01-01T00:00:00.000Z',
      },
    })
    const { job_id, user_id } = body
    await emulator.advance(4_999)
    const running = await get(`/v3/status/${job_id}`)
    expect({ status: running.status, body: running.body }).toEqual({
      status: 202,
      body: {
        status: 'processing',
        job_id,
        user_id,
        message: 'Job is still processing',
        created_at: '2026-01-01T00:00:04.999Z',
      },
    })
    await emulator.advance(1)
    const ended = await get(`/v3/status/${job_id}`)
    expect({ status: ended.status, body: ended.body }).toEqual({
      status: 200,
      body: {
        status: 'clear',
        job_id,
        user_id,
        message: 'Job completed',
        created_at: '2026-01-01T00:00:05.000Z',
      },
    })
    expect([ended.headers.get('job_id'), ended.headers.get('user_id')]).toEqual([job_id, user_id])
    expect(emulator.v3.bills).toEqual([{ operation: 'v3/enhanced_kyc', job_id, user_id }])
    expect([...emulator.v3.jobs]).toMatchObject([{ job_id, status: 'clear', product: 'enhanced_kyc' }])
  })

  it.each([
    ['Fatima Bello', 'Ghostwell', 'block', 'identifier_not_found'],
    ['Aisha Lawal', 'Youngblood', 'block', 'age_requirement_not_met'],
    ['Rashid Omar', 'Dangerfield', 'block', 'high_risk'],
    ['Ngozi Ifeoma', 'Downsworth', 'error', 'service_unavailable'],
    ['AMINA FATOU', 'clearwater', 'clear', null],
  ])('of %s %s ends in %s, %s', async (given, last, status, reason) => {
    const { emulator, submit } = startV3()
    await submit(KYC, changed(KYC, { user_details: person(given, last) }))
    await emulator.advance(10_000)
    const [callback] = emulator.callbacks
    const body = (await callback!.json()) as Record<string, unknown>
    expect(body).toMatchObject({ status, reason, product: 'enhanced_kyc' })
    expect('id_fields' in body).toBe(status === 'clear')
    expect(body.kyc_receipt === null).toBe(status === 'error')
  })

  it('of somebody whom the sandbox does not know is refused, or ends as was chosen', async () => {
    const nobody = { ...CLEARWATER, last_name: 'Nobody' }
    const refused = await startV3().submit(KYC, changed(KYC, { user_details: nobody }))
    expect(refused.body).toEqual({
      status: 'Bad Request',
      message:
        'In sandbox mode, requests must use a recognized test identity. Please check the documentation ' +
        'for valid test identities.',
    })
    const byPhone = { given_names: 'Amina Fatou', last_name: 'Clearwater', phone_number: '+2348000000001' }
    expect((await startV3().submit(KYC, changed(KYC, { user_details: byPhone }))).status).toBe(400)
    for (const unknownIdentity of ['block', 'error'] as const) {
      const { emulator, submit } = startV3({ v3: { unknownIdentity } })
      await submit(KYC, changed(KYC, { user_details: nobody }))
      await emulator.advance(10_000)
      expect([...emulator.v3.jobs].map(({ status }) => status)).toEqual([unknownIdentity])
    }
  })

  it('ends in production as the emulator was told, whoever it is about', async () => {
    const host = { origin: 'https://api.smileidentity.com' }
    const { emulator, submit } = startV3({ verdict: 'provisional' }, host)
    await submit(KYC, changed(KYC, { user_details: { ...CLEARWATER, last_name: 'Nobody' } }))
    await emulator.advance(10_000)
    expect([...emulator.v3.jobs].map(({ status }) => status)).toEqual(['processing'])
    await emulator.advance(10_000)
    expect([...emulator.v3.jobs].map(({ status }) => status)).toEqual(['clear'])
  })

  it('is counted for each ID number', async () => {
    const { submit } = startV3({ v3: { idNumberLimit: 1, retryAfterS: 7 } })
    expect((await submit(KYC)).status).toBe(202)
    const blocked = await submit(KYC)
    expect([blocked.status, blocked.body.message]).toEqual([
      429,
      'Rate limit exceeded. Please try again later.',
    ])
    expect(blocked.headers.get('retry-after')).toBe('7')
    expect((await submit(KYC, changed(KYC, { id_number: '12345678902' }))).status).toBe(202)
  })

  it('with parts in brackets or as JSON is understood no better than by the service', async () => {
    const { submit, token, send } = startV3()
    const brackets = await submit(KYC, [
      ...changed(KYC, { consent: undefined }),
      ...Object.entries(CONSENT).map(
        ([name, value]) => [`consent[${name}]`, String(value)] as [string, string],
      ),
    ])
    expect([brackets.status, brackets.body.message]).toEqual([400, 'consent is required'])
    const json = await send(KYC, {
      method: 'POST',
      body: JSON.stringify({ country: 'NG' }),
      headers: { ...(await token()), 'content-type': 'application/json' },
    })
    expect(json.status).toBe(415)
  })

  it('is read from what FormData makes of it, too', async () => {
    const { send, token } = startV3()
    const form = new FormData()
    for (const [name, value] of GOOD[KYC]!) {
      form.append(name, typeof value === 'string' ? value : JSON.stringify(value))
    }
    expect((await send(KYC, { method: 'POST', body: form, headers: await token() })).status).toBe(202)
  })
})

describe('a synchronous lookup', () => {
  it('answers with the result, signed in its headers as a callback is', async () => {
    const { submit, get } = startV3()
    const { status, body, headers } = await submit(SYNC, changed(SYNC, { user_id: 'shop-42' }))
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'clear', product: 'enhanced_kyc', user_id: 'shop-42' })
    expect(headers.get('SmileID-Job-ID')).toBe(body.job_id)
    expect(headers.get('User-ID')).toBe('shop-42')
    const timestamp = headers.get('Response-Timestamp')
    expect(headers.get('Response-Signature')).toBe(signature('emulator-key-of-085', timestamp, '85'))
    expect((await get(`/v3/status/${body.job_id}`)).body.status).toBe('clear')
  })

  it('has no callback', async () => {
    const { emulator, submit } = startV3()
    await submit(SYNC)
    await emulator.advance(100_000)
    expect(emulator.callbacks).toEqual([])
  })

  it('tells an authority that is down by 424, and names the job, which is billed', async () => {
    const { emulator, submit, get } = startV3()
    const down = await submit(SYNC, changed(SYNC, { user_details: person('Ngozi Ifeoma', 'Downsworth') }))
    expect([down.status, down.body]).toEqual([
      424,
      { status: 'Failed Dependency', message: 'Unable to verify ID — ID authority unavailable.' },
    ])
    const job_id = down.headers.get('SmileID-Job-ID')
    expect((await get(`/v3/status/${job_id}`)).body.status).toBe('error')
    expect(emulator.v3.bills).toHaveLength(1)
  })

  it('tells a time-out by 408 and goes on: the status tells the rest', async () => {
    const { emulator, submit, get } = startV3()
    emulator.addFault({ on: 'v3/enhanced_kyc/sync', fault: { kind: 'status', status: 408 } })
    const late = await submit(SYNC)
    expect(late.status).toBe(408)
    const path = `/v3/status/${late.headers.get('SmileID-Job-ID')}`
    expect((await get(path)).body.status).toBe('processing')
    await emulator.advance(10_000)
    expect((await get(path)).body.status).toBe('clear')
  })

  it('is cut off by AWS after all: 504, and a job that nobody named', async () => {
    const { emulator, submit } = startV3()
    emulator.addFault({ on: 'v3/enhanced_kyc/sync', fault: { kind: 'status', status: 504 } })
    const cut = await submit(SYNC)
    expect([cut.status, cut.headers.get('SmileID-Job-ID'), [...emulator.v3.jobs].length]).toEqual([
      504,
      null,
      1,
    ])
  })

  it.each([
    ['bad_signature', (given: string | null) => given !== null && given !== ''],
    ['unsigned', (given: string | null) => given === null],
  ] as const)('can be %s', async (body, isAsExpected) => {
    const { emulator, submit } = startV3()
    emulator.addFault({ on: 'v3/enhanced_kyc/sync', fault: { kind: 'body', body } })
    const { headers } = await submit(SYNC)
    const given = headers.get('Response-Signature')
    expect(isAsExpected(given)).toBe(true)
    expect(given).not.toBe(signature('emulator-key-of-085', headers.get('Response-Timestamp'), '85'))
  })
})

describe('the status', () => {
  it('is asked for by ids of the service alone, and knows no jobs of others', async () => {
    const partners = [
      { partnerId: '085', apiKey: 'key-1' },
      { partnerId: '7', apiKey: 'key-2' },
    ] as const
    const { submit, get, send } = startV3({ partners })
    for (const id of ['123', 'job_01k7m2q4r6s8t0v1w3x5y7z9aB', 'job_01k7m2q4r6s8t0v1w3x5y7z9ai']) {
      const { status, body } = await get(`/v3/status/${id}`)
      expect([status, body.message]).toEqual([400, `"jobId" must be a valid TypeID with prefix 'job_'`])
    }
    const { body } = await submit(KYC)
    const other = await send('/v3/token', {
      method: 'POST',
      headers: { 'smileid-partner-id': '7', 'smileid-api-key': 'key-2' },
    })
    const unknown = await get(`/v3/status/${body.job_id}`, { 'SmileID-Token': other.body.token as string })
    expect({ status: unknown.status, body: unknown.body }).toEqual({
      status: 404,
      body: {
        status: 'not_found',
        job_id: body.job_id,
        user_id: 'unknown',
        message: 'Job not found',
        created_at: '2026-01-01T00:00:00.000Z',
      },
    })
  })

  it('may know a job later than the answer that names it', async () => {
    const { emulator, submit, get } = startV3({ v3: { statusDelayMs: 1_000 } })
    const { body } = await submit(KYC)
    expect((await get(`/v3/status/${body.job_id}`)).status).toBe(404)
    await emulator.advance(1_000)
    expect((await get(`/v3/status/${body.job_id}`)).status).toBe(202)
  })

  it('answers with two slashes before its path, too', async () => {
    const { submit, get } = startV3()
    const { body } = await submit(KYC)
    expect((await get(`//v3/status/${body.job_id}`)).status).toBe(202)
  })
})

describe('a callback', () => {
  it('is signed in its headers, and carries its ids there', async () => {
    const { emulator, submit } = startV3()
    const { body } = await submit(KYC, [
      ...GOOD[KYC]!,
      ['user_id', 'u'],
      ['partner_params', { order: 'A-1' }],
    ])
    await emulator.advance(10_000)
    const [callback] = emulator.callbacks
    expect([callback!.method, callback!.url]).toEqual(['POST', CALLBACK_URL])
    const { headers } = callback!
    expect(headers.get('Response-Timestamp')).toBe('2026-01-01T00:00:10.000Z')
    expect(headers.get('Response-Signature')).toBe(
      signature('emulator-key-of-085', '2026-01-01T00:00:10.000Z', '85'),
    )
    expect([headers.get('Job-ID'), headers.get('User-ID')]).toEqual([body.job_id, 'u'])
    expect(headers.get('Api-Version')).toBe('v3.952.0')
    const result = (await callback!.json()) as Record<string, unknown>
    expect(result).toMatchObject({
      status: 'clear',
      message: 'Verification successful',
      reason: null,
      product: 'enhanced_kyc',
      created_at: '2026-01-01T00:00:00.000Z',
      completed_at: '2026-01-01T00:00:10.000Z',
      partner_params: { order: 'A-1', job_id: body.job_id, user_id: 'u' },
      user_provided_info: { ...CLEARWATER, phone_number: null },
    })
    expect('job_id' in result).toBe(false)
  })

  it('carries its ids and the partner id in other forms, as was chosen', async () => {
    const v3 = { callbackIds: 'body', signedPartnerId: 'padded' } as const
    const { emulator, submit } = startV3({ v3 })
    const { body } = await submit(KYC)
    await emulator.advance(10_000)
    const { headers } = emulator.callbacks[0]!
    expect(headers.get('Job-ID')).toBe(null)
    expect(headers.get('Response-Signature')).toBe(
      signature('emulator-key-of-085', headers.get('Response-Timestamp'), '085'),
    )
    expect(await emulator.callbacks[0]!.json()).toMatchObject({ job_id: body.job_id, partner_params: {} })
  })

  it('is repeated three times with the pauses that were chosen, signed anew', async () => {
    const seen: (string | null)[] = []
    const { emulator, submit } = startV3({
      v3: { callbackRetriesMs: [1_000, 2_000, 3_000] },
      onCallback: async ({ headers }) => {
        seen.push(headers.get('Response-Timestamp')!.slice(17))
        return new Response(null, { status: 500 })
      },
    })
    await submit(KYC)
    await emulator.advance(100_000)
    expect(seen).toEqual(['10.000Z', '11.000Z', '13.000Z', '16.000Z'])
  })

  it('is not repeated once it was taken, but as often as a fault says, and damaged as it says', async () => {
    const seen: Request[] = []
    const { emulator, submit } = startV3({
      onCallback: async (request) => {
        seen.push(request)
        return new Response()
      },
    })
    emulator.addFault({ on: 'callback', fault: { kind: 'callback', copies: 2 } })
    emulator.addFault({ on: 'callback', fault: { kind: 'body', body: 'bad_signature' } })
    await submit(KYC)
    await emulator.advance(2_000_000)
    expect(seen).toHaveLength(2)
    const { headers } = seen[0]!
    expect(headers.get('Response-Signature')).not.toBe(
      signature('emulator-key-of-085', headers.get('Response-Timestamp'), '85'),
    )
  })

  it('says first that a person looks at it, where that was chosen', async () => {
    const { emulator, submit } = startV3({ v3: { interimCallback: true } })
    await submit(KYC)
    await emulator.advance(10_000)
    const bodies = await Promise.all(emulator.callbacks.map((request) => request.json()))
    expect(bodies).toMatchObject([{ status: 'processing' }, { status: 'clear' }])
  })

  it('goes to the default of the portal where no other URL is given', async () => {
    const partners = [
      { partnerId: '7', apiKey: 'k', callbackUrl: 'https://partner.example/default' },
    ] as const
    const { emulator, submit } = startV3({ partners })
    await submit(KYC, changed(KYC, { callback_url: undefined }))
    await emulator.advance(10_000)
    expect(emulator.callbacks.map(({ url }) => url)).toEqual(['https://partner.example/default'])
  })
})

const { vectors } = JSON.parse(
  readFileSync(new URL('../../../vectors/v3-signatures.json', import.meta.url), 'utf8'),
) as {
  vectors: {
    name: string
    expect: string
    client: { partnerId: string; apiKey: string }
    headers: [string, string][]
  }[]
}

test.each(vectors.filter((vector) => vector.expect === 'accept'))(
  'a callback is signed as in the vector $name',
  async ({ client, headers }) => {
    const published = new Headers(headers)
    const emulator = createEmulator({ partners: [client] })
    const timestamp = published.get('Response-Timestamp')!
    const request = await emulator.v3.callbackRequest(CALLBACK_URL, {}, { timestamp })
    expect(request.headers.get('Response-Timestamp')).toBe(timestamp)
    expect(request.headers.get('Response-Signature')).toBe(published.get('Response-Signature'))
  },
)

test('a callback can be made on its own: clear unless told otherwise, forged with another key', async () => {
  const { emulator } = startV3()
  const given = { product: 'document_verification', status: 'block', reason: 'high_risk' }
  const request = await emulator.v3.callbackRequest(CALLBACK_URL, given, { apiKey: 'guess', user_id: 'u' })
  expect(await request.clone().json()).toMatchObject(given)
  expect(request.headers.get('User-ID')).toBe('u')
  const timestamp = request.headers.get('Response-Timestamp')
  expect(request.headers.get('Response-Signature')).toBe(signature('guess', timestamp, '85'))
})

describe('faults', () => {
  it('break a connection before a job is taken on, or after', async () => {
    const { emulator, submit } = startV3()
    for (const commit of [false, true]) {
      emulator.addFault({ on: 'v3/enhanced_kyc', fault: { kind: 'reset', commit } })
      await expect(submit(KYC)).rejects.toThrow('fetch failed')
      expect(emulator.v3.bills).toHaveLength(commit ? 1 : 0)
    }
    const ends = emulator.calls.filter(({ operation }) => operation === 'v3/enhanced_kyc')
    expect(ends).toMatchObject([
      { status: 'reset', committed: false },
      { status: 'reset', committed: true, job: { job_id: expect.stringMatching(JOB_ID) } },
    ])
  })

  it('answer with a status in the documented words, and say when to come again', async () => {
    const { emulator, submit } = startV3()
    const answers = [
      [402, 'Payment Required', 'Insufficient wallet balance.'],
      [429, 'Too Many Requests', 'Rate limit exceeded. Please try again later.'],
      [503, 'Service Unavailable', 'Upstream provider is temporarily unavailable. Please try again later.'],
    ] as const
    for (const [status, name, message] of answers) {
      emulator.addFault({ on: 'v3/enhanced_kyc', fault: { kind: 'status', status, retryAfter: 3 } })
      const reply = await submit(KYC)
      expect({ status: reply.status, body: reply.body }).toEqual({ status, body: { status: name, message } })
      expect(reply.headers.get('retry-after')).toBe('3')
    }
    expect(emulator.v3.bills).toEqual([])
  })

  it('cut an answer short, or make it no JSON, with its own status', async () => {
    const { emulator, submit } = startV3()
    emulator.addFault({ on: 'v3/enhanced_kyc', fault: { kind: 'body', body: 'truncated' } })
    await expect(submit(KYC)).rejects.toThrow()
    emulator.addFault({ on: 'v3/enhanced_kyc', fault: { kind: 'body', body: 'not_json' } })
    const { status, text } = await submit(KYC)
    expect([status, text]).toEqual([202, '<html><body>Bad gateway</body></html>'])
    expect(emulator.v3.bills).toHaveLength(2)
  })

  it('hang until the caller gives up', async () => {
    const { emulator, send } = startV3()
    emulator.addFault({ on: 'v3/status', fault: { kind: 'hang' } })
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(send('/v3/status/x', { signal })).rejects.toThrow('enough')
  })
})

test('a reset forgets jobs, tokens and bills', async () => {
  const { emulator, submit } = startV3()
  await submit(KYC)
  emulator.reset()
  const { v3 } = emulator
  expect([[...v3.jobs], v3.tokens, v3.bills, v3.requests, emulator.calls]).toEqual([[], [], [], [], []])
})

test('requests are kept as they were built, without what they said', async () => {
  const { emulator, submit } = startV3()
  await submit(KYC)
  const [, kyc] = emulator.v3.requests
  expect(kyc).toMatchObject({ operation: 'v3/enhanced_kyc', partnerId: '085', path: KYC, status: 202 })
  expect(kyc!.parts.map(({ name }) => name)).toEqual(GOOD[KYC]!.map(([name]) => name))
  expect(kyc!.headers).toContain('smileid-token')
  expect(JSON.stringify(emulator.v3.requests)).not.toMatch(/Clearwater|12345678901/)
})
