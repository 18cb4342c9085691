/** Callbacks of v3: verified, confirmed, acted on once. */
import { createCallbackHandler as createV1Handler } from 'smileid-edge/callback'
import { createClient } from 'smileid-edge/client'
import { createEmulator, type EmulatorOptions } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { createTokenClient } from 'smileid-edge/v3/client'
import { submitEnhancedKyc } from 'smileid-edge/v3/enhanced-kyc'
import {
  type CallbackHandlerOptions,
  confirmCallback,
  createCallbackHandler,
  createMemoryReplayStore,
  replayCallback,
  verifyCallback,
} from 'smileid-edge/v3/callback'
import { start } from '../../support/emulated'
import { until } from '../../support/until'
import { jwt } from '../../support/v3-service'
import { describe, equal, issuesOf, ok, rejection, test } from '../harness'
import { CLEARWATER, startJob, URL } from './setup'

const code = async (promise: Promise<unknown>) => (await rejection(promise)).code as string

/** A route, a job that has ended, what was acted on and what was refused. */
async function route(options: Partial<CallbackHandlerOptions> = {}, emulated: EmulatorOptions = {}) {
  const started = await startJob({ jobDurationMs: 0, ...emulated })
  const { emulator, client, job } = started
  await emulator.advance(0)
  const acted: string[] = []
  const refused: string[] = []
  const handler = createCallbackHandler(client, {
    onVerdict: (callback) => void acted.push(`${callback.job.user_id} ${callback.status}`),
    onRefused: (error: any) => void refused.push(error.code ?? error.message),
    ...options,
  })
  const genuine = (result = {}, more = {}) =>
    emulator.v3.callbackRequest(URL, result, { job_id: job.job_id, ...more })
  const deliver = async (request: Request | Promise<Request>) => (await handler(await request)).status
  /** How often the service was asked for a status. */
  const asked = () => emulator.v3.requests.filter(({ operation }) => operation === 'v3/status').length
  return { ...started, handler, acted, refused, genuine, deliver, asked }
}

/** A genuine callback with other headers, or another body. */
async function changed(
  genuine: Promise<Request>,
  { headers = {}, body }: { headers?: object; body?: object },
) {
  const request = await genuine
  const text = await request.text()
  const init = { ...Object.fromEntries(request.headers), ...headers }
  const given = body ? JSON.stringify({ ...JSON.parse(text), ...body }) : text
  return new Request(URL, { method: 'POST', headers: init, body: given })
}

describe('v3 verifyCallback', () => {
  test('takes a Request, and headers of every kind beside a body of every kind', async () => {
    const { client, job, genuine } = await route()
    const request = await genuine()
    const headers = Object.fromEntries(request.headers)
    const upper = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]),
    )
    const text = await request.clone().text()
    const inputs = [
      request,
      { headers: new Headers(headers), body: text },
      { headers, body: new TextEncoder().encode(text) },
      { headers: upper, body: JSON.parse(text) as Record<string, unknown> },
      { headers: { ...headers, 'set-cookie': ['a', 'b'] }, body: text },
    ]
    for (const input of inputs) {
      const callback = await verifyCallback(client, input)
      equal(callback.job, { job_id: job.job_id, user_id: 'shop-42' })
      equal(callback.eventId, `sandbox:${client.partnerId}:v3:${job.job_id}:clear`)
      equal(callback.unconfirmedResult.product, 'enhanced_kyc')
    }
  })

  test('takes signatures over the partner id as portals have it, and without zeros', async () => {
    for (const signedPartnerId of ['stripped', 'padded'] as const) {
      const emulator = createEmulator({ v3: { signedPartnerId } })
      const client = createClient({ ...emulator.clientOptions, dangerouslyAllowBrowser: true })
      equal(client.partnerId, '085')
      await verifyCallback(client, await emulator.v3.callbackRequest(URL))
    }
  })

  test('finds the ids wherever they are', async () => {
    for (const callbackIds of ['headers_and_params', 'headers_and_body', 'body'] as const) {
      const { client, job, genuine } = await route({}, { v3: { callbackIds } })
      const { job: said } = await verifyCallback(client, await genuine())
      equal(said, { job_id: job.job_id, user_id: 'shop-42' }, callbackIds)
    }
  })

  test('refuses by name what is forged, late, of another partner, or nothing', async () => {
    const { client, genuine, emulator } = await route()
    const DAY_MS = 86_400_000
    const ago = (ms: number) => ({ timestamp: new Date(emulator.clientOptions.now!() - ms) })
    equal(await code(verifyCallback(client, await genuine({}, { apiKey: 'forged' }))), 'signature_mismatch')
    equal(await code(verifyCallback(client, await genuine({}, ago(300_001)))), 'signature_expired')
    equal(await code(verifyCallback(client, await genuine({}, ago(-300_001)))), 'signature_expired')
    equal(await code(verifyCallback(client, await genuine({}, { timestamp: 'today' }))), 'signature_expired')
    await verifyCallback(client, await genuine({}, ago(DAY_MS)), { maxAgeMs: Infinity })
    const other = await createEmulator().v3.callbackRequest(URL)
    equal(await code(verifyCallback(client, other)), 'signature_mismatch')
    equal(
      await code(verifyCallback(client, new Request(URL, { method: 'POST', body: '{}' }))),
      'signature_missing',
    )
    equal(await code(verifyCallback(client, { headers: {}, body: {} })), 'signature_missing')
    equal(await code(verifyCallback(client, { status: 'clear' } as never)), 'signature_missing')
    equal(await code(verifyCallback(client, undefined as never)), 'signature_missing')
    const twice = { 'response-signature': ['a', 'b'], 'response-timestamp': 'x' }
    equal(await code(verifyCallback(client, { headers: twice, body: {} })), 'signature_mismatch')
  })

  test('refuses bodies that are no result of v3', async () => {
    const { client, genuine } = await route()
    const bodies: [object, string][] = [
      [{ status: 'complete' }, 'a status that nobody knows'],
      [{ status: undefined }, 'none'],
      [{ reason: {} }, 'a reason that is no text'],
      [{ product: 7 }, 'a product that is no text'],
      [{ partner_params: 'x' }, 'params that are none'],
      [{ ResultCode: '0810' }, 'a result of v1'],
    ]
    for (const [body, what] of bodies) {
      const request = await changed(genuine(), { body })
      equal(await code(verifyCallback(client, request)), 'callback_malformed', what)
    }
    for (const id of ['', '0000000001', 'job_x']) {
      const request = await changed(genuine(), { headers: { 'job-id': id }, body: { partner_params: null } })
      equal(await code(verifyCallback(client, request)), 'callback_malformed', id)
    }
    equal(await code(verifyCallback(client, await genuine(), { maxBytes: 10 })), 'callback_malformed')
    const spoilt = await genuine()
    await spoilt.text()
    equal(await code(verifyCallback(client, spoilt)), 'callback_unreadable')
  })

  test('wants a client with a key, and right options', async () => {
    const token = jwt({ partner_id: '85' })
    const page = createTokenClient({ token, environment: 'sandbox' })
    equal(await issuesOf(verifyCallback(page as never, new Request(URL))), ['client wrong_type'])
    const { client } = start()
    equal(await issuesOf(verifyCallback(client, new Request(URL), { maxAgeMs: -1, max: 1 } as never)), [
      'options.maxAgeMs wrong_type',
      'options.max not_allowed',
    ])
  })
})

describe('v3 confirmCallback', () => {
  test('says whose job it is and how it stands, by the service itself', async () => {
    const { client, job, genuine } = await route()
    const callback = await verifyCallback(client, await genuine({ reason: 'what anybody can write' }))
    const confirmed = await confirmCallback(client, callback)
    equal([confirmed.job, confirmed.status], [{ job_id: job.job_id, user_id: 'shop-42' }, 'clear'])
    equal([confirmed.eventId, 'result' in confirmed], [callback.eventId, false])
  })

  test('refuses another verdict, another user, another job, and what was not verified', async () => {
    const { client, genuine, emulator } = await route()
    const confirm = async (request: Promise<Request>) =>
      confirmCallback(client, await verifyCallback(client, await request))
    const wrong = [
      genuine({ status: 'block' }),
      changed(genuine(), { headers: { 'user-id': 'somebody else' } }),
      emulator.v3.callbackRequest(URL, {}, { job_id: 'job_00000000000000000000000009' }),
    ]
    for (const request of wrong) {
      const error = await rejection(confirm(request))
      equal([error.code, error.retryable, error.operation], ['callback_unconfirmed', true, 'callback'])
    }
    const made = {
      '~smileid': 'callback',
      eventId: 'x',
      job: { job_id: 'x' },
      timestamp: '',
      unconfirmedResult: {},
    }
    for (const none of [made, {}, undefined]) {
      equal(await issuesOf(confirmCallback(client, none as never)), ['callback wrong_type'])
    }
  })

  test('knows a user whose name fits in no header', async () => {
    const { client, emulator } = start({ partners: [{ partnerId: '8999', apiKey: 'k' }], jobDurationMs: 0 })
    const { job_id } = await submitEnhancedKyc(client, { ...CLEARWATER, user_id: 'Zoë 100%' })
    const bytes = String.fromCharCode(...new TextEncoder().encode('Zoë 100%'))
    for (const user_id of ['Zoë 100%', encodeURIComponent('Zoë 100%'), bytes]) {
      const request = await emulator.v3.callbackRequest(URL, {}, { job_id })
      const headers = { ...Object.fromEntries(request.headers), 'user-id': user_id }
      const callback = await verifyCallback(client, { headers, body: await request.text() })
      equal((await confirmCallback(client, callback)).job.user_id, 'Zoë 100%')
    }
  })
})

describe('v3 callback handler', () => {
  test('acts once on what is confirmed', async () => {
    const { acted, genuine, deliver } = await route()
    equal([await deliver(genuine()), await deliver(genuine()), acted], [200, 200, ['shop-42 clear']])
  })

  test('answers so that the sender repeats only what may end better', async () => {
    const { handler, acted, refused, genuine, deliver, emulator, asked } = await route()
    const get = await handler(new Request(URL))
    equal([get.status, get.headers.get('allow')], [405, 'POST'])
    equal(await deliver(new Request(URL, { method: 'POST', body: '{}' })), 401)
    equal(await deliver(genuine({}, { apiKey: 'forged' })), 401)
    equal(await deliver(genuine({}, { timestamp: '2025-12-31T00:00:00Z' })), 401)
    equal(await deliver(genuine({ status: 'complete' })), 400)
    equal(await deliver(genuine({ x: ' '.repeat(2_097_153) })), 413)
    equal(asked(), 0)
    equal(await deliver(genuine({ status: 'block' })), 503, 'another verdict')
    emulator.addFault({ on: 'v3/status', times: 9, fault: { kind: 'status', status: 500 } })
    equal(await deliver(genuine()), 503, 'the API is down')
    equal(acted, [])
    equal(refused, [
      'not a POST',
      'signature_missing',
      'signature_mismatch',
      'signature_expired',
      'callback_malformed',
      'callback_malformed',
      'callback_unconfirmed',
      'server_error',
    ])
  })

  test('a forged verdict under a captured pair suppresses nothing and costs little', async () => {
    const { acted, genuine, deliver, asked } = await route()
    const captured = await genuine()
    const forged = (n: number) => changed(Promise.resolve(captured.clone()), { body: { status: 'block', n } })
    equal(await deliver(forged(0)), 503)
    equal(await deliver(captured.clone()), 200, 'the real one')
    for (let n = 1; n < 50; n++) await deliver(forged(n))
    ok(asked() <= 9, `${asked()} calls of the API`)
    equal(acted, ['shop-42 clear'])
  })

  test('the same verdict under another product is the same event', async () => {
    const { acted, genuine, deliver } = await route()
    equal(await deliver(genuine()), 200)
    equal(await deliver(genuine({ product: 'biometric_kyc' })), 200)
    equal(acted.length, 1)
  })

  test('what failed comes again, and four at once act once', async () => {
    let fail = true
    let answered = 0
    const order: string[] = []
    const { genuine, deliver } = await route({
      async onVerdict() {
        order.push('in')
        // The others end while the first is still at it.
        if (!fail) await until(() => answered === 4)
        if (fail) throw new Error('no database')
      },
    })
    const one = async () => {
      const status = await deliver(genuine())
      answered++
      return status
    }
    equal(await one(), 500)
    fail = false
    equal((await Promise.all([one(), one(), one(), one()])).sort(), [200, 409, 409, 409])
    equal([await one(), order], [200, ['in', 'in']])
  })

  test('after a crash between claim and done, the next delivery gets through in time', async () => {
    let now = 0
    const replayStore = createMemoryReplayStore({ now: () => now })
    const { genuine, deliver, acted, client, job } = await route({ replayStore })
    // What a process that died has left.
    await replayStore.claim(`sandbox:${client.partnerId}:v3:${job.job_id}:clear`, 60_000, 'dead')
    equal([await deliver(genuine()), acted], [409, []])
    now = 60_001
    equal([await deliver(genuine()), acted], [200, ['shop-42 clear']])
  })

  test('a store that fails loses nothing', async () => {
    const store = createMemoryReplayStore()
    let broken: 'claim' | 'complete' | 'release' | 'count' | undefined = 'claim'
    const failIf = (name: typeof broken) => {
      if (broken === name) throw new Error('no store')
    }
    const { genuine, deliver, acted } = await route({
      replayStore: {
        claim: async (...given) => (failIf('claim'), store.claim(...given)),
        complete: async (...given) => (failIf('complete'), store.complete(...given)),
        release: async (...given) => (failIf('release'), store.release(...given)),
        count: async (keys) => (failIf('count'), keys.map(() => 1)),
      },
    })
    equal([await deliver(genuine()), acted.length], [500, 0])
    broken = 'count'
    equal([await deliver(genuine()), acted.length], [500, 0])
    broken = 'complete'
    equal([await deliver(genuine()), acted.length], [500, 1], 'done, but not written down: it comes again')
    broken = undefined
    equal([await deliver(genuine()), await deliver(genuine()), acted.length], [200, 200, 2])
  })

  test('asks whether the job is known, with what was sent along', async () => {
    const seen: unknown[] = []
    let answer: boolean | Error = false
    const { genuine, deliver, acted, refused, asked, job } = await route({
      knows(about) {
        seen.push(about)
        if (answer instanceof Error) throw answer
        return answer
      },
    })
    equal([await deliver(genuine({ partner_params: { order: '7' } })), asked()], [503, 0])
    equal(seen, [{ job_id: job.job_id, partner_params: { order: '7' } }])
    answer = new Error('no database')
    equal([await deliver(genuine()), asked()], [500, 0])
    answer = true
    equal([await deliver(genuine()), acted.length], [200, 1])
    equal(refused, ['callback_unconfirmed', 'no database'])
  })

  test('tells of work in progress to who wants to know, and takes no late word of it for news', async () => {
    const progress: string[] = []
    const options = { onProcessing: ({ status }: { status: string }) => void progress.push(status) }
    const running = await route(options, { jobDurationMs: 10_000 })
    const interim = () => running.genuine({ status: 'processing' })
    equal([await running.deliver(interim()), await running.deliver(interim())], [200, 200])
    equal(progress, ['processing'])
    await running.emulator.advance(10_000)
    equal([await running.deliver(interim()), progress.length, running.acted], [200, 1, []])
    equal([await running.deliver(running.genuine()), running.acted], [200, ['shop-42 clear']])
    const silent = await route({}, { jobDurationMs: 10_000 })
    equal([await silent.deliver(silent.genuine({ status: 'processing' })), silent.asked()], [200, 0])
  })

  test('updates of AML monitoring have a handler of their own, each once, or are refused', async () => {
    const update = { product: 'aml_monitoring_update', status: 'attention' }
    const without = await route()
    equal(await without.deliver(without.genuine(update)), 503)
    equal(without.refused, ['callback_unconfirmed'])
    const seen: unknown[] = []
    const { genuine, deliver, acted, asked } = await route({
      onAmlMonitoringUpdate: ({ unconfirmedResult }) => void seen.push(unconfirmedResult.people),
    })
    const first = await genuine({ ...update, people: [{ name: 'A' }] })
    equal([await deliver(first.clone()), await deliver(first.clone())], [200, 200])
    equal(await deliver(genuine({ ...update, people: [{ name: 'B' }] })), 200, 'later findings')
    equal([seen, acted, asked()], [[[{ name: 'A' }], [{ name: 'B' }]], [], 0])
  })

  test('hands callbacks of v1 to its route, wherever they are signed', async () => {
    const old: string[] = []
    const { emulator, client } = start({ partners: [{ partnerId: '8998', apiKey: 'k' }] })
    const SmileJobID = emulator.startJob({ user_id: 'user', job_id: 'job', durationMs: 0 })
    const acted: string[] = []
    const handler = createCallbackHandler(client, {
      onVerdict: ({ status }) => void acted.push(status),
      v1: createV1Handler(client, { onResult: ({ job }) => void old.push(job.job_id) }),
    })
    const inBody = await emulator.callbackRequest(URL, { SmileJobID })
    const body = (await inBody.clone().json()) as Record<string, string>
    const { timestamp, signature, ...rest } = body
    const pair = { 'Response-Timestamp': timestamp!, 'Response-Signature': signature! }
    const inHeaders = new Request(URL, { method: 'POST', headers: pair, body: JSON.stringify(rest) })
    equal([(await handler(inBody)).status, old], [200, ['job']])
    equal((await handler(inHeaders)).status, 200, 'done before')
    equal([(await handler(new Request(URL, { method: 'POST', body: '{}' }))).status, acted], [401, []])
    const huge = new Request(URL, { method: 'POST', headers: pair, body: ' '.repeat(2_097_153) })
    equal((await handler(huge)).status, 413)
    const { job_id } = await submitEnhancedKyc(client, CLEARWATER)
    await emulator.advance(10_000)
    equal((await handler(await emulator.v3.callbackRequest(URL, {}, { job_id }))).status, 200)
    equal([acted, old], [['clear'], ['job']])
  })

  test('answers what a route for v1 answers, of whatever class, and 500 where that is nothing', async () => {
    const { client } = start({ partners: [{ partnerId: '8997', apiKey: 'k' }] })
    const foreign = { status: 202, headers: new Headers(), body: null }
    for (const given of [foreign, undefined]) {
      const refused: unknown[] = []
      const v1 = async () => given as never
      const onRefused = (error: unknown) => void refused.push((error as Error).name)
      const handler = createCallbackHandler(client, { onVerdict() {}, v1, onRefused })
      const answer = await handler(new Request(URL, { method: 'POST', body: '{}' }))
      if (given === foreign) equal([answer === given, refused], [true, []])
      else equal([answer.status, refused], [500, ['TypeError']])
    }
  })

  test('a client per request, and one that cannot be made', async () => {
    const { client, genuine } = await route()
    const acted: string[] = []
    const onVerdict = ({ status }: { status: string }) => void acted.push(status)
    equal((await createCallbackHandler(async () => client, { onVerdict })(await genuine())).status, 200)
    const broken = createCallbackHandler(() => ({}) as never, { onVerdict })
    equal([(await broken(await genuine())).status, acted], [500, ['clear']])
  })

  test('wrong options are named at once, all of them', () => {
    const { client } = start()
    const wrong = {
      onVerdict: 1,
      onProcessing: 1,
      onAmlMonitoringUpdate: 1,
      knows: 1,
      v1: 1,
      replayStore: {},
      confirm: 1,
    }
    try {
      createCallbackHandler(client, wrong as never)
    } catch (error) {
      ok(isSmileIdError(error, 'invalid_input'), String(error))
      equal(
        error.issues.map(({ path }) => path),
        [
          'options.onVerdict',
          'options.onProcessing',
          'options.onAmlMonitoringUpdate',
          'options.knows',
          'options.v1',
          'options.replayStore',
          'options.confirm',
        ],
      )
      return
    }
    throw new Error('nothing was refused')
  })
})

describe('replayCallback', () => {
  test('has a callback sent again, to where it went or elsewhere', async () => {
    const { client, job, emulator, handler, acted } = await route()
    const reply = await replayCallback(client, job)
    equal([reply.status, reply.job_id, reply.user_id], ['accepted', job.job_id, 'shop-42'])
    const callback_url = 'https://app.example/elsewhere'
    await replayCallback(client, { job_id: job.job_id, callback_url })
    await emulator.advance(0)
    const sent = emulator.callbacks.slice(-2)
    equal(
      sent.map(({ url }) => url),
      [URL, callback_url],
    )
    equal([(await handler(sent[0]!)).status, acted], [200, ['shop-42 clear']])
  })

  test('tells a job that runs, one that is not there, and wrong input', async () => {
    const { client, job } = await startJob({ jobDurationMs: 1e9 })
    equal(await code(replayCallback(client, job)), 'job_running')
    equal(await code(replayCallback(client, { job_id: 'job_00000000000000000000000009' })), 'job_not_found')
    equal(
      await issuesOf(replayCallback(client, { job_id: '0000000001', callback_url: 'http://app.example' })),
      ['job_id wrong_format', 'callback_url wrong_format'],
    )
  })
})
