/** Calls over real HTTP, in every runtime. */
import { backfillUser } from 'smileid-edge/backfill'
import { createClient } from 'smileid-edge/client'
import { samplePhoto } from 'smileid-edge/emulator'
import { CANARY } from '../support/canary'
import { timedOut } from '../support/timed-out'
import { type Env, equal, ok, rejection, test } from './harness'

/** The peer does what the user_id begins with, see test/support/peer.ts. */
const enrol = (
  { peer }: Env,
  what: string,
  more: { photo?: Uint8Array; timeoutMs?: number; signal?: AbortSignal } = {},
) => {
  const { photo = samplePhoto(), ...options } = more
  const client = createClient({
    partnerId: '085',
    apiKey: CANARY.apiKey,
    environment: 'sandbox',
    baseUrl: peer,
    dangerouslyAllowBrowser: true,
    // The default is little for many megabytes on a machine that is busy with something else.
    timeoutMs: 240_000,
  })
  return backfillUser(
    client,
    { user_id: `${what}_${crypto.randomUUID()}`, user_created_at: '2021-08-12', photo },
    { maxRetries: 0, ...options },
  )
}
const failure = async (env: Env, what: string, options = {}) => {
  const { name, code, outcome, status } = await rejection(enrol(env, what, options))
  return [name, code, outcome, status]
}

/** A valid JPEG, of the size that a photo may have or of another: the sample with a long scan. */
function large(size = 5_000_000): Uint8Array {
  const sample = samplePhoto()
  const bytes = new Uint8Array(size).fill(0x55)
  bytes.set(sample.subarray(0, -2))
  bytes.set([0xff, 0xd9], bytes.length - 2)
  return bytes
}

test('over HTTP: small and large photos arrive whole, with their length', async (env) => {
  equal((await enrol(env, 'ok')).ResultCode, '0840')
  equal((await enrol(env, 'ok', { photo: large() })).ResultCode, '0840')
})

test('over HTTP: eight large photos at once', async (env) => {
  const photo = large(1_500_000)
  const replies = await Promise.all(Array.from({ length: 8 }, () => enrol(env, 'ok', { photo })))
  equal(
    replies.map((reply) => reply.ResultCode),
    Array(8).fill('0840'),
  )
})

test('over HTTP: a redirect is not followed', async (env) => {
  const [name, code, outcome] = await failure(env, 'redirect')
  // A browser does not tell a redirect from a broken connection.
  ok(
    (name === 'SmileIdApiError' && code === 'invalid_reply') ||
      (typeof document === 'object' && code === 'network_error'),
    `${name} ${code}`,
  )
  equal(outcome, 'unknown')
  equal(await (await fetch(`${env.peer}/elsewhere-hits`)).text(), '0')
})

test('over HTTP: connections that break', async (env) => {
  equal(await failure(env, 'reset'), ['SmileIdNetworkError', 'network_error', 'unknown', undefined])
  equal(await failure(env, 'truncated'), ['SmileIdNetworkError', 'network_error', 'unknown', undefined])
})

test('over HTTP: replies that never end, or are no replies', async (env) => {
  for (const what of ['silent', 'trickle']) {
    const { name, code, outcome, status } = await timedOut((options) => enrol(env, what, options))
    equal([name, code, outcome, status], ['SmileIdTimeoutError', 'request_timeout', 'unknown', undefined])
  }
  equal(await failure(env, 'endless'), ['SmileIdApiError', 'invalid_reply', 'unknown', 200])
  equal(await failure(env, 'html'), ['SmileIdApiError', 'invalid_reply', 'unknown', 200])
  equal(await failure(env, 'latin1'), ['SmileIdApiError', 'invalid_reply', 'unknown', 200])
})

test('over HTTP: an abort ends a reply that trickles', async (env) => {
  const controller = new AbortController()
  const reason = new Error('enough')
  setTimeout(() => controller.abort(reason), 150)
  ok((await rejection(enrol(env, 'trickle', { signal: controller.signal }))) === reason, 'the reason itself')
})

/** workerd and browsers can't prove that nothing was sent. */
const tellsNothing = typeof document === 'object' || 'FixedLengthStream' in globalThis

test('over HTTP: nobody listens, the name leads nowhere, or fetch refuses the port', async ({ peer }) => {
  const ask = async (what: Record<string, string>) =>
    (await fetch(`${peer}/cutting-servers?${new URLSearchParams(what)}`)).json()
  const url: string = await ask({ end: 'close', connection: 'fresh' })
  // Now it has ended.
  await ask({ url })
  for (const baseUrl of [url, 'https://nothing.invalid', 'http://127.0.0.1:9']) {
    const { code, outcome, retryable } = await rejection(enrol({ peer: baseUrl }, 'ok'))
    const right = tellsNothing ? ['unknown', false] : ['not_sent', true]
    equal([code, outcome, retryable], ['network_error', ...right], baseUrl)
  }
})
