/** Every kind of image job, and every kind of image. */
import { imagesByKind, JOB_TYPE, submitImageJob } from 'smileid-edge/image-jobs'
import { waitForJob } from 'smileid-edge/job-status'
import { interpretResult, known } from 'smileid-edge/result'
import { startRecording } from '../../support/emulated'
import { describe, equal, ok, rejection, test } from '../harness'
import { back, digest, frame, front, job, NUMBER, selfie, selfieJob, wait } from './setup'

describe('image jobs: kinds', () => {
  test('every kind of image job, from bytes to result', async () => {
    const { emulator, client } = startRecording()
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
    const { client } = startRecording()
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

  test('the names of job types', () =>
    equal(
      [JOB_TYPE.BIOMETRIC_KYC, JOB_TYPE.DOCUMENT_VERIFICATION, JOB_TYPE.ENHANCED_DOCUMENT_VERIFICATION],
      [1, 6, 11],
    ))
})

describe('image jobs: images', () => {
  test('images from every source, also two files of one name', async () => {
    const { emulator, client } = startRecording()
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
    const { emulator, client } = startRecording()
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
})
