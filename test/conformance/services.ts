/** The services document, checks against it, and web tokens. */
import { createClient } from 'smileid-edge/client'
import {
  describeIdType,
  getServices,
  idNumberFormat,
  listCountries,
  listIdTypes,
  requiredFields,
  type Services,
  validateIdInfo,
  validatePartnerParams,
} from 'smileid-edge/services'
import { createWebToken } from 'smileid-edge/web-token'
import { start } from '../support/emulated'
import { requestsShareWork } from '../support/runtime'
import { equal, ok, rejection, test } from './harness'

const document = (): Promise<Services> => getServices(start().client)

test('the services document is read once per period, however many ask', async () => {
  const { emulator, client } = start()
  if (!requestsShareWork) await getServices(client)
  const all = await Promise.all(Array.from({ length: 50 }, () => getServices(client)))
  ok(
    all.every((one) => one === all[0]),
    'one copy',
  )
  await emulator.advance(3_599_999)
  await getServices(client)
  equal(emulator.calls.length, 1)
  await emulator.advance(2)
  await Promise.all([getServices(client), requestsShareWork && getServices(client)])
  equal(emulator.calls.length, 2)
  await getServices(client, { maxAgeMs: 0 })
  equal(emulator.calls.length, 3)
  await getServices(createClient({ ...emulator.clientOptions, dangerouslyAllowBrowser: true }))
  equal(emulator.calls.length, 4, 'another client')
})

test('a failure is not kept, and an abort ends one wait alone', async () => {
  const { emulator, client } = start({
    faults: [{ times: requestsShareWork ? 3 : 6, fault: { kind: 'status', status: 500 } }],
  })
  const failures = await Promise.all([rejection(getServices(client)), rejection(getServices(client))])
  equal(
    failures.map(({ code }) => code),
    ['server_error', 'server_error'],
  )
  equal(emulator.calls.length, requestsShareWork ? 3 : 6)
  const controller = new AbortController()
  const reason = new Error('enough')
  const [aborted, other] = [
    rejection(getServices(client, { signal: controller.signal })),
    getServices(client),
  ]
  controller.abort(reason)
  ok((await aborted) === reason && (await other).id_types, 'the other goes on')
  equal((await rejection(getServices(client, { maxAgeMs: -1 }))).issues[0].path, 'options.maxAgeMs')
  const lying = createClient({
    ...emulator.clientOptions,
    dangerouslyAllowBrowser: true,
    fetch: async () => Response.json({ id_types: [] }),
  })
  equal((await rejection(getServices(lying))).code, 'invalid_reply')
})

test('helpers list countries, types, fields and formats', async () => {
  const services = await document()
  equal(listCountries(services), ['GH', 'KE', 'NG', 'UG', 'ZA'])
  equal(listCountries(services, 'nothing'), [])
  ok(
    listIdTypes(services, 'NG').includes('BVN') &&
      listIdTypes(services, 'NG', 'doc_verification').join() === 'DRIVERS_LICENSE,PASSPORT,VOTER_ID',
    'types',
  )
  equal(
    [
      listIdTypes(services, 'XX'),
      listIdTypes(services, '__proto__'),
      listIdTypes(services, 'NG', 'constructor'),
    ],
    [[], [], []],
  )
  equal(requiredFields(services, 'NG', 'BANK_ACCOUNT'), [
    'country',
    'id_type',
    'id_number',
    'bank_code',
    'user_id',
    'job_id',
  ])
  ok(requiredFields(services, 'NG', 'BVN', 'basic_kyc').includes('first_name'), 'of a product')
  equal(describeIdType(services, 'NG', 'BVN')?.test_data, '00000000000')
  const format = (country: string, type: string) => idNumberFormat(services, country, type)
  ok(format('NG', 'BVN')?.test('12345678901') && !format('NG', 'BVN')?.test('1234567890'), 'BVN')
  ok(
    format('GH', 'SSNIT')?.test('c123456789012') && format('GH', 'SSNIT')?.flags === 'i',
    'the literal /i is the flag',
  )
  equal([format('NG', 'BVN_MFA'), format('XX', 'BVN')], [undefined, undefined])
  const odd = {
    id_types: {},
    bank_codes: [],
    hosted_web: { p: { XX: { name: 'X', id_types: { A: { label: 'A', id_number_regex: '([' } } } } },
  }
  equal(idNumberFormat(odd, 'XX', 'A'), undefined)
})

test('partner params: every problem', () => {
  const paths = (params: unknown) =>
    validatePartnerParams(params).map(({ path, code }) => `${path.slice(15)} ${code}`)
  equal(paths({ user_id: 'u', job_id: 'j', job_type: 5 }), [])
  equal(paths({ user_id: 'u', job_id: 'j', job_type: 5, extra: {} }), [])
  for (const nothing of [undefined, null, {}, [], 'text'])
    equal(paths(nothing), ['user_id missing', 'job_id missing', 'job_type missing'])
  equal(paths({ user_id: 5, job_id: null, job_type: '5' }), [
    'user_id wrong_type',
    'job_id missing',
    'job_type wrong_type',
  ])
  equal(paths({ user_id: '', job_id: ['j'], job_type: 1.5 }), [
    'user_id missing',
    'job_id wrong_type',
    'job_type wrong_type',
  ])
})

/**
 * smile_id_core's Utilities.validate_id_params (spec §8.1) written down row by row: job type, entered,
 * document given, what is missing → paths.
 */
const ROWS: readonly [
  job_type: number,
  entered: unknown,
  withServices: boolean,
  change: object,
  expected: string[],
][] = [
  // 1: nothing is checked unless the job type is 6 or the number was entered
  [5, false, true, { country: '', id_type: '', id_number: '' }, []],
  [5, undefined, true, { country: 'XX' }, []],
  [1, false, false, { country: '' }, []],
  [2, undefined, false, { country: '' }, []],
  [11, false, true, { country: '' }, []],
  // 2: country and id_type, and id_number but for 6
  [5, true, false, { country: '', id_type: undefined, id_number: null }, ['country', 'id_type', 'id_number']],
  [1, true, false, { id_number: '' }, ['id_number']],
  [6, false, false, { country: '', id_type: '', id_number: '' }, ['country', 'id_type']],
  [6, true, false, { id_number: '' }, []],
  [5, 'false', false, { id_type: '' }, ['id_type']],
  // 3: without the document that is all
  [5, true, false, { country: 'XX', id_type: 'YY' }, []],
  [6, false, false, { country: 'XX', id_type: 'YY' }, []],
  // 5, 6: document verification
  [6, false, true, {}, []],
  [6, false, true, { country: 'XX' }, ['country']],
  [6, false, true, { id_type: 'BVN' }, ['id_type']],
  [6, true, true, { id_number: '' }, []],
  // 5', 6': the others
  [5, true, true, { country: 'XX' }, ['country']],
  [5, true, true, { id_type: 'SSNIT' }, ['id_type']],
  [1, true, true, { id_type: 'PASSPORT', id_number: 'A00000000' }, ['first_name', 'last_name', 'dob']],
  // 7' to 9': every field of the document, in id_info or partner_params, and not empty
  [
    5,
    true,
    true,
    { id_type: 'PASSPORT', id_number: 'A00000000', first_name: '', last_name: 'x', dob: 'y' },
    ['first_name'],
  ],
  [5, true, true, { id_type: 'BVN', id_number: '00000000000' }, []],
]

test('ID info: the decision table, row by row', async () => {
  const services = await document()
  for (const [job_type, entered, withServices, change, expected] of ROWS) {
    const input = {
      partner_params: { user_id: 'u', job_id: 'j', job_type },
      id_info: {
        country: 'NG',
        id_type: 'PASSPORT',
        id_number: 'A00000000',
        ...(job_type === 6 ? {} : { first_name: 'a', last_name: 'b', dob: 'c' }),
        entered,
        ...change,
      },
    }
    if (expected.includes('last_name'))
      for (const name of ['first_name', 'last_name', 'dob'] as const)
        delete (input.id_info as Record<string, unknown>)[name]
    equal(
      validateIdInfo(input, withServices ? { services } : {}).map(({ path }) => path.slice(8)),
      expected,
      JSON.stringify([job_type, entered, withServices, change]),
    )
  }
  // A field may stand in partner_params; there it must not be empty, either.
  const info = { country: 'NG', id_type: 'BANK_ACCOUNT', id_number: '0000000000', entered: true }
  equal(
    validateIdInfo(
      { partner_params: { user_id: 'u', job_id: 'j', job_type: 5, bank_code: '044' }, id_info: info },
      { services },
    ),
    [],
  )
  equal(
    validateIdInfo(
      { partner_params: { user_id: 'u', job_id: '', job_type: 5, bank_code: '' }, id_info: info },
      { services },
    ).map(({ path }) => path),
    ['partner_params.bank_code', 'partner_params.job_id'],
  )
  // Beyond the table: the number's format, when the document tells it.
  equal(
    validateIdInfo(
      {
        partner_params: { user_id: 'u', job_id: 'j', job_type: 5 },
        id_info: { country: 'NG', id_type: 'BVN', id_number: '1', entered: true },
      },
      { services },
    ).map(({ path, code }) => `${path} ${code}`),
    ['id_info.id_number wrong_format'],
  )
  for (const odd of [undefined, null, {}, [], 'text', { id_info: 5 }]) equal(validateIdInfo(odd as never), [])
})

test('the strictness of newer SDKs', () => {
  const paths = (job_type: number, id_info: object) =>
    validateIdInfo(
      { partner_params: { user_id: 'u', job_id: 'j', job_type }, id_info },
      { strict: true },
    ).map(({ path }) => path.slice(8))
  equal(paths(6, { country: 'NG' }), [])
  equal(paths(6, { country: 'Nigeria' }), ['country'])
  equal(paths(11, { country: 'NG' }), ['id_type'])
  equal(paths(5, { country: 'ng', entered: true }), ['id_type', 'id_number', 'country'])
  equal(paths(5, { entered: false }), [])
})

test('a web token is for one user, one job and one product', async () => {
  const { client } = start()
  const callback_url = 'https://app.example/cb'
  const { token } = await createWebToken(client, {
    user_id: 'u1',
    job_id: 'j1',
    product: 'biometric_kyc',
    callback_url,
  })
  const payload = JSON.parse(atob(token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/'))) as Record<
    string,
    unknown
  >
  equal(
    [payload.partner_params, payload.product, payload.callback_url],
    [{ user_id: 'u1', job_id: 'j1' }, 'biometric_kyc', callback_url],
  )
  const wrong = await rejection(
    createWebToken(client, { user_id: 'u1', job_id: 'j1', product: 'selfies', callback_url }),
  )
  equal([wrong.code, wrong.smileCode], ['invalid_request', '2217'])
  const paths = async (input: unknown) =>
    (await rejection(createWebToken(client, input as never))).issues.map(
      (issue: { path: string; code: string }) => `${issue.path} ${issue.code}`,
    )
  equal(await paths({ user_id: 5, product: '' }), [
    'user_id wrong_type',
    'job_id missing',
    'product missing',
    'callback_url missing',
  ])
  equal(
    await paths({
      user_id: 'u',
      job_id: 'j',
      product: 'basic_kyc',
      callback_url: 'ftp://x',
      token: 1,
      otp: 2,
    }),
    ['token not_allowed', 'otp not_allowed', 'callback_url wrong_format'],
  )
})
