/** Lookups of ID numbers. */
import { createClient } from 'smileid-edge/client'
import { type InputIssue, isSmileIdError } from 'smileid-edge/errors'
import {
  resetIdNumberRateLimit,
  submitBasicKyc,
  submitBusiness,
  submitId,
  verifyBasicKyc,
  verifyId,
} from 'smileid-edge/id-verification'
import { getJobStatus, waitForJob } from 'smileid-edge/job-status'
import { interpretResult, known } from 'smileid-edge/result'
import { getServices, type Services } from 'smileid-edge/services'
import { start } from '../../support/emulated'
import { describe, equal, ok, rejection, test } from '../harness'
import { job } from './setup'

describe('ID verification: lookups', () => {
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
    await verifyBasicKyc(client, job('00000000000', { first_name: 'Leo' }))
    await submitId(client, { ...job('00000000000'), callback_url: 'https://app.example/cb' })
    equal(
      bodies.map(({ url }) => url),
      ['/v1/id_verification', '/v2/verify', '/v1/async_id_verification'],
    )
    equal(bodies[2]!.callback_url, 'https://app.example/cb')
  })

  test('Basic KYC tells how well names match', async () => {
    const { client } = start()
    const match = async (more: object, id_number = '00000000000') => {
      const reply = await verifyBasicKyc(client, job(id_number, more))
      return [reply.ResultCode, interpretResult(reply).decision]
    }
    equal(await match({ first_name: 'Leo', last_name: 'Doe' }), ['1020', 'approved'])
    equal(await match({ first_name: 'Leo', last_name: 'Roe' }), ['1021', 'partial'])
    equal(await match({ first_name: 'Ada', last_name: 'Roe' }), ['1022', 'rejected'])
    equal(await match({ middle_name: 'Joe' }), ['1020', 'approved'])
    equal(await match({ company: 'Example Ventures' }), ['1022', 'rejected'], 'nothing that is known')
    equal(await match({ first_name: 'Leo' }, '00000000001'), ['1023', 'rejected'])
  })

  test('Basic KYC without a name to compare is refused before it is sent', async () => {
    const { client, emulator } = start()
    const callback_url = 'https://app.example/cb'
    const issues = async (more: object, services?: Services) => {
      const basic = job('00000000000', more)
      const errors = [
        await rejection(verifyBasicKyc(client, basic, { services })),
        await rejection(submitBasicKyc(client, { ...basic, callback_url }, { services })),
      ]
      equal(errors[0].issues, errors[1].issues)
      return errors[0].issues.map(({ path, code }: InputIssue) => `${path} ${code}`)
    }
    equal(await issues({}), ['id_info.first_name missing'])
    equal(await issues({ dob: '2000-09-20', gender: 'M', first_name: undefined }), [
      'id_info.first_name missing',
    ])
    equal(await issues({ last_name: '' }), ['id_info.last_name missing'])
    equal(await issues({ country: undefined, session_id: 's' }), [
      'id_info.country missing',
      'id_info.first_name missing',
    ])
    equal(emulator.calls.length, 0)
    // The document says which names of an ID type are needed: each is named once.
    equal(await issues({}, await getServices(client)), [
      'id_info.first_name missing',
      'id_info.last_name missing',
    ])
    for (const name of ['first_name', 'middle_name', 'last_name', 'company'])
      await verifyBasicKyc(client, job('00000000000', { [name]: 'Leo' }))
    await verifyId(client, job('00000000000'))
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
})

describe('ID verification: failures', () => {
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
    const { client, emulator } = start({
      faults: [{ fault: { kind: 'status', status: 429, retryAfter: 1 } }],
    })
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
})
