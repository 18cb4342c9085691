/** Abort, progress, errors and hooks of an image job. */
import type { EmulatorOptions } from 'smileid-edge/emulator'
import { submitImageJob } from 'smileid-edge/image-jobs'
import { startRecording } from '../../support/emulated'
import { until } from '../../support/until'
import { describe, equal, ok, rejection, test } from '../harness'
import { job, NUMBER, selfie, selfieJob, wait } from './setup'

describe('image jobs: events', () => {
  test("an abort ends it wherever it is, with the caller's reason", async () => {
    const reason = new Error('enough')
    const by = async (
      faults: EmulatorOptions['faults'],
      begun: (sent: number) => boolean,
      input = selfieJob(),
    ) => {
      const { client, sent } = startRecording({ faults })
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
    const { client, sent } = startRecording()
    ok(
      (await rejection(
        submitImageJob(client, selfieJob(), { ...wait, signal: AbortSignal.abort(reason) }),
      )) === reason,
      'before it began',
    )
    equal(sent.length, 0)
  })

  test("progress ends at the zip's length, whatever the runtime tells on the way", async () => {
    const { client, sent } = startRecording()
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
    const { client } = startRecording({
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
    const { client } = startRecording(undefined, {
      hooks: {
        onResponse: ({ operation, method, host, path, status }) =>
          void seen.push(`${operation} ${method} ${host} ${path.replace(/085-[^/]+/, 'ref')} ${status}`),
      },
    })
    await submitImageJob(client, selfieJob(), wait)
    equal(seen, [
      'upload POST testapi.smileidentity.com /v1/upload 200',
      'upload_zip PUT smile-uploads-test.s3.us-west-2.amazonaws.com /videos/085/ref/attachments.zip 200',
    ])
  })
})
