/** Tokens, and stores of them, that take their time. */
import { tokenRequest } from 'smileid-edge/v3/request'
import { afterEach, expect, test, vi } from 'vitest'
import { startV3Service } from '../../support/v3-service'

afterEach(() => {
  vi.useRealTimers()
})

/** Never answers; `asked` resolves once it is called. */
function hanging() {
  let tell = () => {}
  const asked = new Promise<void>((resolve) => (tell = resolve))
  const call = () => {
    tell()
    return new Promise<never>(() => {})
  }
  return { asked, call }
}

test('a store that hangs, as Redis without its server does, is waited for during three seconds', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const [get, set, drop] = [hanging(), hanging(), hanging()]
  const { client, callsOf, tokenCalls } = startV3Service(
    {},
    { v3: { tokenStore: { get: get.call, set: set.call, drop: drop.call } } },
  )
  const call = tokenRequest(client, { path: '/v3/services/config', method: 'GET' })
  await get.asked
  await vi.advanceTimersByTimeAsync(2999)
  expect(tokenCalls()).toBe(0)
  await vi.advanceTimersByTimeAsync(1)
  await set.asked
  await vi.advanceTimersByTimeAsync(3000)
  await call
  expect([tokenCalls(), callsOf().length]).toEqual([1, 1])
}, 10_000)

test('a poll waits for a token no longer than it has, though it shares the request for it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { client, callsOf, tokenCalls } = startV3Service({ answerToken: () => new Promise<never>(() => {}) })
  const options = { maxRetries: 0, timeoutMs: 1500 }
  const call = tokenRequest(client, { path: '/v3/services/config', method: 'GET' }, options)
  const error = call.catch((thrown: unknown) => thrown)
  while (tokenCalls() === 0) await new Promise((resolve) => setImmediate(resolve))
  await vi.advanceTimersByTimeAsync(1500)
  expect(await error).toMatchObject({ code: 'request_timeout', operation: 'v3/token', outcome: 'not_sent' })
  expect(callsOf()).toEqual([])
}, 10_000)
