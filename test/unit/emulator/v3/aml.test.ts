/** Screenings: once, at once, and from then on. */
import { createHmac } from 'node:crypto'
import { describe, expect, it, test } from 'vitest'
import { changed, CLEARWATER, GOOD, type Parts, startV3 } from './requests.ts'

const ONCE = '/v3/aml'
const SYNC = '/v3/aml/sync'
const MONITORING = '/v3/aml/monitoring'

const called = (given_names: string, last_name: string) => ({
  full_name: `${given_names} ${last_name}`,
  user_details: { given_names, last_name, email: 'somebody@example.com' },
})
const OKAFOR = called('Nkechi', 'Okafor')
const AFOLABI = called('Gbenga', 'Afolabi')
const ONI = called('Bukola', 'Oni')
const KEY = { 'SmileID-Idempotency-Key': 'order-0123456789_abc' }

/** The members that the specification asks of a one-time result. */
const MEMBERS = [
  'antifraud',
  'completed_at',
  'consent',
  'created_at',
  'device_signals',
  'kyc_receipt',
  'message',
  'no_of_persons_found',
  'partner_params',
  'people',
  'product',
  'reason',
  'status',
  'strict_match',
  'user_provided_info',
]

describe('a one-time screening', () => {
  it.each([
    ['Nkechi', 'Okafor', 'clear', null, 'Screening completed: no matches found.', 0],
    [
      'Gbenga',
      'Afolabi',
      'block',
      'aml_match_found',
      'Screening completed: potential matches identified.',
      1,
    ],
    ['Bukola', 'Oni', 'attention', 'news_media_match', 'Screening completed: news media identified only.', 1],
    ['Ngozi', 'Ifeoma', 'error', 'service_unavailable', 'Error: external service unavailable.', 0],
    ['Rashid', 'Omar', 'block', 'high_risk', 'Verification failed.', 0],
  ])('of %s %s ends in %s, %s', async (given, last, status, reason, message, found) => {
    const { emulator, submit } = startV3()
    const accepted = await submit(ONCE, changed(ONCE, called(given, last)))
    expect(accepted.status).toBe(202)
    expect(Object.keys(accepted.body).sort()).toEqual(['job_id', 'message', 'status', 'user_id'])
    expect(accepted.body.message).toBe('Job submitted successfully')
    await emulator.advance(10_000)
    const [callback] = emulator.callbacks
    expect(callback!.headers.get('Job-ID')).toBe(accepted.body.job_id)
    const body = (await callback!.json()) as Record<string, any>
    expect(Object.keys(body).sort()).toEqual(MEMBERS)
    expect(body).toMatchObject({ status, reason, message, product: 'one_time_aml', strict_match: true })
    expect([body.no_of_persons_found, body.people.length]).toEqual([found, found])
    expect(body.kyc_receipt === null).toBe(status === 'error')
    if (reason === 'high_risk') expect(body.antifraud).toMatchObject({ fraud_risk_level: 'high' })
    else expect(body.antifraud).toBe(null)
  })

  it('keeps of the parameters what is not the service’s own', async () => {
    const { emulator, submit } = startV3()
    const parameters = { job_id: 'mine', user_id: 'mine', job_type: '15', _sandbox_v3: 'x' }
    await submit(ONCE, changed(ONCE, { ...OKAFOR, partner_params: parameters }))
    await submit(ONCE, changed(ONCE, { ...OKAFOR, partner_params: { ...parameters, order: 'A' } }))
    await emulator.advance(10_000)
    const bodies = (await Promise.all(emulator.callbacks.map((request) => request.json()))) as Record<
      string,
      any
    >[]
    expect(bodies.map(({ partner_params }) => partner_params)).toEqual([null, { order: 'A' }])
  })

  it('takes countries as one list alone, where monitoring takes the last', async () => {
    const { submit } = startV3()
    const repeated: Parts = [...GOOD[ONCE]!, ['countries', '["KE"]']]
    expect((await submit(ONCE, repeated)).body.message).toBe(
      "Required field 'countries' is missing or invalid.",
    )
    expect((await submit(MONITORING, [...GOOD[MONITORING]!, ['countries', '["KE"]']])).status).toBe(202)
    for (const countries of ['NG', '[]', '["ng"]', '["NGA"]']) {
      expect((await submit(ONCE, changed(ONCE, { countries }))).status).toBe(400)
    }
  })

  it('takes a year of the past, as number or text, and echoes strict_match', async () => {
    const { emulator, submit } = startV3()
    for (const [birth_year, status] of [
      ['1990', 202],
      ['2026', 202],
      ['2027', 400],
      ['0990', 400],
      ['90', 400],
    ] as const) {
      expect((await submit(ONCE, changed(ONCE, { birth_year, strict_match: 'false' }))).status).toBe(status)
    }
    await emulator.advance(10_000)
    expect(await emulator.callbacks[0]!.json()).toMatchObject({ strict_match: false })
  })

  it('takes nothing from a token', async () => {
    const { post, token } = startV3({ v3: { boundIdentityMatches: true } })
    const headers = await token([['payload', { given_names: 'Nkechi', last_name: 'Okafor' }]])
    const { body } = await post(ONCE, changed(ONCE, { user_details: undefined }), headers)
    expect(body.message).toBe("Required field 'user_details.given_names' is missing or invalid.")
  })

  it('of an existing user wants one who was identified before', async () => {
    const { emulator, submit } = startV3()
    const existing = changed(ONCE, { ...OKAFOR, search_existing_user: 'true', user_id: 'u' })
    expect((await submit(ONCE, existing)).body.message).toBe('No enrolled user found for this partner.')
    await submit('/v3/biometric_kyc', [...GOOD['/v3/biometric_kyc']!, ['user_id', 'u']])
    await emulator.advance(10_000)
    expect((await submit(ONCE, existing)).status).toBe(202)
  })
})

describe('a synchronous screening', () => {
  it('answers with the result, its ids in signed headers alone', async () => {
    const { submit } = startV3()
    const { status, body, headers } = await submit(SYNC, changed(SYNC, { ...AFOLABI, user_id: 'u' }))
    expect(status).toBe(200)
    expect(Object.keys(body).sort()).toEqual(MEMBERS)
    expect(headers.get('SmileID-Job-ID')).toMatch(/^job_/)
    expect(headers.get('User-ID')).toBe('u')
    const timestamp = headers.get('Response-Timestamp')
    const expected = createHmac('sha256', 'emulator-key-of-085').update(`${timestamp}85sid_request`)
    expect(headers.get('Response-Signature')).toBe(expected.digest('base64'))
  })

  it('is paid once for each key, whether or not its answer arrived', async () => {
    const { emulator, submit } = startV3()
    emulator.addFault({ on: 'v3/aml/sync', fault: { kind: 'reset', commit: true } })
    await expect(submit(SYNC, undefined, KEY)).rejects.toThrow()
    const [first, second] = [await submit(SYNC, undefined, KEY), await submit(SYNC, undefined, KEY)]
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('SmileID-Job-ID')).toBe(first.headers.get('SmileID-Job-ID'))
    expect(emulator.v3.bills).toHaveLength(1)
    await submit(SYNC)
    await submit(SYNC)
    expect(emulator.v3.bills).toHaveLength(3)
  })

  it('is paid once, too, when the same key comes several times at once', async () => {
    const { emulator, submit } = startV3()
    const replies = await Promise.all(Array.from({ length: 5 }, () => submit(SYNC, undefined, KEY)))
    expect(new Set(replies.map(({ headers }) => headers.get('SmileID-Job-ID'))).size).toBe(1)
    expect(emulator.v3.bills).toHaveLength(1)
  })

  it.each(['short', 'x'.repeat(129), 'with spaces in between it'])('refuses the key %j', async (key) => {
    const { submit } = startV3()
    expect((await submit(SYNC, undefined, { 'SmileID-Idempotency-Key': key })).status).toBe(400)
  })

  it('answers another body under the same key as was chosen', async () => {
    const first = startV3()
    await first.submit(SYNC, changed(SYNC, OKAFOR), KEY)
    expect((await first.submit(SYNC, changed(SYNC, AFOLABI), KEY)).body.status).toBe('clear')
    const refuse = startV3({ v3: { reusedKey: 'refuse' } })
    await refuse.submit(SYNC, changed(SYNC, OKAFOR), KEY)
    expect((await refuse.submit(SYNC, changed(SYNC, AFOLABI), KEY)).status).toBe(400)
    expect((await refuse.submit(SYNC, changed(SYNC, OKAFOR), KEY)).status).toBe(200)
  })

  it('bills nothing for a provider that was silent; what the same key does then was chosen', async () => {
    for (const keyAfterTimeout of ['same_error', 'screen_again'] as const) {
      const { emulator, submit, get } = startV3({ v3: { keyAfterTimeout } })
      emulator.addFault({ on: 'v3/aml/sync', fault: { kind: 'status', status: 408 } })
      const silent = await submit(SYNC, undefined, KEY)
      expect([silent.status, emulator.v3.bills.length]).toEqual([408, 0])
      const job_id = silent.headers.get('SmileID-Job-ID')
      expect((await get(`/v3/status/${job_id}`)).body.status).toBe('error')
      const again = await submit(SYNC, undefined, KEY)
      expect(again.headers.get('SmileID-Job-ID')).toBe(job_id)
      const isNew = keyAfterTimeout === 'screen_again'
      expect([again.status, emulator.v3.bills.length]).toEqual(isNew ? [200, 1] : [408, 0])
    }
  })

  it('can leave its status processing after a time-out', async () => {
    const { emulator, submit, get } = startV3({ v3: { monitoringStatus: 'processing' } })
    emulator.addFault({ on: 'v3/aml/sync', fault: { kind: 'status', status: 408 } })
    const { headers } = await submit(SYNC)
    expect((await get(`/v3/status/${headers.get('SmileID-Job-ID')}`)).status).toBe(202)
  })
})

describe('monitoring', () => {
  const watch = async (options: Parameters<typeof startV3>[0], details = ONI) => {
    const world = startV3(options)
    const { body } = await world.submit(MONITORING, changed(MONITORING, { ...details, user_id: 'u' }))
    await world.emulator.advance(10_000)
    const result = (await world.emulator.callbacks[0]!.json()) as Record<string, any>
    return { ...world, job_id: String(body.job_id), result }
  }

  it('finds people with a reference, under the name that was chosen', async () => {
    const { result } = await watch({})
    expect(result).toMatchObject({ product: 'aml_monitoring', status: 'attention' })
    expect(result.people).toMatchObject([{ name: 'Bukola Oni', reference: expect.stringMatching(/^\w+$/) }])
    const other = await watch({ v3: { monitoringReference: 'ref' } })
    expect(other.result.people[0].ref).toBe(result.people[0].reference)
  })

  it('tells the news about them, page by page', async () => {
    const { get, job_id, result } = await watch({})
    const [{ reference, news_summary }] = result.people
    for (const { news_category, number_of_articles } of news_summary) {
      const seen: string[] = []
      for (let page = 1; seen.length < number_of_articles; page++) {
        const path = `/v3/aml/monitoring/${job_id}/news/${reference}`
        const { status, body } = await get(`${path}?news_category=${news_category}&page=${page}`)
        expect(status).toBe(200)
        expect(body).toMatchObject({
          job_id,
          product: 'aml_monitoring_news',
          user_id: 'u',
          meta: { current_page: page, limit: 25, total_count: number_of_articles },
        })
        expect(Object.keys(body.news[0]).sort()).toEqual([
          'body',
          'published_date',
          'publisher',
          'publisher_country_code',
          'title',
          'url',
        ])
        seen.push(...(body.news as { title: string }[]).map(({ title }) => title))
      }
      expect(new Set(seen).size).toBe(number_of_articles)
    }
  })

  it('pages as it is asked to, and no further than 100', async () => {
    const { get, job_id, result } = await watch({})
    const path = `/v3/aml/monitoring/${job_id}/news/${result.people[0].reference}?news_category=regulatory`
    expect((await get(`${path}&limit=100&page=2`)).body.news).toHaveLength(30)
    expect((await get(`${path}&page=100`)).body.news).toEqual([])
    for (const query of ['page=0', 'page=101', 'limit=0', 'limit=101', 'page=x']) {
      expect((await get(`${path}&${query}`)).status).toBe(400)
    }
  })

  it('tells the news to tokens of its user alone, where they name one', async () => {
    const { get, token, job_id, result } = await watch({})
    const path = `/v3/aml/monitoring/${job_id}/news/${result.people[0].reference}?news_category=other`
    expect((await get(path, await token([['user_id', 'u']]))).status).toBe(200)
    const other = await get(path, await token([['user_id', 'v']]))
    expect([other.status, other.body.message]).toEqual([404, 'No AML job found for this partner'])
  })

  it('sends updates to the partner’s own URL', async () => {
    const partners = [
      { partnerId: '7', apiKey: 'k', callbackUrl: 'https://partner.example/default' },
    ] as const
    const { emulator, job_id } = await watch({ partners })
    expect(emulator.v3.sendAmlUpdate(job_id)).toBe(true)
    expect(emulator.v3.sendAmlUpdate('job_unknown')).toBe(false)
    await emulator.advance(0)
    const update = emulator.callbacks.at(-1)!
    expect(update.url).toBe('https://partner.example/default')
    expect(await update.json()).toMatchObject({ product: 'aml_monitoring_update', status: 'attention' })
  })

  it('says by its status what was chosen', async () => {
    expect(await (await watch({})).get('/v3/status/x')).toMatchObject({ status: 400 })
    const ended = await watch({})
    expect((await ended.get(`/v3/status/${ended.job_id}`)).body.status).toBe('attention')
    const watching = await watch({ v3: { monitoringStatus: 'processing' } })
    expect((await watching.get(`/v3/status/${watching.job_id}`)).body.status).toBe('processing')
  })

  it('of an existing user takes the name from the user', async () => {
    const { submit, emulator } = startV3()
    await submit('/v3/biometric_kyc', [...GOOD['/v3/biometric_kyc']!, ['user_id', 'u']])
    await emulator.advance(10_000)
    const parts = changed(MONITORING, { full_name: undefined, search_existing_user: 'true', user_id: 'u' })
    expect((await submit(MONITORING, parts)).status).toBe(202)
    const nameless = changed(MONITORING, { full_name: undefined, user_details: CLEARWATER })
    expect((await submit(MONITORING, nameless)).status).toBe(400)
  })
})

test('an address is looked for by a meter in Nigeria, by the person in South Africa', async () => {
  const path = '/v3/address'
  const { emulator, submit } = startV3()
  const nigeria = { country: 'NG', id_number: undefined, utility_number: '0123456789' }
  const whole = { ...nigeria, utility_provider: 'IKEDC', utility_type: 'PrePaid' }
  expect((await submit(path, changed(path, whole))).status).toBe(202)
  for (const changes of [
    nigeria,
    { ...whole, utility_type: 'Free' },
    { ...whole, country: 'ZA' },
    { address: 'x'.repeat(513) },
    { id_number: '1'.repeat(257) },
  ]) {
    expect((await submit(path, changed(path, changes))).status).toBe(400)
  }
  emulator.v3.endNext({ status: 'block', reason: 'address_out_of_range' })
  await submit(path)
  await emulator.advance(10_000)
  const bodies = await Promise.all(emulator.callbacks.map((request) => request.json()))
  expect(bodies).toMatchObject([
    { product: 'address_verification', status: 'clear' },
    { product: 'address_verification', status: 'block', reason: 'address_out_of_range' },
  ])
})
