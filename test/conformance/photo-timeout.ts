/** `timeoutMs` holds for the photo, too: a source that stalls is told to stop, and nothing is sent. */
import { backfillUser } from 'smileid-edge/backfill'
import { backfillRow, backfillUsers, checkRows, createMemoryJournal } from 'smileid-edge/bulk'
import { type Client, createClient } from 'smileid-edge/client'
import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
import { submitImageJob } from 'smileid-edge/image-jobs'
import type { PhotoSource } from 'smileid-edge/photo'
import { enrollSmartSelfie } from 'smileid-edge/smart-selfie'
import { until } from '../support/until'
import { describe, equal, ok, rejection, test } from './harness'

const timeoutMs = 30
const never = () => new Promise<never>(() => {})

/** A stream that gives a piece and then nothing; `onStop` hears that it was cancelled. */
const stalled = (onStop: () => void) =>
  new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(samplePhoto().slice(0, 100)),
    pull: never,
    cancel: onStop,
  })

/** Sources that stall. Of what cannot be stopped, nothing is expected. */
const sources: Record<string, (onStop: () => void) => PhotoSource> = {
  stream: stalled,
  Response: (onStop) => new Response(stalled(onStop)),
  'async iterable': (onStop) => ({
    [Symbol.asyncIterator]: () => ({
      next: never,
      return: async () => {
        onStop()
        return { done: true as const, value: undefined }
      },
    }),
  }),
  function: (onStop) => (signal) => {
    signal.addEventListener('abort', onStop)
    return never()
  },
  'function that gives a stream': (onStop) => async () => stalled(onStop),
  'function that gives a stream too late': (onStop) => (signal) =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(stalled(onStop)))),
  'like a Blob': (onStop) => {
    onStop()
    return { arrayBuffer: never }
  },
}

const person = (photo: PhotoSource) => ({ user_id: 'u', user_created_at: '2021-08-12', photo })
const calls: Record<string, (client: Client, photo: PhotoSource) => Promise<unknown>> = {
  backfillUser: (client, photo) => backfillUser(client, person(photo), { timeoutMs }),
  enrollSmartSelfie: (client, photo) =>
    enrollSmartSelfie(
      client,
      { user_id: 'u', selfie_image: photo, liveness_images: [samplePhoto()] },
      { timeoutMs },
    ),
  submitImageJob: (client, photo) =>
    submitImageJob(
      client,
      { partner_params: { user_id: 'u', job_id: 'j', job_type: 4 }, images: { selfie: photo } },
      { willWait: true, timeoutMs },
    ),
  async backfillRow(client, photo) {
    const options = { journal: createMemoryJournal(), timeoutMs }
    const outcome = await backfillRow(client, person(photo), options)
    equal([outcome.state, outcome.code, outcome.attempts], ['failed', 'request_timeout', 0])
    throw 'error' in outcome ? outcome.error : undefined
  },
  async backfillUsers(client, photo) {
    const options = { journal: createMemoryJournal(), timeoutMs }
    for await (const outcome of backfillUsers(client, [person(photo)], options))
      if (outcome.state === 'failed') throw outcome.error
  },
}

function silentClient() {
  let requests = 0
  const client = createClient({
    ...createEmulator().clientOptions,
    dangerouslyAllowBrowser: true,
    fetch: async () => {
      requests++
      return new Response(null, { status: 500 })
    },
  })
  return { client, requests: () => requests }
}

describe('a photo that stalls', () => {
  for (const [name, call] of Object.entries(calls)) {
    test(name, async () => {
      for (const [kind, source] of Object.entries(sources)) {
        const { client, requests } = silentClient()
        let stopped = false
        const error = await rejection(
          call(
            client,
            source(() => void (stopped = true)),
          ),
        )
        const { code, outcome, retryable, attempts } = error
        equal([code, outcome, retryable, attempts], ['request_timeout', 'not_sent', true, 0], kind)
        equal(requests(), 0, kind)
        await until(() => stopped)
      }
    })
  }

  test('what else is wrong with the input counts more', async () => {
    const { client } = silentClient()
    const wrong = { ...person(stalled(() => {})), user_created_at: 'yesterday' }
    const error = await rejection(backfillUser(client, wrong, { timeoutMs }))
    equal([error.code, error.issues.length], ['invalid_input', 1])
  })

  test('an abort has its own reason, and stops the source, too', async () => {
    const { client } = silentClient()
    const controller = new AbortController()
    let stopped = false
    const photo = stalled(() => void (stopped = true))
    const call = backfillUser(client, person(photo), { signal: controller.signal })
    const reason = new Error('enough')
    controller.abort(reason)
    ok((await rejection(call)) === reason, 'the reason itself')
    await until(() => stopped)
  })

  test('one that is read in time is sent', async () => {
    const client = createClient({ ...createEmulator().clientOptions, dangerouslyAllowBrowser: true })
    const slow = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      return samplePhoto()
    }
    equal((await backfillUser(client, person(slow))).ResultCode, '0840')
    for await (const { error } of checkRows([person(slow)], { photos: true })) throw error
  })
})
