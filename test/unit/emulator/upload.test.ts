/** Image jobs as the emulator takes them, in requests and zips made without the SDK. */
import { createHash, createHmac } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { createEmulator, type EmulatorOptions, samplePhoto, type UserState } from 'smileid-edge/emulator'
import { createEmulatorServer } from 'smileid-edge/node'
import { interpretResult } from 'smileid-edge/result'

type Body = Record<string, any>
const API = 'https://testapi.smileidentity.com'
const START = '2026-01-01T00:00:00.000Z'
const sign = (timestamp = START) => ({
  timestamp,
  signature: createHmac('sha256', 'emulator-key-of-085')
    .update(`${timestamp}085sid_request`)
    .digest('base64'),
})
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const selfie = samplePhoto({ seed: 1 })
const front = samplePhoto({ seed: 2 })
/** Of one pixel's width, as its frame header says. */
const tiny = Uint8Array.from(selfie)
tiny.set([0, 1], tiny.findIndex((byte, i) => byte === 0xff && tiny[i + 1] === 0xc0) + 7)
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

const params = (job_type: unknown, more: Body = {}) => ({ user_id: 'u1', job_id: 'j1', job_type, ...more })
const SELFIE = { image_type_id: 0, image: '', file_name: 'selfie.jpg' }
const FRONT = { image_type_id: 1, image: '', file_name: 'front.jpg' }
const ID = { country: 'NG', id_type: 'BVN', id_number: '00000000000', entered: 'true' }
/** A good zip for a job; `info` changes info.json, `files` what lies beside it. */
function zipOf(partner_params: Body, info: Body = {}, files: Record<string, Uint8Array> = {}) {
  const card = partner_params.job_type === 6 || partner_params.job_type === 11
  const whole = {
    package_information: {
      apiVersion: { buildNumber: 0, majorVersion: 2, minorVersion: 0 },
      language: 'test',
    },
    misc_information: {
      ...sign(),
      retry: 'false',
      partner_params,
      file_name: 'selfie.zip',
      smile_client_id: '085',
      userData: { name: 'CANARY' },
    },
    id_info:
      partner_params.job_type === 1
        ? ID
        : card
          ? { country: 'GH', id_type: 'PASSPORT', entered: 'false' }
          : { entered: 'false' },
    images: [SELFIE, ...(card ? [FRONT] : [])],
    server_information: { upload_url: 'CANARY' },
    ...info,
  }
  const named = Array.isArray(whole.images) ? whole.images.map((image: Body) => image?.file_name) : []
  return Uint8Array.from(
    zipSync(
      {
        'info.json': new TextEncoder().encode(JSON.stringify(whole)),
        ...(named.includes('selfie.jpg') && { 'selfie.jpg': selfie }),
        ...(named.includes('front.jpg') && { 'front.jpg': front }),
        ...files,
      },
      { level: 0 },
    ),
  )
}

function service(options?: EmulatorOptions) {
  const emulator = createEmulator(options)
  const post = async (path: string, body: Body, origin = API) => {
    const response = await emulator.fetch(`${origin}${path}`, { method: 'POST', body: JSON.stringify(body) })
    return { status: response.status, body: (await response.json()) as Body }
  }
  const prepare = (partner_params: unknown, more: Body = {}, origin?: string) =>
    post('/v1/upload', { smile_client_id: '085', ...sign(), partner_params, ...more }, origin)
  const put = async (
    url: string,
    body: BodyInit,
    headers: Record<string, string> = { 'content-type': 'application/zip' },
  ) => {
    const response = await emulator.fetch(url, { method: 'PUT', body, headers, duplex: 'half' })
    const text = await response.text()
    return { status: response.status, text, code: /<Code>(\w+)</.exec(text)?.[1], headers: response.headers }
  }
  const status = async (ids: Body = {}) =>
    (
      await post('/v1/job_status', {
        partner_id: '085',
        ...sign(),
        user_id: 'u1',
        job_id: 'j1',
        history: true,
        ...ids,
      })
    ).body
  /** Announces and uploads; a promise of the last answer. */
  const submit = async (
    partner_params: Body,
    info?: Body,
    more?: Body,
    files?: Record<string, Uint8Array>,
  ) => {
    const { body } = await prepare(partner_params, more)
    return put(body.upload_url, zipOf(partner_params, info, files))
  }
  return { emulator, post, prepare, put, status, submit }
}

describe('POST /v1/upload', () => {
  it('answers as documented, unsigned, with an address like those of S3', async () => {
    const { emulator, prepare } = service()
    const { status, body } = await prepare(params(4), {
      file_name: 'selfie.zip',
      model_parameters: {},
      use_enrolled_image: false,
      callback_url: 'https://app.test/cb',
      source_sdk: 'test',
    })
    expect(status).toBe(200)
    expect(Object.keys(body).sort()).toEqual([
      'camera_config',
      'code',
      'ref_id',
      'smile_job_id',
      'upload_url',
    ])
    expect(body).toMatchObject({ code: '2202', camera_config: 'null', smile_job_id: '0000000001' })
    expect(body.ref_id).toMatch(/^085-0000000001-[0-9a-z]{30}$/)
    const url = new URL(body.upload_url)
    expect(url.origin + url.pathname).toBe(
      `https://smile-uploads-test.s3.us-west-2.amazonaws.com/videos/085/${body.ref_id}/attachments.zip`,
    )
    expect([...url.searchParams.keys()]).toEqual([
      'AWSAccessKeyId',
      'Content-Type',
      'Expires',
      'Signature',
      'x-amz-security-token',
      'x-amz-server-side-encryption',
    ])
    expect([url.searchParams.get('Content-Type'), url.searchParams.get('Expires')]).toEqual([
      'application/zip',
      String(Date.parse(START) / 1000 + 900),
    ])
    expect(url.search).toContain('Content-Type=application%2Fzip')
    expect(emulator.calls).toEqual([
      { operation: 'upload', job: { user_id: 'u1', job_id: 'j1' }, status: 200, committed: true },
    ])
  })

  it.each<[string, Body, string]>([
    ['another key', { signature: 'e30=' }, '2205'],
    ['partner_id in place of smile_client_id', { smile_client_id: undefined, partner_id: '085' }, '2205'],
    ['no partner_params', { partner_params: undefined }, '2213'],
    ['a list of them', { partner_params: [] }, '2204'],
    ['a text', { partner_params: 'x' }, '2204'],
    ['no user_id', { partner_params: { job_id: 'j', job_type: 4 } }, '2213'],
    ['an empty job_id', { partner_params: params(4, { job_id: '' }) }, '2213'],
    ['no job_type', { partner_params: params(undefined) }, '2213'],
    ['a number for an id', { partner_params: params(4, { user_id: 5 }) }, '2204'],
    ['a word for a job_type', { partner_params: params('four') }, '2204'],
    ...[3, 5, 7, 9, 10, 12].map((type): [string, Body, string] => [
      `job type ${type}`,
      { partner_params: params(type) },
      '2212',
    ]),
    ['a flag that is none', { use_enrolled_image: 'yes' }, '2204'],
    ['retry as a number', { retry: 1 }, '2204'],
    ['a file_name that is no text', { file_name: 5 }, '2204'],
    ['a callback_url that is no URL', { callback_url: 'CANARY' }, '2204'],
    ['a callback_url of another kind', { callback_url: 'ftp://a.test' }, '2204'],
  ])('refuses %s', async (_, change, code) => {
    const { emulator, prepare } = service()
    const { status, body } = await prepare(params(4), change)
    expect([status, body.code]).toEqual([400, code])
    expect(JSON.stringify(body)).not.toContain('CANARY')
    expect(emulator.calls[0]!.committed).toBe(false)
  })

  it('takes what the official clients send: texts for flags and job types, no callback', async () => {
    for (const more of [
      { model_parameters: '', callback_url: '' },
      { use_enrolled_image: 'false', retry: 'false', callback_url: null },
    ])
      expect((await service().prepare(params('4'), more)).status).toBe(200)
  })

  it('keeps job ids unique, per user or per partner, unless told to retry', async () => {
    const { prepare } = service()
    const first = (await prepare(params(4))).body
    expect((await prepare(params(4))).body).toEqual({
      code: '2215',
      error: 'Job already exists. Did you mean to set the retry flag to true?',
    })
    const again = (await prepare(params(4), { retry: true })).body
    expect(again.smile_job_id).toBe(first.smile_job_id)
    expect(again.upload_url).not.toBe(first.upload_url)
    expect((await prepare(params(4, { user_id: 'u2' }))).body.smile_job_id).toBe('0000000002')
    const strict = service({ choices: { jobIdScope: 'partner', uploadCode: 'number' } })
    expect((await strict.prepare(params(4))).body.code).toBe(2202)
    expect((await strict.prepare(params(4, { user_id: 'u2' }))).body.code).toBe('2215')
  })

  const enrols = [1, 4, 6, 11]
  const from: Body = { use_enrolled_image: true }
  it.each<[UserState, number[], Body, string]>([
    ['unknown', enrols, {}, '2202'],
    ['unknown', [2, 8], {}, '2210'],
    ['unknown', [6, 11], from, '2210'],
    ['enrolled', enrols, {}, '2209'],
    ['enrolled', enrols, { allow_new_enroll: true }, '2202'],
    ['enrolled', [2, 8], {}, '2202'],
    ['enrolled', [6, 11], from, '2202'],
    ['enrolled', [1, 4], from, '2209'],
    ['disabled', [...enrols, 2, 8], {}, '2207'],
    ['disabled', enrols, { allow_new_enroll: 'true' }, '2207'],
    ['deleted', [...enrols, 2, 8], {}, '2208'],
    ['must_reenroll', enrols, {}, '2202'],
    ['must_reenroll', [2, 8], {}, '2211'],
    ['must_reenroll', [6, 11], from, '2211'],
    ['no_photo', enrols, {}, '2209'],
    ['no_photo', [2], {}, '2216'],
    ['no_photo', [8], {}, '2202'],
    ['no_photo', [6, 11], from, '2216'],
  ])('a user who is %s, job types %j, %j: %s', async (state, types, more, code) => {
    for (const type of types) {
      const { emulator, prepare } = service()
      emulator.setUser('u1', state)
      expect([type, (await prepare(params(type), more)).body.code]).toEqual([type, code])
    }
  })

  it('a user can be set, listed and forgotten', async () => {
    const { emulator, prepare } = service({ choices: { usedUserCode: '2299' } })
    emulator.setUser('u1', 'enrolled')
    expect([(await prepare(params(4))).body.code, emulator.isEnrolled('u1')]).toEqual(['2299', true])
    emulator.setUser('u1', 'deleted')
    expect([emulator.isEnrolled('u1'), [...emulator.users].map(({ state }) => state)]).toEqual([
      false,
      ['deleted'],
    ])
    emulator.setUser('u1', 'unknown')
    expect([...emulator.users]).toEqual([])
  })
})

describe('the store', () => {
  const prepared = async (options?: EmulatorOptions) => {
    const all = service(options)
    const { upload_url } = (await all.prepare(params(4))).body
    return { ...all, url: upload_url as string, zip: zipOf(params(4)) }
  }

  it('takes a zip once for all, and says so', async () => {
    const { emulator, put, url, zip, status } = await prepared()
    expect(await status()).toMatchObject({
      job_complete: false,
      code: '2314',
      result: 'No zip file received',
    })
    const { status: http, text, headers } = await put(url, zip)
    expect([http, text]).toEqual([200, ''])
    expect(headers.get('etag')).toMatch(/^"[0-9a-f]{32}"$/)
    expect(emulator.calls.at(-1)).toEqual({
      operation: 'upload_zip',
      job: { user_id: 'u1', job_id: 'j1' },
      status: 200,
      committed: true,
    })
    expect((await status()).code).toBe('2302')
  })

  it.each<[string, (url: string) => string, Body, number, string]>([
    [
      'an altered signature',
      (url) => url.replace('Signature=', 'Signature=x'),
      {},
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'a plus that became a space',
      (url) => url.replace(/%2B|%2F|%3D/, '%20'),
      {},
      403,
      'SignatureDoesNotMatch',
    ],
    ['a longer life', (url) => url.replace(/Expires=\d/, 'Expires=9'), {}, 403, 'SignatureDoesNotMatch'],
    ['an added parameter', (url) => `${url}&more=1`, {}, 403, 'SignatureDoesNotMatch'],
    ['another path', (url) => url.replace('/085/', '/086/'), {}, 403, 'SignatureDoesNotMatch'],
    [
      'another host',
      (url) => url.replace('smile-uploads-test.s3', 'smile-uploads-prod.s3'),
      {},
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'another content type',
      (url) => url,
      { 'content-type': 'application/json' },
      403,
      'SignatureDoesNotMatch',
    ],
    [
      'a content type with more to it',
      (url) => url,
      { 'content-type': 'application/zip; charset=utf-8' },
      403,
      'SignatureDoesNotMatch',
    ],
    ['no content type', (url) => url, { 'content-type': '' }, 403, 'SignatureDoesNotMatch'],
    ['credentials', (url) => url, { authorization: 'Bearer x' }, 400, 'InvalidRequest'],
    ['headers of the API', (url) => url, { 'smileid-partner-id': '085' }, 400, 'InvalidRequest'],
    ['a length that is not that of the body', (url) => url, { 'content-length': '5' }, 400, 'IncompleteBody'],
    [
      'a stream of unknown length',
      (url) => url,
      { 'transfer-encoding': 'chunked' },
      411,
      'MissingContentLength',
    ],
  ])('refuses %s, in XML', async (_, change, headers, http, code) => {
    const { emulator, put, url, zip, status } = await prepared()
    const answer = await put(change(url), zip, { 'content-type': 'application/zip', ...headers })
    expect([answer.status, answer.code, answer.headers.get('content-type')]).toEqual([
      http,
      code,
      'application/xml',
    ])
    expect([emulator.calls.at(-1)!.committed, (await status()).code, emulator.uploads]).toEqual([
      false,
      '2314',
      [],
    ])
  })

  it('knows when an address has expired, by the clock or by a fault', async () => {
    const { emulator, put, url, zip } = await prepared({
      choices: { uploadUrlLifetimeMs: 60_000 },
      faults: [{ on: 'upload_zip', fault: { kind: 'expire' } }],
    })
    const expired = {
      status: 403,
      code: 'AccessDenied',
      text: expect.stringContaining('Request has expired'),
    }
    expect(await put(url, zip)).toMatchObject(expired)
    await emulator.advance(59_999)
    expect((await put(url, zip)).status).toBe(200)
    await emulator.advance(1)
    expect(await put(url, zip)).toMatchObject(expired)
  })

  it('fails as S3 does when told to', async () => {
    const { emulator, put, url, zip, status, prepare } = await prepared({
      faults: [503, 500, 418].map((code, after) => ({
        on: 'upload_zip',
        after,
        fault: { kind: 'status', status: code, retryAfter: 2 },
      })),
    })
    for (const [http, code] of [
      [503, 'SlowDown'],
      [500, 'InternalError'],
      [418, 'InternalError'],
    ]) {
      const answer = await put(url, zip)
      expect([answer.status, answer.code, answer.headers.get('retry-after')]).toEqual([http, code, '2'])
    }
    for (const commit of [false, true]) {
      emulator.addFault({ on: 'upload_zip', fault: { kind: 'reset', commit } })
      await expect(put(url, zip)).rejects.toThrow('fetch failed')
      expect([emulator.calls.at(-1), (await status()).code]).toMatchObject([
        { status: 'reset', committed: commit },
        commit ? '2302' : '2314',
      ])
    }
    emulator.addFault({ on: 'upload_zip', fault: { kind: 'code', code: '2205' } })
    expect(await put(url, zip)).toMatchObject({ status: 400, code: 'InvalidRequest' })
    emulator.addFault({ on: 'upload', fault: { kind: 'upload_url', url: 'http://elsewhere.example/x' } })
    expect((await prepare(params(4, { job_id: 'j2' }))).body).toMatchObject({
      code: '2202',
      upload_url: 'http://elsewhere.example/x',
    })
  })

  it('keeps nothing of a body that breaks off, or of one whose sender gave up', async () => {
    const { emulator, put, url, zip, status } = await prepared()
    let pieces = 0
    const broken = new ReadableStream({
      pull: (controller) =>
        pieces++ ? controller.error(new Error('gone')) : controller.enqueue(zip.slice(0, 100)),
    })
    await expect(put(url, broken)).rejects.toThrow('gone')
    await expect(
      emulator.fetch(url, {
        method: 'PUT',
        body: zip,
        headers: { 'content-type': 'application/zip' },
        signal: AbortSignal.abort(),
      }),
    ).rejects.toThrow(/abort/i)
    expect(emulator.calls.slice(1)).toEqual(
      Array.from({ length: 2 }, () => ({
        operation: 'upload_zip',
        job: { user_id: 'u1', job_id: 'j1' },
        status: 'reset',
        committed: false,
      })),
    )
    expect(await status()).toMatchObject({ code: '2314', result: 'No zip file received' })
  })

  it('does not hold on to eight zips of 6 MB', async () => {
    const { emulator, prepare, put } = service({ choices: { minFaceSide: 1 } })
    const large = Uint8Array.from([...selfie.slice(0, -2), ...new Uint8Array(6_000_000), ...selfie.slice(-2)])
    const urls = await Promise.all(
      Array.from(
        { length: 8 },
        async (_, i) => (await prepare(params(4, { user_id: `u${i}` }))).body.upload_url as string,
      ),
    )
    globalThis.gc!()
    const before = process.memoryUsage().arrayBuffers
    await Promise.all(
      urls.map((url, i) => put(url, zipOf(params(4, { user_id: `u${i}` }), {}, { 'selfie.jpg': large }))),
    )
    expect(emulator.uploads.map(({ problems }) => problems)).toEqual(urls.map(() => []))
    // What a stream was made of goes with the second round only.
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 10))
      globalThis.gc!()
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(6e6)
  }, 30_000)
})

describe('a zip', () => {
  const BAD_ZIP = {
    job_complete: true,
    job_success: false,
    code: '2302',
    result: { ResultCode: '0903', ResultText: 'Zip Corrupt', IsFinalResult: 'true' },
  }
  it.each<[string, number, Body, Record<string, Uint8Array>, string]>([
    [
      'an entry without its file',
      4,
      { images: [{ ...SELFIE, file_name: 'other.jpg' }] },
      {},
      'images[0].file_name: no such file',
    ],
    [
      'info.json as an image',
      4,
      { images: [{ ...SELFIE, file_name: 'info.json' }] },
      {},
      'images[0].file_name: no such file',
    ],
    ['a file that no entry names', 4, {}, { 'CANARY.jpg': front }, 'images: a file is not listed'],
    [
      'a path where a file is meant',
      4,
      { images: [{ ...SELFIE, image: './selfie.jpg' }] },
      {},
      'images[0].image: must be empty where a file is meant',
    ],
    [
      'a liveness frame as a path',
      4,
      { images: [SELFIE, { image_type_id: 4, image: './l.jpg', file_name: '' }] },
      {},
      'images[1].file_name: no such file',
    ],
    [
      'inline without base64',
      4,
      { images: [{ image_type_id: 2, image: '?', file_name: '' }] },
      {},
      'images[0].image: must be base64',
    ],
    [
      'inline with a file',
      4,
      { images: [{ image_type_id: 2, image: base64(selfie), file_name: 'selfie.jpg' }] },
      {},
      'images[0].file_name: must be empty where base64 is meant',
    ],
    [
      'an unknown kind',
      4,
      { images: [{ ...SELFIE, image_type_id: 8 }] },
      {},
      'images[0].image_type_id: must be 0 to 7',
    ],
    [
      'a kind that is a list',
      4,
      { images: [{ ...SELFIE, image_type_id: [0] }] },
      {},
      'images[0].image_type_id: must be 0 to 7',
    ],
    ['no images', 4, { images: [] }, {}, 'images: must be a list'],
    ['images that are no list', 4, { images: {} }, {}, 'images: must be a list'],
    ['no selfie', 4, { images: [{ ...SELFIE, image_type_id: 4 }] }, {}, 'images: a selfie is required'],
    ['no ID card', 6, { images: [SELFIE] }, {}, 'images: the front of an ID card is required'],
    [
      'no ID card and no number',
      1,
      { id_info: { entered: 'false' } },
      {},
      'images: the front of an ID card is required',
    ],
    ['a number without its kind', 1, { id_info: { ...ID, id_type: '' } }, {}, 'id_info.id_type: is required'],
    ['no country', 6, { id_info: {} }, {}, 'id_info.country: is required'],
    ['no kind of document', 11, { id_info: { country: 'GH' } }, {}, 'id_info.id_type: is required'],
    [
      'a country in words',
      6,
      { id_info: { country: 'Ghana' } },
      {},
      'id_info.country: must be two capital letters',
    ],
    ['entered as a word', 4, { id_info: { entered: 'yes' } }, {}, 'id_info.entered: must be true or false'],
    ['a number for a text', 4, { id_info: { dob: 1990 } }, {}, 'id_info.dob: must be text'],
    ['a list for id_info', 4, { id_info: [] }, {}, 'id_info: must be an object'],
    [
      'another job',
      4,
      { misc_information: { partner_params: params(4, { job_id: 'j2' }) } },
      {},
      'misc_information.partner_params: not as announced',
    ],
    [
      'another partner',
      4,
      { misc_information: { smile_client_id: '086' } },
      {},
      'misc_information.smile_client_id: not as announced',
    ],
    [
      'a wrong signature',
      4,
      { misc_information: { timestamp: START, signature: 'e30=' } },
      {},
      'misc_information.signature: wrong',
    ],
  ])('with %s ends the job', async (_, type, info, files, problem) => {
    const { emulator, submit, status } = service()
    expect((await submit(params(type), info, {}, files)).status).toBe(200)
    expect(emulator.uploads[0]!.problems).toContain(problem)
    expect(await status()).toMatchObject(BAD_ZIP)
    expect(JSON.stringify(emulator.uploads)).not.toContain('CANARY')
    expect(interpretResult((await status()) as never)).toMatchObject({
      decision: 'rejected',
      final: true,
      retryable: true,
    })
  })

  it.each<[string, Uint8Array, string]>([
    ['no zip', new TextEncoder().encode('no zip'), 'it is no zip'],
    ['nothing', new Uint8Array(), 'it is no zip'],
    ['a zip without info.json', zipSync({ 'selfie.jpg': selfie }), 'there is no info.json'],
    ['an info.json that is no JSON', zipSync({ 'info.json': selfie }), 'info.json is no JSON'],
    [
      'a list for info.json',
      zipSync({ 'info.json': new TextEncoder().encode('[]') }),
      'info.json is no JSON',
    ],
  ])('that is %s ends the job', async (_, zip, problem) => {
    const { emulator, prepare, put, status } = service()
    await put((await prepare(params(4))).body.upload_url, Uint8Array.from(zip))
    expect(emulator.uploads[0]!.problems).toEqual([problem])
    expect(await status()).toMatchObject(BAD_ZIP)
  })

  it('that lies can have another code', async () => {
    const { submit, status } = service({ choices: { badInfoCode: '2203' } })
    await submit(params(4), { images: [] })
    expect((await status()).result.ResultCode).toBe('2203')
  })

  it.each<[string, Body[], Record<string, Uint8Array>, string]>([
    ['no picture', [SELFIE, FRONT], { 'selfie.jpg': new Uint8Array(500) }, 'Selfie'],
    ['cut off', [SELFIE, FRONT], { 'selfie.jpg': selfie.slice(0, -20) }, 'Selfie'],
    [
      'tiny, inline, as a liveness frame',
      [SELFIE, FRONT, { image_type_id: 6, image: base64(tiny), file_name: '' }],
      {},
      'Selfie',
    ],
    ['a cut card', [SELFIE, FRONT], { 'front.jpg': front.slice(0, 300) }, 'ID Card'],
    [
      'the back of it',
      [SELFIE, FRONT, { image_type_id: 5, file_name: 'back.png' }],
      { 'back.png': new Uint8Array(9) },
      'ID Card',
    ],
  ])('with an image that is %s', async (_, images, files, what) => {
    const { submit, status, emulator } = service()
    await submit(params(6), { images }, {}, files)
    expect(await status()).toMatchObject({
      job_complete: true,
      job_success: false,
      result: { ResultCode: '0001', ResultText: `${what} image unusable` },
    })
    expect(interpretResult((await status()) as never).decision).toBe('rejected')
    await emulator.advance(60_000)
    expect(emulator.isEnrolled('u1')).toBe(false)
  })

  it('shows what came, under its kind, and nothing personal', async () => {
    const { emulator, submit } = service()
    const liveness = [3, 4].map((seed) => samplePhoto({ seed }))
    const back = samplePhoto({ type: 'image/png' })
    const images = [
      { ...SELFIE, image_type_id: '0' },
      FRONT,
      { image_type_id: 4, file_name: 'l.jpg' },
      { image_type_id: 6, image: base64(liveness[1]!), file_name: '' },
      { image_type_id: 5, image: '', file_name: 'back.png' },
    ]
    await submit(
      params(6),
      {
        images,
        id_info: { country: 'GH', first_name: 'CANARY', id_number: 'CANARY', entered: false },
        consent_information: { consented: { consent_granted_date: 'CANARY' } },
      },
      {},
      { 'l.jpg': liveness[0]!, 'back.png': back, 'security_info.json': new TextEncoder().encode('{}') },
    )
    const [upload] = emulator.uploads
    expect(upload).toMatchObject({
      job: { user_id: 'u1', job_id: 'j1' },
      smileJobId: '0000000001',
      problems: [],
    })
    expect(upload!.files).toEqual(
      [
        ['selfie.jpg', 0, selfie],
        ['front.jpg', 1, front],
        ['l.jpg', 4, liveness[0]!],
        ['', 6, liveness[1]!],
        ['back.png', 5, back],
      ].map(([name, image_type_id, bytes]) => ({
        name,
        image_type_id,
        sha256: sha256(bytes as Uint8Array),
        bytes: (bytes as Uint8Array).length,
      })),
    )
    expect(upload!.info).toMatchObject({
      package_information: { language: 'test' },
      misc_information: {
        retry: 'false',
        partner_params: params(6),
        smile_client_id: '085',
        signature: 'string',
        userData: { name: 'string' },
      },
      id_info: { country: 'string', first_name: 'string', id_number: 'string', entered: 'boolean' },
      server_information: { upload_url: 'string' },
    })
    const seen = JSON.stringify([emulator.uploads, emulator.calls, [...emulator.users]])
    for (const secret of ['CANARY', base64(liveness[1]!), sign().signature])
      expect(seen).not.toContain(secret)
  })
})

describe('the job', () => {
  const ends: [number, Body, string, string][] = [
    [1, {}, '0810', 'Selfie_To_ID_Authority_Compare'],
    [2, {}, '0820', 'Selfie_To_Registered_Selfie_Compare'],
    [4, {}, '0840', 'Register_Selfie'],
    [6, {}, '0810', 'Document_Check'],
    [8, {}, '0820', 'Update_Registered_Selfie_On_File'],
    [11, {}, '0810', 'Verify_Document'],
    [6, { use_enrolled_image: true }, '0810', 'Verify_Document'],
  ]
  it.each(ends)('of type %i, %j ends as sandbox_result says: %s, %s', async (type, more, code, action) => {
    for (const [sandbox_result, decisions] of Object.entries({
      0: ['approved'],
      1: ['rejected'],
      2: ['provisional', 'approved'],
    })) {
      const { emulator, submit, status } = service({ verdict: 'rejected' })
      if (type === 2 || type === 8 || more.use_enrolled_image) emulator.setUser('u1', 'enrolled')
      await submit(params(type, { sandbox_result, own: 'extra' }), {}, more)
      await emulator.advance(10_000)
      const first = await status()
      expect(first.result).toMatchObject({
        SmileJobID: '0000000001',
        ResultType: 'SAIA',
        PartnerParams: params(type, { sandbox_result, own: 'extra' }),
      })
      expect(interpretResult(first as never).decision).toBe(decisions[0])
      expect(first.history.map((result: Body) => result.ResultCode)).toEqual([
        { 0: code, 1: '0907', 2: '0814' }[sandbox_result],
        ...(type === 1 ? ['1012'] : []),
      ])
      expect(first.result.Actions[action]).toMatch(
        {
          0: /^(Approved|Completed|Passed)$/,
          1: /^(Rejected|Not Done|Failed)$/,
          2: /^(Provisionally Approved|Under Review|Not Done)$/,
        }[sandbox_result]!,
      )
      expect(first.result.FullName).toBe(
        (type === 6 || type === 11) && sandbox_result !== '1' ? 'DOE LEO JOE' : undefined,
      )
      await emulator.advance(10_000)
      const last = await status()
      expect(interpretResult(last as never)).toMatchObject({ decision: decisions.at(-1), final: true })
      expect(last.result.FullName).toBe(
        (type === 6 || type === 11) && sandbox_result !== '1' ? 'DOE LEO JOE' : undefined,
      )
    }
  })

  it('can be told its codes, and goes by the emulator without sandbox_result', async () => {
    const { emulator, submit, status } = service({
      verdict: 'provisional',
      choices: { authenticatedCode: '0829', photoUpdatedCode: '0889' },
    })
    emulator.setUser('u1', 'enrolled')
    await submit(params(2))
    await submit(params(8, { job_id: 'j2', sandbox_result: 0 }))
    await emulator.advance(10_000)
    expect([(await status()).result.ResultCode, (await status({ job_id: 'j2' })).result.ResultCode]).toEqual([
      '0814',
      '0889',
    ])
    await emulator.advance(10_000)
    expect((await status()).result.ResultCode).toBe('0829')
  })

  it('tells of the ID half-way, where there is a number, and compares with the card where there is none', async () => {
    const { emulator, submit, status } = service()
    await submit(params(1))
    await submit(params(1, { user_id: 'u2' }), { id_info: { entered: 'false' }, images: [SELFIE, FRONT] })
    await emulator.advance(5000)
    expect(await status()).toMatchObject({
      job_complete: false,
      result: { ResultCode: '1012', ResultType: 'ID Verification' },
    })
    expect((await status({ user_id: 'u2' })).result).toBeUndefined()
    await emulator.advance(5000)
    expect((await status({ user_id: 'u2' })).result.Actions).toMatchObject({
      Selfie_To_ID_Card_Compare: 'Completed',
    })
  })

  it('speaks of the document that it was given', async () => {
    const { emulator, submit, status } = service()
    await submit(params(11))
    await emulator.advance(10_000)
    expect((await status()).result).toMatchObject({
      Country: 'GH',
      IDType: 'PASSPORT',
      FullName: 'DOE LEO JOE',
      DOB: '2000-09-20',
    })
  })

  it.each([
    ['approved', 10_000],
    ['provisional', 10_000],
    ['rejected', undefined],
  ] as const)('%s enrols its user at %s', async (verdict, at) => {
    for (const type of [1, 4, 6, 11]) {
      const { emulator, submit, prepare } = service({ verdict })
      await submit(params(type))
      await emulator.advance(9_999)
      expect(emulator.isEnrolled('u1')).toBe(false)
      expect((await prepare(params(2, { job_id: 'j2' }))).body.code).toBe('2210')
      await emulator.advance(1)
      expect(emulator.isEnrolled('u1')).toBe(at !== undefined)
      expect((await prepare(params(4, { job_id: 'j3' }))).body.code).toBe(at ? '2209' : '2202')
      expect((await prepare(params(2, { job_id: 'j4' }))).body.code).toBe(at ? '2202' : '2210')
      expect([...emulator.users].map(({ photoSha256, smileJobId }) => [photoSha256, smileJobId])).toEqual(
        at ? [[sha256(selfie), '0000000001']] : [],
      )
    }
  })

  it('of type 8 changes the photo once it is approved, and 2 changes nothing', async () => {
    const { emulator, submit } = service()
    await submit(params(4))
    await emulator.advance(10_000)
    const photo = () => [...emulator.users].map(({ photoSha256, smileJobId }) => [photoSha256, smileJobId])
    await submit(params(2, { job_id: 'j2' }), {}, {}, { 'selfie.jpg': front })
    await submit(params(8, { job_id: 'j3', sandbox_result: '1' }), {}, {}, { 'selfie.jpg': front })
    await emulator.advance(10_000)
    expect(photo()).toEqual([[sha256(selfie), '0000000001']])
    await submit(params(8, { job_id: 'j4', sandbox_result: '2' }), {}, {}, { 'selfie.jpg': front })
    await emulator.advance(19_999)
    expect(photo()).toEqual([[sha256(selfie), '0000000001']])
    await emulator.advance(1)
    expect(photo()).toEqual([[sha256(front), '0000000001']])
  })

  it('puts right what stood in its way', async () => {
    for (const [state, type, after] of [
      ['must_reenroll', 4, undefined],
      ['no_photo', 8, undefined],
      ['enrolled', 8, 'disabled'],
    ] as const) {
      const { emulator, submit } = service()
      emulator.setUser('u1', state)
      await submit(params(type))
      if (after) emulator.setUser('u1', after)
      await emulator.advance(10_000)
      expect([...emulator.users].map((user) => [user.state, user.photoSha256])).toEqual([
        [after, sha256(selfie)],
      ])
    }
  })

  it('enrols nobody with the selfie on file, and anew only when allowed to', async () => {
    const { emulator, submit } = service()
    emulator.setUser('u1', 'enrolled')
    await submit(params(6), { images: [FRONT] }, { use_enrolled_image: true })
    await submit(params(6, { job_id: 'j3' }), {}, { use_enrolled_image: true, allow_new_enroll: true })
    expect(emulator.uploads.map(({ problems }) => problems)).toEqual([[], []])
    await emulator.advance(10_000)
    expect([...emulator.users][0]!.photoSha256).toBe('')
    await submit(params(4, { job_id: 'j2' }), {}, { allow_new_enroll: true })
    await emulator.advance(10_000)
    expect([...emulator.users][0]!.photoSha256).toBe(sha256(selfie))
  })

  it('runs again when its zip comes again, and both uploads show', async () => {
    const { emulator, submit, status, prepare, put } = service()
    await submit(params(4), {}, { callback_url: 'https://app.test/cb' })
    await emulator.advance(10_000)
    const { body } = await prepare(params(4), { retry: true })
    expect(body).toMatchObject({ code: '2202', smile_job_id: '0000000001' })
    expect((await status()).job_complete).toBe(true)
    await put(body.upload_url, zipOf(params(4)))
    expect(await status()).toMatchObject({ job_complete: false, code: '2302', history: [] })
    await emulator.advance(10_000)
    expect((await status()).job_complete).toBe(true)
    expect(
      emulator.calls.filter(({ operation, committed }) => operation === 'upload_zip' && committed),
    ).toHaveLength(2)
    expect([...emulator.users]).toHaveLength(1)
  })

  it('enrols nobody when the zip that replaces a good one is bad', async () => {
    const { emulator, submit, prepare, put } = service()
    await submit(params(4))
    await put((await prepare(params(4), { retry: true })).body.upload_url, 'no zip')
    await emulator.advance(60_000)
    expect(emulator.isEnrolled('u1')).toBe(false)
  })

  it('delivers every result to its callback, those of a run that was replaced no more', async () => {
    const { emulator, submit, prepare, put } = service({ verdict: 'provisional' })
    const callback_url = 'https://app.test/cb'
    await submit(params(1), {}, { callback_url })
    await emulator.advance(5000)
    await put((await prepare(params(1), { retry: 'true', callback_url })).body.upload_url, zipOf(params(1)))
    await emulator.advance(30_000)
    const results = await Promise.all(
      emulator.callbacks.map(async (request) => (await request.clone().json()) as Body),
    )
    expect(results.map(({ ResultCode, timestamp }) => [ResultCode, timestamp.slice(17, 19)])).toEqual([
      ['1012', '05'],
      ['1012', '10'],
      ['0814', '15'],
      ['1210', '25'],
    ])
    for (const { timestamp, signature } of results) expect(signature).toBe(sign(timestamp).signature)
  })

  it('that a test starts goes the same way', async () => {
    const { emulator, prepare, status } = service()
    emulator.startJob({ ...params(4), job_type: 4, partner_params: { sandbox_result: '2' } })
    emulator.startJob({ user_id: 'u2', job_id: 'j1', zip: false })
    await emulator.advance(10_000)
    expect([
      emulator.isEnrolled('u1'),
      emulator.isEnrolled('u2'),
      (await status()).result.ResultCode,
    ]).toEqual([true, false, '0814'])
    expect((await prepare(params(4, { job_id: 'j2' }))).body.code).toBe('2209')
    emulator.reset()
    expect([[...emulator.users], emulator.uploads.length, (await status()).code]).toEqual([[], 0, '2304'])
  })
})

describe('over HTTP', () => {
  it('the address is on the server itself, a broken upload leaves the job as it was, and chunks are not taken', async () => {
    const { emulator, prepare, status } = service({ clock: 'real', jobDurationMs: 0 })
    const server = await createEmulatorServer(emulator)
    try {
      const { upload_url } = (await prepare(params(4), {}, server.url)).body
      expect(upload_url.startsWith(`${server.url}/smile-uploads-test/videos/085/085-0000000001-`)).toBe(true)
      const zip = zipOf(params(4))
      const upload = (length: number | undefined, body: Uint8Array, abort = false) =>
        new Promise<string>((resolve) => {
          const sent = httpRequest(
            upload_url,
            {
              method: 'PUT',
              headers: {
                'content-type': 'application/zip',
                ...(length === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': length }),
              },
            },
            (response) => {
              let text = ''
              response
                .on('data', (piece) => (text += piece))
                .on('end', () => resolve(`${response.statusCode} ${/<Code>(\w+)/.exec(text)?.[1] ?? text}`))
            },
          )
          sent.on('error', () => resolve('broken'))
          sent.write(body, () => (abort ? setTimeout(() => sent.destroy(), 20) : sent.end()))
        })
      expect(await upload(zip.length, zip.slice(0, 200), true)).toBe('broken')
      while (emulator.calls.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
      expect(emulator.calls[1]).toEqual({
        operation: 'upload_zip',
        job: { user_id: 'u1', job_id: 'j1' },
        status: 'reset',
        committed: false,
      })
      expect((await status()).code).toBe('2314')
      expect(await upload(undefined, zip)).toBe('411 MissingContentLength')
      expect((await status()).code).toBe('2314')
      expect(await upload(zip.length, zip)).toBe('200 ')
      expect(await status()).toMatchObject({ job_success: true, result: { ResultCode: '0840' } })
    } finally {
      await server.close()
    }
  })
})
