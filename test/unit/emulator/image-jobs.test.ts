/** Image jobs of the emulator once their zip is there. */
import { describe, expect, it } from 'vitest'
import { interpretResult } from 'smileid-edge/result'
import {
  type Body,
  sign,
  sha256,
  selfie,
  front,
  params,
  SELFIE,
  FRONT,
  zipOf,
  service,
} from './image-job-service.ts'

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
      await submit(params(type, { sandbox_result, own: 'extra' }), { members: more })
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

  it('tells of the ID half-way where there is a number, and else compares with the card', async () => {
    const { emulator, submit, status } = service()
    await submit(params(1))
    await submit(params(1, { user_id: 'u2' }), {
      info: { id_info: { entered: 'false' }, images: [SELFIE, FRONT] },
    })
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
    await submit(params(2, { job_id: 'j2' }), { files: { 'selfie.jpg': front } })
    await submit(params(8, { job_id: 'j3', sandbox_result: '1' }), { files: { 'selfie.jpg': front } })
    await emulator.advance(10_000)
    expect(photo()).toEqual([[sha256(selfie), '0000000001']])
    await submit(params(8, { job_id: 'j4', sandbox_result: '2' }), { files: { 'selfie.jpg': front } })
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
    await submit(params(6), { info: { images: [FRONT] }, members: { use_enrolled_image: true } })
    await submit(params(6, { job_id: 'j3' }), {
      members: { use_enrolled_image: true, allow_new_enroll: true },
    })
    expect(emulator.uploads.map(({ problems }) => problems)).toEqual([[], []])
    await emulator.advance(10_000)
    expect([...emulator.users][0]!.photoSha256).toBe('')
    await submit(params(4, { job_id: 'j2' }), { members: { allow_new_enroll: true } })
    await emulator.advance(10_000)
    expect([...emulator.users][0]!.photoSha256).toBe(sha256(selfie))
  })

  it('runs again when its zip comes again, and both uploads show', async () => {
    const { emulator, submit, status, prepare, put } = service()
    await submit(params(4), { members: { callback_url: 'https://app.test/cb' } })
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
    await submit(params(1), { members: { callback_url } })
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
