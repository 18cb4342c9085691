/** `POST /v1/upload` of the emulator, in requests made without the SDK. */
import { describe, expect, it } from 'vitest'
import { type UserState } from 'smileid-edge/emulator'
import { type Body, START, params, service } from './image-job-service.ts'

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
