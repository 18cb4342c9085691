/**
 * Many image jobs, many faults, over real HTTP: no job may run twice, and what is said of each must be true.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { getJobStatus, isSmileIdError, submitImageJob } from 'smileid-edge'
import { type Emulator, type Fault, samplePhoto } from 'smileid-edge/emulator'
import { serveEmulator, type ServedEmulator } from '../support/served-emulator.ts'
import { timedOut } from '../support/timed-out.ts'

let server: ServedEmulator
let emulator: Emulator
beforeAll(async () => {
  server = await serveEmulator()
  emulator = server.emulator
})
afterAll(() => server.close())

/** Pauses between polls and retries are no part of this. */
const connect = () =>
  server.connect({ sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 100)) })
const runs = (job_id: string) =>
  emulator.calls.filter(
    ({ operation, committed, job }) => operation === 'upload_zip' && committed && job?.job_id === job_id,
  ).length

it('a job that is said to be submitted ran once, one that is said not to be never did', async () => {
  const kinds: { on: 'upload' | 'upload_zip' | 'job_status'; fault: Fault }[] = [
    { on: 'upload_zip', fault: { kind: 'reset', commit: false } },
    { on: 'upload_zip', fault: { kind: 'reset', commit: true } },
    { on: 'upload_zip', fault: { kind: 'status', status: 503 } },
    { on: 'upload_zip', fault: { kind: 'status', status: 403 } },
    { on: 'upload_zip', fault: { kind: 'expire' } },
    { on: 'upload', fault: { kind: 'reset', commit: false } },
    { on: 'upload', fault: { kind: 'reset', commit: true } },
    { on: 'upload', fault: { kind: 'status', status: 500 } },
    { on: 'upload', fault: { kind: 'body', body: 'truncated' } },
    { on: 'job_status', fault: { kind: 'reset', commit: false } },
    { on: 'upload', fault: { kind: 'upload_url', url: 'https://elsewhere.example/x' } },
  ]
  const photo = new Uint8Array(200_000).fill(0x55)
  photo.set(samplePhoto().subarray(0, -2))
  photo.set([0xff, 0xd9], photo.length - 2)
  const jobs = Array.from({ length: 300 }, (_, i) => `job-${i}`)
  jobs.forEach((_, i) => i % 2 || emulator.addFault({ after: i, ...kinds[(i / 2) % kinds.length]! }))
  const client = connect()
  const told: Record<string, string> = {}
  const queue = jobs.values()
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const job_id of queue) {
        told[job_id] = await submitImageJob(
          client,
          {
            partner_params: { user_id: `user-of-${job_id}`, job_id, job_type: 4 },
            images: { selfie: photo },
          },
          { willWait: true },
        ).then(
          () => 'submitted',
          (error: unknown) => (isSmileIdError(error) ? error.outcome : String(error)),
        )
      }
    }),
  )
  expect(jobs.filter((job_id) => runs(job_id) > 1)).toEqual([])
  const known = jobs.filter((job_id) => told[job_id] !== 'unknown')
  const wrong = known.filter((job_id) => runs(job_id) !== (told[job_id] === 'submitted' ? 1 : 0))
  expect(wrong).toEqual([])
  expect(new Set(Object.values(told))).toEqual(new Set(['submitted', 'rejected', 'unknown']))
  expect(emulator.uploads.filter(({ problems }) => problems.length)).toEqual([])
})

it('an upload that is broken off leaves the job without a zip, and can be taken up again', async () => {
  const client = connect()
  const photo = new Uint8Array(9_000_000).fill(0x55)
  photo.set(samplePhoto().subarray(0, -2))
  photo.set([0xff, 0xd9], photo.length - 2)
  const controller = new AbortController()
  const job = {
    partner_params: { user_id: 'half', job_id: 'half', job_type: 4 as const },
    images: { selfie: photo },
  }
  let handedOver = 0
  const onProgress = ({ sentBytes, totalBytes }: { sentBytes: number; totalBytes: number }) => {
    handedOver = sentBytes
    if (sentBytes > totalBytes / 2) controller.abort(new Error('enough'))
  }
  await expect(
    submitImageJob(client, job, { willWait: true, signal: controller.signal, onProgress }),
  ).rejects.toThrow('enough')
  const soFar = handedOver
  expect(await getJobStatus(client, job.partner_params)).toMatchObject({ code: '2314', job_complete: false })
  expect(handedOver).toBe(soFar)
  await submitImageJob(client, { ...job, retry: true }, { willWait: true })
  expect(runs('half')).toBe(1)
})

it('a store that does not answer ends with the timeout', async () => {
  emulator.addFault({ on: 'upload_zip', times: 100, fault: { kind: 'latency', ms: 60_000 } })
  let begun = 0
  const error = await timedOut(({ timeoutMs: uploadTimeoutMs }) => {
    const partner_params = { user_id: 'slow', job_id: `slow-${++begun}`, job_type: 4 } as const
    const job = { partner_params, images: { selfie: samplePhoto() } }
    return submitImageJob(connect(), job, { willWait: true, uploadTimeoutMs })
  })
  expect(error).toMatchObject({ code: 'request_timeout', outcome: 'unknown' })
  expect(runs(`slow-${begun}`)).toBe(0)
})
