/** `POST /v3/token`, and whom the token lets in. */
import { createHmac } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import { changed, CLEARWATER, claimsOf, CONSENT, GOOD, multipart, type Parts, startV3 } from './requests.ts'

const KYC = '/v3/enhanced_kyc'
const payload = (value: object): Parts => [['payload', value]]

describe('a token', () => {
  it('is given without a body, with an empty form, and with a partner_id beside', async () => {
    const { askToken, send, keyHeaders, emulator } = startV3()
    const none = await askToken()
    const empty = await askToken([])
    const named = await askToken([['partner_id', '85']])
    const json = await send('/v3/token', {
      method: 'POST',
      body: '{}',
      headers: { ...keyHeaders, 'content-type': 'application/json' },
    })
    expect([none, empty, named, json].map(({ status }) => status)).toEqual([200, 200, 200, 415])
    expect(json.body.message).toBe('Unsupported Media Type. Required Content-Type is multipart/form-data')
    expect(emulator.v3.tokens).toHaveLength(3)
  })

  it('carries the claims of the Portal, or those of the documentation', async () => {
    const portal = claimsOf((await startV3().askToken([['product', 'enhanced_kyc']])).body.token)
    const at = Date.parse('2026-01-01T00:00:00Z') / 1000
    expect(portal).toEqual({
      aud: 'smileid-api',
      iss: 'smileid-auth',
      iat: at,
      nbf: at,
      exp: at + 900,
      key_id: 'key_85',
      partner_id: '85',
      api_url: 'https://testapi.smileidentity.com/v3',
      product: 'enhanced_kyc',
      payload: {},
    })
    const documented = startV3({ v3: { tokenClaims: 'documented', tokenLifetimeMs: 3_600_000 } })
    const claims = claimsOf((await documented.askToken([['user_id', 'u']])).body.token)
    expect(claims).toEqual({
      iat: at,
      exp: at + 3600,
      partner_id: '85',
      user_id: 'u',
      payload: {},
      policy: 0,
    })
  })

  it('shows nothing personal of what is bound to it', async () => {
    const { askToken } = startV3()
    const bound = { ...CLEARWATER, id_number: '12345678901', country: 'nigeria', id_type: 'NIN' }
    const more = {
      callback_url: 'https://partner.example/cb',
      consent: { ...CONSENT, notice_language: 'en' },
    }
    const [first, second] = [
      await askToken(payload({ ...bound, ...more })),
      await askToken(payload({ ...bound, ...more })),
    ]
    const claims = claimsOf(first.body.token)
    expect(claims.payload).toMatchObject({ country: 'NG', id_type: 'NIN', consent: CONSENT })
    for (const name of ['given_names', 'last_name', 'email', 'id_number']) {
      expect(claims.payload[name]).toMatch(/^pii_[0-9a-f]{26}$/)
    }
    expect(claims.payload.callback_url).toMatch(/^callback_/)
    expect(claimsOf(second.body.token).payload).toEqual(claims.payload)
  })

  it.each([
    ['an unknown product', [['product', 'residency']], 'product'],
    ['parameters that are no texts', [['partner_params', { a: 1 }]], 'partner_params'],
    ['a payload that is none', [['payload', 'x']], 'payload'],
    ['a member that no token has', payload({ birth_year: '1990' }), 'birth_year'],
    ['a country that is none', payload({ country: 'Atlantis' }), 'country'],
    ['an ID type of another country', payload({ country: 'KE', id_type: 'NIN' }), 'id_type'],
    ['a phone number in other form', payload({ phone_number: '0800' }), 'phone_number'],
    ['a callback that nobody gave', payload({ callback_url: 'callback_x' }), 'callback_url'],
    ['a consent with more', payload({ consent: { ...CONSENT, more: 1 } }), 'consent'],
    [
      'a consent of the future',
      payload({ consent: { ...CONSENT, granted_at: '2026-01-01T00:01:01Z' } }),
      'consent.granted_at',
    ],
    [
      'a consent without language',
      payload({ consent: { ...CONSENT, notice_language: 'english' } }),
      'consent.notice_language',
    ],
  ] as [string, Parts, string][])('is refused to %s', async (_, parts, name) => {
    const { status, body } = await startV3().askToken(parts)
    expect({ status, body }).toEqual({
      status: 400,
      body: { status: 'Bad Request', message: `Required field '${name}' is missing or invalid.` },
    })
  })

  it('takes a consent of the next minute, on http, in small letters', async () => {
    const consent = {
      granted: true,
      granted_at: '2026-01-01T00:00:59',
      notice_language: 'en',
      notice_privacy_policy_url: 'http://partner.example/privacy',
    }
    expect((await startV3().askToken(payload({ consent }))).status).toBe(200)
  })

  it('is refused to a wrong key, to zeros before the id, and to nobody', async () => {
    const { send, keyHeaders } = startV3()
    const ask = (headers: Record<string, string>) => send('/v3/token', { method: 'POST', headers })
    const { 'smileid-partner-id': id, 'smileid-api-key': key } = keyHeaders
    expect((await ask({ ...keyHeaders, 'smileid-api-key': 'wrong' })).status).toBe(401)
    expect((await ask({ ...keyHeaders, 'smileid-partner-id': '085' })).status).toBe(401)
    expect((await ask({ 'smileid-api-key': key })).body.message).toBe(
      'smileid-partner-id header is required.',
    )
    expect((await ask({ 'smileid-partner-id': id })).body.message).toBe('smileid-api-key header is required.')
  })
})

describe('the authorizer', () => {
  const unauthorized = { status: 'Unauthorized', message: 'Invalid authentication credentials.' }
  const gateway = {
    status: 'unauthorized',
    message: 'Missing or invalid authentication credentials.',
    job_id: null,
    user_id: null,
  }

  it('lets nobody in without a token of its own', async () => {
    const { post, token } = startV3()
    const good = (await token())['SmileID-Token']
    const [head, claims, signature] = good.split('.')
    const forged = createHmac('sha256', 'guess').update(`${head}.${claims}`).digest('base64url')
    const bare = Buffer.from('{"alg":"none"}').toString('base64url')
    const wrong = [
      undefined,
      'x',
      `${head}.${claims}.${forged}`,
      `${bare}.${claims}.`,
      `${good}.${signature}`,
    ]
    for (const text of wrong) {
      const headers: Record<string, string> = text === undefined ? {} : { 'SmileID-Token': text }
      const { status, body } = await post(KYC, GOOD[KYC]!, headers)
      expect({ status, body }).toEqual({ status: 401, body: unauthorized })
    }
  })

  it('answers in the shape of the gateway where chosen, and before the synchronous KYC', async () => {
    const chosen = startV3({ v3: { unauthorizedShape: 'gateway' } })
    expect((await chosen.post(KYC, GOOD[KYC]!)).body).toEqual(gateway)
    const byDefault = startV3()
    expect((await byDefault.post(`${KYC}/sync`, GOOD[KYC]!)).body).toEqual(gateway)
  })

  it('lets a token in until it expires, on the clock of the emulator', async () => {
    const { emulator, post, token } = startV3()
    const headers = await token()
    await emulator.advance(899_999)
    expect((await post(KYC, GOOD[KYC]!, headers)).status).toBe(202)
    await emulator.advance(1)
    expect((await post(KYC, GOOD[KYC]!, headers)).status).toBe(401)
  })

  it('refuses a token of the other environment, and of another partner', async () => {
    const partners = [
      { partnerId: '085', apiKey: 'key-1' },
      { partnerId: '7', apiKey: 'key-2' },
    ] as const
    const { emulator, post, token } = startV3({ partners })
    const sandbox = await token()
    const { bytes, type } = multipart(GOOD[KYC]!)
    const production = await emulator.fetch(`https://api.smileidentity.com${KYC}`, {
      method: 'POST',
      body: bytes,
      headers: { 'content-type': type, ...sandbox },
    })
    expect(production.status).toBe(401)
    expect((await post(KYC, GOOD[KYC]!, { ...sandbox, 'SmileID-Partner-ID': '007' })).status).toBe(401)
    expect((await post(KYC, GOOD[KYC]!, { ...sandbox, 'SmileID-Partner-ID': '085' })).status).toBe(202)
  })

  it('takes tokens of other products, or refuses them, as was chosen', async () => {
    const product: Parts = [['product', 'document_verification']]
    const any = startV3()
    expect((await any.post(KYC, GOOD[KYC]!, await any.token(product))).status).toBe(202)
    const own = startV3({ v3: { productTokens: 'own' } })
    expect((await own.post(KYC, GOOD[KYC]!, await own.token(product))).status).toBe(401)
    expect((await own.post(KYC, GOOD[KYC]!, await own.token([['product', 'enhanced_kyc']]))).status).toBe(202)
  })

  it('stands before everything else: no other problem shows without a token', async () => {
    const { send } = startV3()
    const { status } = await send(KYC, { method: 'POST', body: '{}' })
    expect(status).toBe(401)
  })
})

describe('what is bound to a token', () => {
  it('makes parts of the body needless, and overrides them', async () => {
    const { emulator, post, token } = startV3({ v3: { boundIdentityMatches: true } })
    const bound = { ...CLEARWATER, country: 'NG', id_type: 'NIN', id_number: '12345678901' }
    const headers = await token([
      ['user_id', 'bound-user'],
      ['payload', { ...bound, consent: CONSENT, callback_url: 'https://partner.example/bound' }],
    ])
    const given: Parts = [
      ['id_number', 'nonsense'],
      ['user_details', { given_names: 'Somebody', last_name: 'Else', email: 'else@example.com' }],
    ]
    const { status, body } = await post(KYC, given, headers)
    expect({ status, user: body.user_id }).toEqual({ status: 202, user: 'bound-user' })
    await emulator.advance(10_000)
    expect(emulator.callbacks.map(({ url }) => url)).toEqual(['https://partner.example/bound'])
  })

  it('is not recognised by the sandbox, unless that was chosen', async () => {
    const { post, token } = startV3()
    const headers = await token(payload(CLEARWATER))
    const { status, body } = await post(KYC, GOOD[KYC]!, headers)
    expect(status).toBe(400)
    expect(body.message).toMatch(/^In sandbox mode, requests must use a recognized test identity/)
  })

  it('names one user: another one in the body or in the header is refused', async () => {
    const { post, token } = startV3()
    const headers = await token([['user_id', 'a']])
    const mismatch = { status: 'Forbidden', message: 'Token is not authorized for this user ID.' }
    expect((await post(KYC, changed(KYC, { user_id: 'b' }), headers)).body).toEqual(mismatch)
    expect((await post(KYC, GOOD[KYC]!, { ...headers, 'User-ID': 'b' })).body).toEqual(mismatch)
    expect((await post(KYC, changed(KYC, { user_id: 'a' }), headers)).status).toBe(202)
  })
})

test('a fault makes a token expire early', async () => {
  const { submit, emulator } = startV3()
  emulator.addFault({ on: 'v3/enhanced_kyc', fault: { kind: 'expire' } })
  expect((await submit(KYC)).status).toBe(401)
  expect((await submit(KYC)).status).toBe(202)
})
