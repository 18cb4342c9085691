/** Image jobs that are refused before anything is sent. */
import { submitImageJob } from 'smileid-edge/image-jobs'
import { startRecording } from '../../support/emulated'
import { describe, equal, issuesOf, ok, rejection, test } from '../harness'
import { back, frame, front, job, json, NUMBER, selfie, selfieJob, wait } from './setup'

describe('image jobs: input', () => {
  test('what each job type needs is checked before anything is sent, all at once', async () => {
    const { client, sent } = startRecording()
    const of = (input: unknown, options: object = wait) =>
      issuesOf(submitImageJob(client, input as never, options))
    equal(await of(undefined), [
      'partner_params.user_id missing',
      'partner_params.job_id missing',
      'partner_params.job_type missing',
      'images.selfie missing',
    ])
    equal(await of(job(5, { images: { selfie } })), ['partner_params.job_type not_allowed'])
    equal(await of(job(7, { images: { selfie } })), ['partner_params.job_type not_allowed'])
    equal(await of(job('1' as never, { images: { selfie } })), ['partner_params.job_type not_allowed'])
    equal(await of(job(1, { images: {} })), ['images.selfie missing', 'images.front missing'])
    equal(await of(job(1, { images: { selfie }, id_info: { id_number: '1' } })), [
      'id_info.country missing',
      'id_info.id_type missing',
    ])
    equal(await of(job(1, { images: { selfie }, id_info: { ...NUMBER, entered: false } })), [
      'images.front missing',
    ])
    equal(await of(job(1, { images: { selfie, front }, id_info: { entered: true } })), [
      'id_info.country missing',
      'id_info.id_type missing',
      'id_info.id_number missing',
    ])
    equal(await of(job(1, { images: { front }, use_enrolled_image: true })), [
      'use_enrolled_image not_allowed',
    ])
    for (const type of [2, 4, 8]) {
      equal(
        await of(job(type, { images: { selfie, front, back }, id_info: NUMBER, use_enrolled_image: true })),
        [
          'images.front not_allowed',
          'images.back not_allowed',
          'use_enrolled_image not_allowed',
          'id_info not_allowed',
        ],
        `type ${type}`,
      )
    }
    equal(await of(job(2, { images: { selfie }, allow_new_enroll: true })), ['allow_new_enroll not_allowed'])
    equal(await of(job(6, { images: { back } })), [
      'id_info.country missing',
      'images.selfie missing',
      'images.front missing',
    ])
    equal(await of(job(11, { images: { front }, use_enrolled_image: true, id_info: { country: 'Ghana' } })), [
      'id_info.id_type missing',
      'id_info.country wrong_format',
    ])
    equal(await of(job(6, { images: { selfie, front }, id_info: { country: 'GH', entered: true } })), [
      'id_info.id_type missing',
      'id_info.id_number missing',
    ])
    equal(
      await of(
        job(
          6,
          {
            images: { selfie, front, card: front, liveness: frame },
            id_info: { country: 'GH', dob: '1.1.2000' },
            consent_information: 'yes',
            selfy: 1,
            retry: 'yes',
          },
          { sandbox_result: '3' },
        ),
        { ...wait, onProgress: 1, retries: 2 },
      ),
      [
        'options.onProgress wrong_type',
        'options.retries not_allowed',
        'partner_params.sandbox_result wrong_format',
        'images.card not_allowed',
        'images.liveness wrong_type',
        'id_info.dob wrong_format',
        'consent_information wrong_type',
        'retry wrong_type',
        'selfy not_allowed',
      ],
    )
    equal(
      await of(
        job(1, { images: { selfie, front }, id_info: 'NG-BVN', consent_information: { consented: null } }),
      ),
      ['id_info wrong_type', 'consent_information wrong_type'],
    )
    equal(await of(job(4, { images: { selfie, liveness: Array(101).fill(frame) } })), [
      'images.liveness wrong_type',
    ])
    equal(
      await of(job(4, { images: { selfie, liveness: Object.assign(Array(3), { 0: frame, 2: frame }) } })),
      ['images.liveness[1] wrong_type'],
    )
    equal(await of(job(4, { images: { selfie } }), { ...wait, signal: {} }), ['options.signal wrong_type'])
    for (const type of ['constructor', '__proto__', '5']) {
      const [issue] = (
        await rejection(submitImageJob(client, job(type as never, { images: { selfie } }), wait))
      ).issues
      equal([issue.path, issue.message], ['partner_params.job_type', 'must be one of 1, 2, 4, 6, 8, 11'])
    }
    // What is checked is what would be sent: accessors of a prototype are not.
    class Params {
      get user_id() {
        return 'u'
      }
      get job_id() {
        return 'j'
      }
      get job_type() {
        return 4
      }
    }
    equal(await of({ partner_params: new Params(), images: { selfie } }), [
      'partner_params.user_id missing',
      'partner_params.job_id missing',
      'partner_params.job_type missing',
    ])
    equal(
      await of({
        ...job(4, { images: { selfie } }),
        get retry() {
          throw new Error('secret')
        },
      }),
      ['retry wrong_type'],
    )
    equal(sent.length, 0)
  })

  test('images that are none are refused before the job is opened, with their place', async () => {
    const { client, sent } = startRecording()
    const large = new Uint8Array(10_000_001)
    large.set(selfie)
    const images = {
      selfie: new Uint8Array(),
      liveness: [large, 'photos/me.jpg', null, new Blob(['GIF89a'])],
      front: selfie.subarray(0, 400),
      back: '/home/me/card.png',
    }
    const error = await rejection(submitImageJob(client, job(1, { images }), wait))
    equal(
      error.issues.map((issue: { path: string; code: string }) => `${issue.path} ${issue.code}`),
      [
        'images.selfie photo_empty',
        'images.liveness[0] photo_too_large',
        'images.liveness[1] photo_format',
        'images.liveness[2] wrong_type',
        'images.liveness[3] photo_format',
        'images.front photo_truncated',
        'images.back photo_format',
      ],
    )
    ok(!/me\.jpg|home|card/.test(`${error.message} ${JSON.stringify(error)}`), 'no path in the error')
    equal(sent.length, 0)
    // One byte less is taken.
    const most = new Uint8Array(10_000_000).fill(0x55)
    most.set(selfie.subarray(0, -2))
    most.set([0xff, 0xd9], most.length - 2)
    equal((await submitImageJob(client, job(4, { images: { selfie: most } }), wait)).success, true)
  })

  test('without a callback URL and without the word to wait, the result would be lost', async () => {
    const { client, sent } = startRecording()
    equal(await issuesOf(submitImageJob(client, selfieJob())), ['callback_url missing'])
    const { issues } = await rejection(submitImageJob(client, selfieJob()))
    equal(
      issues[0].message,
      'is missing, and the client has no callbackUrl: the result would be lost, unless the option willWait ' +
        'says that you ask for it',
    )
    equal(
      await issuesOf(submitImageJob(client, { ...selfieJob(), callback_url: 'http://example.com/' }, wait)),
      ['callback_url wrong_format'],
    )
    equal(sent.length, 0)
    const other = startRecording(undefined, { callbackUrl: 'https://example.com/all' })
    await submitImageJob(other.client, selfieJob())
    equal(json(other.sent[0]!).callback_url, 'https://example.com/all')
    await other.emulator.advance(60_000)
    equal(
      other.emulator.callbacks.map(({ url }) => url),
      ['https://example.com/all'],
    )
  })
})
