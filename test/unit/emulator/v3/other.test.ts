/** Replay, Smile Links, services documents, browsers, and what the specification lists. */
import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { changed, GOOD, SANDBOX, startV3 } from './requests.ts'

const KYC = '/v3/enhanced_kyc'
const LINKS = '/v3/smile_links'

interface DocumentedOperation {
  id: string
  auth: string
  statuses: string[]
  parts?: { name: string; required: boolean }[]
  success: { status: string; headers: string[]; members: string[] }[]
}

const { operations } = JSON.parse(
  readFileSync(new URL('../../../vectors/v3-operations.json', import.meta.url), 'utf8'),
) as { operations: DocumentedOperation[] }

test('every operation of the specification is served, and asks for a token where it should', async () => {
  const { emulator } = startV3()
  for (const { id, auth } of operations) {
    const [method = '', path = ''] = id.split(' ')
    await emulator.fetch(`${SANDBOX}${path.replace(/\{\w+\}/g, 'x')}`, { method })
    const { operation, status } = emulator.calls.at(-1)!
    expect([id, operation]).not.toEqual([id, 'v3/other'])
    const expected = { none: 200, 'SmileID-Token': 401 }[auth] ?? 400
    expect([id, status]).toEqual([id, expected])
  }
  expect(operations).toHaveLength(24)
})

const submitted = operations.filter(({ id, parts }) => parts && GOOD[id.split(' ')[1]!])

test.each(submitted)('$id answers with the documented members', async ({ id, success }) => {
  const path = id.split(' ')[1]!
  const { status, body, headers } = await startV3().submit(path)
  const documented = success.find((reply) => reply.status === String(status))
  expect(documented).toBeDefined()
  for (const member of documented!.members) expect(body).toHaveProperty(member)
  for (const header of documented!.headers) expect(headers.get(header)).not.toBe(null)
})

describe.each(submitted)('$id', ({ id, parts }) => {
  const path = id.split(' ')[1]!
  const required = parts!.filter((part) => part.required).map(({ name }) => name)

  it.each(required)('is refused without %s', async (name) => {
    const { status, body } = await startV3().submit(path, changed(path, { [name]: undefined }))
    expect(status).toBe(400)
    expect(String(body.message)).toMatch(
      new RegExp(`'${name}[.']|${name} is required|'${name}' must be|'id_number' or 'utility_number'`),
    )
  })
})

describe('a replay', () => {
  it('sends the callback of a job that has ended again, signed anew, to where it went', async () => {
    const { emulator, submit } = startV3()
    const { body } = await submit(KYC)
    await emulator.advance(10_000)
    const replayed = await submit(`/v3/replay/${body.job_id}`, [])
    expect({ status: replayed.status, body: replayed.body }).toEqual({
      status: 202,
      body: {
        status: 'accepted',
        job_id: body.job_id,
        user_id: body.user_id,
        message: 'Callback replay queued successfully.',
      },
    })
    await emulator.advance(1_000)
    const [first, second] = emulator.callbacks
    expect(second!.url).toBe(first!.url)
    expect(await second!.json()).toEqual(await first!.json())
    expect(second!.headers.get('Response-Timestamp')).toBe('2026-01-01T00:00:10.000Z')
    expect(emulator.v3.bills).toHaveLength(1)
  })

  it('goes to the URL of the body, or to the token’s; needs no body, but no other kind of one', async () => {
    const { emulator, submit, post, send, token } = startV3()
    const { body } = await submit(KYC)
    await emulator.advance(10_000)
    const path = `/v3/replay/${body.job_id}`
    await submit(path, [['callback_url', 'https://partner.example/other']])
    await post(path, [], await token([['payload', { callback_url: 'https://partner.example/bound' }]]))
    const bare = await send(path, { method: 'POST', headers: await token() })
    expect(bare.status).toBe(202)
    const headers = { ...(await token()), 'content-type': 'application/json' }
    expect((await send(path, { method: 'POST', body: '{}', headers })).status).toBe(415)
    await emulator.advance(0)
    const [, ...urls] = emulator.callbacks.map(({ url }) => url.replace('https://partner.example/', ''))
    expect(urls).toEqual(['other', 'bound', 'callback'])
  })
})

describe('a Smile Link', () => {
  it('is made, and found again, by its partner alone', async () => {
    const partners = [
      { partnerId: '085', apiKey: 'key-1' },
      { partnerId: '7', apiKey: 'key-2' },
    ] as const
    const { submit, get, send } = startV3({ partners })
    const made = await submit(LINKS, changed(LINKS, { is_single_use: 'true', theme_color: '#000' }))
    expect(made.status).toBe(201)
    const { ref_id, link, user_id } = made.body
    expect(ref_id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/)
    expect(made.body).toEqual({
      link: `https://links.usesmileid.com/v3/85/${ref_id}`,
      message: 'Smile Link created',
      ref_id,
      user_id: expect.stringMatching(/^user_/),
    })
    expect((await get(`${LINKS}/${ref_id}`)).body).toMatchObject({
      ref_id,
      link,
      user_id,
      name: 'Onboarding',
      is_single_use: true,
      theme_color: '#000',
      expires_at: '2026-04-01T00:00:00.000Z',
      id_types: [{ country: 'NG', id_type: 'NIN', verification_method: 'enhanced_kyc' }],
    })
    const other = await send('/v3/token', {
      method: 'POST',
      headers: { 'smileid-partner-id': '7', 'smileid-api-key': 'key-2' },
    })
    const theirs = { 'SmileID-Token': String(other.body.token) }
    expect((await get(`${LINKS}/${ref_id}`, theirs)).status).toBe(404)
  })

  it('for many has no user, and does not end', async () => {
    const { submit, get } = startV3()
    const { body } = await submit(LINKS)
    expect(body.user_id).toBe(null)
    expect((await get(`${LINKS}/${body.ref_id}`)).body).toMatchObject({ user_id: null, expires_at: null })
  })

  it('is refused to a token with a product', async () => {
    const { post, token } = startV3()
    const headers = await token([['product', 'enhanced_kyc']])
    const { status, body } = await post(LINKS, GOOD[LINKS]!, headers)
    expect([status, body.message]).toEqual([401, 'Missing or invalid authentication credentials.'])
  })

  it.each([
    { id_types: '[]' },
    { id_types: '[{"country":"NG","id_type":"NIN","verification_method":"x","more":1}]' },
    { id_types: '[{"country":"ng","id_type":"NIN","verification_method":"x"}]' },
    { is_single_use: 'maybe' },
    { expires_at: 'soon' },
    { partner_params: '{"a":1}' },
  ])('is refused with %j', async (changes) => {
    const [name] = Object.keys(changes)
    const { status, body } = await startV3().submit(LINKS, changed(LINKS, changes))
    expect([status, body.message]).toEqual([400, `Required field '${name}' is missing or invalid.`])
  })
})

describe('services', () => {
  it('are told to anybody, by country', async () => {
    const { get } = startV3()
    const banks = (await get('/v3/services/bank_codes?country=NG', {})).body.bank_codes as object[]
    expect(banks[0]).toEqual({ code: '044', country: 'NG', name: 'Example Bank' })
    const types = (await get('/v3/services/supported_id_types', {})).body.id_types as Record<string, string>[]
    expect(types).toContainEqual(
      expect.objectContaining({ country: 'NG', type: 'NIN', regex: '^[0-9]{11}$' }),
    )
    expect(types.filter(({ type }) => type === 'BANK_ACCOUNT').map(({ bank_code }) => bank_code)).toEqual([
      '044',
      '058',
    ])
    const kenya = (await get('/v3/services/supported_id_types?country=KE', {})).body.id_types as object[]
    expect(kenya.length).toBeGreaterThan(0)
    expect(kenya.length).toBeLessThan(types.length)
  })

  it('name documents in three languages, by country and continent', async () => {
    const { get } = startV3()
    const path = '/v3/services/supported_documents'
    const { body } = await get(`${path}?country_code=NG&locale=fr-FR`, {})
    expect(body.valid_documents).toHaveLength(1)
    expect(body.valid_documents[0].country).toEqual({ code: 'NG', name: 'Nigeria', continent: 'AFRICA' })
    expect(body.valid_documents[0].id_types[1]).toMatchObject({
      code: 'PASSPORT',
      name: 'Passeport',
      has_back: false,
    })
    expect((await get(`${path}?continent=ASIA`, {})).body.valid_documents).toEqual([])
  })

  it('say how an ID type is, to tokens alone', async () => {
    const { get } = startV3()
    const path = '/v3/services/id_status'
    expect((await get(`${path}?country=NG&id_type=NIN`, {})).body).toEqual({
      status: 'Unauthorized',
      message: 'Invalid token',
    })
    expect((await get(`${path}?country=nigeria&id_type=NIN`)).body).toEqual({
      last_checked: '2026-01-01T00:00:00.000Z',
      last_check_status: 'success',
      last_hour_success_rate: '97%',
      last_known_status: 'online',
      last_check_success_rate: '92%',
    })
    expect((await get(`${path}?country=NG&id_type=BVN_MFA`)).body.message).toBe(
      'No data found. Check that NG and BVN_MFA are valid inputs',
    )
  })

  it('say in their config what a token brings', async () => {
    const { get, token } = startV3()
    const headers = await token([['payload', { last_name: 'Clearwater', country: 'NG' }]])
    const { body } = await get('/v3/services/config', headers)
    expect(body.token_provided_fields).toEqual(['last_name', 'country'])
    expect((await get('/v3/services/config', {})).status).toBe(401)
  })
})

describe('a browser', () => {
  it('may send a token, and neither a user id nor an idempotency key', async () => {
    const { emulator } = startV3()
    const asked = await emulator.fetch(`${SANDBOX}/v3/registration`, { method: 'OPTIONS' })
    expect(asked.headers.get('access-control-allow-origin')).toBe('*')
    const allowed = asked.headers.get('access-control-allow-headers')!.toLowerCase().split(', ')
    expect(allowed).toContain('smileid-token')
    expect(allowed).toContain('content-type')
    for (const name of ['user-id', 'smileid-idempotency-key', 'smileid-api-key']) {
      expect(allowed).not.toContain(name)
    }
    expect(emulator.calls).toEqual([])
  })

  it('may read every answer, errors included', async () => {
    const { submit, send } = startV3()
    for (const reply of [await submit(KYC), await send('/v3/status/x')]) {
      expect(reply.headers.get('access-control-allow-origin')).toBe('*')
    }
  })
})

test('what is nowhere is not found, under v3 and beside it', async () => {
  const { send } = startV3()
  expect((await send('/v3/nowhere')).status).toBe(404)
  expect((await send('/v30/token')).body).toEqual({ error: 'no such endpoint' })
})
