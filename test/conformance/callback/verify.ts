/** Callbacks that are genuine, and all others. */
import fc from 'fast-check'
import { verifyCallback } from 'smileid-edge/callback'
import { createClient } from 'smileid-edge/client'
import { createEmulator } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { start } from '../../support/emulated'
import { checkProperty } from '../../support/property'
import { describe, equal, ok, rejection, test } from '../harness'
import { code, genuine, job, URL } from './setup'

describe('callback: verify', () => {
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
          ['sandbox:085:0000000000:0810', job, '0000000000', '0810'],
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
      if (error === undefined) return 'fine'
      return isSmileIdError(error) ? error.code : String(error)
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
})

describe('callback: body', () => {
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

  test('a body that was lost on our side is no fault of the sender', async () => {
    const { emulator, client } = start()
    const lost: Record<string, (request: Request) => unknown> = {
      'the body was read before': (request) => request.text(),
      'the body is locked by a reader': (request) => request.body!.getReader(),
    }
    for (const [reason, lose] of Object.entries(lost)) {
      const request = await emulator.callbackRequest(URL)
      await lose(request)
      const error = await rejection(verifyCallback(client, request))
      equal([error.code, error.retryable], ['callback_unreadable', true])
      // To Bun, a body with a reader is a used one.
      ok([reason, 'the body was read before'].includes(error.cause.message), error.cause.message)
    }
    if (typeof document === 'object') return
    const breaking = [
      (controller: ReadableStreamDefaultController) => controller.error(new Error('reset')),
      (controller: ReadableStreamDefaultController) => controller.enqueue('text'),
    ]
    for (const pull of breaking) {
      const init = { method: 'POST', body: new ReadableStream({ pull }), duplex: 'half' }
      const error = await rejection(verifyCallback(client, new Request(URL, init as RequestInit)))
      equal([error.code, error.cause.message], ['callback_unreadable', 'the body broke off'])
    }
  })

  test('a body in chunks of one byte, all in the same memory, is read right', async () => {
    if (typeof document === 'object') return
    const { emulator, client } = start()
    const bytes = new TextEncoder().encode(JSON.stringify(await genuine(emulator)))
    const chunk = new Uint8Array(1)
    let at = 0
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (at === bytes.length) return controller.close()
          chunk[0] = bytes[at++]!
          controller.enqueue(chunk)
        },
      },
      { highWaterMark: 0 },
    )
    const request = new Request(URL, { method: 'POST', body, duplex: 'half' } as RequestInit)
    equal((await verifyCallback(client, request)).job, job)
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
      fc.asyncProperty(
        fc.oneof(mutated, truncated, fc.json(), fc.string(), fc.uint8Array()),
        async (input) => {
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
        },
      ),
      { numRuns: 500 },
    )
  })
})
