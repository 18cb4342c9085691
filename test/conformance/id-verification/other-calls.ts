/** Businesses, lists, addresses, consents and the smaller endpoints. */
import {
  chooseBvnMode,
  compareUserInfo,
  confirmBvnOtp,
  getProductsConfig,
  getValidDocuments,
  screenAml,
  startBvnConsent,
  submitAddress,
  verifyBusiness,
  verifyId,
} from 'smileid-edge/id-verification'
import { interpretResult, known } from 'smileid-edge/result'
import { signedRequest } from 'smileid-edge/request'
import { start } from '../../support/emulated'
import { describe, equal, issuesOf, rejection, test } from '../harness'
import { job, newJobId } from './setup'

describe('ID verification: other calls', () => {
  test('businesses, lists and the smaller endpoints', async () => {
    const { client } = start()
    const business = (id_type: string, id_number = '0000000') => ({
      partner_params: { user_id: 'b1', job_id: newJobId() },
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
        job_id: newJobId(),
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
    equal(
      (await compareUserInfo(client, { user_id: 'u1', country: 'NG', id_type: 'BVN' })).ResultCode,
      '1020',
    )
    equal(
      (await rejection(compareUserInfo(client, { user_id: 'nobody', country: 'NG', id_type: 'BVN' }))).code,
      'user_not_found',
    )
    equal(await signedRequest(client, '/v1/products_config', {}).then((reply) => Object.keys(reply)), [
      'consentRequired',
      'idSelection',
    ])
    equal(await issuesOf(signedRequest(client, '/v1/../v2/x' as never, [] as never)), [
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
    equal(await issuesOf(startBvnConsent(client, { id_number: '', pin: 1 } as never)), [
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
    equal(await issuesOf(submitAddress(client, { country: 'KE', address: '' } as never)), [
      'address missing',
      'utility_number missing',
      'utility_provider missing',
      'callback_url missing',
      'country not_allowed',
    ])
    equal(
      await issuesOf(submitAddress(client, { country: 'ZA', address: 'x', id_number: '1', callback_url })),
      ['id_number wrong_format'],
    )
  })
})
