/** The upload of an image job: where it goes, and what becomes of it. */
import { createClient } from 'smileid-edge/client'
import { createEmulator, type Emulator } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { submitImageJob } from 'smileid-edge/image-jobs'
import { waitForJob } from 'smileid-edge/job-status'
import { CANARY } from '../../support/canary'
import { startRecording } from '../../support/emulated'
import { describe, type Env, equal, ok, rejection, test } from '../harness'
import { endOf, job, NUMBER, selfie, selfieJob, submitUnder, wait } from './setup'

/**
 * The same with a store and a job status of the test's own making: how a submission ended, how often the zip
 * arrived, and how often it was sent.
 */
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
  return [endOf(result), emulator.uploads.length, attempts]
}

const reset = () => {
  throw new TypeError('fetch failed')
}

/** A valid JPEG of six million bytes. */
function huge(): Uint8Array {
  const bytes = new Uint8Array(6_000_000).fill(0x55)
  bytes.set(selfie.subarray(0, -2))
  bytes.set([0xff, 0xd9], bytes.length - 2)
  return bytes
}

describe('image jobs: upload address', () => {
  test('an address for uploads that is not https, or of another host, gets nothing', async () => {
    const refused = async (url: string, more: object = {}) => {
      const { client, sent } = startRecording(
        { faults: [{ on: 'upload', fault: { kind: 'upload_url', url } }] },
        more,
      )
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
      const { client, sent } = startRecording(
        { faults: [{ on: 'upload', fault: { kind: 'upload_url', url } }] },
        more,
      )
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
      const { client } = startRecording(undefined, { fetch: async () => Response.json(reply) })
      const error = await rejection(submitImageJob(client, selfieJob(), wait))
      return [error.code, error.outcome]
    }
    equal(await wrong({ upload_url: 'https://bucket.s3.amazonaws.com/x', smile_job_id: '1', code: '2299' }), [
      'invalid_reply',
      'unknown',
    ])
    equal(await wrong({ smile_job_id: '1', code: 2202 }), ['invalid_reply', 'rejected'])
    equal(await wrong({}), ['invalid_reply', 'unknown'])
    const { client } = startRecording({ choices: { uploadCode: 'number' } })
    equal((await submitImageJob(client, selfieJob(), wait)).success, true)
  })

  test('an address that ran out is asked for again, once, by the call that opened the job', async () => {
    equal(await submitUnder([{ on: 'upload_zip', fault: { kind: 'expire' } }]), ['done', 1, [false, true]])
    equal(await submitUnder([{ on: 'upload_zip', times: 2, fault: { kind: 'expire' } }]), [
      'upload_refused rejected false 0000000001',
      0,
      [false, true],
    ])
    equal(
      await submitUnder([
        { on: 'upload_zip', fault: { kind: 'expire' } },
        { on: 'upload', after: 1, times: 9, fault: { kind: 'status', status: 500 } },
      ]),
      ['server_error rejected false 0000000001', 0, [false, true, true, true]],
    )
  })
})

describe('image jobs: upload', () => {
  test('the store says "not now": the upload is repeated, as often as allowed', async () => {
    equal(
      await submitUnder([
        { on: 'upload_zip', times: 2, fault: { kind: 'status', status: 503, retryAfter: 1 } },
      ]),
      ['done', 1, [false]],
    )
    equal(await submitUnder([{ on: 'upload_zip', times: 9, fault: { kind: 'status', status: 500 } }]), [
      'server_error unknown false 0000000001',
      0,
      [false],
    ])
    equal(
      await submitUnder([{ on: 'upload_zip', fault: { kind: 'status', status: 503 } }], { maxRetries: 0 }),
      ['server_error rejected false 0000000001', 0, [false]],
    )
  })

  test('the store says no: the error has the job, and nothing is repeated', async () => {
    equal(await submitUnder([{ on: 'upload_zip', fault: { kind: 'status', status: 403 } }]), [
      'upload_refused rejected false 0000000001',
      0,
      [false],
    ])
  })

  test('an upload that ends in nothing: the status of the job decides', async () => {
    equal(
      await submitUnder([{ on: 'upload_zip', fault: { kind: 'reset', commit: false } }]),
      ['done', 1, [false]],
      'nothing had arrived',
    )
    equal(
      await submitUnder([{ on: 'upload_zip', fault: { kind: 'reset', commit: true } }]),
      ['done', 1, [false]],
      'it had arrived',
    )
    equal(await submitUnder([{ on: 'upload_zip', times: 9, fault: { kind: 'reset', commit: false } }]), [
      'network_error unknown false 0000000001',
      0,
      [false],
    ])
    equal(
      await submitUnder([
        { on: 'upload_zip', fault: { kind: 'reset', commit: true } },
        { on: 'job_status', times: 99, fault: { kind: 'status', status: 500 } },
      ]),
      ['network_error unknown false 0000000001', 1, [false]],
      'nobody knows',
    )
    equal(await submitUnder([{ on: 'upload_zip', fault: { kind: 'hang' } }], { uploadTimeoutMs: 100 }), [
      'done',
      1,
      [false],
    ])
  })

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

  test('a zip that arrives late is waited for, and never said not to have run', async () => {
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
        ['upload_refused unknown false 0000000001', 1, 2],
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
      equal(await said(status), ['network_error unknown false 0000000001', 0, 1])
    const result = { ResultCode: '0810', ResultText: 'Enroll User', SmileJobID: '0000009999' }
    equal(
      await said({ code: '2302', job_complete: true, result }),
      ['network_error unknown false 0000000001', 0, 1],
      'of another job',
    )
  })

  test('a redirect of the store is a refusal', async () => {
    equal(
      await withStore(
        async () => new Response(null, { status: 307, headers: { location: 'https://elsewhere.example/' } }),
      ),
      ['invalid_reply rejected false 0000000001', 0, 1],
    )
  })
})

describe('image jobs: upload over HTTP', () => {
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
    for (const images of [{ selfie }, { selfie: photo, liveness: [photo, photo] }]) {
      const submitted = await send(images)
      const status = await waitForJob(client, submitted)
      equal([status.result.ResultCode, status.result.SmileJobID], ['0810', submitted.smile_job_id])
    }
  })
})
