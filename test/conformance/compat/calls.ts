/** What the old classes send, and what they take. */
import { IDApi, WebApi } from 'smileid-edge/compat'
import { samplePhoto } from 'smileid-edge/emulator'
import { readPhoto } from 'smileid-edge/photo'
import { describe, equal, ok, rejection, test } from '../harness'
import { answering, bvn, inBrowser, onServers, params, withEmulator } from './setup'

describe('compat: calls', () => {
  onServers('a job of each kind, from base64, bytes and a Blob', async () => {
    const { emulator, web } = withEmulator()
    const [selfie, card] = [samplePhoto({ seed: 1 }), samplePhoto({ seed: 2, type: 'image/png' })]
    const kyc = await web().submit_job(
      params(1, { note: 'x' }),
      [
        { image_type_id: '2', image: (await readPhoto(selfie)).base64() },
        { image_type_id: 6, image: selfie },
      ],
      bvn,
      { return_job_status: true, return_history: true },
    )
    equal(
      [
        kyc.job_complete,
        kyc.job_success,
        kyc.success,
        kyc.result.PartnerParams.note,
        Array.isArray(kyc.history),
      ],
      [true, true, true, 'x', true],
    )
    equal(kyc.smile_job_id, kyc.result.SmileJobID)
    const document = await web('https://app.example/cb').submit_job(
      params(6, { user_id: 'u2', job_id: 'j2' }),
      [
        { image_type_id: 0, image: new Blob([selfie]) },
        { image_type_id: 1, image: card },
      ],
      { country: 'GH' },
    )
    equal(Object.keys(document), ['success', 'smile_job_id'])
    await emulator.advance(60_000)
    equal((await web().get_job_status({ user_id: 'u2', job_id: 'j2', job_type: 6 })).job_complete, true)
    equal(emulator.callbacks.length, 1)
  })

  onServers('lookups, async ones, tokens and status', async () => {
    const { id, web, utilities } = withEmulator()
    equal((await id().submit_job(params(5), bvn)).ResultCode, '1012')
    equal((await web().submit_job(params(5, { job_id: 'j2' }), null, bvn)).ResultCode, '1012')
    equal(await id().submitAsyncjob(params(5, { job_id: 'j3' }), bvn, 'https://app.example/cb'), {
      success: true,
    })
    equal(
      (
        await id().submit_job(params(7, { job_id: 'j4' }), {
          country: 'NG',
          id_type: 'BUSINESS_REGISTRATION',
          id_number: '0000000',
          business_type: 'co',
        })
      ).Actions.Verify_Business,
      'Verified',
    )
    equal((await utilities().get_job_status('u1', 'j1', { return_history: true })).job_complete, true)
    equal(
      typeof (
        await web('https://app.example/cb').get_web_token({
          user_id: 'u1',
          job_id: 'j9',
          product: 'biometric_kyc',
        })
      ).token,
      'string',
    )
  })
})

describe('compat: input', () => {
  onServers('images that cannot be read are all named, before anything is sent', async () => {
    const { sent, extras } = answering(() => Response.json({}))
    const web = new WebApi('085', 'https://app.example', 'k', 0, extras)
    const error = await rejection(
      web.submit_job(
        params(4),
        [
          { image_type_id: 0, image: '/nowhere/at all/jane-doe.jpg' },
          { image_type_id: 2, image: 'not base64!' },
          { image_type_id: 6, image: '' },
          { image_type_id: 6 } as never,
          { image_type_id: 'x', image: 'aGk=' },
          null as never,
          { image_type_id: 4, image: new Uint8Array() },
        ],
        {},
      ),
    )
    equal(
      [...new Set(error.issues.map(({ path }: { path: string }) => path))],
      [
        'image_details[0].image',
        'image_details[1].image',
        'image_details[2].image',
        'image_details[3].image',
        'image_details[4].image_type_id',
        'image_details[5].image_type_id',
        'image_details[5].image',
        'image_details[6].image',
      ],
    )
    ok(
      !error.message.includes('jane') && /could not be read|pass bytes/.test(error.issues[0].message),
      'what is wrong, but no path',
    )
    equal(sent.length, 0)
  })

  onServers('sid_server is 0, 1 or a URL; a constructor never throws', async () => {
    const at = async (server: unknown) => {
      const { sent, extras } = answering(() => Response.json({}))
      const failure = await rejection(
        new IDApi('085', 'k', server as string, extras).submit_job(params(5), bvn),
      )
      return sent[0]?.url ?? failure.issues[0].path
    }
    for (const [server, url] of [
      [0, 'https://testapi.smileidentity.com'],
      ['0', 'https://testapi.smileidentity.com'],
      [1, 'https://api.smileidentity.com'],
      ['1', 'https://api.smileidentity.com'],
      ['api.smileidentity.com/v1', 'https://api.smileidentity.com'],
      ['https://proxy.example/v1/', 'https://proxy.example'],
      ['proxy.example:8443', 'https://proxy.example:8443'],
      ['http://proxy.example/v1', 'https://proxy.example'],
      ['HTTPS://proxy.example', 'https://proxy.example'],
      ['http://127.0.0.1:8787/v1', 'http://127.0.0.1:8787'],
      ['localhost:1', 'https://localhost:1'],
    ] as const)
      equal(await at(server), `${url}/v1/id_verification`, String(server))
    for (const server of [undefined, null, 2, '', ' ', 'https://', {}, Number.NaN])
      equal(await at(server), 'sid_server', String(server))
    equal(await at('https://proxy.example/smile'), 'baseUrl')
    const bad = new WebApi(undefined as never, null, undefined as never, 0)
    equal(
      (await rejection(bad.get_job_status(params(1)))).issues.map(({ path }: { path: string }) => path),
      ['partnerId', 'apiKey'],
    )
  })

  test('in a browser it is refused', async () => {
    if (inBrowser)
      equal(
        (await rejection(new IDApi('085', 'k', 0).submit_job(params(5), bvn))).issues[0].code,
        'not_allowed',
      )
  })
})
