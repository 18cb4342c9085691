/**
 * The same calls by smile-identity-core 3.2.1 and by compat, to one server: what goes out is the same, but
 * for the list below.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import * as compat from 'smileid-edge/compat'
import { samplePhoto } from 'smileid-edge/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadOldSdk } from './old-sdk'
import { KEY, PARTNER, type Recorded, type Recorder, signatureOf, startRecorder } from './recorder'

const oldSdk = loadOldSdk()
const folder = mkdtempSync(join(tmpdir(), 'smileid-wire-'))
const image = (name: string, seed: number) => {
  const bytes = samplePhoto({ seed })
  writeFileSync(join(folder, name), bytes)
  return {
    path: join(folder, name),
    base64: Buffer.from(bytes).toString('base64'),
    bytes: Buffer.from(bytes),
  }
}
const [selfie, card, frame, back] = [
  image('me.jpg', 1),
  image('card.jpg', 2),
  image('frame.jpg', 3),
  image('back.jpg', 4),
]
let server: Recorder
beforeAll(async () => {
  server = await startRecorder()
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true })
})

type Fields = Record<string, any>

/** What differs on purpose; each must be seen to differ in some call, so that none stays here for nothing. */
const INTENDED: Readonly<Record<string, (old: Fields, ours: Fields, request: Fields) => void>> = {
  'says that it is a REST client, not smile-identity-core'(old, ours) {
    if (old.source_sdk === undefined && ours.source_sdk === undefined) return
    used.add('says that it is a REST client, not smile-identity-core')
    expect([old.source_sdk, old.source_sdk_version]).toEqual(['javascript', '3.2.1'])
    expect([ours.source_sdk, ours.source_sdk_version]).toEqual(['rest_api', '1.0.0'])
    for (const fields of [old, ours])
      for (const name of ['source_sdk', 'source_sdk_version']) delete fields[name]
  },
  'does not repeat the ID info in the prep upload'(old, ours, { path, id_info }) {
    if (path !== '/v1/upload') return
    for (const name of ['entered', ...Object.keys((id_info as Fields | undefined) ?? {})]) {
      used.add('does not repeat the ID info in the prep upload')
      expect(ours).not.toHaveProperty(name)
      delete old[name]
    }
  },
  'says false where an option of a job status was left out'(old, ours, { path }) {
    if (path !== '/v1/job_status') return
    for (const name of ['history', 'image_links']) {
      if (name in old) continue
      used.add('says false where an option of a job status was left out')
      expect(ours[name]).toBe(false)
      delete ours[name]
    }
  },
}
/** Of info.json. */
const INTENDED_IN_ZIP: Readonly<Record<string, (old: Fields, ours: Fields) => void>> = {
  'has a text for the callback, if an empty one'(old, ours) {
    if ('callback_url' in old.misc_information) return
    expect(ours.misc_information.callback_url).toBe('')
    delete ours.misc_information.callback_url
    used.add('has a text for the callback, if an empty one')
  },
  'names nobody'(old, ours) {
    expect([old.misc_information.userData.firstName, ours.misc_information.userData.firstName]).toEqual([
      'Bill',
      '',
    ])
    old.misc_information.userData.firstName = ''
    used.add('names nobody')
  },
  'has the signature that belongs to its timestamp'(old, ours) {
    expect(old.misc_information).not.toHaveProperty('signature')
    expect(ours.misc_information.signature).toBe(signatureOf(ours.misc_information.timestamp))
    delete ours.misc_information.signature
    used.add('has the signature that belongs to its timestamp')
  },
}
const used = new Set<string>()

/** Every image that the service gets, under the type of a file, wherever it stands. */
function imagesIn(info: Fields, files: Record<string, Uint8Array>): { type: number; bytes: Buffer }[] {
  const asFile: Record<number, number> = { 2: 0, 3: 1, 6: 4, 7: 5 }
  return (info.images as { image_type_id: number; image: string; file_name: string }[]).map(
    ({ image_type_id, image, file_name }) => ({
      type: asFile[image_type_id] ?? image_type_id,
      bytes: file_name ? Buffer.from(files[file_name]!) : Buffer.from(image, 'base64'),
    }),
  )
}

function same(old: Recorded, ours: Recorded, call: Fields): void {
  expect([ours.method, ours.path]).toEqual([old.method, old.path])
  expect(ours.headers['content-type']).toBe(old.headers['content-type'])
  expect(ours.headers.authorization).toBe(old.headers.authorization)
  expect(ours.headers['transfer-encoding']).toBe(undefined)
  expect(Number(ours.headers['content-length'])).toBe(ours.body.length)
  if (ours.path.endsWith('.zip')) return sameZip(old.body, ours.body)
  const [before, now] = [old, ours].map(({ body }) => JSON.parse(body.toString()) as Fields) as [
    Fields,
    Fields,
  ]
  for (const fields of [before, now]) {
    expect(fields.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(fields.signature).toBe(signatureOf(fields.timestamp))
    for (const name of ['timestamp', 'signature']) delete fields[name]
  }
  for (const differs of Object.values(INTENDED)) differs(before, now, { path: ours.path, ...call })
  expect(now).toEqual(before)
}

function sameZip(old: Buffer, ours: Buffer): void {
  const [filesBefore, files] = [unzipSync(old), unzipSync(ours)]
  const [before, now] = [filesBefore, files].map(
    (zip) => JSON.parse(Buffer.from(zip['info.json']!).toString()) as Fields,
  ) as [Fields, Fields]
  expect(imagesIn(now, files)).toEqual(imagesIn(before, filesBefore))
  for (const differs of Object.values(INTENDED_IN_ZIP)) differs(before, now)
  // Images were compared by what they are; the names of files are each one's own.
  for (const info of [before, now]) {
    delete info.images
    delete info.misc_information.timestamp
  }
  expect(now).toEqual(before)
}

interface Call {
  title: string
  run(kit: Kit): Promise<unknown>
  id_info?: Fields
  /** What the reply has more of, on purpose. */
  more?: Fields
}
interface Kit {
  WebApi: any
  undefinedCallback: any
  IDApi: any
  Utilities: any
}

function kitOf(module: any): Kit {
  const address = `${server.url}/v1`
  return {
    WebApi: (callback: unknown = 'https://app.example/cb') =>
      new module.WebApi(PARTNER, callback, KEY, address),
    undefinedCallback: () => new module.WebApi(PARTNER, undefined, KEY, address),
    IDApi: () => new module.IDApi(PARTNER, KEY, address),
    Utilities: () => new module.Utilities(PARTNER, KEY, address),
  }
}

const person = {
  country: 'NG',
  id_type: 'BVN',
  id_number: '00000000000',
  first_name: 'Leo',
  last_name: 'Doe',
  dob: '2000-09-20',
  phone_number: '',
  whatever: { deep: [1, null] },
}
const files = [
  { image_type_id: 0, image: selfie!.path },
  { image_type_id: 1, image: card!.path },
]
const inline = [
  { image_type_id: 2, image: selfie!.base64 },
  { image_type_id: 3, image: card!.base64 },
  { image_type_id: 6, image: frame!.base64 },
  { image_type_id: 6, image: back!.base64 },
  { image_type_id: 7, image: back!.base64 },
]
const params = (job_type: number | string, more: Fields = {}) => ({
  user_id: 'u1',
  job_id: 'j1',
  job_type,
  ...more,
})

const CALLS: Call[] = [
  ...[1, '1'].map((type): Call => ({
    title: `biometric KYC by number, type ${JSON.stringify(type)}, files`,
    id_info: { ...person, entered: true },
    run: ({ WebApi }) =>
      WebApi().submit_job(
        params(type, { extra: 'x', sandbox_result: '0' }),
        files,
        { ...person, entered: true },
        {},
      ),
  })),
  {
    title: 'biometric KYC by card, base64, with several frames',
    id_info: { country: 'NG' },
    run: ({ WebApi }) => WebApi().submit_job(params(1), inline, { country: 'NG' }),
  },
  {
    title: 'authentication',
    run: ({ WebApi }) =>
      WebApi().submit_job(params(2), [inline[0], inline[2]], {}, { return_job_status: false }),
  },
  {
    title: 'registration with a callback of its own',
    run: ({ WebApi }) =>
      WebApi().submit_job(params(4), [files[0]], {}, { optional_callback: 'http://app.example/other' }),
  },
  {
    title: 'registration with numbers as ids',
    run: ({ WebApi }) => WebApi().submit_job({ user_id: 7, job_id: 8, job_type: 4 }, [files[0]], {}),
  },
  {
    title: 'document verification',
    id_info: { country: 'gh' },
    run: ({ WebApi }) => WebApi().submit_job(params(6), [...files, inline[4]], { country: 'gh' }),
  },
  {
    title: 'document verification of somebody enrolled',
    id_info: { country: 'GH' },
    run: ({ WebApi }) =>
      WebApi().submit_job(params(6), [files[1]], { country: 'GH' }, { use_enrolled_image: true }),
  },
  {
    title: 'update of the photo on file',
    run: ({ WebApi }) => WebApi().submit_job(params(8), [files[0]], {}),
  },
  {
    title: 'enhanced document verification',
    id_info: { country: 'GH', id_type: 'PASSPORT', entered: 'false' },
    run: ({ WebApi }) =>
      WebApi().submit_job(params(11), inline.slice(0, 2), {
        country: 'GH',
        id_type: 'PASSPORT',
        entered: 'false',
      }),
  },
  {
    title: 'a type that nobody knows',
    run: ({ WebApi }) =>
      WebApi().submit_job(params(3), [files[0], { image_type_id: 12, image: card!.base64 }], {}),
  },
  {
    title: 'without a callback, waited for',
    more: { success: true, smile_job_id: '0000000042' },
    run: ({ WebApi }) =>
      WebApi(null).submit_job(
        params(4),
        [files[0]],
        {},
        { return_job_status: true, return_images: true, return_history: true },
      ),
  },
  {
    title: 'with no word of a callback, waited for',
    more: { success: true, smile_job_id: '0000000042' },
    run: ({ WebApi }) => WebApi('').submit_job(params(4), [files[0]], {}, { return_job_status: true }),
  },
  {
    title: 'with an undefined callback, waited for',
    more: { success: true, smile_job_id: '0000000042' },
    run: ({ undefinedCallback }) =>
      undefinedCallback().submit_job(params(4), [files[0]], {}, { return_job_status: true }),
  },
  ...[5, '5', 7].flatMap((type): Call[] => [
    {
      title: `lookup by WebApi, type ${JSON.stringify(type)}`,
      run: ({ WebApi }) => WebApi().submit_job(params(type), null, person),
    },
    {
      title: `lookup, type ${JSON.stringify(type)}`,
      run: ({ IDApi }) => IDApi().submit_job(params(type, { extra: 1 }), { ...person, postal_code: '00200' }),
    },
    {
      title: `lookup for later, type ${JSON.stringify(type)}`,
      run: ({ IDApi }) => IDApi().submitAsyncjob(params(type), person, 'https://app.example/later'),
    },
  ]),
  {
    title: 'lookup for later without a callback',
    run: ({ IDApi }) => IDApi().submitAsyncjob(params(5), { id_number: '1' }),
  },
  {
    title: 'status by WebApi',
    run: ({ WebApi }) => WebApi().get_job_status(params(1), { return_history: true }),
  },
  {
    title: 'status',
    run: ({ Utilities }) =>
      Utilities().get_job_status('u1', 'j1', { return_images: true, return_history: false }),
  },
  { title: 'status of numbers', run: ({ Utilities }) => Utilities().get_job_status(7, 8) },
  { title: 'a poll', run: ({ IDApi }) => IDApi().pollJobStatus(params(5), 1, 10, true, false) },
  {
    title: 'options as the examples of 3.2.1 have them',
    run: ({ WebApi }) =>
      WebApi().submit_job(
        params(2),
        [inline[0]],
        {},
        { return_job_status: true, return_history: false, signature: true },
      ),
    more: { success: true, smile_job_id: '0000000042' },
  },
  {
    title: 'a web token',
    run: ({ WebApi }) => WebApi().get_web_token({ user_id: 'u1', job_id: 'j1', product: 'biometric_kyc' }),
  },
  {
    title: 'a web token with a callback of its own',
    run: ({ WebApi }) =>
      WebApi(undefined).get_web_token({
        user_id: 'u1',
        job_id: 'j1',
        product: 'p',
        callback_url: 'app.example/cb',
      }),
  },
]

const stable = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  const { timestamp: _, signature: __, ...rest } = value as Fields
  return rest
}

describe('compat sends and returns what smile-identity-core does', () => {
  it.each(CALLS)('$title', async ({ run, more, ...call }) => {
    const before = stable(await run(kitOf(oldSdk)))
    const old = server.take()
    const now = stable(await run(kitOf(compat)))
    const ours = server.take()
    expect(ours.map(({ path }) => path)).toEqual(old.map(({ path }) => path))
    expect(ours.length).toBeGreaterThan(0)
    for (const [i, request] of ours.entries()) same(old[i]!, request, call)
    expect(now).toEqual({ ...(before as Fields), ...more })
  })

  it('differs in every way that is listed as intended', () => {
    expect([...used].sort()).toEqual([...Object.keys(INTENDED), ...Object.keys(INTENDED_IN_ZIP)].sort())
  })

  it('signs as it does, for every timestamp that it signs', async () => {
    const [old, ours] = [new oldSdk.Signature(PARTNER, KEY), new compat.Signature(PARTNER, KEY)]
    for (const timestamp of ['2024-08-06T09:15:30.123Z', '2024-08-06 09:15:30 +0000', 1570698930193]) {
      const pair = await ours.generate_signature(timestamp)
      expect(pair.signature).toBe(old.generate_signature(timestamp).signature)
      // The text that was signed, where the original returns a number that was not.
      expect(pair.timestamp).toBe(typeof timestamp === 'number' ? '2019-10-10T09:15:30.193Z' : timestamp)
      expect([
        old.confirm_signature(timestamp, pair.signature),
        await ours.confirm_signature(timestamp, pair.signature),
      ]).toEqual([true, true])
    }
    expect(await ours.confirm_signature('no date', 'x')).toBe(false)
    expect(await ours.confirm_signature('2024-08-06T09:15:30.123Z', undefined as never)).toBe(false)
    const thrown = (timestamp: unknown) => {
      try {
        return old.generate_signature(timestamp) as object
      } catch (error) {
        return error as Error
      }
    }
    for (const timestamp of [
      'no date',
      '',
      ' ',
      '2018-00-01T00:00:00.000',
      '2024-08-06T25:00:00Z',
      Number.NaN,
      8.64e15 + 1,
      {},
    ] as string[]) {
      const error = (await ours.generate_signature(timestamp).catch((error: unknown) => error)) as Error
      expect([error.message, (error as { code?: string }).code]).toEqual([
        (thrown(timestamp) as Error).message,
        'invalid_input',
      ])
    }
    // Where it failed at something else.
    for (const timestamp of [null, true, new Date(5)] as never[])
      expect(
        (await ours.generate_signature(timestamp).catch((error: unknown) => error)) as Error,
      ).toMatchObject({ code: 'invalid_input' })
  })

  it('has its exports, with their values', () => {
    expect(compat).toMatchObject({ JOB_TYPE: oldSdk.JOB_TYPE, IMAGE_TYPE: oldSdk.IMAGE_TYPE })
    expect(Object.keys(oldSdk).filter((name) => !(name in compat))).toEqual([])
  })
})

/** Calls that are refused before anything is sent, each by the first of its mistakes. */
const WRONG: { title: string; run(kit: Kit): Promise<unknown> }[] = [
  ...[
    undefined,
    null,
    '',
    'text',
    5,
    {},
    { user_id: 'u' },
    { user_id: 'u', job_id: 'j' },
    { job_id: 'j', job_type: 1 },
    { user_id: 'u', job_id: 'j', job_type: 0 },
  ].flatMap((given) => [
    {
      title: `WebApi, partner params ${JSON.stringify(given)}`,
      run: ({ WebApi }: Kit) => WebApi().submit_job(given, files, person),
    },
    {
      title: `IDApi, partner params ${JSON.stringify(given)}`,
      run: ({ IDApi }: Kit) => IDApi().submit_job(given, person),
    },
    {
      title: `IDApi for later, partner params ${JSON.stringify(given)}`,
      run: ({ IDApi }: Kit) => IDApi().submitAsyncjob(given, person, 'https://app.example'),
    },
    {
      title: `polls, partner params ${JSON.stringify(given)}`,
      run: ({ IDApi }: Kit) => IDApi().pollJobStatus(given),
    },
  ]),
  ...[1, 'x', '6'].map((type) => ({
    title: `IDApi, type ${type}`,
    run: ({ IDApi }: Kit) => IDApi().submit_job(params(type), person),
  })),
  ...[undefined, null, 'text', {}, [], { country: 'NG' }, { id_number: '' }].flatMap((given) =>
    [5, 7].flatMap((type) => [
      {
        title: `lookup ${type}, ID info ${JSON.stringify(given)}`,
        run: ({ IDApi }: Kit) => IDApi().submit_job(params(type), given),
      },
      {
        title: `lookup ${type} by WebApi, ID info ${JSON.stringify(given)}`,
        run: ({ WebApi }: Kit) => WebApi().submit_job(params(type), files, given),
      },
    ]),
  ),
  ...[1, 6, 11, '6'].flatMap((type) =>
    [
      {},
      { country: 'NG' },
      { country: '', id_type: 'X' },
      { entered: true },
      { entered: 'true', country: 'NG' },
      { entered: 'true', country: 'NG', id_type: 'BVN' },
      { entered: 'yes' },
      { entered: 1 },
      { entered: '' },
    ].flatMap((info) =>
      [undefined, [], [{ image_type_id: 6, image: 'x' }], [{ image_type_id: 2, image: 'x' }], 'text'].map(
        (images) => ({
          title: `type ${type}, ID info ${JSON.stringify(info)}, images ${JSON.stringify(images)}`,
          run: ({ WebApi }: Kit) => WebApi(null).submit_job(params(type), images, info, {}),
        }),
      ),
    ),
  ),
  ...['return_job_status', 'return_history', 'return_images', 'use_enrolled_image'].map((name) => ({
    title: `option ${name} as text`,
    run: ({ WebApi }: Kit) => WebApi().submit_job(params(4), files, {}, { [name]: 'true' }),
  })),
  {
    title: 'several wrong options',
    run: ({ WebApi }) =>
      WebApi().submit_job(params(4), null, {}, { use_enrolled_image: 1, return_history: 'x' }),
  },
  {
    title: 'no selfie for a registration, though enrolled',
    run: ({ WebApi }) => WebApi().submit_job(params(4), [files[1]], {}, { use_enrolled_image: true }),
  },
  { title: 'a callback that is no text', run: ({ WebApi }) => WebApi(5).submit_job(params(4), files, {}) },
  {
    title: 'no card, though enrolled',
    run: ({ WebApi }) =>
      WebApi().submit_job(
        params(11),
        [files[0]],
        { country: 'GH', id_type: 'P' },
        { use_enrolled_image: true },
      ),
  },
  ...[
    undefined,
    'text',
    {},
    { user_id: 'u' },
    { user_id: 'u', job_id: 'j' },
    { job_id: 'j', product: 'p' },
  ].flatMap((given) =>
    [undefined, 'https://app.example'].map((callback) => ({
      title: `token for ${JSON.stringify(given)}, callback ${callback}`,
      run: ({ WebApi }: Kit) => WebApi(callback ?? null).get_web_token(given),
    })),
  ),
]

describe('compat refuses what smile-identity-core refuses, first things first and in its words', () => {
  it.each(WRONG)('$title', async ({ run }) => {
    const outcome = (kit: Kit) =>
      run(kit).then(
        () => 'went out',
        (error: Error) => error,
      )
    const before = (await outcome(kitOf(oldSdk))) as Error
    const now = (await outcome(kitOf(compat))) as Error & { code: string; issues: unknown[] }
    expect(server.take()).toEqual([])
    expect(now.message).toBe(before.message)
    expect([now.code, now.issues.length]).toEqual(['invalid_input', 1])
  })
})
