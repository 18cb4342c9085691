/** The handler of callbacks: acts once, and answers the sender. */
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
import { start } from '../../support/emulated'
import { until } from '../../support/until'
import { describe, equal, ok, test } from '../harness'
import { testReplayStore } from 'smileid-edge/store-contract'
import { checkStore, keptInMemory } from '../stores'
import { genuine, job, URL } from './setup'

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

describe('callback: handler', () => {
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

  test('handlers made per request share the limit, and forged bodies take none of the genuine', async () => {
    const { emulator, client } = start()
    const SmileJobID = emulator.startJob({ ...job, verdict: 'rejected', durationMs: 0 })
    const captured = await genuine(emulator, { SmileJobID, ResultCode: '0907' })
    const acted: string[] = []
    const deliver = async (body: object) => {
      const handler = createCallbackHandler(client, {
        onResult: ({ result }) => void acted.push(result.ResultCode),
      })
      const { status } = await handler(new Request(URL, { method: 'POST', body: JSON.stringify(body) }))
      return status
    }
    for (let n = 0; n < 50; n++) await deliver({ ...captured, ResultCode: '0810' })
    equal(emulator.calls.length, 8, 'calls for one forged event')
    const forged = [
      { SmileJobID: '0000000009' },
      { PartnerParams: { ...job, user_id: 'another' } },
      { PartnerParams: { ...job, job_id: 'x'.repeat(5000) } },
    ]
    for (let n = 0; n < 20; n++) for (const change of forged) await deliver({ ...captured, ...change })
    equal(emulator.calls.length, 8 + 3 * forged.length, 'calls for four forged events')
    equal([await deliver(captured), acted], [200, ['0907']], 'the genuine one')
  })

  test('an event is the same wherever in an answer it stands, with its type and without', async () => {
    const { emulator } = start()
    const SmileJobID = emulator.startJob({ ...job, durationMs: 0 })
    const event = await genuine(emulator, { SmileJobID })
    const { ResultType: _, ...bare } = event
    const later = { ...event, ResultCode: '1210' }
    let answer: object = { result: bare, history: [event] }
    const client = createClient({
      ...emulator.clientOptions,
      dangerouslyAllowBrowser: true,
      fetch: async (url, init) => {
        const reply = (await (await emulator.fetch(url, init)).json()) as object
        return Response.json({ ...reply, ...answer })
      },
    })
    const acted: string[] = []
    const handler = createCallbackHandler(client, { onResult: ({ eventId }) => void acted.push(eventId) })
    const deliver = async (body: object) =>
      (await handler(new Request(URL, { method: 'POST', body: JSON.stringify(body) }))).status
    const statuses = [await deliver(event), await deliver(bare)]
    for (answer of [
      { result: later, history: [later, event] },
      { result: later, history: [later, bare] },
    ]) {
      statuses.push(await deliver(event), await deliver({ ...event, ResultType: 'x' }))
    }
    equal([statuses, acted], [[200, 200, 200, 200, 200, 200], [`sandbox:085:${SmileJobID}:0810`]])
  })

  test('a handler that outlives its claim undoes nothing', async () => {
    const { emulator, client } = start()
    const SmileJobID = emulator.startJob({ ...job, durationMs: 0 })
    let fail = (): void => {}
    const acted: string[] = []
    const handler = createCallbackHandler(client, {
      replayStore: createMemoryReplayStore({ now: emulator.clientOptions.now }),
      onResult() {
        acted.push('in')
        if (acted.length > 1) return undefined
        return new Promise((_, reject) => {
          fail = () => reject(new Error('no database'))
        })
      },
    })
    const deliver = async () => (await handler(await emulator.callbackRequest(URL, { SmileJobID }))).status
    const slow = deliver()
    await until(() => acted.length === 1)
    await emulator.advance(60_001)
    equal(await deliver(), 200, 'the claim has run out')
    fail()
    equal([await slow, await deliver(), acted.length], [500, 200, 2])
  })

  test('a body that was lost on our side comes again', async () => {
    const { emulator, handler, acted, refused } = route()
    const SmileJobID = emulator.startJob({ ...job, durationMs: 0 })
    const spoilt = await emulator.callbackRequest(URL, { SmileJobID })
    await spoilt.text()
    equal([(await handler(spoilt)).status, refused], [500, ['callback_unreadable']])
    equal(
      [(await handler(await emulator.callbackRequest(URL, { SmileJobID }))).status, acted],
      [200, ['0810']],
    )
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
})

describe('callback: handler without confirmation', () => {
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

  test('when-readable acts on jobs unknown to the status, not on lies about those it knows', async () => {
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
})

describe('callback: replay store', () => {
  test('a memory store claims, completes, releases and forgets', async () => {
    const open = keptInMemory((now: () => number) => createMemoryReplayStore({ now }))
    await checkStore(testReplayStore(open))
    const small = createMemoryReplayStore({ maxEvents: 2 })
    for (const event of ['a', 'b', 'c']) await small.claim(event, 100)
    equal(
      [await small.claim('c', 100), await small.claim('a', 100)],
      ['busy', 'claimed'],
      'forgotten for newer ones',
    )
  })
})
