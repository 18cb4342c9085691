/** Addresses, fraud reports and Smile Links. */
import { type AddressVerification, submitAddressVerification } from 'smileid-edge/v3/address'
import { createTokenClient } from 'smileid-edge/v3/client'
import { createSmileLink, getSmileLink, type SmileLinkInput } from 'smileid-edge/v3/smile-links'
import { type FraudReport, reportUserFraud } from 'smileid-edge/v3/users'
import { startRecording } from '../../support/emulated'
import { jwt, KYC, startV3Service } from '../../support/v3-service'
import { describe, equal, issuesOf, ok, rejection, test } from '../harness'

const CLEARWATER = {
  given_names: 'Amina Fatou',
  last_name: 'Clearwater',
  email: 'amina.clearwater@example.com',
}
const common = {
  consent: { ...KYC.consent, granted_at: '2025-12-31T08:00:00.000Z' },
  user_details: CLEARWATER,
  callback_url: 'https://shop.example/smile-id',
}
const METER = { utility_number: '0123456789', utility_provider: 'IKEDC', utility_type: 'PrePaid' } as const
const NIGERIAN: AddressVerification = { ...common, address: '12 Test Road', country: 'NG', ...METER }
const SOUTH_AFRICAN: AddressVerification = {
  ...common,
  address: '1 Sample Street',
  country: 'ZA',
  id_number: '9001015800085',
}

describe('submitAddressVerification', () => {
  test('by a meter, and by the person', async () => {
    const { client, sent, emulator } = startRecording()
    for (const input of [NIGERIAN, SOUTH_AFRICAN]) {
      const accepted = await submitAddressVerification(client, { ...input, user_id: 'u 1' })
      equal([accepted.status, accepted.user_id, 'created_at' in accepted], ['accepted', 'u 1', false])
    }
    const forms = sent.filter(({ url }) => url.pathname === '/v3/address')
    const texts = await Promise.all(
      forms.map(async ({ request }) => Object.fromEntries(await request.formData())),
    )
    const { consent, user_details } = common
    const expected = [NIGERIAN, SOUTH_AFRICAN].map((input) => ({
      ...input,
      consent: JSON.stringify(consent),
      user_details: JSON.stringify(user_details),
      user_id: 'u 1',
    }))
    equal(texts, expected)
    await emulator.advance(60_000)
    equal(emulator.callbacks.length, 2)
  })

  test('is sent once', async () => {
    const fault = { kind: 'reset', commit: true } as const
    const { client, sent } = startRecording({ faults: [{ on: 'v3/address', fault }] })
    const { outcome, attempts } = await rejection(submitAddressVerification(client, NIGERIAN))
    equal([outcome, attempts], ['unknown', 1])
    equal(sent.filter(({ url }) => url.pathname === '/v3/address').length, 1)
  })

  test('all that is wrong, at once, and nothing is sent', async () => {
    const { client, got } = startV3Service()
    const issues = (input: object) => issuesOf(submitAddressVerification(client, input as never))
    const wrong = { address: 'x'.repeat(513), utility_number: 'x'.repeat(257), utility_type: 'Prepaid' }
    equal(await issues({ ...NIGERIAN, ...wrong, utility_provider: undefined, id_number: '1', dob: '' }), [
      'address wrong_format',
      'utility_number wrong_format',
      'utility_type wrong_format',
      'dob not_allowed',
      'utility_provider missing',
      'id_number not_allowed',
    ])
    equal(await issues({ ...SOUTH_AFRICAN, ...METER, id_number: '' }), [
      'id_number missing',
      'utility_number not_allowed',
      'utility_provider not_allowed',
      'utility_type not_allowed',
    ])
    equal(await issues({ ...common, address: '1', country: 'NG', id_number: undefined }), [
      'utility_number missing',
      'utility_provider missing',
      'utility_type missing',
    ])
    equal(await issues({ ...SOUTH_AFRICAN, country: 'za' }), ['country wrong_format'])
    equal(await issues({}), ['address missing', 'country missing', 'consent missing', 'user_details missing'])
    equal(got.length, 0)
  })

  test('with a country that the token names', async () => {
    const { fetch, callsOf } = startV3Service()
    const pageOf = (payload: object) =>
      createTokenClient({
        token: jwt({ partner_id: '85', exp: 4_000_000_000, payload: { ...payload, country: 'ZA' } }),
        environment: 'sandbox',
        fetch,
      })
    const { consent, user_details } = common
    const input = { address: '1 Sample Street', consent, user_details }
    equal((await submitAddressVerification(pageOf({ id_number: 'pii_1' }), input)).status, 'accepted')
    equal(await issuesOf(submitAddressVerification(pageOf({}), input)), ['id_number missing'])
    equal(callsOf().length, 1)
  })
})

describe('reportUserFraud', () => {
  const REPORT: FraudReport = {
    user_id: 'shop/42 ü',
    is_fraud: true,
    reason: 'MULE_ACCOUNT',
    reported_by: 'risk@shop.example',
  }
  const CLEARED: FraudReport = { ...REPORT, is_fraud: false, reason: undefined, notes: 'a mistake' }

  test('blocks a user, and takes it back', async () => {
    const { client, emulator, sent } = startRecording()
    emulator.setUser(REPORT.user_id, 'enrolled')
    const blocked = await reportUserFraud(client, REPORT)
    equal([blocked.status, blocked.user_id], ['accepted', REPORT.user_id])
    await reportUserFraud(client, CLEARED)
    const reports = sent.filter(({ url }) => url.pathname.endsWith('/report_fraud'))
    equal(reports[0]!.url.pathname, '/v3/users/shop%2F42%20%C3%BC/report_fraud')
    equal(await Promise.all(reports.map(async ({ request }) => [...(await request.formData())])), [
      [
        ['is_fraud', 'true'],
        ['reason', 'MULE_ACCOUNT'],
        ['reported_by', 'risk@shop.example'],
      ],
      [
        ['is_fraud', 'false'],
        ['reported_by', 'risk@shop.example'],
        ['notes', 'a mistake'],
      ],
    ])
    equal((await rejection(reportUserFraud(client, { ...REPORT, user_id: 'nobody' }))).code, 'user_not_found')
  })

  test('is sent once', async () => {
    const fault = { kind: 'reset', commit: true } as const
    const { client, emulator, sent } = startRecording({ faults: [{ on: 'v3/users/report_fraud', fault }] })
    emulator.setUser(REPORT.user_id, 'enrolled')
    const { outcome, attempts, hint } = await rejection(reportUserFraud(client, REPORT))
    equal([outcome, attempts], ['unknown', 1])
    ok(!/callback/.test(hint), 'no callback will tell')
    equal(sent.filter(({ url }) => url.pathname.endsWith('/report_fraud')).length, 1)
  })

  test('all that is wrong, at once, and nothing is sent', async () => {
    const { client, got } = startV3Service()
    const issues = (more: object) => issuesOf(reportUserFraud(client, { ...REPORT, ...more } as never))
    const wrong = {
      user_id: '..',
      is_fraud: 'true',
      reason: 'FRAUD',
      notes: 'x'.repeat(501),
      reported_by: 'me',
    }
    equal(await issues(wrong), [
      'user_id wrong_format',
      'is_fraud wrong_type',
      'reason wrong_format',
      'notes wrong_format',
      'reported_by wrong_format',
    ])
    equal(await issues({ reason: undefined }), ['reason missing'])
    equal(await issues({ reason: 'OTHER' }), ['notes missing'])
    equal(await issues({ reason: 'OTHER', notes: ' ' }), ['notes missing'])
    equal(await issues({ is_fraud: false }), ['reason not_allowed', 'notes missing'])
    equal(await issuesOf(reportUserFraud(client, undefined as never)), [
      'user_id missing',
      'is_fraud missing',
      'reported_by missing',
    ])
    equal(got.length, 0)
  })
})

describe('Smile Links', () => {
  const LINK: SmileLinkInput = {
    name: 'Onboarding',
    id_types: [{ country: 'NG', id_type: 'NIN_V2', verification_method: 'enhanced_kyc' }],
    notice_privacy_policy_url: 'https://shop.example/privacy',
    is_single_use: true,
    user_id: 'shop-42',
  }

  test('are made and read, with all that was said', async () => {
    const { client, sent } = startRecording({}, { callbackUrl: 'https://shop.example/all' })
    const more = {
      description: 'for Ada',
      logo_url: 'https://shop.example/logo.png',
      redirect_url: 'http://shop.example/done',
      theme_color: '#00ff00',
      expires_at: new Date(Date.UTC(2030, 0, 1)),
      partner_params: { order: 'A-1' },
    }
    const made = await createSmileLink(client, { ...LINK, ...more })
    equal(made.user_id, 'shop-42')
    const read = await getSmileLink(client, made)
    equal(
      [read.link, read.user_id, read.callback_url, read.expires_at, read.partner_params, read.id_types],
      [
        made.link,
        'shop-42',
        'https://shop.example/all',
        '2030-01-01T00:00:00.000Z',
        { order: 'A-1' },
        LINK.id_types,
      ],
    )
    const [{ request }] = sent.filter(({ url }) => url.pathname === '/v3/smile_links') as [(typeof sent)[0]]
    const form = Object.fromEntries(await request.formData())
    equal([form.is_single_use, form.id_types], ['true', JSON.stringify(LINK.id_types)])
    equal((await rejection(createSmileLink(client, LINK))).code, 'link_user_taken')
    const many = { ...LINK, is_single_use: false, user_id: undefined } as const
    equal((await createSmileLink(client, many)).user_id, null)
    const ref_id = '00000000-0000-4000-8000-000000000000'
    equal((await rejection(getSmileLink(client, { ref_id }))).code, 'link_not_found')
  })

  test('are made once, and read again', async () => {
    const fault = { kind: 'reset', commit: true } as const
    const { client, emulator, sent } = startRecording({ faults: [{ on: 'v3/smile_links', fault }] })
    const { outcome, attempts, hint } = await rejection(createSmileLink(client, LINK))
    equal([outcome, attempts], ['unknown', 1])
    ok(!/callback/.test(hint), 'no callback will tell')
    equal(sent.filter(({ url }) => url.pathname === '/v3/smile_links').length, 1)
    const made = await createSmileLink(client, { ...LINK, user_id: 'shop-43' })
    emulator.addFault({ on: 'v3/smile_links', times: 2, fault })
    equal((await getSmileLink(client, made)).link, made.link)
  })

  test('need a token without product', async () => {
    const { fetch, got } = startV3Service()
    const token = jwt({ partner_id: '85', exp: 4_000_000_000, product: 'enhanced_kyc' })
    const page = createTokenClient({ token, environment: 'sandbox', fetch })
    equal(await issuesOf(createSmileLink(page, { ...LINK, name: '' })), [
      'name missing',
      'client not_allowed',
    ])
    equal(await issuesOf(getSmileLink(page, { ref_id: 'x' })), ['ref_id wrong_format', 'client not_allowed'])
    equal(got.length, 0)
    // Where each product has a token of its own, that of links is for none.
    const made = () => Response.json({ link: 'https://links.example/1', ref_id: '1' }, { status: 201 })
    const service = startV3Service({ answer: made }, { v3: { tokenScope: 'product' } })
    equal((await createSmileLink(service.client, LINK)).ref_id, '1')
    equal(service.got[0]!.form, [])
  })

  test('all that is wrong, at once, and nothing is sent', async () => {
    const { client, got } = startV3Service()
    const issues = (more: object) => issuesOf(createSmileLink(client, { ...LINK, ...more } as never))
    const wrong = {
      id_types: [{ country: 'ng', id_type: '', verification_method: 'enhanced_kyc', name: 'x' }],
      name: undefined,
      notice_privacy_policy_url: 'shop.example',
      is_single_use: 'yes',
      callback_url: 'http://shop.example',
      logo_url: 'javascript:alert(1)',
      expires_at: 'tomorrow',
      partner_params: { order: 1 },
      user_id: 5,
      colour: 'green',
    }
    equal(await issues(wrong), [
      'id_types[0].country wrong_format',
      'id_types[0].id_type missing',
      'id_types[0].name not_allowed',
      'name missing',
      'notice_privacy_policy_url wrong_format',
      'is_single_use wrong_type',
      'logo_url wrong_format',
      'expires_at wrong_format',
      'partner_params.order wrong_type',
      'user_id wrong_type',
      'colour not_allowed',
      'callback_url wrong_format',
    ])
    equal(await issues({ id_types: [], is_single_use: false }), ['id_types missing', 'user_id not_allowed'])
    equal(await issues({ id_types: 'NIN' }), ['id_types wrong_type'])
    equal(await issuesOf(getSmileLink(client, {} as never)), ['ref_id missing'])
    equal(got.length, 0)
  })
})
