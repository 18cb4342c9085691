/** One look at a job, and waiting for its end. */
import { createClient } from 'smileid-edge/client'
import { createEmulator } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { getJobStatus, type JobStatus, waitForJob, watchJob } from 'smileid-edge/job-status'
import { interpretResult } from 'smileid-edge/result'
import secKeys from '../vectors/sec-key.json'
import { start } from '../support/emulated'
import { givenTime } from '../support/timed-out'
import { describe, equal, ok, rejection, test } from './harness'

const job = { user_id: 'u1', job_id: 'j1' }

/** A reply of the server's own making, signed by the emulator. */
const replying = (change: (reply: Record<string, any>) => unknown) => {
  const { emulator } = start()
  emulator.startJob({ ...job, durationMs: 0 })
  return createClient({
    ...emulator.clientOptions,
    dangerouslyAllowBrowser: true,
    async fetch(url, init) {
      const reply = (await (await emulator.fetch(url, init)).json()) as Record<string, any>
      return Response.json(change(reply) ?? reply)
    },
  })
}

describe('job status', () => {
  test('every state of a job is a value', async () => {
    const { emulator, client } = start()
    emulator.startJob({ user_id: 'u1', job_id: 'none', zip: false })
    emulator.startJob({ user_id: 'u1', job_id: 'review', verdict: 'provisional' })
    emulator.startJob({ user_id: 'u1', job_id: 'bad', verdict: 'rejected', job_type: 4 })
    const look = async (job_id: string) => {
      const status = await getJobStatus(client, { user_id: 'u1', job_id })
      return [
        status.job_complete,
        status.job_success,
        status.code,
        typeof status.result === 'object' ? status.result?.ResultCode : status.result,
        interpretResult(status).decision,
      ]
    }
    equal(await look('none'), [false, false, '2314', 'No zip file received', 'pending'])
    equal(await look('review'), [false, false, '2302', undefined, 'pending'])
    await emulator.advance(5_000)
    equal(await look('review'), [false, false, '2302', '1012', 'pending'])
    await emulator.advance(5_000)
    equal(await look('review'), [false, false, '2302', '0814', 'provisional'])
    equal(await look('bad'), [true, false, '2302', '0907', 'rejected'])
    await emulator.advance(10_000)
    equal(await look('review'), [true, true, '2302', '1210', 'approved'])
  })

  test('history and links only when asked for', async () => {
    const { emulator, client } = start()
    emulator.startJob({ ...job, verdict: 'provisional', durationMs: 1000 })
    await emulator.advance(2000)
    const bare = await getJobStatus(client, job)
    equal([bare.history, bare.image_links], [undefined, undefined])
    const full = await getJobStatus(client, { ...job, history: true, image_links: true })
    equal(
      full.history?.map((result) => result.ResultCode),
      ['1210', '0814', '1012'],
    )
    ok(full.image_links?.selfie_image?.startsWith('https://'), 'a link')
  })

  test('a job that is not known, and wrong questions', async () => {
    const { client, emulator } = start()
    const error = await rejection(getJobStatus(client, job))
    ok(isSmileIdError(error, 'job_not_found'), String(error))
    equal([error.job, error.smileCode], [job, '2304'])
    // As rows of databases have them; and ids that a callback came with, whatever they are, are asked about.
    equal(
      (await rejection(getJobStatus(client, { ...job, history: null, image_links: null } as never))).code,
      'job_not_found',
    )
    equal((await rejection(getJobStatus(client, { user_id: ' ', job_id: ' ' }))).code, 'job_not_found')
    const issues = async (query: unknown, options?: unknown) =>
      (await rejection(getJobStatus(client, query as never, options as never))).issues.map(
        (issue: { path: string }) => issue.path,
      )
    equal(await issues({}), ['user_id', 'job_id'])
    equal(await issues({ user_id: 5, job_id: '', history: 'yes' }), ['user_id', 'job_id', 'history'])
    equal(await issues(undefined), ['job'])
    equal(await issues(job, { maxRetries: -1 }), ['options.maxRetries'])
    equal(emulator.calls.length, 3)
  })

  test('a forged, altered or foreign reply is not believed', async () => {
    const code = async (change: Parameters<typeof replying>[0]) =>
      (await rejection(getJobStatus(replying(change), job))).code
    equal(await code((reply) => delete reply.signature && undefined), 'signature_missing')
    equal(await code((reply) => void (reply.timestamp = '2026-01-01T00:00:00.001Z')), 'signature_mismatch')
    equal(await code((reply) => void (reply.signature = reply.signature.toLowerCase())), 'signature_mismatch')
    equal(await code((reply) => void (reply.result.PartnerParams.user_id = 'another')), 'invalid_reply')
    equal(await code((reply) => void (reply.result.PartnerParams.job_id = 'another')), 'invalid_reply')
    equal(await code((reply) => delete reply.job_complete && undefined), 'invalid_reply')
    equal(await code(() => [] as never), 'invalid_reply')
  })

  test('the bare hash seen with 2314 says that nothing happened, and nothing else', async () => {
    const { emulator, client } = start({ choices: { noZipSignature: 'bare_hash' } })
    emulator.startJob({ ...job, zip: false })
    const status = await getJobStatus(client, job)
    equal(
      [status.job_complete, status.code, status.result, interpretResult(status).decision],
      [false, '2314', 'No zip file received', 'pending'],
    )
    ok(/^\d{13}$/.test(status.timestamp) && /^[0-9a-f]{64}$/.test(status.signature), 'as it came')
    for (const lie of [
      { job_complete: true },
      { job_complete: 'true' },
      { code: '2302' },
      { result: { ResultCode: '0810', PartnerParams: job } },
      { signature: '0'.repeat(64) },
      { job_success: true },
      { history: [{}] },
      { image_links: { selfie_image: 'https://elsewhere.example' } },
    ]) {
      const lying = createClient({
        ...emulator.clientOptions,
        dangerouslyAllowBrowser: true,
        fetch: async (url, init) =>
          Response.json({ ...((await (await emulator.fetch(url, init)).json()) as object), ...lie }),
      })
      equal((await rejection(getJobStatus(lying, job))).code, 'signature_mismatch', JSON.stringify(lie))
    }
  })

  for (const { partner_id, timestamp, sha256_hex } of [
    ...secKeys.hash_vectors,
    ...secKeys.golden_external_hashes,
  ]) {
    test(`the bare hash of partner ${partner_id} at ${timestamp}, ${sha256_hex.slice(0, 6)}`, async () => {
      const saying = (signature: string) =>
        createClient({
          ...createEmulator().clientOptions,
          partnerId: partner_id,
          dangerouslyAllowBrowser: true,
          fetch: async () =>
            Response.json({
              job_complete: false,
              code: '2314',
              result: 'No zip file received',
              timestamp,
              signature,
            }),
        })
      equal((await getJobStatus(saying(sha256_hex), job)).code, '2314')
      const { code } = await rejection(
        getJobStatus(saying(sha256_hex.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))), job),
      )
      equal(code, typeof timestamp === 'string' ? 'signature_mismatch' : 'signature_missing')
    })
  }

  test('odd replies are taken as they are meant', async () => {
    const read = (change: Parameters<typeof replying>[0]) => getJobStatus(replying(change), job)
    equal(
      await read(
        (reply) => void Object.assign(reply, { job_complete: 'true', job_success: 'false', code: 2302 }),
      ),
      { ...(await read((reply) => void Object.assign(reply, { job_success: false }))), code: '2302' },
    )
    for (const result of [null, 'Zip file failed', undefined])
      equal((await read((reply) => void (reply.result = result))).result, result)
  })

  test('reads are repeated: after a reset, a timeout, 408, 429 and 5xx', async () => {
    for (const fault of [
      { kind: 'reset', commit: false },
      { kind: 'hang' },
      { kind: 'status', status: 408 },
      { kind: 'status', status: 429 },
      { kind: 'status', status: 500 },
      { kind: 'body', body: 'truncated' },
    ] as const) {
      const look = async (timeoutMs?: number) => {
        const { emulator, client } = start({ faults: [{ fault, times: 2 }] })
        emulator.startJob(job)
        const { code } = await getJobStatus(client, job, { timeoutMs })
        return [code, emulator.calls.length]
      }
      const seen = await (fault.kind === 'hang' ? givenTime(look) : look())
      equal(seen, ['2302', 3], JSON.stringify(fault))
    }
    const { emulator, client } = start({ faults: [{ fault: { kind: 'status', status: 500 }, times: 9 }] })
    const error = await rejection(getJobStatus(client, job))
    equal([error.code, error.retryable, error.attempts, emulator.calls.length], ['server_error', true, 3, 3])
  })
})

describe('waiting for a job', () => {
  test('waitForJob ends at the final result', async () => {
    const { emulator, client, waited } = start()
    emulator.startJob({ ...job, verdict: 'provisional', durationMs: 20_000 })
    const status = await waitForJob(client, job)
    equal([status.result.ResultCode, status.job_success], ['1210', true])
    ok(waited() >= 40_000 && waited() < 44_500, `waited ${waited()} ms`)
    ok(emulator.calls.length < 20, `${emulator.calls.length} calls`)
  })

  test('waitForJob ends at a provisional result when told', async () => {
    const { emulator, client, waited } = start()
    emulator.startJob({ ...job, job_type: 4, verdict: 'provisional', durationMs: 20_000 })
    equal((await waitForJob(client, job, { until: 'provisional' })).result.ResultCode, '0814')
    ok(waited() >= 20_000 && waited() < 24_500, `waited ${waited()} ms`)
  })

  test('watchJob yields the first status and each change', async () => {
    const { emulator, client } = start()
    emulator.startJob({ ...job, verdict: 'provisional', durationMs: 20_000 })
    const seen: (string | undefined)[] = []
    for await (const status of watchJob(client, { ...job, image_links: true }))
      seen.push(interpretResult(status).code)
    equal(seen, [undefined, '1012', '0814', '1210'])
  })

  test('a wait never exceeds its deadline, and carries the last status', async () => {
    const { emulator, client, waited } = start()
    emulator.startJob({ ...job, durationMs: 3_600_000 })
    const error = await rejection(waitForJob(client, job, { maxWaitMs: 30_000 }))
    ok(isSmileIdError(error, 'wait_timeout'), String(error))
    equal([error.lastStatus?.code, error.job], ['2302', job])
    ok(waited() > 25_000 && waited() <= 30_000, `waited ${waited()} ms`)
  })

  test('a sleep that lasts too long ends the wait, not the argument check', async () => {
    const emulator = createEmulator()
    emulator.startJob({ ...job, durationMs: 3_600_000 })
    let now = Date.parse('2026-01-01')
    const client = createClient({
      ...emulator.clientOptions,
      dangerouslyAllowBrowser: true,
      now: () => now,
      sleep: async (ms) => void (now += ms * 100 + 0.5),
    })
    equal((await rejection(waitForJob(client, job, { maxWaitMs: 3000 }))).code, 'wait_timeout')
  })

  test('a delay that is no number does not become a storm', async () => {
    const { emulator, client } = start()
    emulator.startJob({ ...job, durationMs: 3_600_000 })
    equal(
      (await rejection(waitForJob(client, job, { maxWaitMs: 10_000, delayMs: () => NaN }))).code,
      'wait_timeout',
    )
    ok(emulator.calls.length <= 11, `${emulator.calls.length} polls`)
  })

  test('failures are bounded, fatal ones end at once, and Retry-After is kept to', async () => {
    const failing = async (fault: any, options: Parameters<typeof waitForJob>[2] = {}) => {
      const { emulator, client, waited } = start({ faults: [{ fault, times: 1000 }] })
      emulator.startJob(job)
      const error = await rejection(waitForJob(client, job, options))
      return { code: error.code, calls: emulator.calls.length, waited: waited() }
    }
    for (const fault of [
      { kind: 'status', status: 500 },
      { kind: 'reset', commit: false },
      { kind: 'hang' },
      { kind: 'body', body: 'truncated' },
    ]) {
      const hangs = fault.kind === 'hang'
      let timeoutMs = 50
      let seen = await failing(fault, hangs ? { timeoutMs } : {})
      // A call that a busy machine had not sent when its time was over is not counted.
      while (seen.code === 'request_timeout' && seen.calls < 5 && timeoutMs < 60_000) {
        timeoutMs *= 4
        seen = await failing(fault, { timeoutMs })
      }
      const { code, calls, waited } = seen
      ok(
        code !== 'wait_timeout' && calls === 5 && waited < 15_000,
        `${JSON.stringify(fault)}: ${code} after ${calls} calls and ${waited} ms`,
      )
    }
    equal((await failing({ kind: 'code', code: '2205' })).calls, 1)
    equal(await failing({ kind: 'body', body: 'bad_signature' }), {
      code: 'signature_mismatch',
      calls: 1,
      waited: 0,
    })
    equal(await failing({ kind: 'status', status: 429, retryAfter: 600 }), {
      code: 'wait_timeout',
      calls: 1,
      waited: 0,
    })
    const patient = await failing({ kind: 'status', status: 429, retryAfter: 20 })
    ok(patient.calls === 5 && patient.waited >= 80_000, 'four pauses of 20 s')
  })

  test('a few failures on the way do not end a wait, and a fresh job may be unknown at first', async () => {
    const { emulator, client } = start({
      faults: [
        { after: 1, times: 4, fault: { kind: 'status', status: 502 } },
        { after: 6, times: 4, fault: { kind: 'reset', commit: false } },
      ],
    })
    emulator.startJob({ ...job, durationMs: 60_000 })
    equal((await waitForJob(client, job)).result.ResultCode, '0810')

    const late = start()
    const waiting = waitForJob(late.client, job)
    await late.emulator.clientOptions.sleep!(3_000)
    late.emulator.startJob(job)
    equal((await waiting).result.ResultCode, '0810')
    const never = start()
    equal((await rejection(waitForJob(never.client, job))).code, 'job_not_found')
    ok(never.waited() >= 10_000 && never.waited() < 15_000, `waited ${never.waited()} ms`)
  })

  test('every poll has a signature of its own', async () => {
    const { emulator } = start()
    emulator.startJob({ ...job, durationMs: 9_000 })
    const timestamps = new Set<string>()
    let polls = 0
    const client = createClient({
      ...emulator.clientOptions,
      dangerouslyAllowBrowser: true,
      async fetch(url, init) {
        const request = new Request(url, init)
        timestamps.add(((await request.clone().json()) as { timestamp: string }).timestamp)
        polls++
        return emulator.fetch(request)
      },
    })
    await waitForJob(client, job)
    ok(polls > 3 && timestamps.size === polls, `${timestamps.size} timestamps in ${polls} polls`)
  })

  test('an abort ends a wait, asleep or not, and a break ends it, too', async () => {
    const reason = new Error('enough')
    const { emulator } = start()
    emulator.startJob(job)
    const client = createClient({
      ...emulator.clientOptions,
      dangerouslyAllowBrowser: true,
      sleep: (_, signal) =>
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    })
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 30)
    ok((await rejection(waitForJob(client, job, { signal: controller.signal }))) === reason, 'asleep')
    ok((await rejection(waitForJob(client, job, { signal: controller.signal }))) === reason, 'before')
    const seen: JobStatus[] = []
    for await (const status of watchJob(client, job)) {
      seen.push(status)
      break
    }
    equal(seen.length, 1)
  })

  test('an abort between a reply and the pause ends a wait, though the sleep only listens', async () => {
    const reason = new Error('enough')
    const { emulator } = start()
    emulator.startJob(job)
    const controller = new AbortController()
    const client = createClient({
      ...emulator.clientOptions,
      dangerouslyAllowBrowser: true,
      sleep: (_, signal) =>
        new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    })
    const delayMs = () => {
      controller.abort(reason)
      return 1
    }
    const { signal } = controller
    ok((await rejection(waitForJob(client, job, { signal, delayMs }))) === reason, 'the reason')
  })

  test('wrong options of a wait are named', async () => {
    const { client } = start()
    const error = await rejection(
      waitForJob(client, job, { maxWaitMs: 0, until: 'approved', delayMs: 5, maxRetries: 2 } as never),
    )
    equal(
      error.issues.map((issue: { path: string }) => issue.path),
      ['options.maxWaitMs', 'options.delayMs', 'options.until'],
    )
  })

  test('a job that ends without a result is no result', async () => {
    const client = replying(
      (reply) =>
        void Object.assign(reply, { result: 'Zip file failed', job_complete: true, job_success: false }),
    )
    const error = await rejection(waitForJob(client, job))
    equal([error.code, error.outcome], ['invalid_reply', 'rejected'])
  })
})
