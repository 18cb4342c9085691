import fc from 'fast-check'
import {
  type CallbackHandlerOptions,
  confirmCallback,
  createCallbackHandler,
  createMemoryReplayStore,
  verifyCallback,
} from 'smileid-edge/callback'
import { createClient } from 'smileid-edge/client'
import { createEmulator, type EmulatorOptions } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { interpretResult } from 'smileid-edge/result'
import { checkProperty } from '../support/property'
import { until } from '../support/until'
import { equal, ok, rejection, test } from './harness'
import { checkReplayStore } from './stores'

const URL = 'https://app.example/callback'
const job = { user_id: 'user', job_id: 'job' }
const start = (options?: EmulatorOptions) => {
  const emulator = createEmulator(options)
  return { emulator, client: createClient({ ...emulator.clientOptions, dangerouslyAllowBrowser: true }) }
}
const code = async (promise: Promise<unknown>) => (await rejection(promise)).code as string
/** The parsed body of a genuine callback. */
const genuine = async (emulator = createEmulator(), ...more: unknown[]) =>
  (await emulator.callbackRequest(URL, ...(more as []))).json() as Promise<Record<string, any>>

test('a callback is read as a Request, text, bytes or object, in both shapes', async () => {
  const { emulator, client } = start()
  for (const envelope of [false, true]) {
    const body = await genuine(emulator, {}, { envelope })
    const text = JSON.stringify(body)
    for (const input of [
      await emulator.callbackRequest(URL, {}, { envelope }),
      text,
      new TextEncoder().encode(text),
      new TextEncoder().encode(text).buffer,
      body,
    ]) {
      const callback = await verifyCallback(client, input as never)
      equal(
        [callback.eventId, callback.job, callback.smileJobId, callback.unconfirmedResult.ResultCode],
        ['sandbox:085:0000000000:SAIA:0810', job, '0000000000', '0810'],
      )
      equal(callback.unconfirmedBody, body)
    }
  }
})

test('newer webhooks carry the pair in headers', async () => {
  const { emulator, client } = start()
  const { timestamp, signature, ...body } = await genuine(emulator)
  const request = (signed: string) =>
    new Request(URL, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'Response-Timestamp': timestamp, 'Response-Signature': signed },
    })
  equal((await verifyCallback(client, request(signature))).job, job)
  equal(await code(verifyCallback(client, request('e30='))), 'signature_mismatch')
})

test('who does not hold the key is turned away', async () => {
  const { emulator, client } = start()
  const body = await genuine(emulator)
  const other = createEmulator({ partners: [{ partnerId: '86', apiKey: 'another' }] })
  equal(await code(verifyCallback(client, await genuine(other))), 'signature_mismatch', 'another partner')
  equal(
    await code(verifyCallback(client, await genuine(emulator, {}, { apiKey: 'production-key' }))),
    'signature_mismatch',
    'another environment',
  )
  equal(
    await code(verifyCallback(client, { ...body, timestamp: '2026-01-01T00:00:00.001Z' })),
    'signature_mismatch',
  )
  equal(
    await code(
      verifyCallback(client, {
        ...body,
        signature: 'abc|1577b051a4313ed5e3e4d29893a66f966e31af0a2d2f6bec2a7f2e00f2701259',
      }),
    ),
    'signature_mismatch',
  )
  for (const wrong of [undefined, null, '', 5, {}, []]) {
    equal(
      await code(verifyCallback(client, { ...body, signature: wrong })),
      'signature_missing',
      `signature ${JSON.stringify(wrong)}`,
    )
    equal(
      await code(verifyCallback(client, { ...body, timestamp: wrong })),
      'signature_missing',
      `timestamp ${JSON.stringify(wrong)}`,
    )
  }
})

test('a key that was replaced counts, a stale or future callback does not', async () => {
  const { emulator } = start()
  const { apiKey } = emulator.clientOptions
  const rotating = createClient({
    ...emulator.clientOptions,
    apiKey: ['new', apiKey as string],
    dangerouslyAllowBrowser: true,
  })
  equal((await verifyCallback(rotating, await emulator.callbackRequest(URL))).job, job)
  const { client } = start()
  const at = async (timestamp: string, options = {}) => {
    const error = await verifyCallback(
      client,
      await emulator.callbackRequest(URL, {}, { timestamp }),
      options,
    ).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    return error === undefined ? 'fine' : isSmileIdError(error) ? error.code : String(error)
  }
  equal(await at('2025-12-31T23:55:00.000Z'), 'fine')
  equal(await at('2025-12-31T23:54:59.999Z'), 'signature_expired')
  equal(await at('2026-01-01T00:05:00.000Z'), 'fine')
  equal(await at('2026-01-01T00:05:00.001Z'), 'signature_expired')
  equal(await at('2025-01-01T00:00:00.000Z'), 'signature_expired')
  equal(await at('2025-01-01T00:00:00.000Z', { maxAgeMs: Infinity }), 'fine')
  equal(await at('2026-01-01T00:00:00.000Z', { maxAgeMs: 0 }), 'fine')
  equal(await at('2026-01-01T00:00:00.001Z', { maxAgeMs: 0 }), 'signature_expired')
  equal(await at('no date'), 'signature_expired')
  for (const maxAgeMs of [-1, Number.NaN, '5 minutes'])
    equal(await at('2026-01-01T00:00:00.000Z', { maxAgeMs }), 'invalid_input')
})

test('what is no callback is malformed', async () => {
  const { emulator, client } = start()
  const body = await genuine(emulator)
  const text = JSON.stringify(body)
  const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`
  const malformed: unknown[] = [
    '',
    ' ',
    '{',
    '[]',
    'null',
    '5',
    '"text"',
    text.slice(0, -1),
    `${text}x`,
    `[${text}]`,
    undefined,
    null,
    5,
    [],
    [body],
    new Request(URL, { method: 'POST' }),
    new Uint8Array(),
    Uint8Array.from([0x7b, 0xff, 0x7d]),
    deep,
    `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)},${text.slice(1)}`,
    `{"timestamp":"x",${text.slice(1)}`,
    `{"PartnerParams":{"user_id":"x","user_id":"y"},"deep":{"a":{"b":1,"b":2}}}`,
    text.replace('"ResultCode"', '"SmileJobID"'),
    { ...body, SmileJobID: 5 },
    { ...body, ResultCode: 810 },
    { ...body, ResultCode: '' },
    { ...body, PartnerParams: undefined },
    { ...body, PartnerParams: { user_id: 5, job_id: 'j' } },
    { ...body, SmileJobID: '\ud800' },
    { ...body, ResultType: '\udfff' },
    { ...body, ResultType: { toString: 1 } },
    { ...body, PartnerParams: [] },
    { ...body, job_complete: false, result: 'No zip file received' },
  ]
  for (const input of malformed)
    equal(
      await code(verifyCallback(client, input as never)),
      'callback_malformed',
      String(JSON.stringify(input)).slice(0, 60),
    )
})

test('wrong options are named, all at once', async () => {
  const { issues } = await rejection(verifyCallback(start().client, '{}', { maxAgeMs: -1, maxBytes: NaN }))
  equal(
    issues.map(({ path, code }: { path: string; code: string }) => `${path} ${code}`),
    ['options.maxAgeMs wrong_type', 'options.maxBytes wrong_type'],
  )
})

test('a body is read no further than allowed', async () => {
  const { emulator, client } = start()
  const text = JSON.stringify({ ...(await genuine(emulator)), Photo: 'A'.repeat(1_500_000) })
  equal((await verifyCallback(client, text)).job, job, 'a real one with a photo')
  const large = text.replace('AAAA', 'A'.repeat(1_000_000))
  for (const input of [
    large,
    new TextEncoder().encode(large),
    new Request(URL, { method: 'POST', body: large }),
  ])
    equal(await code(verifyCallback(client, input)), 'callback_malformed')
  equal((await verifyCallback(client, large, { maxBytes: 3_000_000 })).job, job)
  let pulled = 0
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++
      controller.enqueue(new Uint8Array(100_000).fill(32))
    },
  })
  if (typeof document !== 'object') {
    equal(
      await code(
        verifyCallback(
          client,
          new Request(URL, { method: 'POST', body: endless, duplex: 'half' } as RequestInit),
        ),
      ),
      'callback_malformed',
    )
    ok(pulled < 40, `pulled ${pulled} times`)
  }
})

test('a body of a million parts is refused before it is parsed', async () => {
  const { client } = start()
  const error = await rejection(verifyCallback(client, `{"a":[${'0,'.repeat(1_000_000)}0]}`))
  equal([error.code, error.cause.message], ['callback_malformed', 'the body is too complex'])
})

test('members that could reach a prototype are dropped', async () => {
  const { emulator, client } = start()
  const text = JSON.stringify(await genuine(emulator)).replace(
    '{',
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},',
  )
  const { unconfirmedBody } = await verifyCallback(client, text)
  equal(
    [
      Object.hasOwn(unconfirmedBody, '__proto__'),
      Object.hasOwn(unconfirmedBody, 'constructor'),
      (unconfirmedBody as { polluted?: number }).polluted,
    ],
    [false, false, undefined],
  )
})

test('random, mutated and truncated callbacks: none accepted, none throws anything else', async () => {
  const { emulator, client } = start()
  const text = JSON.stringify(await genuine(emulator))
  const [signature] = /"signature":"[^"]+"/.exec(text)!
  const mutated = fc
    .tuple(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }))
    .map(
      ([at, flip]) =>
        text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ flip) + text.slice(at + 1),
    )
  const truncated = fc.nat(text.length - 1).map((end) => text.slice(0, end))
  await checkProperty(
    fc.asyncProperty(fc.oneof(mutated, truncated, fc.json(), fc.string(), fc.uint8Array()), async (input) => {
      try {
        const { unconfirmedBody } = await verifyCallback(client, input)
        // What the signature does not cover may change: that is why nothing counts before confirmation.
        ok(
          typeof input === 'string' &&
            input.includes(signature) &&
            typeof unconfirmedBody.timestamp === 'string',
          'accepted without its pair',
        )
      } catch (error) {
        ok(isSmileIdError(error) && error.name === 'SmileIdSignatureError', String(error))
      }
    }),
    { numRuns: 500 },
  )
})

test('an event is confirmed by what the service says now', async () => {
  const { emulator, client } = start({ verdict: 'provisional' })
  emulator.startJob({ ...job, callback_url: URL })
  await emulator.advance(20_000)
  equal(emulator.callbacks.length, 3)
  const seen = []
  for (const request of emulator.callbacks) {
    const { eventId, result } = await confirmCallback(client, await verifyCallback(client, request))
    seen.push([eventId, result.ResultCode])
  }
  // Late deliveries carry the present result.
  equal(seen, [
    ['sandbox:085:0000000001:ID%20Verification:1012', '1210'],
    ['sandbox:085:0000000001:SAIA:0814', '1210'],
    ['sandbox:085:0000000001:DIVA:1210', '1210'],
  ])
})

test('what the service does not say is not confirmed', async () => {
  const { emulator, client } = start()
  const confirm = async (result: object) =>
    rejection(
      confirmCallback(client, await verifyCallback(client, await emulator.callbackRequest(URL, result))),
    )
  const unknown = await confirm({})
  equal([unknown.code, unknown.retryable, unknown.job], ['callback_unconfirmed', true, job])
  emulator.startJob({ ...job, verdict: 'rejected', durationMs: 1000 })
  equal((await confirm({ SmileJobID: '0000000001' })).code, 'callback_unconfirmed', 'not yet')
  await emulator.advance(1000)
  equal((await confirm({ SmileJobID: '0000000001' })).code, 'callback_unconfirmed', 'forged: approved')
  equal(
    (await confirm({ SmileJobID: '0000000002', ResultCode: '0907' })).code,
    'callback_unconfirmed',
    'another job',
  )
  for (const wrong of [undefined, {}, { eventId: 'x', job }])
    equal((await rejection(confirmCallback(client, wrong as never))).code, 'invalid_input')
})

/** A handler, what it acted on and what it refused. */
function route(options: Partial<CallbackHandlerOptions> = {}, emulatorOptions?: EmulatorOptions) {
  const { emulator, client } = start(emulatorOptions)
  const acted: unknown[] = []
  const refused: string[] = []
  const handler = createCallbackHandler(client, {
    onResult: (callback: any) =>
      void acted.push(callback.result?.ResultCode ?? callback.unconfirmedResult.ResultCode),
    onRefused: (error: any) => void refused.push(error.code ?? error.message),
    ...options,
  } as CallbackHandlerOptions)
  return { emulator, handler, acted, refused }
}

test('the route acts once on what is confirmed', async () => {
  const { emulator, handler, acted } = route()
  emulator.startJob({ ...job, durationMs: 0 })
  const genuine = () => emulator.callbackRequest(URL, { SmileJobID: '0000000001' })
  equal((await handler(await genuine())).status, 200)
  equal((await handler(await genuine())).status, 200, 'again')
  await emulator.advance(86_400_000 * 3)
  equal(
    (
      await handler(
        await emulator.callbackRequest(
          URL,
          { SmileJobID: '0000000001' },
          { timestamp: '2026-01-01T00:00:00.000Z' },
        ),
      )
    ).status,
    200,
    'three days old, but true',
  )
  equal(acted, ['0810'])
})

test('the route answers so that the sender repeats only what may end better', async () => {
  const { emulator, handler, acted, refused } = route()
  const post = (body: string) => handler(new Request(URL, { method: 'POST', body }))
  const get = await handler(new Request(URL))
  equal([get.status, get.headers.get('allow')], [405, 'POST'])
  equal((await post('')).status, 400)
  equal((await post('{}')).status, 401)
  equal((await post(' '.repeat(2_097_153))).status, 413)
  equal((await handler(await emulator.callbackRequest(URL, {}, { apiKey: 'forged' }))).status, 401)
  equal((await handler(await emulator.callbackRequest(URL))).status, 503, 'the job is not known (yet)')
  emulator.startJob(job)
  equal(
    (await handler(await emulator.callbackRequest(URL, { SmileJobID: '0000000001' }))).status,
    503,
    'not decided yet',
  )
  emulator.addFault({ on: 'job_status', times: 9, fault: { kind: 'status', status: 500 } })
  equal(
    (await handler(await emulator.callbackRequest(URL, { SmileJobID: '0000000001' }))).status,
    503,
    'the API is down',
  )
  equal(acted, [])
  equal(refused, [
    'not a POST',
    'callback_malformed',
    'signature_missing',
    'callback_malformed',
    'signature_mismatch',
    'callback_unconfirmed',
    'callback_unconfirmed',
    'server_error',
  ])
})

test('a forged body under a captured pair suppresses nothing and costs little', async () => {
  const { emulator, handler, acted } = route()
  emulator.startJob({ ...job, verdict: 'rejected', durationMs: 0 })
  const captured = await genuine(emulator, { SmileJobID: '0000000001', ResultCode: '0907' })
  const forged = (n: number) =>
    handler(
      new Request(URL, {
        method: 'POST',
        body: JSON.stringify({ ...captured, ResultCode: '0810', ResultType: `x${n}` }),
      }),
    )
  equal((await forged(0)).status, 503)
  equal(
    (await handler(new Request(URL, { method: 'POST', body: JSON.stringify(captured) }))).status,
    200,
    'the real one',
  )
  for (let n = 1; n < 50; n++) await forged(n)
  ok(emulator.calls.length <= 8, `${emulator.calls.length} calls of the API`)
  equal(acted, ['0907'])
  // The bound is a pace, not a ban.
  await emulator.advance(60_001)
  equal((await forged(99)).status, 503)
})

test('a failure of onResult lets the next delivery through, and two at once act once', async () => {
  let fail = true
  let answered = 0
  const order: string[] = []
  const { emulator, handler } = route({
    onResult: async () => {
      order.push('in')
      // The second of two ends while the first is still at it.
      if (!fail) await until(() => answered === 2)
      order.push('out')
      if (fail) throw new Error('no database')
    },
  })
  emulator.startJob({ ...job, durationMs: 0 })
  const deliver = async () => {
    const { status } = await handler(await emulator.callbackRequest(URL, { SmileJobID: '0000000001' }))
    answered++
    return status
  }
  equal(await deliver(), 500)
  fail = false
  equal((await Promise.all([deliver(), deliver()])).sort(), [200, 409])
  equal(await deliver(), 200)
  equal(order, ['in', 'out', 'in', 'out'])
})

test('without confirmation the body counts, and so does freshness', async () => {
  const { emulator, handler, acted } = route({ confirm: false } as never)
  equal((await handler(await emulator.callbackRequest(URL))).status, 200)
  equal(
    (
      await handler(
        await emulator.callbackRequest(URL, { ResultCode: '0001' }, { timestamp: '2025-01-01T00:00:00Z' }),
      )
    ).status,
    401,
  )
  equal(emulator.calls.length, 0)
  equal(acted, ['0810'])
})

test('when-readable acts on jobs that the status does not know, but not on lies about those it knows', async () => {
  const { emulator, handler, acted } = route({ confirm: 'when-readable' } as never)
  equal((await handler(await emulator.callbackRequest(URL, { ResultCode: '1012' }))).status, 200)
  emulator.startJob({ ...job, verdict: 'rejected', durationMs: 0 })
  equal((await handler(await emulator.callbackRequest(URL, { ResultCode: '1210' }))).status, 503)
  equal(acted, ['1012'])
})

test("when-readable: what was anybody's word does not suppress what is confirmed later", async () => {
  const { emulator, handler, acted } = route({ confirm: 'when-readable' } as never)
  const forged = await emulator.callbackRequest(URL, { ResultCode: '0810' })
  equal((await handler(forged)).status, 200)
  const SmileJobID = emulator.startJob({ ...job, durationMs: 0 })
  const real = () => emulator.callbackRequest(URL, { SmileJobID, ResultCode: '0810' })
  equal([(await handler(await real())).status, (await handler(await real())).status], [200, 200])
  equal(acted, ['0810', '0810'])
})

test('the half of a job is confirmed, and decides nothing', async () => {
  const { emulator, client } = start()
  const SmileJobID = emulator.startJob({ ...job, durationMs: 60_000 })
  const half = {
    JSONVersion: '1.0.0',
    SmileJobID,
    PartnerParams: job,
    ResultType: 'ID Verification',
    ResultCode: '1012',
    ResultText: 'ID Number Validated',
  }
  const running = createClient({
    ...emulator.clientOptions,
    dangerouslyAllowBrowser: true,
    fetch: async (url, init) =>
      Response.json({
        ...((await (await emulator.fetch(url, init)).json()) as object),
        job_complete: false,
        result: half,
        history: [half],
      }),
  })
  const { status } = await confirmCallback(
    running,
    await verifyCallback(client, await emulator.callbackRequest(URL, half)),
  )
  equal(interpretResult(status).decision, 'pending')
})

test('a log that fails changes no answer', async () => {
  const { emulator } = start()
  const handler = createCallbackHandler(
    createClient({ ...emulator.clientOptions, dangerouslyAllowBrowser: true }),
    {
      onResult: () => {},
      onRefused: async () => {
        throw new Error('log sink down')
      },
    },
  )
  equal((await handler(new Request(URL, { method: 'POST', body: '{}' }))).status, 401)
  await new Promise((resolve) => setTimeout(resolve, 5))
})

test('wrong options of a handler and of a store are named at once, all of them', async () => {
  const issuesOf = (run: () => unknown): string[] => {
    try {
      run()
    } catch (error) {
      ok(isSmileIdError(error, 'invalid_input'), String(error))
      return error.issues.map(({ path, code }) => `${path} ${code}`)
    }
    return []
  }
  const { client } = start()
  const handler = (options?: unknown) => issuesOf(() => createCallbackHandler(client, options as never))
  equal(handler(), ['options.onResult missing'])
  equal(handler({ onResult: () => {}, confirm: false, maxAgeMs: Infinity }), [])
  equal(
    handler({
      maxAgeMs: -1,
      maxBytes: '1',
      replayStore: {},
      onRefused: 1,
      confirm: 'no',
      onResult: 1,
      max: 1,
    }),
    [
      'options.maxAgeMs wrong_type',
      'options.maxBytes wrong_type',
      'options.replayStore wrong_type',
      'options.onRefused wrong_type',
      'options.confirm wrong_format',
      'options.onResult wrong_type',
      'options.max not_allowed',
    ],
  )
  equal(
    issuesOf(() => createMemoryReplayStore({ maxEvents: 0, now: 5 } as never)),
    ['options.maxEvents wrong_type', 'options.now wrong_type'],
  )
})

test('a status that cannot be believed is no fault of the sender', async () => {
  const { emulator } = start()
  emulator.startJob({ ...job, durationMs: 0 })
  const client = createClient({
    ...emulator.clientOptions,
    dangerouslyAllowBrowser: true,
    fetch: async (url, init) => {
      const reply = (await (await emulator.fetch(url, init)).json()) as object
      return Response.json({ ...reply, signature: undefined })
    },
  })
  const handler = createCallbackHandler(client, { onResult: () => {} })
  equal((await handler(await emulator.callbackRequest(URL, { SmileJobID: '0000000001' }))).status, 503)
})

test('the client may depend on the request', async () => {
  const emulator = createEmulator()
  const handler = createCallbackHandler(
    async () => createClient({ ...emulator.clientOptions, dangerouslyAllowBrowser: true }),
    { confirm: false, onResult: () => {} },
  )
  equal((await handler(await emulator.callbackRequest(URL))).status, 200)
  const broken = createCallbackHandler(
    () => {
      throw new Error('no such tenant')
    },
    { onResult: () => {} },
  )
  equal((await broken(await emulator.callbackRequest(URL))).status, 500)
})

test('the service delivers until somebody says 2xx', async () => {
  const answers = [500, 503, 200]
  const got: string[] = []
  const { emulator } = start({
    choices: { callbackShape: 'envelope' },
    faults: [{ on: 'callback', fault: { kind: 'callback', copies: 2, delayMs: 1000 } }],
    async onCallback(request) {
      const { result, timestamp } = (await request.json()) as {
        result: { ResultCode: string }
        timestamp: string
      }
      got.push(`${result.ResultCode} ${timestamp.slice(14, 19)}`)
      return new Response(null, { status: answers.shift() ?? 200 })
    },
  })
  emulator.startJob({ ...job, job_type: 4, callback_url: URL })
  await emulator.advance(120_000)
  equal(got, ['0840 00:11', '0840 00:11', '0840 00:16', '0840 00:16'])
})

test('a memory store claims, completes, releases and forgets', async () => {
  await checkReplayStore((now) => createMemoryReplayStore({ now }))
  const small = createMemoryReplayStore({ maxEvents: 2 })
  for (const event of ['a', 'b', 'c']) await small.claim(event, 100)
  equal(
    [await small.claim('c', 100), await small.claim('a', 100)],
    ['busy', 'claimed'],
    'forgotten for newer ones',
  )
})
