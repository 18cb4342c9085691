/** The emulator as a whole, by backfill calls made without the SDK. */
import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { createEmulator, type EmulatorOptions, samplePhoto } from 'smileid-edge/emulator'

function service(options?: EmulatorOptions) {
  const emulator = createEmulator(options)
  const sign = (timestamp: string, key = 'emulator-key-of-085') =>
    createHmac('sha256', key).update(`${timestamp}085sid_request`).digest('base64')
  const timestamp = '2026-01-01T00:00:00.000Z'
  const right = {
    partner_id: '085',
    timestamp,
    signature: sign(timestamp),
    user_id: 'u1',
    user_created_at: '2021-08-12',
    photo: Buffer.from(samplePhoto()).toString('base64'),
  }
  const post = async (body: unknown, path = '/v1/backfill_users') => {
    const response = await emulator.fetch(`https://testapi.smileidentity.com${path}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as Record<string, any> }
  }
  return { emulator, sign, right, post }
}

it('answers as documented, and signs its answer', async () => {
  const { post, right, sign } = service()
  const { status, body } = await post(right)
  expect(status).toBe(200)
  expect(Object.keys(body).sort()).toEqual([
    'Actions',
    'ConfidenceValue',
    'PartnerParams',
    'ResultCode',
    'ResultText',
    'SmileJobID',
    'Source',
    'signature',
    'timestamp',
  ])
  expect(Object.keys(body.Actions)).toHaveLength(14)
  expect(body).toMatchObject({
    ConfidenceValue: '99',
    ResultCode: '0840',
    ResultText: 'Enroll User',
    SmileJobID: '0000000001',
    PartnerParams: { job_type: 4, user_id: 'u1', user_created_at: '2021-08-12' },
  })
  expect(body.PartnerParams.job_id).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
  )
  expect(body.signature).toBe(sign(body.timestamp))
})

it.each([
  ['another key', { signature: 'e30=' }, '2205'],
  ['another partner', { partner_id: '85' }, '2205'],
  ['no signature', { signature: undefined }, '2205'],
  ['a number for a timestamp', { timestamp: 5 }, '2205'],
  ['no user_id', { user_id: undefined }, '2213'],
  ['an empty user_id', { user_id: '' }, '2213'],
  ['a number for a user_id', { user_id: 5 }, '2204'],
  ['no date', { user_created_at: undefined }, '2213'],
  ['a wrong date', { user_created_at: '12/08/2021' }, '2204'],
  ['no photo', { photo: undefined }, '2213'],
  ['a data URI', { photo: 'data:image/png;base64,AAAA' }, '2204'],
  ['more than 5 MB', { photo: 'A'.repeat(7_000_000) }, '2204'],
])('refuses %s', async (_, change, code) => {
  const { emulator, post, right } = service()
  expect(await post({ ...right, ...change })).toMatchObject({ status: 400, body: { code } })
  expect([...emulator.users]).toEqual([])
})

it('refuses what is no JSON, and endpoints that it does not have', async () => {
  const { post, right } = service()
  for (const text of ['', '{', '[]', '5', 'null'])
    expect(await post(text)).toMatchObject({ status: 400, body: { code: '2203' } })
  expect((await post(right, '/v1/nothing')).status).toBe(404)
})

it('keeps user ids unique, per partner', async () => {
  const { emulator, post, right } = service({
    partners: [
      { partnerId: '085', apiKey: 'emulator-key-of-085' },
      { partnerId: '001', apiKey: 'k' },
    ],
  })
  await post(right)
  expect(await post(right)).toMatchObject({ status: 400, body: { code: '2209' } })
  const signature = createHmac('sha256', 'k').update(`${right.timestamp}001sid_request`).digest('base64')
  expect((await post({ ...right, partner_id: '001', signature })).status).toBe(200)
  expect([...emulator.users].map(({ partner_id }) => partner_id)).toEqual(['085', '001'])
})

it('refuses unusable photos by its choices', async () => {
  const small = { photo: Buffer.from(samplePhoto({ type: 'image/png' })).toString('base64') }
  const { post, right, emulator } = service({ choices: { minFaceSide: 65 } })
  expect(await post({ ...right, ...small })).toMatchObject({
    status: 200,
    body: { ResultCode: '0001', Actions: { Register_Selfie: 'Rejected' } },
  })
  expect(emulator.isEnrolled('u1')).toBe(false)
  const strict = service({ choices: { badPhoto: 'error' } })
  expect(await strict.post({ ...right, photo: 'AAAA' })).toMatchObject({
    status: 400,
    body: { code: '2204' },
  })
  const burning = service({ choices: { refusalUsesUserId: true } })
  await burning.post({ ...right, photo: 'AAAA' })
  expect(await burning.post(right)).toMatchObject({ body: { code: '2209' } })
})

it('can be strict about the age of a signature', async () => {
  const { emulator, post, right } = service({ choices: { maxSignatureAgeMs: 1000 } })
  await emulator.advance(1001)
  expect(await post(right)).toMatchObject({ status: 400, body: { code: '2205' } })
})

it('is deterministic by seed', async () => {
  const ids = async (seed: number) => {
    const { post, right } = service({ seed })
    return [
      (await post(right)).body.PartnerParams.job_id,
      (await post({ ...right, user_id: 'u2' })).body.PartnerParams.job_id,
    ]
  }
  expect(await ids(7)).toEqual(await ids(7))
  expect(await ids(7)).not.toEqual(await ids(8))
  expect(samplePhoto({ seed: 3 })).toEqual(samplePhoto({ seed: 3 }))
  expect(samplePhoto({ seed: 3 })).not.toEqual(samplePhoto({ seed: 4 }))
})

it('applies faults to the calls that their rules name', async () => {
  const { emulator, post, right } = service({
    faults: [
      { after: 1, times: 2, fault: { kind: 'status', status: 503 } },
      { on: 'job_status', fault: { kind: 'status', status: 500 } },
    ],
  })
  const statuses = []
  for (const user_id of ['a', 'b', 'c', 'd']) statuses.push((await post({ ...right, user_id })).status)
  expect(statuses).toEqual([200, 503, 503, 200])
  expect(emulator.calls.map(({ committed }) => committed)).toEqual([true, false, false, true])
  emulator.reset()
  expect([emulator.calls.length, [...emulator.users].length]).toEqual([0, 0])
  expect([(await post(right)).status, (await post({ ...right, user_id: 'b' })).status]).toEqual([200, 503])
})

it('skews its clock, and waits on a virtual one', async () => {
  const { emulator, post, right } = service({
    faults: [{ fault: { kind: 'clock_skew', ms: -60_000 } }, { fault: { kind: 'latency', ms: 3_600_000 } }],
  })
  // An hour, if it did not.
  expect((await post(right)).body.timestamp).toBe('2026-01-01T00:59:00.000Z')
  const { now, sleep } = emulator.clientOptions
  const woken: number[] = []
  await Promise.all(
    [5000, 1000, 3000].map(async (ms) => {
      await sleep!(ms)
      woken.push(ms)
    }),
  )
  expect(woken).toEqual([1000, 3000, 5000])
  expect(now!()).toBe(Date.parse('2026-01-01T01:00:05Z'))
})

it("takes a Request and ignores what follows, as a Worker's env", async () => {
  const { emulator } = service()
  const response = await emulator.fetch(
    new Request('https://testapi.smileidentity.com/v1/backfill_users', { method: 'POST', body: '{}' }),
    { method: 'DELETE' },
  )
  expect(((await response.json()) as { code: string }).code).toBe('2205')
})

it('holds 100,000 users in well under 200 MB', async () => {
  const { emulator, post, right } = service()
  await post(right)
  globalThis.gc!()
  const before = process.memoryUsage().heapUsed
  for (let i = 0; i < 10_000; i++) await post({ ...right, user_id: `user-${i}` })
  globalThis.gc!()
  expect((process.memoryUsage().heapUsed - before) * 10).toBeLessThan(200e6)
  expect([...emulator.users]).toHaveLength(10_001)
}, 600_000)
