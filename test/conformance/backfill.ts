/** One existing user is enrolled by a photo. */
import { backfillUser } from 'smileid-edge/backfill'
import { checkRows } from 'smileid-edge/bulk'
import { createClient, type RequestOptions } from 'smileid-edge/client'
import { type Fault, samplePhoto } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { submitImageJob } from 'smileid-edge/image-jobs'
import type { PhotoSource } from 'smileid-edge/photo'
import { start } from '../support/emulated'
import { timedOut } from '../support/timed-out'
import { until } from '../support/until'
import { describe, equal, ok, rejection, test } from './harness'

const user = (user_id: string) => ({ user_id, user_created_at: '2021-08-12', photo: samplePhoto() })

describe('backfill: enrolment', () => {
  test('a user is enrolled once, for ever', async () => {
    const { emulator, client } = start()
    const reply = await backfillUser(client, user('u1'))
    equal(
      [
        reply.ResultCode,
        reply.PartnerParams.user_id,
        reply.PartnerParams.job_type,
        reply.SmileJobID,
        Object.keys(reply.Actions ?? {}).length,
      ],
      ['0840', 'u1', 4, '0000000001', 14],
    )
    ok(emulator.isEnrolled('u1'), 'enrolled')
    const error = await rejection(backfillUser(client, user('u1')))
    ok(isSmileIdError(error, 'user_exists'), 'typed')
    equal([error.smileCode, error.status, error.outcome, error.retryable], ['2209', 400, 'rejected', false])
  })

  test('a processed refusal resolves with its reasons', async () => {
    const { emulator, client } = start({ choices: { minFaceSide: 1000 } })
    const reply = await backfillUser(client, user('u1'))
    equal(
      [reply.ResultCode, reply.ResultText, reply.Actions?.Register_Selfie],
      ['0001', 'Selfie image unusable', 'Rejected'],
    )
    equal(emulator.isEnrolled('u1'), false)
  })

  test('dates travel as documented: a Date in the form of the samples, text unchanged', async () => {
    const { emulator, client } = start()
    const dates = [
      new Date('2021-05-18T22:14:43.500Z'),
      '2021-08-12',
      '2021-05-18 15:14:43-0700',
      '2021-08-12 00:00:00-0000',
      '2021-05-18T15:14:43Z',
      '2021-05-18T15:14:43.123+01:00',
    ]
    for (const [i, user_created_at] of dates.entries())
      await backfillUser(client, { ...user(`u${i}`), user_created_at })
    equal(
      [...emulator.users].map((enrolled) => enrolled.user_created_at),
      ['2021-05-18 22:14:43+0000', ...dates.slice(1)],
    )
  })
})

describe('backfill: input', () => {
  test('wrong input is refused whole, before anything is sent', async () => {
    const { emulator, client } = start()
    const paths = async (input: unknown, options?: unknown) =>
      (await rejection(backfillUser(client, input as never, options as never))).issues.map(
        (issue: { path: string; code: string }) => `${issue.path} ${issue.code}`,
      )
    equal(await paths({}), ['user_id missing', 'user_created_at missing', 'photo missing'])
    equal(await paths(undefined), ['input wrong_type', 'photo missing'])
    equal(
      await paths(
        { user_id: ' u', user_created_at: 1628726400, photo: 'me.jpg', user: 1 },
        { timeoutMs: -1, retries: 3 },
      ),
      [
        'user_id wrong_format',
        'user_created_at wrong_type',
        'user not_allowed',
        'options.timeoutMs wrong_type',
        'options.retries not_allowed',
        'photo photo_format',
      ],
    )
    for (const user_created_at of [
      '12/08/2021',
      '2021-02-31',
      '2021-13-01',
      '2021-08-12T25:00:00Z',
      '2021-08-12 10:00:00',
      '1628726400',
      '',
      'today',
      new Date(Number.NaN),
    ]) {
      const [issue] = await paths({ ...user('u'), user_created_at })
      ok(issue.startsWith('user_created_at'), `${String(user_created_at)}: ${issue}`)
    }
    equal(await paths({ ...user('u\n1') }), ['user_id wrong_format'])
    equal(emulator.calls.length, 0)
  })

  test("what was checked is what is sent, whatever happens to the caller's object meanwhile", async () => {
    const { emulator, client } = start()
    const input: any = {
      user_id: 'before',
      user_created_at: new Date('2021-08-12T00:00:00Z'),
      photo: async () => {
        input.user_id = 'after\n'
        input.user_created_at.setTime(0)
        return samplePhoto()
      },
    }
    await backfillUser(client, input)
    equal(
      [...emulator.users].map(({ user_id, user_created_at }) => [user_id, user_created_at]),
      [['before', '2021-08-12 00:00:00+0000']],
    )
  })
})

describe('backfill: failures', () => {
  test('what the world does: typed, with what is known of the outcome', async () => {
    const cases: [fault: Fault, error: string, calls: number, enrolled: boolean, options?: RequestOptions][] =
      [
        [{ kind: 'reset', commit: true }, 'SmileIdNetworkError network_error unknown', 1, true],
        [{ kind: 'reset', commit: false }, 'SmileIdNetworkError network_error unknown', 1, false],
        [{ kind: 'status', status: 500 }, 'SmileIdApiError server_error unknown', 1, false],
        [{ kind: 'status', status: 503 }, 'SmileIdApiError server_error unknown', 1, false],
        [{ kind: 'status', status: 503, retryAfter: 1 }, 'SmileIdApiError server_error rejected', 3, false],
        [{ kind: 'status', status: 429 }, 'SmileIdApiError rate_limited rejected', 3, false],
        [{ kind: 'status', status: 429, retryAfter: 31 }, 'SmileIdApiError rate_limited rejected', 1, false],
        [
          { kind: 'status', status: 429 },
          'SmileIdApiError rate_limited rejected',
          1,
          false,
          { maxRetries: 0 },
        ],
        [{ kind: 'code', code: '2222' }, 'SmileIdApiError id_number_blocked rejected', 1, false],
        [{ kind: 'code', code: '2205' }, 'SmileIdApiError unauthorized rejected', 1, false],
        [{ kind: 'code', code: '2204' }, 'SmileIdApiError unauthorized rejected', 1, false],
        [{ kind: 'code', code: '9999' }, 'SmileIdApiError api_error rejected', 1, false],
        [{ kind: 'status', status: 402 }, 'SmileIdApiError payment_required rejected', 1, false],
        [{ kind: 'status', status: 413 }, 'SmileIdApiError too_large rejected', 1, false],
        [{ kind: 'status', status: 408 }, 'SmileIdApiError api_error unknown', 1, false],
        [{ kind: 'body', body: 'not_json' }, 'SmileIdApiError invalid_reply unknown', 1, true],
        [{ kind: 'body', body: 'empty' }, 'SmileIdApiError invalid_reply unknown', 1, true],
        [{ kind: 'body', body: 'truncated' }, 'SmileIdNetworkError network_error unknown', 1, true],
        [
          { kind: 'body', body: 'bad_signature' },
          'SmileIdSignatureError signature_mismatch unknown',
          1,
          true,
        ],
        [{ kind: 'body', body: 'unsigned' }, 'SmileIdSignatureError signature_missing unknown', 1, true],
        [{ kind: 'hang' }, 'SmileIdTimeoutError request_timeout unknown', 1, false],
      ]
    for (const [fault, expected, calls, enrolled, options] of cases) {
      const { emulator, client } = start({ faults: [{ fault, times: 99 }] })
      const call = (more?: RequestOptions) => backfillUser(client, user('u1'), { ...options, ...more })
      const error = await (fault.kind === 'hang' ? timedOut(call) : rejection(call()))
      ok(isSmileIdError(error), String(error))
      equal(
        [`${error.name} ${error.code} ${error.outcome}`, error.attempts, emulator.calls.length],
        [expected, calls, calls],
        JSON.stringify(fault),
      )
      equal(emulator.isEnrolled('u1'), enrolled, JSON.stringify(fault))
    }
  })

  test('Retry-After is obeyed, in seconds and as a date, on the clock of the client', async () => {
    for (const [retryAfter, expected] of [
      [7, 7000],
      ['Thu, 01 Jan 2026 00:00:09 GMT', 9000],
    ] as const) {
      const { emulator } = start({ faults: [{ fault: { kind: 'status', status: 429, retryAfter } }] })
      const delays: number[] = []
      const client = createClient({
        ...emulator.clientOptions,
        dangerouslyAllowBrowser: true,
        hooks: { onRetry: ({ delayMs }) => void delays.push(delayMs) },
      })
      await backfillUser(client, user('u1'))
      equal(delays, [expected])
      equal(client && emulator.clientOptions.now?.(), Date.parse('2026-01-01T00:00:00Z') + expected)
    }
  })

  test('a signature is fresh for every attempt', async () => {
    const { emulator } = start({ faults: [{ fault: { kind: 'status', status: 429, retryAfter: 5 } }] })
    const timestamps: string[] = []
    const client = createClient({
      ...emulator.clientOptions,
      dangerouslyAllowBrowser: true,
      async fetch(url, init) {
        const request = new Request(url, init)
        timestamps.push(((await request.clone().json()) as { timestamp: string }).timestamp)
        return emulator.fetch(request)
      },
    })
    await backfillUser(client, user('u1'))
    equal(timestamps, ['2026-01-01T00:00:00.000Z', '2026-01-01T00:00:05.000Z'])
  })

  test('ESM-safe brands: an error of another copy is recognised by name', () => {
    const foreign = Object.assign(new Error('x'), {
      name: 'SmileIdApiError',
      code: 'user_exists',
      outcome: 'rejected',
    })
    ok(
      isSmileIdError(foreign, 'user_exists') &&
        !isSmileIdError(foreign, 'job_exists') &&
        !isSmileIdError(new Error('x')) &&
        !isSmileIdError(undefined),
      'by brand',
    )
  })
})

describe('backfill: replies', () => {
  test('an unsigned reply, and one about somebody else, are not believed', async () => {
    const { emulator } = start()
    const lying = (change: (reply: Record<string, any>) => void) =>
      createClient({
        ...emulator.clientOptions,
        dangerouslyAllowBrowser: true,
        async fetch(url, init) {
          const reply = (await (await emulator.fetch(url, init)).json()) as Record<string, any>
          change(reply)
          return Response.json(reply)
        },
      })
    equal(
      (
        await rejection(
          backfillUser(
            lying((reply) => delete reply.signature),
            user('a'),
          ),
        )
      ).code,
      'signature_missing',
    )
    equal(
      (
        await rejection(
          backfillUser(
            lying((reply) => (reply.timestamp = '2026-01-01T00:00:00.001Z')),
            user('b'),
          ),
        )
      ).code,
      'signature_mismatch',
    )
    equal(
      (
        await rejection(
          backfillUser(
            lying((reply) => (reply.PartnerParams.user_id = 'another')),
            user('c'),
          ),
        )
      ).code,
      'invalid_reply',
    )
    equal(
      (
        await rejection(
          backfillUser(
            lying((reply) => delete reply.ResultCode),
            user('d'),
          ),
        )
      ).code,
      'invalid_reply',
    )
  })

  test('a reply cannot reach a prototype', async () => {
    const { emulator } = start()
    const client = createClient({
      ...emulator.clientOptions,
      dangerouslyAllowBrowser: true,
      async fetch(url, init) {
        const text = await (await emulator.fetch(url, init)).text()
        const members = [
          '"__proto__":{"polluted":1}',
          '"\\u005f_proto__":{"polluted":1}',
          '"constructor":{"prototype":{"polluted":1}}',
        ]
        return new Response(text.replace('{', `{${members.join()},`))
      },
    })
    const reply = await backfillUser(client, user('u1'))
    equal(
      [
        Object.hasOwn(reply, '__proto__'),
        Object.hasOwn(reply, 'constructor'),
        (reply as Record<string, unknown>).polluted,
        ({} as Record<string, unknown>).polluted,
      ],
      [false, false, undefined, undefined],
    )
  })
})

describe('backfill: abort', () => {
  test("an abort rejects with the signal's own reason, at any moment", async () => {
    const reason = new Error('enough')
    const aborted = new AbortController()
    aborted.abort(reason)
    const idle = start()
    ok(
      (await rejection(backfillUser(idle.client, user('u'), { signal: aborted.signal }))) === reason,
      'before',
    )
    equal(idle.emulator.calls.length, 0)

    for (const fault of [{ kind: 'hang' }, { kind: 'status', status: 429, retryAfter: 20 }] as const) {
      const { emulator } = start({ faults: [{ fault }] })
      const controller = new AbortController()
      const events: unknown[] = []
      let asleep = false
      const client = createClient({
        ...emulator.clientOptions,
        dangerouslyAllowBrowser: true,
        // Ends by the abort alone.
        sleep: (_, signal) => {
          asleep = true
          return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
        },
        hooks: { onError: ({ code, outcome }) => void events.push([code, outcome]) },
      })
      const call = backfillUser(client, user('u'), { signal: controller.signal })
      call.catch(() => {})
      await until(() => (fault.kind === 'hang' ? emulator.calls.length === 1 : asleep))
      controller.abort(reason)
      ok((await rejection(call)) === reason, fault.kind)
      equal(events, [['aborted', fault.kind === 'hang' ? 'unknown' : 'rejected']])
    }

    // A lazy photo sees the signal, too.
    const lazy = new AbortController()
    setTimeout(() => lazy.abort(reason), 10)
    const photo = (signal: AbortSignal) =>
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    ok(
      (await rejection(backfillUser(idle.client, { ...user('u'), photo }, { signal: lazy.signal }))) ===
        reason,
      'within the photo',
    )
  })

  test('a photo that is deaf to the signal does not hold the caller up, whoever aborts', async () => {
    const { emulator, client } = start()
    const reason = new Error('mine')
    const calls = [
      (photo: PhotoSource, signal: AbortSignal) => backfillUser(client, { ...user('u'), photo }, { signal }),
      (photo: PhotoSource, signal: AbortSignal) =>
        submitImageJob(
          client,
          { partner_params: { user_id: 'u', job_id: 'j', job_type: 4 }, images: { selfie: photo } },
          { signal, willWait: true },
        ),
      (photo: PhotoSource, signal: AbortSignal) =>
        checkRows([{ ...user('u'), photo }], { photos: true, signal }).next(),
    ]
    for (const call of calls) {
      for (const later of [true, false]) {
        const controller = new AbortController()
        const photo = () => {
          if (later) setTimeout(() => controller.abort(reason), 10)
          else controller.abort(reason)
          return new Promise<never>(() => {})
        }
        ok((await rejection(call(photo, controller.signal))) === reason, `${call} ${later}`)
      }
    }
    equal(emulator.calls.length, 0)
  })

  test('a fetch that is deaf to its signal does not hold the caller up', async () => {
    const { emulator } = start()
    const client = createClient({
      ...emulator.clientOptions,
      dangerouslyAllowBrowser: true,
      fetch: () => new Promise(() => {}),
      timeoutMs: 20,
    })
    equal((await rejection(backfillUser(client, user('u')))).code, 'request_timeout')
  })
})

describe('backfill: hooks', () => {
  test('hooks see what happens, never what is sent, and cannot disturb it', async () => {
    const { emulator } = start({ faults: [{ fault: { kind: 'status', status: 429, retryAfter: 1 } }] })
    const events: any[] = []
    const note = (kind: string) => (event: object) => {
      events.push({ kind, ...event })
      throw new Error('a hook that throws')
    }
    const client = createClient({
      ...emulator.clientOptions,
      dangerouslyAllowBrowser: true,
      hooks: {
        onRequest: note('request'),
        onResponse: note('response'),
        onRetry: note('retry'),
        onError: note('error'),
      },
    })
    await backfillUser(client, user('CANARY-user'))
    equal(
      events.map(({ kind, attempt, status, code, delayMs }) => [kind, attempt, status, code, delayMs]),
      [
        ['request', 1, undefined, undefined, undefined],
        ['response', 1, 429, undefined, undefined],
        ['retry', 1, undefined, 'rate_limited', 1000],
        ['request', 2, undefined, undefined, undefined],
        ['response', 2, 200, undefined, undefined],
      ],
    )
    equal(new Set(events.map(({ callId }) => callId)).size, 1)
    ok(!JSON.stringify(events).includes('CANARY'), 'nothing personal')
  })

  test('a reply that is not believed is told to the hook, with the attempt it came with', async () => {
    const { emulator } = start({
      faults: [
        { fault: { kind: 'status', status: 429, retryAfter: 1 } },
        { after: 1, fault: { kind: 'body', body: 'bad_signature' } },
      ],
    })
    const events: unknown[] = []
    const client = createClient({
      ...emulator.clientOptions,
      dangerouslyAllowBrowser: true,
      hooks: { onError: ({ code, outcome, attempt }) => void events.push([code, outcome, attempt]) },
    })
    equal((await rejection(backfillUser(client, user('u1')))).attempts, 2)
    equal(events, [['signature_mismatch', 'unknown', 2]])
  })
})
