/** Lookups that are refused before anything is sent. */
import { screenAml, submitId, verifyBusiness, verifyId } from 'smileid-edge/id-verification'
import { getServices } from 'smileid-edge/services'
import { start } from '../../support/emulated'
import { describe, equal, issuesOf, test } from '../harness'
import { job } from './setup'

describe('ID verification: input', () => {
  test('wrong input is refused whole, before anything is sent', async () => {
    const { client, emulator } = start()
    equal(await issuesOf(verifyId(client, {} as never)), [
      'partner_params.user_id missing',
      'partner_params.job_id missing',
      'id_info.country missing',
      'id_info.id_type missing',
      'id_info.id_number missing',
    ])
    equal(await issuesOf(verifyId(client, undefined as never)).then((list) => list.length), 5)
    equal(
      await issuesOf(
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
    equal(await issuesOf(verifyId(client, job('1', { dob: '2001-02-29' }))), ['id_info.dob wrong_format'])
    equal(await issuesOf(submitId(client, job('1'))), ['callback_url missing'])
    equal(await issuesOf(submitId(client, { ...job('1'), callback_url: 'http://app.example/cb' })), [
      'callback_url wrong_format',
    ])
    equal(
      await issuesOf(
        verifyBusiness(client, {
          partner_params: { user_id: 'u', job_id: 'j', job_type: 5 },
          id_info: { country: 'NG', id_type: 'X', id_number: '1' },
        } as never),
      ),
      ['partner_params.job_type not_allowed'],
    )
    equal(
      await issuesOf(
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
      issuesOf(verifyId(client, job(id_number, more), { services }))
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

  test('what cannot be written as JSON is input, not a crash', async () => {
    const { client, emulator } = start()
    equal(await issuesOf(verifyId(client, job('00000000000', {}, { amount: 5n }))), [
      'partner_params.amount wrong_type',
    ])
    equal(await issuesOf(verifyId(client, job('00000000000', { dob: ['1990-01-01'] }))), [
      'id_info.dob wrong_format',
    ])
    equal(emulator.calls.length, 0)
  })
})
