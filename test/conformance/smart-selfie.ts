/** SmartSelfie, enrolment and authentication. */
import { createClient } from 'smileid-edge/client'
import { samplePhoto } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { authenticateSmartSelfie, enrollSmartSelfie } from 'smileid-edge/smart-selfie'
import { CANARY } from '../support/canary'
import { startRecording } from '../support/emulated'
import { type Env, equal, issuesOf, ok, rejection, test } from './harness'

const [selfie, frame, other] = [1, 2, 3].map((seed) => samplePhoto({ seed })) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
]
const images = { selfie_image: selfie, liveness_images: [frame, other] }

test('enrolled at once, then known again, and once only', async () => {
  const { emulator, client } = startRecording()
  const enrolled = await enrollSmartSelfie(client, { user_id: 'u1', ...images })
  equal(
    [enrolled.status, enrolled.job_type, enrolled.user_id, enrolled.partner_id, emulator.isEnrolled('u1')],
    ['approved', 'smart_selfie_enrollment', 'u1', '085', true],
  )
  const known = await authenticateSmartSelfie(client, { user_id: 'u1', ...images })
  equal([known.status, known.job_type], ['approved', 'smart_selfie_authentication'])
  const again = await rejection(enrollSmartSelfie(client, { user_id: 'u1', ...images }))
  ok(isSmileIdError(again, 'user_exists'), String(again))
  equal(
    (await enrollSmartSelfie(client, { user_id: 'u1', allow_new_enroll: true, ...images })).status,
    'approved',
  )
  ok(
    isSmileIdError(
      await rejection(authenticateSmartSelfie(client, { user_id: 'nobody', ...images })),
      'user_not_found',
    ),
    'nobody',
  )
  equal(typeof (await enrollSmartSelfie(client, images)).user_id, 'string', 'the service makes an id')
})

test('sandbox_result decides, and partner_params come back', async () => {
  const { client } = startRecording()
  const status = async (sandbox_result: 0 | 1 | 2) =>
    (await enrollSmartSelfie(client, { user_id: `u${sandbox_result}`, sandbox_result, ...images })).status
  equal([await status(0), await status(1), await status(2)], ['approved', 'rejected', 'pending'])
  equal(
    (await enrollSmartSelfie(client, { user_id: 'p', partner_params: { colour: 'blue "1"' }, ...images }))
      .partner_params.colour,
    'blue "1"',
  )
})

test('what is sent: signed headers and a form', async () => {
  const { client, sent } = startRecording()
  await enrollSmartSelfie(client, {
    user_id: 'ü 1',
    partner_params: { a: 1 },
    callback_url: 'https://example.com/cb',
    sandbox_result: 0,
    ...images,
  })
  const { request } = sent[0]!
  equal([request.method, new URL(request.url).pathname], ['POST', '/v2/smart-selfie-enroll'])
  equal(
    ['smileid-partner-id', 'smileid-source-sdk'].map((name) => request.headers.get(name)),
    ['085', 'rest_api'],
  )
  ok(request.headers.get('smileid-timestamp') && request.headers.get('smileid-request-signature'), 'signed')
  const form = await request.formData()
  equal(
    [...form].map(([name, value]) =>
      typeof value === 'string' ? [name, value] : [name, value.name, value.type, value.size],
    ),
    [
      ['user_id', 'ü 1'],
      ['callback_url', 'https://example.com/cb'],
      ['partner_params', '{"a":1}'],
      ['sandbox_result', '0'],
      ['selfie_image', 'selfie.jpg', 'image/jpeg', selfie.length],
      ['liveness_images', 'liveness_1.jpg', 'image/jpeg', frame.length],
      ['liveness_images', 'liveness_2.jpg', 'image/jpeg', other.length],
    ],
  )
})

test('wrong input is refused whole, before anything is sent', async () => {
  const { client, sent } = startRecording()
  equal(await issuesOf(authenticateSmartSelfie(client, undefined as never)), [
    'user_id missing',
    'liveness_images missing',
    'selfie_image missing',
  ])
  equal(
    await issuesOf(
      enrollSmartSelfie(
        client,
        {
          user_id: 7,
          selfie_image: samplePhoto({ type: 'image/png' }),
          liveness_images: ['me.jpg', null],
          partner_params: 'x',
          sandbox_result: '0',
          allow_new_enroll: 1,
          callback_url: 'ftp://x',
          job: 1,
        } as never,
        { retries: 1 } as never,
      ),
    ),
    [
      'user_id wrong_type',
      'partner_params wrong_type',
      'sandbox_result wrong_format',
      'allow_new_enroll wrong_type',
      'job not_allowed',
      'callback_url wrong_format',
      'options.retries not_allowed',
      'selfie_image photo_format',
      'liveness_images[0] photo_format',
      'liveness_images[1] wrong_type',
    ],
  )
  equal(
    await issuesOf(
      authenticateSmartSelfie(client, {
        user_id: 'u',
        allow_new_enroll: true,
        ...images,
        liveness_images: [],
      } as never),
    ),
    ['allow_new_enroll not_allowed', 'liveness_images wrong_type'],
  )
  // What a class or a prototype gives is sent, and so it is checked.
  class Enrolment {
    user_id = 'u'
    selfie_image = selfie
    liveness_images = [frame]
    get sandbox_result() {
      return 9
    }
    get allow_new_enroll() {
      return 'no'
    }
  }
  equal(await issuesOf(enrollSmartSelfie(client, new Enrolment() as never)), [
    'sandbox_result wrong_format',
    'allow_new_enroll wrong_type',
  ])
  equal(sent.length, 0)
})

test('a picture is asked for once, and what nobody asked for not at all', async () => {
  const { client } = startRecording()
  let asked = 0
  const input = {
    user_id: 'u3',
    liveness_images: [frame],
    get selfie_image() {
      asked++
      return selfie
    },
  }
  equal([(await enrollSmartSelfie(client, input)).status, asked], ['approved', 1])
  const odd = Object.defineProperty({ ...input }, 'job', {
    enumerable: true,
    get() {
      throw new Error('read')
    },
  })
  equal(
    (await rejection(enrollSmartSelfie(client, odd))).issues.map(
      (issue: { path: string; code: string }) => `${issue.path} ${issue.code}`,
    ),
    ['job not_allowed'],
  )
})

test('a SmartSelfie that may have been billed is not repeated', async () => {
  const { emulator, client } = startRecording({ faults: [{ fault: { kind: 'reset', commit: true } }] })
  const error = await rejection(enrollSmartSelfie(client, { user_id: 'u1', ...images }))
  equal(
    [error.code, error.outcome, error.retryable, emulator.calls.length, emulator.isEnrolled('u1')],
    ['network_error', 'unknown', false, 1, true],
  )
  const wrong = startRecording(undefined, { apiKey: 'another' })
  const refused = await rejection(enrollSmartSelfie(wrong.client, { user_id: 'u1', ...images }))
  equal([refused.code, refused.status, refused.outcome], ['unauthorized', 401, 'rejected'])
  const replying = startRecording(undefined, {
    fetch: async () => Response.json({ status: 'approved', user_id: 'somebody' }),
  })
  equal(
    (await rejection(enrollSmartSelfie(replying.client, { user_id: 'u1', ...images }))).code,
    'invalid_reply',
  )
})

test('over HTTP: a form of several megabytes arrives whole, with its length', async ({ peer }: Env) => {
  const client = createClient({
    partnerId: '085',
    apiKey: CANARY.apiKey,
    environment: 'sandbox',
    baseUrl: peer,
    dangerouslyAllowBrowser: true,
  })
  const large = new Uint8Array(3_000_000).fill(0x55)
  large.set(selfie.subarray(0, -2))
  large.set([0xff, 0xd9], large.length - 2)
  equal(
    (
      await enrollSmartSelfie(client, {
        user_id: `ok_${crypto.randomUUID()}`,
        selfie_image: large,
        liveness_images: [large, frame],
      })
    ).status,
    'approved',
  )
})
