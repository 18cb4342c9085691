/** Enhanced KYC, and what it shares with all of v3: inputs, the form, refusals, signed replies. */
import { createClient } from 'smileid-edge/client'
import { isSmileIdError } from 'smileid-edge/errors'
import { generateSignature } from 'smileid-edge/signature'
import { createTokenClient } from 'smileid-edge/v3/client'
import { submitEnhancedKyc, submitEnhancedKycSync } from 'smileid-edge/v3/enhanced-kyc'
import { tokenRequest } from 'smileid-edge/v3/request'
import { accept, JOB_ID, jwt, KYC, refuse, startV3Service } from '../../support/v3-service'
import { describe, equal, issuesOf, ok, rejection, test } from '../harness'

const DAY_MS = 86_400_000
const API_KEY = 'v3-demo-key-alpha'

async function signedHeaders(partnerId: string, apiKey = API_KEY): Promise<Record<string, string>> {
  const signer = createClient({
    partnerId,
    apiKey,
    environment: 'sandbox',
    dangerouslyAllowBrowser: true,
  })
  const { timestamp, signature } = await generateSignature(signer)
  return {
    'Response-Timestamp': timestamp,
    'Response-Signature': signature,
    'SmileID-Job-ID': JOB_ID,
    'User-ID': 'user_1',
  }
}

describe('submitEnhancedKyc', () => {
  test('what is sent, and what comes back', async () => {
    const { client, callsOf } = startV3Service()
    const reply = await submitEnhancedKyc(client, {
      ...KYC,
      consent: { ...KYC.consent, notice_language: 'en', granted_at: new Date(0) },
      user_details: { ...KYC.user_details, phone_number: null },
      user_id: 'ü "1"\\',
      callback_url: 'https://shop.example/smile-id?a=1&b=2',
      partner_params: { order: 'Zoë\r\n--x' },
      metadata: [{ name: 'a', value: 'b' }],
      bank_code: '901',
      operator: undefined,
    })
    const [{ method, url, headers, form }] = callsOf() as [ReturnType<typeof callsOf>[number]]
    equal([method, url.href], ['POST', 'https://testapi.smileidentity.com/v3/enhanced_kyc'])
    ok(headers.get('content-type')!.startsWith('multipart/form-data; boundary='), 'a form')
    equal(headers.get('smileid-source-sdk'), 'rest_api')
    const consent = { ...KYC.consent, notice_language: 'EN', granted_at: '1970-01-01T00:00:00.000Z' }
    equal(Object.fromEntries(form), {
      country: 'NG',
      id_type: 'NIN_V2',
      id_number: '00000000000',
      user_details: JSON.stringify({ ...KYC.user_details, phone_number: null }),
      consent: JSON.stringify(consent),
      user_id: 'ü "1"\\',
      callback_url: 'https://shop.example/smile-id?a=1&b=2',
      partner_params: '{"order":"Zoë\\r\\n--x"}',
      metadata: '[{"name":"a","value":"b"}]',
      bank_code: '901',
    })
    equal([reply.status, reply.job_id, reply.user_id], ['accepted', JOB_ID, 'user_1'])
  })

  test("the client's callbackUrl, unless there is another", async () => {
    const { client, callsOf } = startV3Service({}, { callbackUrl: 'https://shop.example/all' })
    await submitEnhancedKyc(client, KYC)
    await submitEnhancedKyc(client, { ...KYC, callback_url: 'https://shop.example/one' })
    const urls = callsOf().map(({ form }) => Object.fromEntries(form).callback_url)
    equal(urls, ['https://shop.example/all', 'https://shop.example/one'])
  })

  test('everything that is wrong, at once, and nothing is sent', async () => {
    const { client, got } = startV3Service()
    const input = {
      country: 'ng',
      id_type: ' ',
      id_number: 5,
      user_details: { given_names: '', last_name: 'B', birthday: '' },
      consent: {
        granted: 'true',
        granted_at: new Date(Date.now() + DAY_MS),
        notice_language: 'english',
        notice_privacy_policy_url: 'http://shop.example',
      },
      callback_url: 'http://shop.example',
      partner_params: { order: 1 },
      metadata: [{ name: 'x'.repeat(101), value: 'y'.repeat(1001) }],
      sandbox_result: 1,
    }
    equal(await issuesOf(submitEnhancedKyc(client, input as never, { timeoutMs: 0 })), [
      'consent.granted wrong_type',
      'consent.notice_language wrong_format',
      'consent.notice_privacy_policy_url wrong_format',
      'user_details.given_names missing',
      'user_details.birthday not_allowed',
      'partner_params.order wrong_type',
      'metadata[0].name wrong_format',
      'metadata[0].value wrong_format',
      'country wrong_format',
      'id_type missing',
      'id_number wrong_type',
      'sandbox_result not_allowed',
      'consent.granted_at wrong_format',
      'user_details.email missing',
      'callback_url wrong_format',
      'options.timeoutMs wrong_type',
    ])
    equal(await issuesOf(submitEnhancedKyc(client, undefined as never)), [
      'consent missing',
      'user_details missing',
      'country missing',
      'id_type missing',
      'id_number missing',
    ])
    equal(got.length, 0)
  })

  test('moments of consent: which are taken', async () => {
    const { client } = startV3Service()
    const at = (granted_at: unknown) =>
      submitEnhancedKyc(client, { ...KYC, consent: { ...KYC.consent, granted_at } } as never)
    for (const good of [
      '2026-05-04T08:00Z',
      '2026-05-04T08:00:00+01:00',
      '2026-05-04T08:00:00.123456Z',
      new Date(1),
    ])
      equal((await at(good)).status, 'accepted', String(good))
    const wrong = [
      '2026-05-04',
      '2026-05-04T08:00:00',
      '2026-13-04T08:00Z',
      'yesterday',
      new Date(NaN),
      1_700_000_000_000,
    ]
    for (const bad of wrong) {
      const [issue = ''] = await issuesOf(at(bad))
      ok(issue.startsWith('consent.granted_at wrong_'), `${bad}: ${issue}`)
    }
  })

  test('contacts: which are taken', async () => {
    const { client } = startV3Service()
    const names = { given_names: 'A', last_name: 'B' }
    const by = (contact: object) =>
      submitEnhancedKyc(client, { ...KYC, user_details: { ...names, ...contact } } as never)
    const good = [{ phone_number: '+2348012345678' }, { email: 'a.b+c@d.co.uk', phone_number: null }]
    for (const contact of good) equal((await by(contact)).status, 'accepted')
    const wrong: [object, string][] = [
      [{ email: 'a@b' }, 'user_details.email wrong_format'],
      [{ email: 'a@b.c' }, 'user_details.email wrong_format'],
      [{ email: 'a b@c.example' }, 'user_details.email wrong_format'],
      [{ phone_number: '08012345678' }, 'user_details.phone_number wrong_format'],
      [{ phone_number: '+234 801 234' }, 'user_details.phone_number wrong_format'],
      [{ phone_number: 2348012345678 }, 'user_details.phone_number wrong_type'],
      [{ email: null, phone_number: null }, 'user_details.email missing'],
    ]
    for (const [contact, issue] of wrong) equal(await issuesOf(by(contact)), [issue])
  })

  test('supported ID types', async () => {
    const { client } = startV3Service()
    const type = { country: 'NG', type: 'NIN_V2', label: 'NIN' }
    const idTypes = {
      id_types: [
        { ...type, regex: '^\\d{9}$' },
        { ...type, regex: '^\\d{11}$' },
      ],
    }
    equal((await submitEnhancedKyc(client, KYC, { idTypes })).status, 'accepted')
    equal(await issuesOf(submitEnhancedKyc(client, { ...KYC, id_number: '1' }, { idTypes })), [
      'id_number wrong_format',
    ])
    equal(await issuesOf(submitEnhancedKyc(client, { ...KYC, country: 'GH' }, { idTypes })), [
      'id_type not_allowed',
    ])
    equal(await issuesOf(submitEnhancedKyc(client, KYC, { idTypes: {} as never })), [
      'options.idTypes wrong_type',
    ])
  })

  test('a member that is wrong by itself is not looked up as well', async () => {
    const { client } = startV3Service()
    const idTypes = { id_types: [{ country: 'NG', type: 'NIN_V2', label: 'NIN', regex: '^\\d{11}$' }] }
    const issues = async (more: object) => {
      const input = { ...KYC, ...more }
      return (await rejection(submitEnhancedKyc(client, input, { idTypes }))).issues
    }
    const message = 'must be an ISO code of two capital letters'
    equal(await issues({ country: 'ng' }), [{ path: 'country', code: 'wrong_format', message }])
    equal(await issues({ id_type: 5 }), [{ path: 'id_type', code: 'wrong_type', message: 'must be text' }])
    equal(await issues({ id_number: '' }), [{ path: 'id_number', code: 'missing', message: 'is empty' }])
  })
})

describe('a token client', () => {
  const payload = {
    country: 'NG',
    id_type: 'NIN_V2',
    id_number: 'pii_1',
    given_names: 'pii_2',
    last_name: 'pii_3',
    email: 'pii_4',
    consent: KYC.consent,
  }
  const exp = 4_000_000_000

  test('needs none of what its token carries', async () => {
    const { fetch, got } = startV3Service()
    const token = jwt({ partner_id: '85', exp, payload })
    const page = createTokenClient({ token, environment: 'sandbox', fetch })
    equal((await submitEnhancedKyc(page, {})).status, 'accepted')
    equal([got.length, got[0]!.headers.get('smileid-token'), got[0]!.form], [1, token, []])
  })

  test('needs all that its token does not carry, and what is given has to be right', async () => {
    const { fetch } = startV3Service()
    const token = jwt({
      partner_id: '85',
      exp,
      payload: { ...payload, email: undefined, id_number: undefined },
    })
    const page = createTokenClient({ token, environment: 'sandbox', fetch })
    equal(await issuesOf(submitEnhancedKyc(page, { country: 'ng' })), [
      'user_details missing',
      'country wrong_format',
      'id_number missing',
    ])
  })

  test('cannot renew a token that is refused', async () => {
    const { fetch, got } = startV3Service({ answer: () => refuse(401) })
    const page = createTokenClient({
      token: jwt({ partner_id: '85', exp, payload }),
      environment: 'sandbox',
      fetch,
    })
    ok(isSmileIdError(await rejection(submitEnhancedKyc(page, {})), 'unauthorized'), 'refused')
    equal(got.length, 1)
  })

  test('is made of a token that is good, for its own environment', async () => {
    const issues = (options: object) =>
      issuesOf(Promise.resolve().then(() => createTokenClient(options as never)))
    const sandbox = 'https://testapi.smileidentity.com/v3'
    const good = { partner_id: '85', exp, api_url: sandbox }
    const page = createTokenClient({ token: jwt(good) })
    equal([page.environment, page.baseUrl], ['sandbox', 'https://testapi.smileidentity.com'])
    ok(!JSON.stringify(page).includes('c2lnbmF0dXJl'), 'the token is no member')
    equal(await issues({ token: 'no token' }), ['token wrong_format'])
    equal(await issues({ token: jwt({ ...good, exp: 1 }) }), ['token not_allowed'])
    equal(await issues({ token: jwt({ ...good, partner_id: undefined }) }), ['token wrong_format'])
    equal(await issues({ token: jwt(good), environment: 'production' }), ['environment not_allowed'])
    equal(await issues({ token: jwt({ ...good, api_url: undefined }) }), ['environment missing'])
    // Whoever brings a token does not choose where faces are sent.
    equal(await issues({ token: jwt({ ...good, api_url: 'https://attacker.example/v3' }) }), [
      'environment missing',
    ])
    const near = 'https://testapi.smileidentity.com.attacker.example/v3'
    equal(await issues({ token: jwt({ ...good, api_url: near }) }), ['environment missing'])
    equal(await issues({ token: jwt(good), baseUrl: 'http://shop.example', fetch: 1, more: 1 }), [
      'fetch wrong_type',
      'more not_allowed',
      'baseUrl wrong_format',
    ])
    // What is wrong by itself is not compared with the token as well.
    equal(await issues({ token: jwt(good), environment: 'prod', baseUrl: 5, now: 5 }), [
      'environment wrong_format',
      'baseUrl wrong_type',
      'now wrong_type',
    ])
  })
})

describe('refusals', () => {
  const CODES: [number, string, string, boolean][] = [
    [400, 'invalid_request', 'rejected', false],
    [402, 'payment_required', 'rejected', false],
    [403, 'forbidden', 'rejected', false],
    [404, 'api_error', 'rejected', false],
    [408, 'server_error', 'unknown', false],
    [413, 'too_large', 'rejected', false],
    [415, 'invalid_request', 'rejected', false],
    [429, 'id_number_blocked', 'rejected', false],
    [500, 'server_error', 'unknown', false],
    [502, 'server_error', 'unknown', false],
    [503, 'server_error', 'unknown', false],
    [504, 'server_error', 'unknown', false],
  ]

  test('by status, each after one request', async () => {
    for (const [status, code, outcome, retryable] of CODES) {
      const { client, callsOf } = startV3Service({ answer: () => refuse(status, {}, { 'retry-after': '1' }) })
      const error = await rejection(submitEnhancedKyc(client, KYC))
      equal(
        [error.code, error.outcome, error.retryable, error.status, callsOf().length],
        [code, outcome, retryable, status, 1],
        `${status}`,
      )
      ok(/^[A-Z].*\.$/.test(error.hint), error.hint)
    }
  })

  test('of the gateway, in its own shape, and pages of proxies', async () => {
    const answers = [
      refuse(413, { status: 'payload_too_large', job_id: null, user_id: null }),
      new Response('<html>', { status: 413 }),
      new Response('{', { status: 413 }),
    ]
    for (const answer of answers) {
      const { client } = startV3Service({ answer: () => answer })
      ok(isSmileIdError(await rejection(submitEnhancedKyc(client, KYC)), 'too_large'), 'too_large')
    }
  })

  test('the synchronous lookup: what may have been billed is asked for', async () => {
    const codes = {
      408: 'provider_timeout',
      424: 'authority_unavailable',
      500: 'server_error',
      504: 'server_error',
    }
    for (const [status, code] of Object.entries(codes)) {
      const { client, callsOf } = startV3Service({
        answer: () => refuse(Number(status), {}, { 'SmileID-Job-ID': JOB_ID }),
      })
      const error = await rejection(submitEnhancedKycSync(client, KYC))
      equal(
        [error.code, error.outcome, error.smileJobId, error.retryable, callsOf().length],
        [code, 'unknown', JOB_ID, false, 1],
      )
      ok(error.hint.includes('getVerificationStatus'), error.hint)
    }
  })

  test('a body that names a job, and one that does not', async () => {
    const jobIds = { [JOB_ID]: JOB_ID, unknown: undefined, 'job_1\r\nx': undefined }
    for (const [job_id, expected] of Object.entries(jobIds)) {
      const { client } = startV3Service({ answer: () => refuse(500, { job_id }) })
      equal((await rejection(submitEnhancedKyc(client, KYC))).smileJobId, expected)
    }
  })

  test('a lost answer is never asked for again by sending, and the hint says what is left', async () => {
    const { client, callsOf } = startV3Service({
      answer() {
        throw new TypeError('connection lost')
      },
    })
    const error = await rejection(submitEnhancedKyc(client, KYC))
    equal([error.code, error.outcome, callsOf().length], ['network_error', 'unknown', 1])
    ok(error.hint.includes('partner_params'), error.hint)
  })

  test('replies that are none', async () => {
    const replies = [
      () => new Response('accepted', { status: 202 }),
      () => Response.json({ status: 'accepted' }, { status: 202 }),
      () => Response.json({ status: 'accepted', job_id: 'mine', user_id: 'u' }, { status: 202 }),
      () => Response.json({ status: 'clear', job_id: JOB_ID, user_id: 'u' }),
      () => Response.json([], { status: 202 }),
      () => new Response(null, { status: 304 }),
    ]
    for (const answer of replies) {
      const { client, callsOf } = startV3Service({ answer })
      const error = await rejection(submitEnhancedKyc(client, KYC))
      equal([error.code, error.outcome, callsOf().length], ['invalid_reply', 'unknown', 1])
    }
  })

  test('errors print nothing of the person, the key or the token', async () => {
    const { client, tokensMade } = startV3Service({ answer: () => refuse(400, { message: 'Ada Sample' }) })
    const error = await rejection(submitEnhancedKyc(client, KYC))
    const printed = `${JSON.stringify(error)} ${error.stack} ${error.message} ${error.hint}`
    for (const secret of ['Ada', API_KEY, tokensMade[0]!]) ok(!printed.includes(secret), 'printed')
    equal(error.body, { status: 'text', message: 'Ada Sample' })
  })
})

describe('submitEnhancedKycSync', () => {
  const verdict = { status: 'clear', message: 'Verified', reason: null, id_fields: { country: 'NG' } }

  test('the result with the ids of the headers, its signature checked', async () => {
    const { client, callsOf, partnerId } = startV3Service({
      answer: async () => Response.json(verdict, { headers: await signedHeaders(partnerId) }),
    })
    const result = await submitEnhancedKycSync(client, KYC)
    equal(
      [result.status, result.job_id, result.user_id, result.id_fields?.country],
      ['clear', JOB_ID, 'user_1', 'NG'],
    )
    equal(callsOf()[0]!.url.pathname, '/v3/enhanced_kyc/sync')
  })

  test("no callback_url goes out, not even the client's", async () => {
    const { client, callsOf, partnerId } = startV3Service(
      { answer: async () => Response.json(verdict, { headers: await signedHeaders(partnerId) }) },
      { callbackUrl: 'https://shop.example/all' },
    )
    await submitEnhancedKycSync(client, KYC)
    ok(!callsOf()[0]!.form.some(([name]) => name === 'callback_url'), 'no callback_url')
    const given = { ...KYC, callback_url: 'https://shop.example' }
    equal(await issuesOf(submitEnhancedKycSync(client, given as never)), ['callback_url not_allowed'])
  })

  test('signed over the partner id as configured, or without its zeros', async () => {
    for (const signer of ['0085', '85']) {
      const { client } = startV3Service(
        { answer: async () => Response.json(verdict, { headers: await signedHeaders(signer) }) },
        { partnerId: '0085', apiKey: [API_KEY, 'an older one'] },
      )
      equal((await submitEnhancedKycSync(client, KYC)).status, 'clear')
    }
  })

  test('what is not signed, or by another, is not believed, and tells its job', async () => {
    const wrong: [Record<string, string>, string][] = [
      [{ 'SmileID-Job-ID': JOB_ID }, 'signature_missing'],
      [await signedHeaders('9999'), 'signature_mismatch'],
      [await signedHeaders('0085', 'another key'), 'signature_mismatch'],
      [await signedHeaders('0085', 'an older one'), 'signature_mismatch'],
      [await signedHeaders('085'), 'signature_mismatch'],
    ]
    for (const [headers, code] of wrong) {
      const { client, callsOf } = startV3Service(
        { answer: () => Response.json(verdict, { headers }) },
        { partnerId: '0085', apiKey: [API_KEY, 'an older one'] },
      )
      const error = await rejection(submitEnhancedKycSync(client, KYC))
      equal([error.code, error.outcome, error.smileJobId, callsOf().length], [code, 'unknown', JOB_ID, 1])
    }
  })

  test('a status that is no verdict, and a result without ids, are none', async () => {
    for (const change of [{ status: 'processing' }, { status: undefined }, { status: 'CLEAR' }]) {
      const { client, partnerId } = startV3Service({
        answer: async () =>
          Response.json({ ...verdict, ...change }, { headers: await signedHeaders(partnerId) }),
      })
      ok(isSmileIdError(await rejection(submitEnhancedKycSync(client, KYC)), 'invalid_reply'), 'no verdict')
    }
    const { client, partnerId } = startV3Service({
      async answer() {
        const { 'SmileID-Job-ID': _, ...headers } = await signedHeaders(partnerId)
        return Response.json(verdict, { headers })
      },
    })
    ok(isSmileIdError(await rejection(submitEnhancedKycSync(client, KYC)), 'invalid_reply'), 'no job')
  })
})

describe('tokenRequest', () => {
  test('a query or a form, and the reply as it is', async () => {
    const { client, callsOf } = startV3Service({ answer: () => Response.json({ a: 1 }) })
    const fields = {
      text: 'ü &',
      number: 1.5,
      flag: false,
      list: ['a'],
      object: { b: null },
      none: undefined,
    }
    const expected = [
      ['text', 'ü &'],
      ['number', '1.5'],
      ['flag', 'false'],
      ['list', '["a"]'],
      ['object', '{"b":null}'],
    ]
    equal(await tokenRequest(client, { path: '/v3/new', fields }), { a: 1 })
    equal(await tokenRequest(client, { path: '/v3/services/new', method: 'GET', fields }), { a: 1 })
    const [post, get] = callsOf()
    equal([post!.method, post!.url.pathname, post!.form], ['POST', '/v3/new', expected])
    equal([get!.method, get!.url.pathname, [...get!.url.searchParams]], ['GET', '/v3/services/new', expected])
  })

  test('is repeated with GET, or where it is said to bill nothing', async () => {
    const counts: number[] = []
    for (const call of [
      { method: 'GET' },
      {},
      { repeatable: true },
      { method: 'GET', repeatable: false },
    ] as const) {
      const { client, callsOf } = startV3Service({ answer: () => refuse(500) })
      await rejection(tokenRequest(client, { path: '/v3/new', ...call }))
      counts.push(callsOf().length)
    }
    equal(counts, [3, 1, 3, 1])
  })

  test('goes to paths of v3 alone', async () => {
    const { client, got } = startV3Service({ answer: accept })
    const paths = [
      '/v1/job_status',
      '/v3',
      '/v3/',
      '/v3/../v1/upload',
      '/v3/%2e%2e/x',
      '/v3/a?b',
      '/v3/a#b',
      '//v3/a',
      5,
    ]
    for (const path of paths) {
      const [issue = ''] = await issuesOf(tokenRequest(client, { path } as never))
      ok(issue.startsWith('path wrong_'), `${path}: ${issue}`)
    }
    equal(got.length, 0)
  })
})

describe('a client that cannot speak v3', () => {
  test('says why', async () => {
    const read = { path: '/v3/services/config' }
    const { client: named } = startV3Service({}, { partnerId: 'shop' })
    equal(await issuesOf(tokenRequest(named, read)), ['partnerId wrong_format'])
    for (const apiKey of ['kéy', 'k\ney']) {
      const { client: odd } = startV3Service({}, { apiKey })
      equal(await issuesOf(tokenRequest(odd, read)), ['apiKey wrong_format'])
    }
    const { client: spaced, got } = startV3Service({}, { apiKey: 'your key' })
    await tokenRequest(spaced, { ...read, method: 'GET' })
    equal(got[0]!.headers.get('smileid-api-key'), 'your key')
    equal(await issuesOf(tokenRequest({} as never, read)), ['client wrong_type'])
    const { client } = startV3Service()
    equal(await issuesOf(tokenRequest({ ...client }, read)), ['client wrong_type'])
  })
})
