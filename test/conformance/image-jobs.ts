import { unzipSync } from 'fflate'
import { createClient } from 'smileid-edge/client'
import {
  createEmulator,
  type Emulator,
  type EmulatorOptions,
  type Fault,
  samplePhoto,
} from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { imagesByKind, JOB_TYPE, submitImageJob } from 'smileid-edge/image-jobs'
import { waitForJob } from 'smileid-edge/job-status'
import { interpretResult, known } from 'smileid-edge/result'
import { confirmSignature } from 'smileid-edge/signature'
import { CANARY } from '../support/canary'
import { until } from '../support/until'
import { type Env, equal, ok, rejection, test } from './harness'

const wait = { willWait: true }
const [selfie, front, back, frame] = [1, 2, 3, 4].map((seed) => samplePhoto({ seed })) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
]
const NUMBER = { country: 'NG', id_type: 'BVN', id_number: '00000000000' }

interface Sent {
  method: string
  url: URL
  headers: Record<string, string>
  bytes: Uint8Array<ArrayBuffer>
}
const json = ({ bytes }: Sent): Record<string, any> => JSON.parse(new TextDecoder().decode(bytes))

/** A client of an emulator, and all that went to it. */
function start(options?: EmulatorOptions, more: object = {}) {
  const emulator = createEmulator(options)
  const sent: Sent[] = []
  const client = createClient({
    ...emulator.clientOptions,
    dangerouslyAllowBrowser: true,
    async fetch(url, init) {
      const request = new Request(url, init)
      sent.push({
        method: request.method,
        url: new URL(url),
        headers: Object.fromEntries(request.headers),
        bytes: new Uint8Array(await request.clone().arrayBuffer()),
      })
      return emulator.fetch(request)
    },
    ...more,
  })
  return { emulator, client, sent }
}
let jobs = 0
const job = (job_type: number, more: object = {}, params: object = {}): any => ({
  partner_params: { user_id: 'u1', job_id: `image-job-${++jobs}`, job_type, ...params },
  ...more,
})
const selfieJob = (params: object = {}) => job(4, { images: { selfie } }, params)
const issues = async (promise: Promise<unknown>) =>
  (await rejection(promise)).issues.map(
    (issue: { path: string; code: string }) => `${issue.path} ${issue.code}`,
  )
const digest = async (bytes: Uint8Array) =>
  [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')

test('every kind of image job, from bytes to result', async () => {
  const { emulator, client } = start()
  const run = async (input: any) => {
    const submitted = await submitImageJob(client, input, wait)
    const status = await waitForJob(client, { ...submitted, history: true, image_links: true })
    ok(status.result.SmileJobID === submitted.smile_job_id && submitted.success, 'the same job')
    ok(status.history?.length && status.image_links?.selfie_image, 'history and links')
    return [
      interpretResult(status).decision,
      emulator.uploads.at(-1)!.problems,
      emulator.uploads.at(-1)!.files.map(({ image_type_id }) => image_type_id),
    ]
  }
  equal(
    await run(
      job(1, { images: { selfie, liveness: [frame, back] }, id_info: NUMBER }, { user_id: 'by-number' }),
    ),
    ['approved', [], [0, 4, 4]],
  )
  equal(
    await run(
      job(
        1,
        { images: { selfie, front }, id_info: { country: 'NG', id_type: 'PASSPORT' } },
        { user_id: 'by-card' },
      ),
    ),
    ['approved', [], [0, 1]],
  )
  equal(await run(job(4, { images: { selfie } }, { user_id: 'enrolled' })), ['approved', [], [0]])
  equal(await run(job(2, { images: { selfie, liveness: [frame] } }, { user_id: 'enrolled' })), [
    'approved',
    [],
    [0, 4],
  ])
  equal(await run(job(8, { images: { selfie: front } }, { user_id: 'enrolled' })), ['approved', [], [0]])
  equal(
    await run(
      job(6, { images: { selfie, front, back }, id_info: { country: 'GH' } }, { user_id: 'document' }),
    ),
    ['approved', [], [0, 1, 5]],
  )
  equal(
    await run(
      job(
        11,
        { images: { selfie, front }, id_info: { country: 'GH', id_type: 'PASSPORT' } },
        { user_id: 'enhanced' },
      ),
    ),
    ['approved', [], [0, 1]],
  )
  equal(
    await run(
      job(
        6,
        { use_enrolled_image: true, images: { front }, id_info: { country: 'GH' } },
        { user_id: 'enrolled' },
      ),
    ),
    ['approved', [], [1]],
  )
})

test('what a document job reads comes back, and human review takes its time', async () => {
  const { client } = start()
  const submitted = await submitImageJob(
    client,
    job(6, { images: { selfie, front }, id_info: { country: 'GH' } }, { sandbox_result: '2' }),
    wait,
  )
  const first = await waitForJob(client, submitted, { until: 'provisional' })
  equal([interpretResult(first).decision, interpretResult(first).final], ['provisional', false])
  const last = await waitForJob(client, submitted)
  equal(
    [interpretResult(last).decision, interpretResult(last).final, known(last.result.FullName)],
    ['approved', true, 'DOE LEO JOE'],
  )
  const rejected = await submitImageJob(client, selfieJob({ user_id: 'u2', sandbox_result: '1' }), wait)
  equal(interpretResult(await waitForJob(client, rejected)).decision, 'rejected')
})

test('the call that opens the job says what official clients say, and nothing personal', async () => {
  const { client, sent } = start()
  const id_info = { ...NUMBER, first_name: 'Leo', dob: '2000-09-20' }
  await submitImageJob(
    client,
    job(
      1,
      { images: { selfie }, id_info, callback_url: 'https://example.com/cb', allow_new_enroll: true },
      { job_id: 'exact', colour: 'blue' },
    ),
  )
  const { timestamp, signature, ...rest } = json(sent[0]!)
  equal([sent[0]!.method, sent[0]!.url.pathname], ['POST', '/v1/upload'])
  equal(rest, {
    source_sdk: 'rest_api',
    source_sdk_version: '1.0.0',
    smile_client_id: '085',
    partner_params: { user_id: 'u1', job_id: 'exact', job_type: 1, colour: 'blue' },
    file_name: 'selfie.zip',
    model_parameters: {},
    callback_url: 'https://example.com/cb',
    use_enrolled_image: false,
    allow_new_enroll: true,
  })
  ok(timestamp && signature, 'signed')
})

test('info.json is exact, and the files are what was given', async () => {
  const { client, sent } = start()
  const id_info = { ...NUMBER, first_name: 'Leo', dob: '2000-09-20' }
  const consent_information = {
    consented: {
      consent_granted_date: '2026-01-01T00:00:00.000Z',
      personal_details: true,
      contact_information: true,
      document_information: true,
    },
  }
  const png = samplePhoto({ type: 'image/png' })
  await submitImageJob(
    client,
    job(
      1,
      {
        images: { selfie, liveness: [frame, png], front: png, back },
        id_info,
        consent_information,
        callback_url: 'https://example.com/cb',
      },
      { job_id: 'exact', colour: 'blue' },
    ),
  )
  const opened = json(sent[0]!)
  const put = sent[1]!
  const { 'info.json': info, ...files } = unzipSync(put.bytes)
  const parsed = JSON.parse(new TextDecoder().decode(info))
  const { upload_url, smile_job_id, ref_id, ...reply } = parsed.server_information
  equal([upload_url, reply], [put.url.href, { camera_config: 'null', code: '2202' }])
  ok(smile_job_id && ref_id.startsWith(`085-${smile_job_id}-`), 'the whole reply')
  equal(parsed, {
    package_information: {
      apiVersion: { buildNumber: 0, majorVersion: 2, minorVersion: 0 },
      language: 'javascript',
    },
    misc_information: {
      timestamp: opened.timestamp,
      signature: opened.signature,
      retry: 'false',
      partner_params: { user_id: 'u1', job_id: 'exact', job_type: 1, colour: 'blue' },
      file_name: 'selfie.zip',
      smile_client_id: '085',
      callback_url: 'https://example.com/cb',
      userData: {
        isVerifiedProcess: false,
        name: '',
        fbUserID: '',
        firstName: '',
        lastName: '',
        gender: '',
        email: '',
        phone: '',
        countryCode: '+',
        countryName: '',
      },
    },
    id_info: { ...id_info, entered: 'true' },
    consent_information,
    images: [
      { image_type_id: 0, image: '', file_name: 'selfie.jpg' },
      { image_type_id: 4, image: '', file_name: 'liveness_1.jpg' },
      { image_type_id: 4, image: '', file_name: 'liveness_2.png' },
      { image_type_id: 1, image: '', file_name: 'id_card_front.png' },
      { image_type_id: 5, image: '', file_name: 'id_card_back.jpg' },
    ],
    server_information: parsed.server_information,
  })
  ok(
    await confirmSignature(
      { partnerId: '085', apiKey: 'emulator-key-of-085' },
      parsed.misc_information,
    ).catch(() => typeof document === 'object'),
    'the pair verifies',
  )
  equal(
    Object.keys(files),
    parsed.images.map(({ file_name }: { file_name: string }) => file_name),
  )
  equal(
    await Promise.all(Object.values(files).map(digest)),
    await Promise.all([selfie, frame, png, png, back].map(digest)),
  )
})

test('the upload carries what was signed, and no credentials', async () => {
  const { client, sent } = start()
  await submitImageJob(client, selfieJob(), wait)
  const { method, url, headers } = sent[1]!
  equal(
    [method, url.protocol, url.hostname, url.searchParams.get('Content-Type')],
    ['PUT', 'https:', 'smile-uploads-test.s3.us-west-2.amazonaws.com', 'application/zip'],
  )
  const { accept, 'content-length': length, ...rest } = headers
  equal(rest, { 'content-type': 'application/zip' })
  ok(
    accept === '*/*' && (length === undefined || length === String(sent[1]!.bytes.length)),
    'what fetch adds',
  )
})

test('images from every source, also two files of one name', async () => {
  const { emulator, client } = start()
  const base64 = btoa(String.fromCharCode(...frame))
  const named = (bytes: Uint8Array) => new File([bytes as BlobPart], 'me.jpg', { type: 'text/plain' })
  await submitImageJob(
    client,
    job(1, {
      images: {
        selfie: new Blob([selfie as BlobPart]),
        front: named(front),
        back: named(back),
        liveness: [
          base64,
          `data:image/jpeg;base64,${base64}`,
          frame.buffer.slice(0),
          new Response(frame as BodyInit),
          new Response(frame as BodyInit).body!,
          async () => frame,
        ],
      },
    }),
    wait,
  )
  const { files, problems } = emulator.uploads[0]!
  equal(
    [problems, files.map(({ name }) => name)],
    [
      [],
      [
        'selfie.jpg',
        ...[1, 2, 3, 4, 5, 6].map((n) => `liveness_${n}.jpg`),
        'id_card_front.jpg',
        'id_card_back.jpg',
      ],
    ],
  )
  equal(
    files.map(({ sha256 }) => sha256),
    await Promise.all([selfie, frame, frame, frame, frame, frame, frame, front, back].map(digest)),
  )
})

test("the wire's own list of images is sorted by kind", async () => {
  const { emulator, client } = start()
  const images = imagesByKind([
    { image_type_id: '2', image: selfie },
    { image_type_id: 6, image: frame },
    { image_type_id: '4', image: back },
    { image_type_id: 3, image: front },
    { image_type_id: 7, image: back },
  ])
  equal(
    Object.entries(images).map(([kind, value]) => `${kind} ${Array.isArray(value) ? value.length : 1}`),
    ['selfie 1', 'liveness 2', 'front 1', 'back 1'],
  )
  await submitImageJob(
    client,
    { partner_params: { user_id: 'u1', job_id: 'listed', job_type: 1 }, images },
    wait,
  )
  equal(
    emulator.uploads[0]!.files.map(({ image_type_id }) => image_type_id),
    [0, 4, 4, 1, 5],
  )
  const error = await rejection(
    (async () =>
      imagesByKind([
        { image_type_id: 0, image: selfie },
        { image_type_id: '2', image: selfie },
        { image_type_id: 12, image: selfie },
        { image_type_id: '1a', image: front },
        {} as never,
      ]))(),
  )
  equal(
    error.issues.map((issue: { path: string; code: string }) => `${issue.path} ${issue.code}`),
    [
      'images[1] duplicate',
      'images[2].image_type_id not_allowed',
      'images[3].image_type_id not_allowed',
      'images[4].image missing',
      'images[4].image_type_id missing',
    ],
  )
})

test('what each job type needs is checked before anything is sent, all at once', async () => {
  const { client, sent } = start()
  const of = (input: unknown, options: object = wait) =>
    issues(submitImageJob(client, input as never, options))
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
  equal(await of(job(1, { images: { front }, use_enrolled_image: true })), ['use_enrolled_image not_allowed'])
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
  equal(await of(job(4, { images: { selfie, liveness: Object.assign(Array(3), { 0: frame, 2: frame }) } })), [
    'images.liveness[1] wrong_type',
  ])
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

test('after a BVN consent, the session stands in for the number', async () => {
  const { client, emulator } = start()
  await submitImageJob(
    client,
    job(1, { images: { selfie }, id_info: { country: 'NG', id_type: 'BVN_MFA', session_id: 's1' } }),
    wait,
  )
  equal(emulator.uploads.length, 1)
})

test('images that are none are refused before the job is opened, with their place', async () => {
  const { client, sent } = start()
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
  const { client, sent } = start()
  equal(await issues(submitImageJob(client, selfieJob())), ['callback_url missing'])
  equal(await issues(submitImageJob(client, { ...selfieJob(), callback_url: 'http://example.com/' }, wait)), [
    'callback_url wrong_format',
  ])
  equal(sent.length, 0)
  const other = start(undefined, { callbackUrl: 'https://example.com/all' })
  await submitImageJob(other.client, selfieJob())
  equal(json(other.sent[0]!).callback_url, 'https://example.com/all')
  await other.emulator.advance(60_000)
  equal(
    other.emulator.callbacks.map(({ url }) => url),
    ['https://example.com/all'],
  )
})

test('an address for uploads that is not https, or of another host, gets nothing', async () => {
  const refused = async (url: string, more: object = {}) => {
    const { client, sent } = start({ faults: [{ on: 'upload', fault: { kind: 'upload_url', url } }] }, more)
    const error = await rejection(submitImageJob(client, selfieJob(), wait))
    ok(isSmileIdError(error), String(error))
    equal(sent.length, 1, url)
    return [error.code, error.outcome, error.smileJobId]
  }
  for (const url of [
    'http://smile-uploads-test.s3.us-west-2.amazonaws.com/x.zip',
    'https://evil.example/x.zip',
    'https://s3.us-west-2.amazonaws.com.evil.example/x',
    'https://abc.execute-api.us-west-2.amazonaws.com/x',
    'https://smile-uploads-test.s3.us-west-2.amazonaws.com:8443/x',
    'https://user:pass@bucket.s3.amazonaws.com/x',
    'http://127.0.0.1:1/x',
    'http://169.254.169.254/latest',
    'ftp://bucket.s3.amazonaws.com/x',
    'x.zip',
    '',
  ])
    equal(await refused(url), ['invalid_reply', 'rejected', '0000000001'], url)
  const taken = async (url: string, more: object = {}) => {
    const { client, sent } = start({ faults: [{ on: 'upload', fault: { kind: 'upload_url', url } }] }, more)
    await submitImageJob(client, selfieJob(), { ...wait, maxRetries: 0 }).catch(() => {})
    return sent[1]?.url.href
  }
  for (const url of [
    'https://s3.us-west-2.amazonaws.com/bucket/x',
    'https://s3-us-west-2.amazonaws.com/bucket/x',
    'https://bucket.s3.amazonaws.com/x',
    'https://a.b.s3.dualstack.eu-central-1.amazonaws.com/x',
    'https://bucket.s3-accelerate.amazonaws.com/x',
    'https://testapi.smileidentity.com/store/x',
  ])
    equal(await taken(url), url)
  equal(
    await taken('https://store.example/x', { allowedUploadHosts: ['store.example'] }),
    'https://store.example/x',
  )
})

test('the code of the answer and an answer without address', async () => {
  const wrong = async (reply: object) => {
    const { client } = start(undefined, { fetch: async () => Response.json(reply) })
    const error = await rejection(submitImageJob(client, selfieJob(), wait))
    return [error.code, error.outcome]
  }
  equal(await wrong({ upload_url: 'https://bucket.s3.amazonaws.com/x', smile_job_id: '1', code: '2299' }), [
    'invalid_reply',
    'unknown',
  ])
  equal(await wrong({ smile_job_id: '1', code: 2202 }), ['invalid_reply', 'rejected'])
  equal(await wrong({}), ['invalid_reply', 'unknown'])
  const { client } = start({ choices: { uploadCode: 'number' } })
  equal((await submitImageJob(client, selfieJob(), wait)).success, true)
})

/** How often the job ran, how often it was opened, and what came of the call. */
async function under(
  faults: { on: 'upload' | 'upload_zip' | 'job_status'; times?: number; after?: number; fault: Fault }[],
  options: object = {},
  input = selfieJob(),
) {
  const { emulator, client, sent } = start({ faults })
  const result: any = await submitImageJob(client, input, { ...wait, ...options }).catch(
    (error: unknown) => error,
  )
  const retries = sent
    .filter(({ method, url }) => method === 'POST' && url.pathname === '/v1/upload')
    .map((call) => json(call).retry ?? false)
  const runs = emulator.calls.filter(
    ({ operation, committed }) => operation === 'upload_zip' && committed,
  ).length
  return [
    isSmileIdError(result)
      ? `${result.code} ${result.outcome} ${result.retryable} ${result.smileJobId}`
      : result.success
        ? 'done'
        : String(result),
    runs,
    retries,
  ]
}

test('the store says "not now": the upload is repeated, as often as allowed', async () => {
  equal(
    await under([{ on: 'upload_zip', times: 2, fault: { kind: 'status', status: 503, retryAfter: 1 } }]),
    ['done', 1, [false]],
  )
  equal(await under([{ on: 'upload_zip', times: 9, fault: { kind: 'status', status: 500 } }]), [
    'server_error unknown false 0000000001',
    0,
    [false],
  ])
  equal(await under([{ on: 'upload_zip', fault: { kind: 'status', status: 503 } }], { maxRetries: 0 }), [
    'server_error rejected false 0000000001',
    0,
    [false],
  ])
})

test('the store says no: the error has the job, and nothing is repeated', async () => {
  equal(await under([{ on: 'upload_zip', fault: { kind: 'status', status: 403 } }]), [
    'upload_refused rejected false 0000000001',
    0,
    [false],
  ])
})

test('an upload that ends in nothing: the status of the job decides', async () => {
  equal(
    await under([{ on: 'upload_zip', fault: { kind: 'reset', commit: false } }]),
    ['done', 1, [false]],
    'nothing had arrived',
  )
  equal(
    await under([{ on: 'upload_zip', fault: { kind: 'reset', commit: true } }]),
    ['done', 1, [false]],
    'it had arrived',
  )
  equal(await under([{ on: 'upload_zip', times: 9, fault: { kind: 'reset', commit: false } }]), [
    'network_error unknown false 0000000001',
    0,
    [false],
  ])
  equal(
    await under([
      { on: 'upload_zip', fault: { kind: 'reset', commit: true } },
      { on: 'job_status', times: 99, fault: { kind: 'status', status: 500 } },
    ]),
    ['network_error unknown false 0000000001', 1, [false]],
    'nobody knows',
  )
  equal(await under([{ on: 'upload_zip', fault: { kind: 'hang' } }], { uploadTimeoutMs: 100 }), [
    'done',
    1,
    [false],
  ])
})

/** As `under`, but with a store and a status of the test's own making; how often the zip arrived, too. */
async function withStore(
  store: (emulator: Emulator, request: () => Request, attempt: number) => Promise<Response>,
  alter = (status: Record<string, unknown>) => status,
) {
  const emulator = createEmulator()
  let attempts = 0
  const client = createClient({
    ...emulator.clientOptions,
    dangerouslyAllowBrowser: true,
    async fetch(url, init) {
      const request = new Request(url, init)
      if (request.method === 'PUT') {
        const bytes = await request.arrayBuffer()
        return store(
          emulator,
          () =>
            new Request(url, { method: 'PUT', body: bytes, headers: { 'content-type': 'application/zip' } }),
          ++attempts,
        )
      }
      const reply = await emulator.fetch(request)
      return url.endsWith('/job_status')
        ? Response.json(alter((await reply.json()) as Record<string, unknown>), { status: reply.status })
        : reply
    },
  })
  const result: any = await submitImageJob(client, selfieJob(), wait).catch((error: unknown) => error)
  await emulator.advance(600_000)
  return [
    isSmileIdError(result)
      ? `${result.code} ${result.outcome} ${result.retryable}`
      : result.success
        ? 'done'
        : String(result),
    emulator.uploads.length,
    attempts,
  ]
}
const reset = () => {
  throw new TypeError('fetch failed')
}

test('a 5xx from in between, after the zip went through, makes no second run', async () => {
  for (const status of [500, 502, 504]) {
    equal(
      await withStore(async (emulator, request) => {
        await emulator.fetch(request())
        return new Response('<html>Bad gateway</html>', { status })
      }),
      ['done', 1, 1],
    )
  }
})

test('a zip that arrives late is waited for, and what may have arrived is never said not to have run', async () => {
  equal(
    await withStore(async (emulator, request) => {
      const taken = request()
      void emulator.clientOptions.sleep!(5_000).then(() => emulator.fetch(taken))
      return reset()
    }),
    ['done', 1, 1],
  )
  // Later than it is waited for, and the next upload is refused.
  for (const text of [
    '<Error><Code>SignatureDoesNotMatch</Code></Error>',
    '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>',
  ]) {
    let taken: Request
    equal(
      await withStore(async (emulator, request, attempt) => {
        if (attempt === 1) {
          taken = request()
          return reset()
        }
        await emulator.fetch(taken)
        return new Response(text, { status: 403 })
      }),
      ['upload_refused unknown false', 1, 2],
    )
  }
})

test('only what the service made of the zip says that it arrived', async () => {
  const said = (status: object) =>
    withStore(
      async () => reset(),
      (reply) => ({ ...reply, ...status }),
    )
  for (const status of [
    { code: '2302', result: 'No zip uploaded' },
    { code: '2302', result: 'Zip file failed' },
    { code: undefined },
    { code: '2302', result: undefined },
  ])
    equal(await said(status), ['network_error unknown false', 0, 1])
  const result = { ResultCode: '0810', ResultText: 'Enroll User', SmileJobID: '0000009999' }
  equal(
    await said({ code: '2302', job_complete: true, result }),
    ['network_error unknown false', 0, 1],
    'of another job',
  )
})

test('a redirect of the store is a refusal', async () => {
  equal(
    await withStore(
      async () => new Response(null, { status: 307, headers: { location: 'https://elsewhere.example/' } }),
    ),
    ['invalid_reply rejected false', 0, 1],
  )
})

test('an address that ran out is asked for again, once, by the call that opened the job', async () => {
  equal(await under([{ on: 'upload_zip', fault: { kind: 'expire' } }]), ['done', 1, [false, true]])
  equal(await under([{ on: 'upload_zip', times: 2, fault: { kind: 'expire' } }]), [
    'upload_refused rejected false 0000000001',
    0,
    [false, true],
  ])
  equal(
    await under([
      { on: 'upload_zip', fault: { kind: 'expire' } },
      { on: 'upload', after: 1, times: 9, fault: { kind: 'status', status: 500 } },
    ]),
    ['server_error rejected false 0000000001', 0, [false, true, true, true]],
  )
})

test('a job that exists is never taken over, unless the caller says that it is his', async () => {
  const { emulator, client, sent } = start()
  const mine = selfieJob({ user_id: 'mine' })
  await submitImageJob(client, mine, wait)
  const error = await rejection(submitImageJob(client, mine, wait))
  ok(isSmileIdError(error, 'job_exists'), String(error))
  equal(
    [error.smileCode, error.outcome, error.job],
    ['2215', 'rejected', { user_id: 'mine', job_id: mine.partner_params.job_id }],
  )
  equal([emulator.uploads.length, sent.length], [1, 3])

  // Opened, and left without its images; then taken up again.
  emulator.addFault({ on: 'upload_zip', fault: { kind: 'status', status: 403 } })
  const left = selfieJob({ user_id: 'left' })
  ok(isSmileIdError(await rejection(submitImageJob(client, left, wait)), 'upload_refused'), 'left open')
  ok(isSmileIdError(await rejection(submitImageJob(client, left, wait)), 'job_exists'), 'still there')
  equal((await submitImageJob(client, { ...left, retry: true }, wait)).success, true)
  const info = JSON.parse(new TextDecoder().decode(unzipSync(sent.at(-1)!.bytes)['info.json']))
  equal([json(sent.at(-2)!).retry, info.misc_information.retry, emulator.uploads.length], [true, 'true', 2])
})

test('opening is repeated, and what an unclear attempt may have opened is not claimed', async () => {
  equal(await under([{ on: 'upload', times: 2, fault: { kind: 'status', status: 500 } }]), [
    'done',
    1,
    [false, false, false],
  ])
  equal(await under([{ on: 'upload', fault: { kind: 'reset', commit: false } }]), ['done', 1, [false, false]])
  equal(await under([{ on: 'upload', fault: { kind: 'reset', commit: true } }]), [
    'job_exists unknown false undefined',
    0,
    [false, false],
  ])
})

test('how a user stands decides, by the codes of the API', async () => {
  const { emulator, client } = start()
  const code = async (input: any) =>
    submitImageJob(client, input, wait).then(
      () => 'taken',
      (error: { code: string; smileCode: string }) => `${error.code} ${error.smileCode}`,
    )
  for (const [state, name] of [
    ['enrolled', 'user_exists 2209'],
    ['disabled', 'user_disabled 2207'],
    ['deleted', 'user_deleted 2208'],
  ] as const) {
    emulator.setUser('someone', state)
    equal(await code(selfieJob({ user_id: 'someone' })), name)
  }
  emulator.setUser('someone', 'enrolled')
  equal(await code({ ...selfieJob({ user_id: 'someone' }), allow_new_enroll: true }), 'taken')
  equal(await code(job(2, { images: { selfie } }, { user_id: 'nobody' })), 'user_not_found 2210')
  emulator.setUser('someone', 'must_reenroll')
  equal(await code(job(2, { images: { selfie } }, { user_id: 'someone' })), 'user_must_reenroll 2211')
  emulator.setUser('someone', 'no_photo')
  equal(
    await code(
      job(
        6,
        { use_enrolled_image: true, images: { front }, id_info: { country: 'GH' } },
        { user_id: 'someone' },
      ),
    ),
    'user_has_no_photo 2216',
  )
})

test("what was checked is what is sent, whatever happens to the caller's object meanwhile", async () => {
  const { emulator, client } = start()
  const input = job(
    4,
    {
      images: {
        selfie: async () => {
          input.partner_params.user_id = ''
          input.id_info = { a: 1 }
          return selfie
        },
      },
    },
    { user_id: 'before' },
  )
  equal((await submitImageJob(client, input, wait)).user_id, 'before')
  equal(emulator.uploads[0]!.job.user_id, 'before')
  const cycle: any = {}
  cycle.self = cycle
  equal(await issues(submitImageJob(client, { ...selfieJob({ cycle }), images: {} }, wait)), [
    'partner_params wrong_type',
    'images.selfie missing',
  ])
})

test("an abort ends it wherever it is, with the caller's reason", async () => {
  const reason = new Error('enough')
  const by = async (
    faults: EmulatorOptions['faults'],
    begun: (sent: number) => boolean,
    input = selfieJob(),
  ) => {
    const { client, sent } = start({ faults })
    const controller = new AbortController()
    const call = submitImageJob(client, input, { ...wait, signal: controller.signal })
    call.catch(() => {})
    await until(() => begun(sent.length))
    controller.abort(reason)
    ok((await rejection(call)) === reason, 'the reason')
    return sent.length
  }
  let read = false
  const never = () => ((read = true), new Promise<never>(() => {}))
  equal(await by([], () => read, job(4, { images: { selfie: never } })), 0)
  equal(await by([{ on: 'upload', fault: { kind: 'hang' } }], (sent) => sent === 1), 1)
  equal(await by([{ on: 'upload_zip', fault: { kind: 'hang' } }], (sent) => sent === 2), 2)
  const { client, sent } = start()
  ok(
    (await rejection(submitImageJob(client, selfieJob(), { ...wait, signal: AbortSignal.abort(reason) }))) ===
      reason,
    'before it began',
  )
  equal(sent.length, 0)
})

test("progress ends at the zip's length, whatever the runtime tells on the way", async () => {
  const { client, sent } = start()
  const seen: { sentBytes: number; totalBytes: number }[] = []
  const large = new Uint8Array(2_000_000).fill(0x55)
  large.set(selfie.subarray(0, -2))
  large.set([0xff, 0xd9], large.length - 2)
  await submitImageJob(client, job(4, { images: { selfie: large } }), {
    ...wait,
    onProgress: (progress) => {
      seen.push(progress)
      throw new Error('not ours')
    },
  })
  const { length } = sent[1]!.bytes
  equal(seen.at(-1), { sentBytes: length, totalBytes: length })
  ok(
    seen.every(({ sentBytes }, i) => i === 0 || sentBytes > seen[i - 1]!.sentBytes),
    'it grows',
  )
})

test('errors hold no name, number, image, address or key', async () => {
  const { client } = start({
    faults: [{ on: 'upload_zip', times: 9, fault: { kind: 'status', status: 403 } }],
  })
  const error = await rejection(
    submitImageJob(
      client,
      job(
        1,
        { images: { selfie }, id_info: { ...NUMBER, last_name: 'Secretname' } },
        { user_id: 'secret-user' },
      ),
      wait,
    ),
  )
  const printed = `${error} ${error.stack} ${JSON.stringify(error)} ${Object.values(error).join()}`
  ok(!/Secretname|00000000000,|secret-user|amazonaws|Signature=|emulator-key/.test(printed), printed)
  equal(error.body, { code: 'AccessDenied' })
})

test('hooks see the upload, without its query', async () => {
  const seen: string[] = []
  const { client } = start(undefined, {
    hooks: {
      onResponse: ({ operation, method, host, path, status }: Record<string, unknown>) =>
        seen.push(`${operation} ${method} ${host} ${`${path}`.replace(/085-[^/]+/, 'ref')} ${status}`),
    },
  })
  await submitImageJob(client, selfieJob(), wait)
  equal(seen, [
    'upload POST testapi.smileidentity.com /v1/upload 200',
    'upload_zip PUT smile-uploads-test.s3.us-west-2.amazonaws.com /videos/085/ref/attachments.zip 200',
  ])
})

test('the names of job types', () =>
  equal(
    [JOB_TYPE.BIOMETRIC_KYC, JOB_TYPE.DOCUMENT_VERIFICATION, JOB_TYPE.ENHANCED_DOCUMENT_VERIFICATION],
    [1, 6, 11],
  ))

/** A valid JPEG of six million bytes. */
function huge(): Uint8Array {
  const bytes = new Uint8Array(6_000_000).fill(0x55)
  bytes.set(selfie.subarray(0, -2))
  bytes.set([0xff, 0xd9], bytes.length - 2)
  return bytes
}

test('over HTTP: small and large jobs arrive whole, with their length', async ({ peer }: Env) => {
  const client = createClient({
    partnerId: '085',
    apiKey: CANARY.apiKey,
    environment: 'sandbox',
    baseUrl: peer,
    dangerouslyAllowBrowser: true,
  })
  const send = (images: object, what = 'ok') =>
    submitImageJob(
      client,
      job(
        1,
        { images, id_info: NUMBER },
        { user_id: `${what}_${crypto.randomUUID()}`, job_id: crypto.randomUUID(), sandbox_result: '0' },
      ),
      wait,
    )
  const photo = huge()
  for (const images of [{ selfie }, { selfie: photo, liveness: Array(7).fill(photo) }]) {
    const submitted = await send(images)
    const status = await waitForJob(client, submitted)
    equal([status.result.ResultCode, status.result.SmileJobID], ['0810', submitted.smile_job_id])
  }
})
