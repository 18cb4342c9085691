/** How the old classes fail. */
import {
  type CompatExtras,
  IDApi,
  ServerError,
  Signature,
  Utilities,
  ValueError,
  WebApi,
} from 'smileid-edge/compat'
import { samplePhoto } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { describe, equal, ok, rejection } from '../harness'
import { answering, bvn, onServers, params, withEmulator } from './setup'

describe('compat: failures', () => {
  onServers('errors of the service are as old code reads them, and hold nothing personal', async () => {
    const { partnerId, extras, id } = withEmulator()
    const wrong = await rejection(new IDApi(partnerId, 'another-key', 0, extras).submit_job(params(5), bvn))
    equal(
      [wrong.name, wrong.response.status, typeof wrong.response.data.code, typeof wrong.response.data.error],
      ['SmileIdApiError', 400, 'string', 'string'],
    )
    ok(isSmileIdError(wrong, 'unauthorized') && wrong instanceof ServerError, 'an error of the SDK')
    await id().submit_job(params(5), bvn)
    const twice = await rejection(id().submit_job(params(5), bvn))
    equal([twice.code, `${twice.response.data.code}`], ['job_exists', '2215'])
    for (const secret of [bvn.id_number, 'Leo', 'another-key'])
      ok(
        ![String(wrong), JSON.stringify(wrong), String(twice), JSON.stringify(twice)].join().includes(secret),
        'nothing personal',
      )
    equal(Object.keys(twice).includes('response'), false)
    const none = await rejection(id().submit_job(params(5), {}))
    ok(none.response === undefined && none instanceof ValueError, 'a mistake has no response')
  })

  onServers('a wait has an end, whatever the service says', async () => {
    const status = (fields: object, code = 200) => Response.json(fields, { status: code })
    const submit = (extras: CompatExtras) =>
      rejection(
        new WebApi('085', null, 'k', 0, extras).submit_job(
          params(4),
          [{ image_type_id: 2, image: 'aGk=' }],
          {},
          { return_job_status: true },
        ),
      )
    const opened = (url: string) => {
      if (url.includes('s3')) return new Response('')
      if (!url.endsWith('/upload')) return undefined
      return status({ code: '2202', smile_job_id: '1', upload_url: 'https://b.s3.amazonaws.com/x' })
    }

    const failing = answering((_, url) => opened(url) ?? status({}, 500))
    equal((await submit(failing.extras)).code, 'server_error')
    equal(failing.sent.length, 2 + 22)
    equal(failing.pauses, [2000, 2000, 2000, 2000, ...Array<number>(17).fill(4000)])
    equal(
      new Set(failing.sent.map(({ body }) => body.signature).filter(Boolean)).size,
      22,
      'the first poll is at the time of the upload',
    )

    const refused = answering((_, url) => opened(url) ?? status({ code: '2205', error: 'unauthorized' }, 400))
    const { code, response } = await submit(refused.extras)
    equal(
      [code, response.data, refused.sent.length],
      ['unauthorized', { code: '2205', error: 'unauthorized' }, 3],
    )

    const unsigned = answering((_, url) => opened(url) ?? status({ job_complete: true }))
    equal([(await submit(unsigned.extras)).code, unsigned.sent.length], ['signature_missing', 3])
  })

  onServers('a job that is not over in time is said so, as before, with its last status', async () => {
    const by = new Signature('085', 'k')
    let pair: object = await by.generate_signature()
    const service = answering((_, url) => {
      if (url.includes('s3')) return new Response('')
      if (!url.endsWith('/upload')) return Response.json({ job_complete: false, code: '2302', ...pair })
      return Response.json({ code: '2202', smile_job_id: '1', upload_url: 'https://b.s3.amazonaws.com/x' })
    })
    const late = await rejection(
      new WebApi('085', null, 'k', 0, service.extras).submit_job(
        params(4),
        [{ image_type_id: 2, image: 'aGk=' }],
        {},
        { return_job_status: true },
      ),
    )
    equal(
      [late.message, late.code, late.lastStatus.job_complete],
      ['Timeout waiting for job status response.', 'wait_timeout', false],
    )

    const polled = answering(() => Response.json({ job_complete: false, code: '2302', ...pair }))
    const api = new IDApi('085', 'k', 0, polled.extras)
    equal((await api.pollJobStatus(params(5), 2, 700)).job_complete, false)
    equal(
      [polled.sent.length, polled.pauses, new Set(polled.sent.map(({ body }) => body.signature)).size],
      [3, [700, 700], 3],
    )
    pair = { timestamp: '2024-01-01T00:00:00.000Z', signature: 'AAAA' }
    equal((await rejection(api.pollJobStatus(params(5)))).code, 'signature_mismatch')
  })

  onServers(
    'what breaks off is repeated where that bills nothing, and said to be unknown where it may have',
    async () => {
      const { emulator, id, web } = withEmulator()
      const selfie = [{ image_type_id: 2, image: samplePhoto() }]
      emulator.addFault({ on: 'id_verification', fault: { kind: 'reset', commit: true } })
      const broken = await rejection(id().submit_job(params(5), bvn))
      equal([broken.code, broken.outcome, broken.response], ['network_error', 'unknown', undefined])
      emulator.addFault({ on: 'upload', fault: { kind: 'status', status: 503 } })
      emulator.addFault({ on: 'upload_zip', fault: { kind: 'status', status: 503, retryAfter: 1 } })
      for (const fault of [
        { kind: 'status', status: 500 },
        { kind: 'body', body: 'not_json' },
        { kind: 'reset', commit: false },
      ] as const)
        emulator.addFault({ on: 'job_status', fault })
      const kyc = await web().submit_job(
        params(4, { user_id: 'u5', job_id: 'j5' }),
        selfie,
        {},
        { return_job_status: true },
      )
      equal([kyc.job_success, emulator.isEnrolled('u5')], [true, true])
      emulator.addFault({ on: 'job_status', times: 1, fault: { kind: 'body', body: 'bad_signature' } })
      equal(
        (await rejection(id().pollJobStatus(params(4, { user_id: 'u5', job_id: 'j5' })))).code,
        'signature_mismatch',
      )
    },
  )

  onServers('nothing that prints an object shows the key', async () => {
    const all = [
      new WebApi('085', null, 'the-key', 0),
      new IDApi('085', 'the-key', 0),
      new Utilities('085', 'the-key', 0),
      new Signature('085', 'the-key'),
    ]
    for (const object of all) equal([JSON.stringify(object), Object.getOwnPropertyNames(object)], ['{}', []])
  })
})
