/** Screenings: what is sent, what comes back, what is repeated, and the news about who was found. */
import type { Client } from 'smileid-edge/client'
import {
  amlMonitoringNews,
  getAmlMonitoringNews,
  type OneTimeAml,
  submitAmlMonitoring,
  submitOneTimeAml,
  submitOneTimeAmlSync,
} from 'smileid-edge/v3/aml'
import { createTokenClient } from 'smileid-edge/v3/client'
import { startRecording } from '../../support/emulated'
import { JOB_ID, jwt, KYC, startV3Service } from '../../support/v3-service'
import { describe, equal, issuesOf, ok, rejection, test } from '../harness'

const CALLBACK = 'https://shop.example/smile-id'

/** A person whom the sandbox knows by name. */
function person(given_names: string, last_name: string): OneTimeAml {
  const consent = { ...KYC.consent, granted_at: '2025-12-31T08:00:00.000Z' }
  return {
    full_name: `${given_names} ${last_name}`,
    countries: ['NG', 'KE'],
    user_details: { given_names, last_name, email: 'somebody@example.com' },
    consent,
    callback_url: CALLBACK,
  }
}
const OKAFOR = person('Nkechi', 'Okafor')
const ONI = person('Bukola', 'Oni')
const KEY = 'aml-onboarding-0123456789_abc'

type Started = ReturnType<typeof startRecording>
const sentTo = ({ sent }: Started, path: string) => sent.filter(({ url }) => url.pathname === path)
const keysOf = (started: Started) =>
  sentTo(started, '/v3/aml/sync').map(({ headers }) => headers['smileid-idempotency-key'])

async function formOf(started: Started, path: string): Promise<Record<string, unknown>> {
  const [{ request }] = sentTo(started, path) as [ReturnType<typeof sentTo>[number]]
  return Object.fromEntries(await request.formData())
}

describe('submitOneTimeAml', () => {
  test('sends lists and objects as JSON, each in one part', async () => {
    const started = startRecording()
    const accepted = await submitOneTimeAml(started.client, {
      ...OKAFOR,
      birth_year: 1990,
      strict_match: false,
      aliases: ['N. Okafor', 'Zoë "Z"'],
      user_id: 'user 1',
      search_existing_user: false,
      partner_params: { order: 'A-1' },
      metadata: [{ name: 'a', value: 'b' }],
    })
    equal([accepted.status, accepted.user_id, 'created_at' in accepted], ['accepted', 'user 1', false])
    equal(await formOf(started, '/v3/aml'), {
      full_name: 'Nkechi Okafor',
      countries: '["NG","KE"]',
      user_details: JSON.stringify(OKAFOR.user_details),
      consent: JSON.stringify(OKAFOR.consent),
      callback_url: CALLBACK,
      birth_year: '1990',
      strict_match: 'false',
      aliases: '["N. Okafor","Zoë \\"Z\\""]',
      user_id: 'user 1',
      search_existing_user: 'false',
      partner_params: '{"order":"A-1"}',
      metadata: '[{"name":"a","value":"b"}]',
    })
    await started.emulator.advance(60_000)
    const [callback] = started.emulator.callbacks
    const result = await callback!.json()
    equal([result.status, result.product, result.strict_match], ['clear', 'one_time_aml', false])
  })

  test('is sent once, whatever becomes of the answer', async () => {
    for (const fault of [
      { kind: 'reset', commit: true },
      { kind: 'status', status: 500 },
      { kind: 'body', body: 'truncated' },
    ] as const) {
      const started = startRecording({ faults: [{ on: 'v3/aml', fault }] })
      const { outcome, retryable, attempts } = await rejection(submitOneTimeAml(started.client, OKAFOR))
      equal([outcome, retryable, attempts], ['unknown', false, 1], fault.kind)
      equal(sentTo(started, '/v3/aml').length, 1)
    }
  })

  test('an existing user who has no record', async () => {
    const { client } = startRecording()
    const gated = { ...OKAFOR, search_existing_user: true, user_id: 'nobody' } as const
    equal((await rejection(submitOneTimeAml(client, gated))).code, 'user_not_found')
  })

  test('all that is wrong, at once, and nothing is sent', async () => {
    const { client, sent } = startRecording()
    const input = {
      ...OKAFOR,
      full_name: ' ',
      countries: ['ng', 'KEN', 'KE'],
      birth_year: '90',
      strict_match: 'yes',
      aliases: Array.from({ length: 21 }, (_, index) => `Alias ${index}`),
      search_existing_user: true,
      sandbox_result: 1030,
    }
    equal(await issuesOf(submitOneTimeAml(client, input as never)), [
      'countries[0] wrong_format',
      'countries[1] wrong_format',
      'full_name missing',
      'birth_year wrong_format',
      'strict_match wrong_type',
      'sandbox_result not_allowed',
      'aliases wrong_format',
      'user_id missing',
    ])
    const nobody = { consent: OKAFOR.consent, user_details: OKAFOR.user_details }
    equal(await issuesOf(submitOneTimeAml(client, nobody as never)), [
      'countries missing',
      'full_name missing',
    ])
    equal(sent.length, 0)
  })

  test('nobody can tell whether a name is missing where search_existing_user is unclear', async () => {
    const { client } = startV3Service()
    const { full_name: _, ...nameless } = OKAFOR
    const unclear = { ...nameless, user_id: 'u', search_existing_user: 'true' } as never
    equal(await issuesOf(submitAmlMonitoring(client, unclear)), ['search_existing_user wrong_type'])
  })

  test('lists and years: which are taken', async () => {
    const { client } = startV3Service({}, { now: () => Date.UTC(2026, 5, 1) })
    const issues = (more: object) => issuesOf(submitOneTimeAml(client, { ...OKAFOR, ...more } as never))
    const good: object[] = [
      { birth_year: 2026 },
      { birth_year: '1000' },
      { aliases: [] },
      { aliases: Array.from({ length: 20 }, () => 'x'.repeat(256)) },
    ]
    for (const more of good) equal((await submitOneTimeAml(client, { ...OKAFOR, ...more })).job_id, JOB_ID)
    equal(await issues({ countries: [] }), ['countries missing'])
    equal(await issues({ countries: 'NG' }), ['countries wrong_type'])
    // It is not said as well that the year is to come.
    equal(await issues({ birth_year: 20_270 }), ['birth_year wrong_format'])
    for (const birth_year of [2027, '2027', '0999', 1990.5, '1990-01-01', true, null, ['1990']]) {
      equal(await issues({ birth_year }), ['birth_year wrong_format'], String(birth_year))
    }
    equal(await issues({ aliases: ['x'.repeat(257), '', 5] }), [
      'aliases[0] wrong_format',
      'aliases[1] missing',
      'aliases[2] wrong_type',
    ])
  })
})

describe('submitOneTimeAmlSync', () => {
  test('the result, with the ids of the headers', async () => {
    const started = startRecording()
    const ask = (given: string, last: string) => submitOneTimeAmlSync(started.client, person(given, last))
    const found = [await ask('Gbenga', 'Afolabi'), await ask('Bukola', 'Oni'), await ask('Rashid', 'Omar')]
    equal(
      found.map(({ status, reason, no_of_persons_found }) => [status, reason, no_of_persons_found]),
      [
        ['block', 'aml_match_found', 1],
        ['attention', 'news_media_match', 1],
        ['block', 'high_risk', 0],
      ],
    )
    const jobs = [...started.emulator.v3.jobs]
    equal(
      found.map(({ job_id, user_id }) => [job_id, user_id]),
      jobs.map(({ job_id, user_id }) => [job_id, user_id]),
    )
    const keys = keysOf(started)
    ok(
      keys.every((key) => /^[\w-]{16,128}$/.test(key!)),
      'keys',
    )
    equal(new Set(keys).size, 3, 'a key for each call')
  })

  test('a lost answer: asked for again under the same key, and billed once', async () => {
    for (const fault of [
      { kind: 'reset', commit: true },
      { kind: 'reset', commit: false },
      { kind: 'status', status: 503 },
      { kind: 'status', status: 429 },
    ] as const) {
      const started = startRecording({ faults: [{ on: 'v3/aml/sync', times: 2, fault }] })
      equal((await submitOneTimeAmlSync(started.client, OKAFOR)).status, 'clear')
      const keys = keysOf(started)
      equal([keys.length, new Set(keys).size], [3, 1], fault.kind)
      const forms = await Promise.all(
        sentTo(started, '/v3/aml/sync').map(async ({ request }) => [...(await request.formData())]),
      )
      equal(forms[1], forms[0])
      equal([...started.emulator.v3.bills].length, 1, 'bills')
    }
  })

  test('no answer at all: the hint names the key, under which it is billed once', async () => {
    const fault = { kind: 'reset', commit: true } as const
    const started = startRecording({ faults: [{ on: 'v3/aml/sync', times: 3, fault }] })
    const { code, outcome, attempts, hint } = await rejection(submitOneTimeAmlSync(started.client, OKAFOR))
    equal([code, outcome, attempts], ['network_error', 'unknown', 3])
    const [idempotencyKey = ''] = keysOf(started)
    ok(hint.includes(idempotencyKey), hint)
    await submitOneTimeAmlSync(started.client, OKAFOR, { idempotencyKey })
    equal([...started.emulator.v3.bills].length, 1)
  })

  test('a refusal of a repeat does not say that the first attempt did nothing', async () => {
    const lost = { on: 'v3/aml/sync', fault: { kind: 'reset', commit: true } } as const
    const refused = { on: 'v3/aml/sync', after: 1, fault: { kind: 'status', status: 402 } } as const
    const started = startRecording({ faults: [lost, refused] })
    const error = await rejection(submitOneTimeAmlSync(started.client, OKAFOR))
    equal(
      [error.code, error.outcome, error.attempts, error.retryable],
      ['payment_required', 'unknown', 2, false],
    )
    equal([...started.emulator.v3.bills].length, 1)
    const limited = { on: 'v3/aml/sync', times: 3, fault: { kind: 'status', status: 429 } } as const
    const { client } = startRecording({ faults: [limited] })
    equal(
      (await rejection(submitOneTimeAmlSync(client, OKAFOR))).outcome,
      'rejected',
      'turned away each time',
    )
    const silent = { ...refused, fault: { kind: 'status', status: 408 } } as const
    const again = startRecording({ faults: [{ ...lost, fault: { kind: 'reset', commit: false } }, silent] })
    const { code, outcome, retryable } = await rejection(submitOneTimeAmlSync(again.client, OKAFOR))
    equal([code, outcome, retryable], ['provider_timeout', 'rejected', true])
  })

  test("a key of the caller's own: two runs are one screening", async () => {
    const started = startRecording()
    const options = { idempotencyKey: KEY }
    const first = await submitOneTimeAmlSync(started.client, OKAFOR, options)
    const second = await submitOneTimeAmlSync(started.client, OKAFOR, options)
    equal([second.job_id, keysOf(started)], [first.job_id, [KEY, KEY]])
    equal([...started.emulator.v3.bills].length, 1)
  })

  test('a silent provider: not billed, not repeated, for the caller to repeat', async () => {
    const started = startRecording()
    const error = await rejection(submitOneTimeAmlSync(started.client, person('Ngozi', 'Ifeoma')))
    equal([error.code, error.outcome, error.retryable], ['provider_timeout', 'rejected', true])
    ok(error.smileJobId.startsWith('job_'), 'its job')
    equal([keysOf(started).length, [...started.emulator.v3.bills].length], [1, 0])
  })

  test('a reply that somebody else signed, or nobody', async () => {
    for (const [body, code] of [
      ['unsigned', 'signature_missing'],
      ['bad_signature', 'signature_mismatch'],
    ] as const) {
      const started = startRecording({ faults: [{ on: 'v3/aml/sync', fault: { kind: 'body', body } }] })
      equal((await rejection(submitOneTimeAmlSync(started.client, OKAFOR))).code, code)
      equal(keysOf(started).length, 1)
    }
  })

  test('keys: which are taken', async () => {
    const { client, got } = startV3Service()
    const wrong = ['x'.repeat(15), 'x'.repeat(129), 'with a blank 0123', 'ümlaut-0123456789', '', null, 5]
    for (const idempotencyKey of wrong) {
      const options = { idempotencyKey } as { idempotencyKey: string }
      equal(await issuesOf(submitOneTimeAmlSync(client, OKAFOR, options)), [
        'options.idempotencyKey wrong_format',
      ])
    }
    equal(await issuesOf(submitOneTimeAml(client, OKAFOR, { idempotencyKey: KEY } as object)), [
      'options.idempotencyKey not_allowed',
    ])
    equal(got.length, 0)
  })
})

describe('AML monitoring', () => {
  async function monitored(client: Client, emulator: Started['emulator']) {
    const { job_id, created_at } = await submitAmlMonitoring(client, ONI)
    await emulator.advance(60_000)
    const [callback] = emulator.callbacks
    const { people } = await callback!.json()
    return { job_id, created_at, reference: String(people[0].reference) }
  }

  test('news: a page, all of them, and whether those are all', async () => {
    const started = startRecording()
    const { job_id, created_at, reference } = await monitored(started.client, started.emulator)
    ok(!Number.isNaN(Date.parse(created_at)), 'created_at')
    const query = { job_id, reference, news_category: 'regulatory' } as const
    const page = await getAmlMonitoringNews(started.client, { ...query, page: 2, limit: 50 })
    equal([page.meta, page.news.length], [{ current_page: 2, limit: 50, total_count: 130 }, 50])

    const pages = amlMonitoringNews(started.client, query)
    const titles: string[] = []
    let next = await pages.next()
    for (; !next.done; next = await pages.next()) titles.push(next.value.title)
    equal(next.value, { total_count: 130, complete: true })
    equal([titles.length, new Set(titles).size, titles[50]], [130, 130, page.news[0]!.title])
    const path = `/v3/aml/monitoring/${job_id}/news/${reference}`
    equal(
      sentTo(started, path).map(({ url }) => url.search),
      ['page=2&limit=50', 'limit=100&page=1', 'limit=100&page=2'].map(
        (rest) => `?news_category=regulatory&${rest}`,
      ),
    )
    equal(started.sent.filter(({ url }) => url.pathname === '/v3/token').length <= 2, true, 'tokens are kept')
  })

  test('news that are not there', async () => {
    const { client, emulator } = startRecording()
    const { job_id, reference } = await monitored(client, emulator)
    const query = { job_id, reference, news_category: 'terrorism' } as const
    equal(await amlMonitoringNews(client, query).next(), {
      value: { total_count: 0, complete: true },
      done: true,
    })
    for (const other of [{ job_id: 'mon-1' }, { reference: 'ref/../1' }]) {
      equal((await rejection(getAmlMonitoringNews(client, { ...query, ...other }))).code, 'news_not_found')
    }
  })

  test('an empty page before the end', async () => {
    const pageOf = (count: number) => ({
      news: Array.from({ length: count }, () => ({ title: 't' })),
      meta: { total_count: 9 },
    })
    const { client, callsOf } = startV3Service({
      answer: (_, count) => Response.json({ job_id: 'm', ...pageOf(count < 4 ? 1 : 0) }),
    })
    const pages = amlMonitoringNews(client, { job_id: 'm', reference: 'r', news_category: 'other', limit: 1 })
    for (let item = 0; item < 3; item++) equal((await pages.next()).done, false)
    equal(await pages.next(), { value: { total_count: 9, complete: false }, done: true })
    equal(callsOf().length, 4)
  })

  test('replies that can be no page', async () => {
    for (const body of [
      {},
      { news: {}, meta: { total_count: 1 } },
      { news: [1], meta: { total_count: 1 } },
    ]) {
      const { client } = startV3Service({ answer: () => Response.json(body) })
      const page = getAmlMonitoringNews(client, { job_id: 'm', reference: 'r', news_category: 'other' })
      equal((await rejection(page)).code, 'invalid_reply')
    }
  })

  test('all that is wrong, at once, and nothing is sent', async () => {
    const { client, got } = startV3Service()
    const query = { job_id: '..', reference: '', news_category: 'gossip', page: 0, limit: 101, sort: 'asc' }
    const expected = [
      'job_id wrong_format',
      'reference missing',
      'news_category wrong_format',
      'limit wrong_type',
    ]
    equal(await issuesOf(getAmlMonitoringNews(client, query as never)), [
      ...expected,
      'page wrong_type',
      'sort not_allowed',
    ])
    const all = amlMonitoringNews(client, { ...query, sort: undefined } as never, { timeoutMs: 0 })
    equal(await issuesOf(all.next()), [
      ...expected,
      'page not_allowed',
      'sort not_allowed',
      'options.timeoutMs wrong_type',
    ])
    const { full_name: _, ...nameless } = ONI
    equal(await issuesOf(submitAmlMonitoring(client, nameless as never)), ['full_name missing'])
    equal(await issuesOf(submitAmlMonitoring(client, { ...nameless, search_existing_user: true } as never)), [
      'user_id missing',
    ])
    equal(await issuesOf(submitAmlMonitoring(client, { ...ONI, full_name: '' })), ['full_name missing'])
    equal(got.length, 0)
  })

  test('of the user to whom the token is bound: named in the body, which monitoring wants', async () => {
    const { fetch, callsOf } = startV3Service()
    const payload = { given_names: 'pii_1', last_name: 'pii_2', email: 'pii_3', consent: KYC.consent }
    const token = jwt({ partner_id: '85', exp: 4_000_000_000, user_id: 'Zoë', payload })
    const page = createTokenClient({ token, environment: 'sandbox', fetch })
    await submitAmlMonitoring(page, { countries: ['NG'], search_existing_user: true })
    await submitOneTimeAml(page, { countries: ['NG'], full_name: 'A B', search_existing_user: true })
    equal(
      callsOf().map(({ form }) => form),
      [
        [
          ['countries', '["NG"]'],
          ['search_existing_user', 'true'],
          ['user_id', 'Zoë'],
        ],
        [
          ['countries', '["NG"]'],
          ['full_name', 'A B'],
          ['search_existing_user', 'true'],
        ],
      ],
    )
  })
})
