/** The call that opens an image job, and jobs that are open already. */
import { unzipSync } from 'fflate'
import { isSmileIdError } from 'smileid-edge/errors'
import { submitImageJob } from 'smileid-edge/image-jobs'
import { startRecording } from '../../support/emulated'
import { describe, equal, ok, rejection, test } from '../harness'
import { front, job, json, selfie, selfieJob, submitUnder, wait } from './setup'

describe('image jobs: opening', () => {
  test('a job that exists is never taken over, unless the caller says that it is his', async () => {
    const { emulator, client, sent } = startRecording()
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
    equal(await submitUnder([{ on: 'upload', times: 2, fault: { kind: 'status', status: 500 } }]), [
      'done',
      1,
      [false, false, false],
    ])
    equal(await submitUnder([{ on: 'upload', fault: { kind: 'reset', commit: false } }]), [
      'done',
      1,
      [false, false],
    ])
    equal(await submitUnder([{ on: 'upload', fault: { kind: 'reset', commit: true } }]), [
      'job_exists unknown false undefined',
      0,
      [false, false],
    ])
  })

  test('how a user stands decides, by the codes of the API', async () => {
    const { emulator, client } = startRecording()
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
})
