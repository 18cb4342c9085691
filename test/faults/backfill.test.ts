/** Many users, many faults, over real HTTP: whatever is reported must be true. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { backfillUser, isSmileIdError } from 'smileid-edge'
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

it('what is reported as done is done, and what is reported as not done is not', async () => {
  const kinds: Fault[] = [
    { kind: 'reset', commit: false },
    { kind: 'reset', commit: true },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503, retryAfter: 0 },
    { kind: 'status', status: 429, retryAfter: 0 },
    { kind: 'body', body: 'truncated' },
    { kind: 'body', body: 'not_json' },
    { kind: 'body', body: 'bad_signature' },
    { kind: 'latency', ms: 5 },
  ]
  const users = Array.from({ length: 400 }, (_, i) => `user-${i}`)
  users.forEach((_, i) => i % 3 || emulator.addFault({ after: i, fault: kinds[(i / 3) % kinds.length]! }))
  const client = server.connect({ maxRetryDelayMs: 5 })
  const told: Record<string, string> = {}
  const queue = users.values()
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const user_id of queue) {
        told[user_id] = await backfillUser(client, {
          user_id,
          user_created_at: '2021-08-12',
          photo: samplePhoto({ seed: Number(user_id.slice(5)) }),
        }).then(
          (reply) => reply.ResultCode,
          (error: unknown) => (isSmileIdError(error) ? error.outcome : String(error)),
        )
      }
    }),
  )
  const known = users.filter((user_id) => told[user_id] !== 'unknown')
  const wrong = known.filter((user_id) => emulator.isEnrolled(user_id) !== (told[user_id] === '0840'))
  expect(wrong).toEqual([])
  expect(new Set(Object.values(told))).toEqual(new Set(['0840', 'unknown']))
  // No user was sent again after the service may have acted: a second commit or a 2209 would show it.
  expect(emulator.calls.filter((call) => call.status === 400)).toEqual([])
  expect(emulator.calls.filter((call) => call.committed).length).toBe([...emulator.users].length)
})

it('a slow reply ends with the timeout and an abort cuts the connection', async () => {
  const client = server.connect()
  const input = { user_created_at: '2021-08-12', photo: samplePhoto() }
  emulator.addFault({ fault: { kind: 'latency', ms: 60_000 } })
  const error = await timedOut((options) => backfillUser(client, { ...input, user_id: 'slow' }, options))
  expect([error.code, error.outcome]).toEqual(['request_timeout', 'unknown'])
  emulator.addFault({ fault: { kind: 'hang' } })
  const controller = new AbortController()
  setTimeout(() => controller.abort(new Error('enough')), 50)
  await expect(
    backfillUser(client, { ...input, user_id: 'hung' }, { signal: controller.signal }),
  ).rejects.toThrow('enough')
  expect(emulator.isEnrolled('slow') || emulator.isEnrolled('hung')).toBe(false)
})
