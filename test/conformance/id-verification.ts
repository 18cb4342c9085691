import { createClient } from 'smileid-edge/client'
import { createEmulator, type EmulatorOptions } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import {
  chooseBvnMode,
  compareUserInfo,
  confirmBvnOtp,
  getProductsConfig,
  getValidDocuments,
  resetIdNumberRateLimit,
  screenAml,
  startBvnConsent,
  submitAddress,
  submitBasicKyc,
  submitBusiness,
  submitId,
  verifyBasicKyc,
  verifyBusiness,
  verifyId,
} from 'smileid-edge/id-verification'
import { getJobStatus, waitForJob } from 'smileid-edge/job-status'
import { interpretResult, known } from 'smileid-edge/result'
import { getServices } from 'smileid-edge/services'
import { signedRequest } from 'smileid-edge/request'
import { equal, ok, rejection, test } from './harness'

const start = (options?: EmulatorOptions) => {
  const emulator = createEmulator(options)
  return { emulator, client: createClient({ ...emulator.clientOptions, dangerouslyAllowBrowser: true }) }
}
let jobs = 0
const job = (id_number: string, more: object = {}, params: object = {}): any => ({
  partner_params: { user_id: 'u1', job_id: `j${++jobs}`, ...params },
  id_info: { country: 'NG', id_type: 'BVN', id_number, ...more },
})
const paths = async (promise: Promise<unknown>) =>
  (await rejection(promise)).issues.map(
    (issue: { path: string; code: string }) => `${issue.path} ${issue.code}`,
  )

test('the last digit of a test number decides', async () => {
  const { client } = start()
  const look = async (id_number: string, more = {}) => {
    const reply = await verifyId(client, job(id_number, more))
    const { decision, retryable } = interpretResult(reply)
    return [reply.ResultCode, decision, retryable, reply.Actions?.Verify_ID_Number, known(reply.FullName)]
  }
  equal(await look('00000000000'), ['1012', 'approved', false, 'Verified', 'DOE LEO JOE'])
  equal(await look('00000000001'), ['1013', 'rejected', false, 'Not Verified', undefined])
  equal(await look('00000000002'), ['1014', 'error', false, 'Not Verified', undefined])
  equal(await look('00000000003'), ['1015', 'error', true, 'Issuer Unavailable', undefined])
  equal(await look('12345678901'), ['1013', 'rejected', false, 'Not Verified', undefined])
  equal(await look('123'), ['1014', 'error', false, 'Not Verified', undefined])
  equal(
    await look('c000000000000', { country: 'GH', id_type: 'SSNIT' }),
    ['1013', 'rejected', false, 'Not Verified', undefined],
    'the /i of the document is a flag',
  )
})

test('custom data by the digit 4, and sandbox_result', async () => {
  const { client } = start()
  const custom = await verifyId(
    client,
    job('00000000004', {}, { FullName: 'SHAW ADA B', DOB: '1990-01-02', extra: 'echoed' }),
  )
  equal([custom.FullName, custom.DOB, custom.Gender], ['SHAW ADA B', '1990-01-02', 'Male'])
  equal(
    [
      custom.PartnerParams.FirstName,
      custom.PartnerParams.LastName,
      custom.PartnerParams.extra,
      custom.PartnerParams.job_type,
    ],
    ['ADA', 'SHAW', 'echoed', 5],
  )
  equal((await verifyId(client, job('00000000000', {}, { sandbox_result: '1' }))).ResultCode, '1013')
  equal((await verifyId(client, job('00000000001', {}, { sandbox_result: '0' }))).ResultCode, '1012')
})

test('what is sent is flat, as the reference says', async () => {
  const { emulator } = start()
  const bodies: Record<string, any>[] = []
  const client = createClient({
    ...emulator.clientOptions,
    dangerouslyAllowBrowser: true,
    async fetch(url, init) {
      const request = new Request(url, init)
      bodies.push({ url: new URL(url).pathname, ...((await request.clone().json()) as object) })
      return emulator.fetch(request)
    },
  })
  await verifyId(client, {
    partner_params: { user_id: 'u', job_id: 'flat', colour: 'blue' },
    id_info: {
      country: 'NG',
      id_type: 'BVN',
      id_number: '00000000000',
      first_name: 'Leo',
      dob: '2000-09-20',
      gender: 'M',
    },
  })
  const { timestamp, signature, ...rest } = bodies[0]!
  ok(timestamp && signature, 'signed')
  equal(rest, {
    url: '/v1/id_verification',
    country: 'NG',
    id_type: 'BVN',
    id_number: '00000000000',
    first_name: 'Leo',
    dob: '2000-09-20',
    gender: 'M',
    source_sdk: 'rest_api',
    source_sdk_version: '1.0.0',
    partner_params: { user_id: 'u', job_id: 'flat', colour: 'blue', job_type: 5 },
    partner_id: '085',
  })
  await verifyBasicKyc(client, job('00000000000'))
  await submitId(client, { ...job('00000000000'), callback_url: 'https://app.example/cb' })
  equal(
    bodies.map(({ url }) => url),
    ['/v1/id_verification', '/v2/verify', '/v1/async_id_verification'],
  )
  equal(bodies[2]!.callback_url, 'https://app.example/cb')
})

test('wrong input is refused whole, before anything is sent', async () => {
  const { client, emulator } = start()
  equal(await paths(verifyId(client, {} as never)), [
    'partner_params.user_id missing',
    'partner_params.job_id missing',
    'id_info.country missing',
    'id_info.id_type missing',
    'id_info.id_number missing',
  ])
  equal(await paths(verifyId(client, undefined as never)).then((list) => list.length), 5)
  equal(
    await paths(
      verifyId(
        client,
        {
          partner_params: { user_id: 5, job_id: '', job_type: 1, sandbox_result: '3' },
          id_info: {
            country: 'Nigeria',
            id_type: 'BVN',
            id_number: 123,
            first_name: '',
            dob: '20/09/2000',
            gender: 'male',
          },
          images: [],
        } as never,
        { retries: 1 } as never,
      ),
    ),
    [
      'partner_params.user_id wrong_type',
      'partner_params.job_id missing',
      'partner_params.sandbox_result wrong_format',
      'partner_params.job_type not_allowed',
      'id_info.id_number wrong_type',
      'id_info.first_name missing',
      'id_info.country wrong_format',
      'id_info.dob wrong_format',
      'id_info.gender wrong_format',
      'images not_allowed',
      'options.retries not_allowed',
    ],
  )
  equal(await paths(verifyId(client, job('1', { dob: '2001-02-29' }))), ['id_info.dob wrong_format'])
  equal(await paths(submitId(client, job('1'))), ['callback_url missing'])
  equal(await paths(submitId(client, { ...job('1'), callback_url: 'http://app.example/cb' })), [
    'callback_url wrong_format',
  ])
  equal(
    await paths(
      verifyBusiness(client, {
        partner_params: { user_id: 'u', job_id: 'j', job_type: 5 },
        id_info: { country: 'NG', id_type: 'X', id_number: '1' },
      } as never),
    ),
    ['partner_params.job_type not_allowed'],
  )
  equal(
    await paths(
      screenAml(client, {
        user_id: 'u',
        job_id: 'j',
        full_name: '',
        countries: ['Nigeria'],
        birth_year: '90',
        aliases: [''],
        strict_match: 'yes',
      } as never),
    ),
    [
      'full_name missing',
      'aliases wrong_type',
      'birth_year wrong_format',
      'strict_match wrong_type',
      'countries[0] wrong_format',
    ],
  )
  equal(emulator.calls.length, 0)
})

test('the services document is checked against before anything is sent', async () => {
  const { client, emulator } = start()
  const services = await getServices(client)
  const check = (more: object, id_number = '00000000000') =>
    paths(verifyId(client, job(id_number, more), { services }))
  equal(await check({}, '123'), ['id_info.id_number wrong_format'])
  equal(await check({ country: 'XX' }), ['id_info.country not_allowed'])
  equal(await check({ id_type: 'SSNIT' }), ['id_info.id_type not_allowed'])
  equal(await check({ id_type: 'DRIVERS_LICENSE' }, 'ABC000000000'), [
    'id_info.first_name missing',
    'id_info.last_name missing',
    'id_info.dob missing',
  ])
  equal(await check({ id_type: 'BANK_ACCOUNT' }, '0000000000'), ['id_info.bank_code missing'])
  equal((await verifyId(client, job('00000000000'), { services })).ResultCode, '1012')
  equal(
    emulator.calls.map(({ operation }) => operation),
    ['services', 'id_verification'],
  )
})

test('a member of the input takes the place of none that the SDK sends', async () => {
  const { client } = start()
  const lookup = job('00000000000', {
    partner_id: '001',
    signature: 'forged',
    timestamp: '2020-01-01',
    partner_params: {},
    source_sdk: 'x',
  })
  equal((await verifyId(client, lookup)).ResultCode, '1012')
})

test('a used job id and a blocked number are typed, and never sent again', async () => {
  const { client, emulator } = start({ choices: { idNumberLimit: 2 } })
  const first = job('00000000000')
  await verifyId(client, first)
  const again = await rejection(verifyId(client, first))
  ok(isSmileIdError(again, 'job_exists'), String(again))
  equal(
    [again.smileCode, again.job, again.outcome],
    ['2215', { user_id: 'u1', job_id: first.partner_params.job_id }, 'rejected'],
  )
  await verifyId(client, job('00000000000'))
  const blocked = await rejection(verifyId(client, job('00000000000')))
  equal(
    [blocked.code, blocked.status, blocked.smileCode, blocked.retryable, blocked.attempts],
    ['id_number_blocked', 429, '2222', false, 1],
  )
  ok(blocked.hint.includes('each try prolongs the block'), blocked.hint)
  equal(await resetIdNumberRateLimit(client, { id_type: 'BVN', id_number: '00000000000' }), {
    message: 'Rate limit reset successful',
    success: 'true',
  })
  equal((await verifyId(client, job('00000000000'))).ResultCode, '1012')
  equal(emulator.calls.length, 6)
})

test('a lookup is not repeated once the server may have acted', async () => {
  for (const fault of [
    { kind: 'reset', commit: true },
    { kind: 'status', status: 500 },
    { kind: 'body', body: 'truncated' },
  ] as const) {
    const { client, emulator } = start({ faults: [{ fault, times: 9 }] })
    const lookup = job('00000000000')
    const error = await rejection(verifyId(client, lookup))
    equal(
      [error.outcome, emulator.calls.length, error.job.job_id],
      ['unknown', 1, lookup.partner_params.job_id],
    )
  }
  // A system error of the service may come from the midst of the work, whatever the status and the headers.
  for (const [status, code, outcome, retryable] of [
    [400, '2401', 'unknown', false],
    [503, '2401', 'unknown', false],
    [429, '2222', 'rejected', false],
    [503, '2222', 'rejected', false],
    [503, undefined, 'rejected', true],
  ] as const) {
    let calls = 0
    const refusing = createClient({
      ...start().emulator.clientOptions,
      dangerouslyAllowBrowser: true,
      maxRetries: 0,
      fetch: async () => {
        calls++
        return Response.json({ code, error: 'no' }, { status, headers: { 'retry-after': '1' } })
      },
    })
    const error = await rejection(verifyId(refusing, job('00000000000')))
    equal([error.outcome, error.retryable, calls], [outcome, retryable, 1], `${status} ${code}`)
  }
  const { client, emulator } = start({ faults: [{ fault: { kind: 'status', status: 429, retryAfter: 1 } }] })
  await verifyId(client, job('00000000000'))
  equal(emulator.calls.length, 2)
})

test('replies are checked: signature, job, shape', async () => {
  const { emulator } = start()
  const code = async (change: (reply: Record<string, any>) => void) => {
    const client = createClient({
      ...emulator.clientOptions,
      dangerouslyAllowBrowser: true,
      async fetch(url, init) {
        const reply = (await (await emulator.fetch(url, init)).json()) as object
        change(reply)
        return Response.json(reply)
      },
    })
    return (await rejection(verifyId(client, job('00000000000')))).code
  }
  equal(await code((reply) => delete reply.signature), 'signature_missing')
  equal(await code((reply) => void (reply.timestamp = '2020-01-01T00:00:00.000Z')), 'signature_mismatch')
  equal(await code((reply) => void (reply.PartnerParams.job_id = 'other')), 'invalid_reply')
  equal(await code((reply) => delete reply.ResultCode), 'invalid_reply')
})

test('what cannot be written as JSON is input, not a crash', async () => {
  const { client, emulator } = start()
  equal(await paths(verifyId(client, job('00000000000', {}, { amount: 5n }))), ['fields wrong_type'])
  equal(await paths(verifyId(client, job('00000000000', { dob: ['1990-01-01'] }))), [
    'id_info.dob wrong_format',
  ])
  equal(emulator.calls.length, 0)
})

test('Basic KYC tells how well names match', async () => {
  const { client } = start()
  const match = async (more: object, id_number = '00000000000') => {
    const reply = await verifyBasicKyc(client, job(id_number, more))
    return [reply.ResultCode, interpretResult(reply).decision]
  }
  equal(await match({ first_name: 'Leo', last_name: 'Doe' }), ['1020', 'approved'])
  equal(await match({ first_name: 'Leo', last_name: 'Roe' }), ['1021', 'approved'])
  equal(await match({ first_name: 'Ada', last_name: 'Roe' }), ['1022', 'rejected'])
  equal(await match({ first_name: 'Leo' }, '00000000001'), ['1023', 'rejected'])
})

test('asynchronous lookups come by callback, and by job status', async () => {
  const delivered: string[] = []
  const { client, emulator } = start({
    async onCallback(request) {
      delivered.push(((await request.json()) as { ResultCode: string }).ResultCode)
      return new Response(null)
    },
  })
  const callback_url = 'https://app.example/cb'
  const submitted = await submitId(client, { ...job('00000000000'), callback_url })
  equal([submitted.success, submitted.user_id], [true, 'u1'])
  equal((await getJobStatus(client, submitted)).job_complete, false)
  equal((await waitForJob(client, submitted)).result.ResultCode, '1012')
  await submitBasicKyc(client, { ...job('00000000000', { first_name: 'Leo' }), callback_url })
  await submitBusiness(client, {
    partner_params: { user_id: 'b', job_id: 'kyb' },
    id_info: { country: 'NG', id_type: 'BUSINESS_REGISTRATION', id_number: '0000000', business_type: 'co' },
    callback_url,
  })
  await emulator.advance(20_000)
  equal(delivered, ['1012', '1020', '1012'])
  const preset = createClient({
    ...emulator.clientOptions,
    callbackUrl: callback_url,
    dangerouslyAllowBrowser: true,
  })
  ok((await submitId(preset, job('00000000001'))).success, "the client's callbackUrl will do")
})

test('businesses, lists and the smaller endpoints', async () => {
  const { client } = start()
  const business = (id_type: string, id_number = '0000000') => ({
    partner_params: { user_id: 'b1', job_id: `b${++jobs}` },
    id_info: { country: 'NG', id_type, id_number },
  })
  const found = await verifyBusiness(client, business('BUSINESS_REGISTRATION'))
  equal(
    [
      found.ResultCode,
      found.company_information?.legal_name,
      known(found.company_information?.tax_id),
      interpretResult(found).decision,
    ],
    ['1012', 'EXAMPLE VENTURES', undefined, 'approved'],
  )
  equal((await verifyBusiness(client, business('TAX_INFORMATION', '0000001'))).ResultCode, '1013')
  const unsupported = await rejection(verifyBusiness(client, business('SHOP')))
  equal(
    [unsupported.code, unsupported.smileCode, unsupported.body],
    ['invalid_request', '2413', { error: 'Unsupported business type', code: '2413', success: false }],
  )

  const aml = (full_name: string) =>
    screenAml(client, {
      user_id: 'u1',
      job_id: `a${++jobs}`,
      full_name,
      countries: ['NG'],
      birth_year: '2000',
      aliases: ['Leo'],
    })
  const hit = await aml('Leo Joe Doe')
  equal([hit.ResultCode, hit.people?.length, interpretResult(hit).decision], ['1030', 1, 'unknown'])
  equal(
    [(await aml('Ada Roe')).no_of_persons_found, interpretResult(await aml('Ada Roe')).decision],
    [0, 'unknown'],
  )

  equal((await getProductsConfig(client)).consentRequired, { NG: ['NIN_V2', 'BVN_MFA'] })
  equal(
    (await getValidDocuments(client)).find(({ country }) => country.code === 'NG')?.id_types.at(-1)?.code,
    '',
  )
  await verifyId(client, job('00000000000'))
  equal((await compareUserInfo(client, { user_id: 'u1', country: 'NG', id_type: 'BVN' })).ResultCode, '1020')
  equal(
    (await rejection(compareUserInfo(client, { user_id: 'nobody', country: 'NG', id_type: 'BVN' }))).code,
    'user_not_found',
  )
  equal(await signedRequest(client, '/v1/products_config', {}).then((reply) => Object.keys(reply)), [
    'consentRequired',
    'idSelection',
  ])
  equal(await paths(signedRequest(client, '/v1/../v2/x' as never, [] as never)), [
    'path wrong_format',
    'fields wrong_type',
  ])
})

test('BVN consent, step by step, opens a lookup without the number', async () => {
  const { client } = start()
  const { session_id, modes } = await startBvnConsent(client, { id_number: '00000000000' })
  equal(modes[0], { sms: '0800*******67' })
  await chooseBvnMode(client, { id_number: '00000000000', session_id, mode: 'sms' })
  equal(
    (await rejection(confirmBvnOtp(client, { id_number: '00000000000', session_id, otp: '1' }))).code,
    'invalid_request',
  )
  await confirmBvnOtp(client, { id_number: '00000000000', session_id, otp: '000000' })
  equal(
    (
      await verifyId(client, {
        partner_params: { user_id: 'u', job_id: 'mfa' },
        id_info: { country: 'NG', id_type: 'BVN_MFA', session_id },
      })
    ).ResultCode,
    '1012',
  )
  equal(await paths(startBvnConsent(client, { id_number: '', pin: 1 } as never)), [
    'id_number missing',
    'pin not_allowed',
  ])
})

test('addresses are signed in headers', async () => {
  const { client } = start()
  const callback_url = 'https://app.example/cb'
  equal(
    await submitAddress(client, {
      country: 'NG',
      address: '1 Example Street',
      utility_number: '1',
      utility_provider: 'Power',
      callback_url,
    }),
    { success: true },
  )
  equal(
    await submitAddress(client, {
      country: 'ZA',
      address: '1 Example Street',
      id_number: '0000000000000',
      callback_url,
    }),
    { success: true },
  )
  equal(await paths(submitAddress(client, { country: 'KE', address: '' } as never)), [
    'address missing',
    'utility_number missing',
    'utility_provider missing',
    'callback_url missing',
    'country not_allowed',
  ])
  equal(await paths(submitAddress(client, { country: 'ZA', address: 'x', id_number: '1', callback_url })), [
    'id_number wrong_format',
  ])
})
