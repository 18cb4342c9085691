/** The v2 SmartSelfie calls of the emulator, in forms made without the SDK. */
import { createHash, createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { createEmulator, type EmulatorOptions, samplePhoto, type UserState } from 'smileid-edge/emulator'

type Body = Record<string, any>
const timestamp = '2026-01-01T00:00:00.000Z'
const signature = createHmac('sha256', 'emulator-key-of-085')
  .update(`${timestamp}085sid_request`)
  .digest('base64')
const HEADERS = {
  'SmileID-Partner-ID': '085',
  'SmileID-Timestamp': timestamp,
  'SmileID-Request-Signature': signature,
}
const image = (bytes: Uint8Array<ArrayBuffer> = samplePhoto()) =>
  new File([bytes], 'image.jpg', { type: 'image/jpeg' })

function service(options?: EmulatorOptions) {
  const emulator = createEmulator(options)
  const send = async (
    call: 'enroll' | 'authentication',
    members: Record<string, string | File | (string | File)[] | undefined> = {},
    headers: Record<string, string> = HEADERS,
  ) => {
    const form = new FormData()
    for (const [name, value] of Object.entries({
      selfie_image: image(),
      liveness_images: [image(samplePhoto({ seed: 2 })), image(samplePhoto({ seed: 3 }))],
      user_id: 'u1',
      ...members,
    })) {
      for (const one of [value ?? []].flat()) form.append(name, one)
    }
    const response = await emulator.fetch(`https://testapi.smileidentity.com/v2/smart-selfie-${call}`, {
      method: 'POST',
      body: form,
      headers,
    })
    return { status: response.status, body: (await response.json()) as Body }
  }
  const status = async (job_id: string, user_id = 'u1') => {
    const response = await emulator.fetch('https://testapi.smileidentity.com/v1/job_status', {
      method: 'POST',
      body: JSON.stringify({ partner_id: '085', timestamp, signature, user_id, job_id }),
    })
    return (await response.json()) as Body
  }
  return { emulator, send, status }
}

it('enrols at once, as documented, unsigned', async () => {
  const { emulator, send, status } = service()
  const { status: http, body } = await send('enroll', {
    partner_params: '{"job_id":"j1","own":"extra"}',
    allow_new_enroll: 'false',
  })
  expect(http).toBe(200)
  expect(body).toEqual({
    code: '0840',
    created_at: timestamp,
    job_id: 'j1',
    job_type: 'smart_selfie_enrollment',
    message: 'Enroll User',
    partner_id: '085',
    partner_params: { job_id: 'j1', own: 'extra' },
    status: 'approved',
    updated_at: timestamp,
    user_id: 'u1',
  })
  expect([...emulator.users]).toMatchObject([
    { user_id: 'u1', photoSha256: createHash('sha256').update(samplePhoto()).digest('hex') },
  ])
  expect(emulator.calls).toEqual([
    { operation: 'smart_selfie_enroll', job: { user_id: 'u1', job_id: 'j1' }, status: 200, committed: true },
  ])
  expect(await status('j1')).toMatchObject({
    job_complete: true,
    job_success: true,
    result: { ResultCode: '0840', PartnerParams: { own: 'extra', job_type: 4 } },
  })
  expect((await send('enroll')).body.code).toBe('2209')
  expect(
    (await send('enroll', { allow_new_enroll: 'true', partner_params: '{"job_id":"j1"}' })).body.code,
  ).toBe('2215')
  expect(
    (await send('enroll', { allow_new_enroll: 'true', selfie_image: image(samplePhoto({ seed: 9 })) })).body
      .status,
  ).toBe('approved')
  expect([...emulator.users]).toMatchObject([
    {
      photoSha256: createHash('sha256')
        .update(samplePhoto({ seed: 9 }))
        .digest('hex'),
    },
  ])
})

it('makes ids for who brings none', async () => {
  const { emulator, send } = service()
  const { body } = await send('enroll', { user_id: undefined })
  expect([body.user_id, body.job_id].every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-4/.test(id))).toBe(true)
  expect(emulator.isEnrolled(body.user_id)).toBe(true)
})

it('authenticates who is enrolled', async () => {
  const { emulator, send } = service()
  expect(await send('authentication')).toMatchObject({ status: 400, body: { code: '2210' } })
  for (const [state, code] of [
    ['disabled', '2207'],
    ['deleted', '2208'],
    ['must_reenroll', '2211'],
    ['no_photo', '2216'],
    ['enrolled', '0820'],
  ] as [UserState, string][]) {
    emulator.setUser('u1', state)
    expect((await send('authentication')).body.code).toBe(code)
  }
  expect((await send('authentication')).body).toMatchObject({
    job_type: 'smart_selfie_authentication',
    status: 'approved',
  })
  expect([...emulator.users][0]!.photoSha256).toBe('')
})

it('ends as sandbox_result or the emulator says, and a pending one is reviewed', async () => {
  const { emulator, send, status } = service({ verdict: 'rejected' })
  for (const [sandbox_result, state, code] of [
    ['0', 'approved', '0840'],
    ['1', 'rejected', '0907'],
    ['2', 'pending', '0814'],
    [undefined, 'rejected', '0907'],
  ]) {
    const { body } = await send('enroll', {
      user_id: `user-${sandbox_result}`,
      sandbox_result,
      callback_url: 'https://app.test/cb',
    })
    expect([body.status, body.code, emulator.isEnrolled(body.user_id)]).toEqual([
      state,
      code,
      state !== 'rejected',
    ])
    if (state !== 'pending') continue
    expect(await status(body.job_id, body.user_id)).toMatchObject({
      job_complete: false,
      result: { ResultCode: '0814' },
    })
    await emulator.advance(10_000)
    expect(await status(body.job_id, body.user_id)).toMatchObject({
      job_complete: true,
      job_success: true,
      result: { ResultCode: '1210' },
    })
  }
  await emulator.advance(0)
  expect(
    (
      await Promise.all(
        emulator.callbacks.map(async (request) => ((await request.json()) as Body).ResultCode),
      )
    ).sort(),
  ).toEqual(['0814', '0840', '0907', '0907', '1210'])
})

it.each<[string, File]>([
  ['no picture', image(new Uint8Array(100))],
  ['cut off', image(samplePhoto().slice(0, -9))],
  ['a PNG', image(samplePhoto({ type: 'image/png' }))],
])('an image that is %s is refused in a reply, or as an error', async (_, bad) => {
  for (const members of [{ selfie_image: bad }, { liveness_images: [image(), bad] }]) {
    const { emulator, send } = service()
    expect(await send('enroll', members)).toMatchObject({
      status: 200,
      body: { status: 'rejected', code: '0001', message: 'Selfie image unusable' },
    })
    expect(emulator.isEnrolled('u1')).toBe(false)
    expect(await service({ choices: { badPhoto: 'error' } }).send('enroll', members)).toMatchObject({
      status: 400,
      body: { code: '2204' },
    })
  }
})

it.each<[string, Record<string, string | File | (string | File)[] | undefined>, string]>([
  ['no selfie', { selfie_image: undefined }, '2213'],
  ['a text for a selfie', { selfie_image: 'x' }, '2204'],
  ['no liveness images', { liveness_images: undefined }, '2213'],
  ['a text among them', { liveness_images: [image(), 'x'] }, '2204'],
  ['no user', { user_id: undefined }, '2213'],
  ['a file for a user', { user_id: image() }, '2204'],
  ['partner_params that are no JSON', { partner_params: 'CANARY' }, '2204'],
  ['a list of them', { partner_params: '[]' }, '2204'],
  ['a number for a job_id', { partner_params: '{"job_id":5}' }, '2204'],
  ['an unknown sandbox_result', { sandbox_result: '3' }, '2204'],
  ['a flag that is none', { allow_new_enroll: 'yes' }, '2204'],
])('refuses %s', async (_, members, code) => {
  const { emulator, send } = service()
  emulator.setUser('u1', 'enrolled')
  const { status, body } = await send('authentication', members)
  expect([status, body.code]).toEqual([400, code])
  expect(JSON.stringify(body)).not.toContain('CANARY')
})

it('refuses what is no form, and who is not signed for', async () => {
  const { emulator, send } = service()
  for (const headers of [
    {},
    { ...HEADERS, 'SmileID-Partner-ID': '85' },
    { ...HEADERS, 'SmileID-Request-Signature': 'e30=' },
  ])
    expect(await send('enroll', {}, headers)).toMatchObject({ status: 401, body: { code: '2205' } })
  expect((await service({ choices: { wrongHeadersStatus: 403 } }).send('enroll', {}, {})).status).toBe(403)
  for (const type of ['multipart/form-data; boundary=x', 'application/json', '']) {
    const response = await emulator.fetch('https://testapi.smileidentity.com/v2/smart-selfie-enroll', {
      method: 'POST',
      body: '{}',
      headers: { ...HEADERS, 'content-type': type },
    })
    expect([response.status, ((await response.json()) as Body).code]).toEqual([400, '2203'])
  }
})
