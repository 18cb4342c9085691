/** What the service supports, and how its replies are kept. */
import { createClient } from 'smileid-edge/client'
import { submitEnhancedKyc } from 'smileid-edge/v3/enhanced-kyc'
import {
  getBankCodes,
  getIdStatus,
  getSupportedDocuments,
  getSupportedIdTypes,
} from 'smileid-edge/v3/services'
import { startRecording } from '../../support/emulated'
import { requestsShareWork } from '../../support/runtime'
import { KYC, refuse, startV3Service } from '../../support/v3-service'
import { describe, equal, issuesOf, ok, rejection, test } from '../harness'

describe('services', () => {
  test('public ones go without a token, id_status with one', async () => {
    const { client, sent } = startRecording()
    const { bank_codes } = await getBankCodes(client, { country: 'NG' })
    ok(
      bank_codes.every(({ country }) => country === 'NG'),
      'banks of Nigeria',
    )
    const { id_types } = await getSupportedIdTypes(client)
    ok(
      id_types.some(({ type, regex }) => type === 'NIN_V2' && new RegExp(regex).test('12345678901')),
      'NIN',
    )
    const documents = await getSupportedDocuments(client, {
      country_code: 'NG',
      continent: 'AFRICA',
      locale: 'fr-FR',
    })
    equal(documents.valid_documents[0]!.id_types[1]!.name, 'Passeport')
    equal(
      sent.map(({ method, url, headers }) => [method, url.pathname + url.search, headers['smileid-token']]),
      [
        ['GET', '/v3/services/bank_codes?country=NG', undefined],
        ['GET', '/v3/services/supported_id_types', undefined],
        ['GET', '/v3/services/supported_documents?country_code=NG&continent=AFRICA&locale=fr-FR', undefined],
      ],
    )
    const status = await getIdStatus(client, { country: 'Nigeria', id_type: 'BVN' })
    equal([status.last_check_status, status.last_hour_success_rate], ['success', '97%'])
    const last = sent.at(-1)!
    equal(last.url.search, '?country=Nigeria&id_type=BVN')
    ok(last.headers['smileid-token'], 'a token')
  })

  test('one request for all who ask the same, for as long as it is good', async () => {
    let now = Date.UTC(2026, 0, 1)
    const service = startV3Service({ answer: banks }, { now: () => now })
    const { client, got, fetch } = service
    if (!requestsShareWork) await getBankCodes(client)
    const all = await Promise.all(Array.from({ length: 20 }, () => getBankCodes(client)))
    ok(
      all.every((one) => one === all[0]),
      'one copy',
    )
    equal(got.length, 1)
    // Clients may be made for each request, and for each partner.
    const options = { apiKey: 'key', fetch, now: () => now, dangerouslyAllowBrowser: true }
    const other = createClient({ ...options, partnerId: '1', environment: 'sandbox' })
    ok((await getBankCodes(other)) === all[0], 'another client of the same host')
    equal(got.length, 1)
    const elsewhere = createClient({ ...options, partnerId: '1', environment: 'production' })
    ok((await getBankCodes(elsewhere)) !== all[0], 'another host')
    ok((await getBankCodes(client, { country: 'NG' })) !== all[0], 'another query')
    const foreign = startV3Service({ answer: banks }, { now: () => now })
    ok((await getBankCodes(foreign.client)) !== all[0], 'another fetch')
    equal([got.length, foreign.got.length], [3, 1])
    now += 3_600_000
    await getBankCodes(client)
    equal(got.length, 3)
    now += 1
    await getBankCodes(client)
    equal(got.length, 4)
    now -= 3_600_001
    await getBankCodes(client)
    equal(got.length, 5, 'a clock that was set back')
    await getBankCodes(client, {}, { maxAgeMs: 0 })
    equal(got.length, 6)
  })

  test('id_status is good for a minute, whoever asks in whatever order', async () => {
    let now = Date.UTC(2026, 0, 1)
    const { client, callsOf } = startV3Service({ answer: status }, { now: () => now })
    await getIdStatus(client, { country: 'NG', id_type: 'BVN' })
    now += 60_000
    await getIdStatus(client, { id_type: 'BVN', country: 'NG' })
    equal(callsOf().length, 1)
    now += 1
    await getIdStatus(client, { id_type: 'BVN', country: 'NG' })
    await getIdStatus(client, { id_type: 'NIN', country: 'NG' })
    equal(callsOf().length, 3)
  })

  test('a failure is not kept, and an abort ends one wait alone', async () => {
    let fails = true
    const { client, got } = startV3Service({ answer: () => (fails ? refuse(500) : banks()) })
    const both = [rejection(getBankCodes(client)), rejection(getBankCodes(client))]
    const errors = await Promise.all(both)
    equal(
      errors.map(({ code, attempts, outcome }) => [code, attempts, outcome]),
      errors.map(() => ['server_error', 3, 'unknown']),
    )
    equal(got.length, requestsShareWork ? 3 : 6)
    fails = false
    const controller = new AbortController()
    const aborted = rejection(getBankCodes(client, {}, { signal: controller.signal }))
    const other = getBankCodes(client)
    controller.abort('enough')
    equal(await aborted, 'enough')
    equal((await other).bank_codes.length, 1)
  })

  test('what is supported is what lookups are checked against', async () => {
    const { client } = startRecording({}, { now: Date.now })
    const idTypes = await getSupportedIdTypes(client, { country: 'NG' })
    equal(await issuesOf(submitEnhancedKyc(client, { ...KYC, id_type: 'NONE' }, { idTypes })), [
      'id_type not_allowed',
    ])
  })

  test('a refusal with its code, and replies that can be none', async () => {
    const { client } = startV3Service({
      answer: () => Response.json({ error: 'blocked', code: '2413' }, { status: 403 }),
    })
    const { code, smileCode } = await rejection(getBankCodes(client))
    equal([code, smileCode], ['forbidden', '2413'])
    for (const call of [
      getBankCodes,
      getSupportedIdTypes,
      getSupportedDocuments,
      (one: typeof client) => getIdStatus(one, { country: 'NG', id_type: 'BVN' }),
    ]) {
      const odd = startV3Service({ answer: () => Response.json({ bank_codes: {}, id_types: null }) })
      equal((await rejection(call(odd.client))).code, 'invalid_reply')
    }
  })

  test('all that is wrong, at once, and nothing is sent', async () => {
    const { client, got } = startV3Service()
    const options = { maxAgeMs: -1, signal: 'x' }
    equal(await issuesOf(getBankCodes(client, { country: 'ng', page: 1 } as never, options as never)), [
      'country wrong_format',
      'page not_allowed',
      'options.signal wrong_type',
      'options.maxAgeMs wrong_type',
    ])
    const query = { continent: 'Africa', country_code: 'NGA', locale: 'en' }
    equal(await issuesOf(getSupportedDocuments(client, query as never)), [
      'continent wrong_format',
      'country_code wrong_format',
      'locale wrong_format',
    ])
    equal(await issuesOf(getIdStatus(client, {} as never)), ['country missing', 'id_type missing'])
    equal(got.length, 0)
  })
})

const banks = () => Response.json({ bank_codes: [{ code: '044', country: 'NG', name: 'Example Bank' }] })
const status = () => Response.json({ last_check_status: 'success', last_known_status: 'online' })
