/** Tokens of v3: how often one is asked for, where it is kept, and what becomes of one that is refused. */
import { createClient, type KeptToken, type TokenStore } from 'smileid-edge/client'
import { isSmileIdError } from 'smileid-edge/errors'
import { submitEnhancedKyc } from 'smileid-edge/v3/enhanced-kyc'
import { tokenRequest } from 'smileid-edge/v3/request'
import { createToken, readToken } from 'smileid-edge/v3/token'
import { requestsShareWork } from '../../support/runtime'
import { givenTime } from '../../support/timed-out'
import { accept, jwt, KYC, refuse, startV3Service } from '../../support/v3-service'
import { describe, equal, issuesOf, ok, rejection, test } from '../harness'

const read = { path: '/v3/services/config', method: 'GET' } as const

describe('kept tokens', () => {
  test('200 submissions at once on a cold client ask for one', async () => {
    const { client, tokenCalls, callsOf } = startV3Service()
    await Promise.all(Array.from({ length: 200 }, () => submitEnhancedKyc(client, KYC)))
    const asked = tokenCalls()
    equal(callsOf().length, 200)
    // In Workers, each asks that begins before one has the answer.
    ok(!requestsShareWork || asked === 1, `${asked} calls for tokens`)
    await submitEnhancedKyc(client, KYC)
    equal(tokenCalls(), asked, 'later ones ask for none')
  })

  test('60 calls one after the other ask for one, also by clients of their own', async () => {
    const { client, tokenCalls, fetch, partnerId } = startV3Service()
    for (let poll = 0; poll < 30; poll++) await tokenRequest(client, read)
    for (let poll = 0; poll < 30; poll++) {
      const other = createClient({
        partnerId: `0${partnerId}`,
        apiKey: 'v3-demo-key-alpha',
        environment: 'sandbox',
        fetch,
        dangerouslyAllowBrowser: true,
      })
      await tokenRequest(other, read)
    }
    equal(tokenCalls(), 1)
  })

  test('another key, another host: another token', async () => {
    const { client, tokenCalls, fetch, partnerId } = startV3Service()
    await tokenRequest(client, read)
    const common = { partnerId, fetch, dangerouslyAllowBrowser: true } as const
    await tokenRequest(createClient({ ...common, apiKey: 'other', environment: 'sandbox' }), read)
    await tokenRequest(createClient({ ...common, apiKey: 'other', environment: 'production' }), read)
    equal(tokenCalls(), 3)
  })

  test('one is renewed a minute before it expires', async () => {
    let ms = Date.UTC(2026, 10, 1)
    const { client, tokenCalls } = startV3Service({}, { now: () => ms })
    await tokenRequest(client, read)
    ms += 839_000
    await tokenRequest(client, read)
    equal(tokenCalls(), 1, 'with 61 seconds left')
    ms += 1000
    await tokenRequest(client, read)
    equal(tokenCalls(), 2, 'with 60 seconds left')
  })

  test('a local clock that is an hour off keeps them as long', async () => {
    const hour = 3_600_000
    const service = startV3Service({ claims: {} }, { now: () => Date.now() + hour })
    const { client, tokenCalls } = service
    await tokenRequest(client, read)
    await tokenRequest(client, read)
    equal(tokenCalls(), 1)
  })

  test("tokenScope 'product': one for each product, and one for all that have none", async () => {
    const { client, got, tokenCalls } = startV3Service({}, { v3: { tokenScope: 'product' } })
    await submitEnhancedKyc(client, KYC)
    await submitEnhancedKyc(client, KYC)
    await tokenRequest(client, read)
    equal(tokenCalls(), 2)
    const forms = got.filter(({ url }) => url.pathname === '/v3/token').map(({ form }) => form)
    equal(forms, [[['product', 'enhanced_kyc']], []])
  })

  test('the request: the key and the partner without zeros in headers, no body', async () => {
    const { client, got } = startV3Service({}, { partnerId: '0061' })
    await tokenRequest(client, read)
    const [token, call] = got
    equal(
      ['smileid-partner-id', 'smileid-api-key', 'content-type'].map((name) => token!.headers.get(name)),
      ['61', 'v3-demo-key-alpha', null],
    )
    equal(call!.headers.get('smileid-api-key'), null, 'the key goes nowhere else')
  })
})

describe('a token that is refused', () => {
  /** Refuses every token made so far, once `at` calls came. */
  function startRefusing(at: number, options = {}) {
    const refused = new Set<string>()
    const service = startV3Service(
      {
        answer({ headers }, count) {
          if (count === at) for (const token of service.tokensMade) refused.add(token)
          return refused.has(headers.get('smileid-token')!) ? refuse(401) : accept()
        },
      },
      options,
    )
    return service
  }

  test('is replaced once, and the billable call sent again', async () => {
    const { client, callsOf, tokenCalls } = startRefusing(2, { maxRetries: 0 })
    await submitEnhancedKyc(client, KYC)
    await submitEnhancedKyc(client, KYC)
    equal([callsOf().length, tokenCalls()], [3, 2])
  })

  test('is replaced by one for all that it fails', async () => {
    const { client, callsOf, tokenCalls } = startRefusing(2)
    await submitEnhancedKyc(client, KYC)
    await Promise.all(Array.from({ length: 20 }, () => submitEnhancedKyc(client, KYC)))
    equal(callsOf().length, 41)
    ok(!requestsShareWork || tokenCalls() === 2, `${tokenCalls()} calls for tokens`)
  })

  test('twice is refused for good, with both attempts counted', async () => {
    const { client, callsOf, tokenCalls } = startV3Service({ answer: () => refuse(401) })
    const error = await rejection(submitEnhancedKyc(client, KYC))
    ok(isSmileIdError(error, 'unauthorized'), String(error))
    equal([error.outcome, error.attempts, callsOf().length, tokenCalls()], ['rejected', 2, 2, 2])
  })

  test('is one call to those who watch', async () => {
    const told: unknown[] = []
    const ids = new Set<string>()
    const note = (name: string) => (event: any) => {
      if (event.operation === 'v3/token') return
      ids.add(event.callId)
      told.push([name, event.attempt, event.path, event.code])
    }
    const { client } = startRefusing(1, {
      hooks: { onRequest: note('request'), onRetry: note('retry'), onError: note('error') },
    })
    await submitEnhancedKyc(client, KYC)
    equal(told, [
      ['request', 1, '/v3/enhanced_kyc', undefined],
      ['retry', 1, '/v3/enhanced_kyc', 'unauthorized'],
      ['request', 2, '/v3/enhanced_kyc', undefined],
    ])
    equal(ids.size, 1, 'call ids')
  })
})

describe('a token that cannot be had', () => {
  test('leaves the call unsent, whatever became of the request for it', async () => {
    const answers = [() => refuse(500), () => Response.json({}), () => Response.json({ token: 'no jwt' })]
    for (const answerToken of answers) {
      const { client, callsOf } = startV3Service({ answerToken })
      const error = await rejection(submitEnhancedKyc(client, KYC))
      equal([error.operation, error.outcome, callsOf().length], ['v3/token', 'not_sent', 0])
    }
    const { client, callsOf, tokenCalls } = startV3Service({ answerToken: () => refuse(401) })
    const error = await rejection(submitEnhancedKyc(client, KYC))
    ok(isSmileIdError(error, 'unauthorized'), String(error))
    equal([error.outcome, callsOf().length, tokenCalls()], ['rejected', 0, 1])
  })

  test('is asked for again after a 500', async () => {
    const { client, tokenCalls } = startV3Service({
      answerToken: (_, count) => (count === 1 ? refuse(500) : undefined),
    })
    await submitEnhancedKyc(client, KYC)
    equal(tokenCalls(), 2)
  })

  test('fails nobody else: an abort ends the wait of one, not the request for all', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const { client, callsOf } = startV3Service({
      async answerToken() {
        await held
        return undefined
      },
    })
    const controller = new AbortController()
    const aborted = rejection(submitEnhancedKyc(client, KYC, { signal: controller.signal }))
    const other = submitEnhancedKyc(client, KYC)
    controller.abort('enough')
    equal(await aborted, 'enough')
    release()
    equal((await other).status, 'accepted')
    equal(callsOf().length, 1)
  })
})

describe('a store of your own', () => {
  function createStore() {
    const kept = new Map<string, KeptToken>()
    const calls: string[] = []
    const store: TokenStore = {
      async get(key) {
        calls.push('get')
        return kept.get(key)
      },
      async set(key, token) {
        calls.push('set')
        kept.set(key, token)
      },
      async drop(key, token) {
        calls.push('drop')
        if (kept.get(key)?.token === token) kept.delete(key)
      },
    }
    return { store, kept, calls }
  }

  test('has the token under a digest', async () => {
    const { store, kept, calls } = createStore()
    const { client, partnerId, tokensMade } = startV3Service({}, { v3: { tokenStore: store } })
    await tokenRequest(client, read)
    await tokenRequest(client, read)
    equal(calls, ['get', 'set', 'get'])
    const [key = ''] = kept.keys()
    ok(!key.includes('demo') && !key.includes(partnerId), key)
    equal(kept.get(key)!.token, tokensMade[0])
  })

  test('that is slow to forget does not give a refused token twice', async () => {
    const { store } = createStore()
    const stale: TokenStore = { ...store, drop: async () => {} }
    const seen: string[] = []
    const { client } = startV3Service(
      {
        answer({ headers }) {
          seen.push(headers.get('smileid-token')!)
          return seen.length === 2 ? refuse(401) : accept()
        },
      },
      { v3: { tokenStore: stale } },
    )
    await submitEnhancedKyc(client, KYC)
    await submitEnhancedKyc(client, KYC)
    equal(seen.length, 3)
    ok(seen[0] === seen[1] && seen[1] !== seen[2], 'the third is another')
  })

  test('that fails, hangs or gives nonsense stops nothing', async () => {
    const fail = () => {
      throw new Error('down')
    }
    const hang = () => new Promise<never>(() => {})
    const stores = [
      { get: fail, set: fail, drop: fail },
      { get: hang, set: hang, drop: hang },
      {
        get: async () => ({ token: 'no\r\njwt', expiresAt: Infinity }),
        set: async () => {},
        drop: async () => {},
      },
    ] as TokenStore[]
    for (const tokenStore of stores) {
      const { status } = await givenTime((timeoutMs) => {
        const { client } = startV3Service({}, { v3: { tokenStore } })
        return submitEnhancedKyc(client, KYC, { timeoutMs })
      })
      equal(status, 'accepted')
    }
  })

  test('is checked at the first call', async () => {
    const { client } = startV3Service({}, { v3: { tokenStore: {} as never, tokenScope: 'all' as never } })
    equal(await issuesOf(tokenRequest(client, read)), [
      'v3.tokenStore wrong_type',
      'v3.tokenScope wrong_format',
    ])
  })
})

describe('createToken', () => {
  test('sends what is bound, keeps nothing, tells when it ends', async () => {
    const { client, got, tokenCalls } = startV3Service()
    const made = await createToken(client, {
      user_id: 'ü 1',
      product: 'smart_selfie_registration',
      partner_params: { order: 'A-1' },
      payload: {
        given_names: 'Ada',
        consent: { ...KYC.consent, granted_at: new Date(0), notice_language: 'fr' },
      },
    })
    equal(got[0]!.form, [
      ['user_id', 'ü 1'],
      ['product', 'smart_selfie_registration'],
      ['partner_params', '{"order":"A-1"}'],
      [
        'payload',
        JSON.stringify({
          given_names: 'Ada',
          consent: { ...KYC.consent, granted_at: '1970-01-01T00:00:00.000Z', notice_language: 'FR' },
        }),
      ],
    ])
    equal(made.expiresAt, readToken(made.token)!.expiresAt)
    await createToken(client)
    equal(tokenCalls(), 2)
  })

  test('lists all that is wrong', async () => {
    const { client, got } = startV3Service()
    const future = new Date(Date.now() + 3_600_000)
    const input = {
      product: 'doc_verification',
      partner_params: { order: 1 },
      payload: {
        email: 'nobody',
        phone_number: '0801',
        callback_url: 'http://shop.example',
        consent: { ...KYC.consent, granted_at: future, notice_privacy_policy_url: 'ftp://shop.example' },
        dob: '',
      },
    }
    equal(await issuesOf(createToken(client, input as never)), [
      'product wrong_format',
      'partner_params.order wrong_type',
      'payload.email wrong_format',
      'payload.phone_number wrong_format',
      'payload.consent.notice_privacy_policy_url wrong_format',
      'payload.dob not_allowed',
      'payload.consent.granted_at wrong_format',
      'payload.callback_url wrong_format',
    ])
    equal(got.length, 0)
  })
})

describe('readToken', () => {
  test('claims, and what the token carries', () => {
    const payload = {
      country: 'NG',
      id_number: 'pii_1',
      given_names: 'pii_2',
      last_name: 'pii_3',
      phone_number: 'pii_4',
      callback_url: 'callback_1',
      consent: KYC.consent,
    }
    const claims = readToken(jwt({ partner_id: '85', user_id: 'Zoë', exp: 1_700_000_000, payload }))!
    equal([claims.partner_id, claims.user_id, claims.expiresAt], ['85', 'Zoë', 1_700_000_000_000])
    equal(claims.provides, ['user_id', 'country', 'id_number', 'callback_url', 'user_details', 'consent'])
  })

  test('half a consent, names without a contact: neither is carried', () => {
    const { granted: _, ...half } = KYC.consent
    const payload = { given_names: 'pii_1', last_name: 'pii_2', consent: half }
    equal(readToken(jwt({ payload }))!.provides, [])
  })

  test('nothing for what is no JWT', () => {
    const wrong: unknown[] = [
      '',
      'a.b',
      'a.b.c',
      'e30.W10.e30',
      `${jwt({})}\n`,
      undefined,
      {},
      jwt({}).slice(0, 41),
    ]
    equal(
      wrong.map((text) => readToken(text as string)),
      wrong.map(() => undefined),
    )
  })
})
