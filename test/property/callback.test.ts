/** 100,000 odd callbacks, large and deep ones, and what they cost. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createClient, isSmileIdError, verifyCallback } from 'smileid-edge'
import { createEmulator } from 'smileid-edge/emulator'
import { checkProperty } from '../support/property.ts'

const emulator = createEmulator()
const client = createClient(emulator.clientOptions)
const text = await (await emulator.callbackRequest('https://app.example/callback')).text()
const pair = text.slice(text.indexOf('"signature":"') + 13)

const refusal = (input: unknown, options?: object): Promise<string> =>
  verifyCallback(client, input as never, options).then(
    () => 'accepted',
    (error: unknown) =>
      isSmileIdError(error) && error.name === 'SmileIdSignatureError'
        ? error.code
        : `THROWN ${String(error)}`,
  )

it('accepts none of 100,000 random, mutated and truncated ones, and throws typed errors alone', async () => {
  const flip = (from: number, to: number) =>
    fc
      .tuple(fc.integer({ min: from, max: to - 1 }), fc.integer({ min: 1, max: 127 }))
      .map(
        ([at, bits]) =>
          text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ bits) + text.slice(at + 1),
      )
  const inputs = fc.oneof(
    // signature, timestamp, and what stands between
    { weight: 4, arbitrary: flip(text.length - pair.length, text.length) },
    { weight: 3, arbitrary: fc.nat(text.length - 1).map((end) => text.slice(0, end)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string() },
    { weight: 1, arbitrary: fc.uint8Array() },
    { weight: 1, arbitrary: fc.object() as fc.Arbitrary<unknown> },
  )
  const counts: Record<string, number> = {}
  const { complete } = await checkProperty(
    fc.asyncProperty(inputs, async (input) => {
      const code = await refusal(input)
      counts[code] = (counts[code] ?? 0) + 1
      expect(code).not.toMatch(/accepted|THROWN/)
    }),
    { numRuns: 100_000 },
  )
  expect(Object.keys(counts).sort()).toEqual(
    ['callback_malformed', 'signature_expired', 'signature_mismatch', 'signature_missing'].filter(
      (code) => counts[code],
    ),
  )
  if (complete) expect(counts.signature_mismatch).toBeGreaterThan(10_000)
})

it('counts nothing of an altered body before it is confirmed', async () => {
  const changed = text.replace('"0810"', '"1210"')
  const { unconfirmedResult, '~smileid': brand } = await verifyCallback(client, changed)
  expect([unconfirmedResult.ResultCode, brand]).toEqual(['1210', 'callback'])
})

it('costs time in proportion to the body', async () => {
  const [small, large] = [1, 8].map((megabytes) => {
    const list = '{"k":"v"},'.repeat(megabytes * 1e4)
    return `{"a":"${'x'.repeat(megabytes * 1e6)}","list":[${list}1],${text.slice(1)}`
  })
  /** Of the processor, which does not count while others have it. */
  const costOf = async (body: string) => {
    const before = process.cpuUsage()
    expect(await refusal(body, { maxBytes: 1e8 })).toBe('accepted')
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
  const costs: { small: number; large: number }[] = []
  const least = (size: 'small' | 'large') => Math.min(...costs.map((cost) => cost[size]))
  // Eight times the body; far from the 64 of a square, which no further round would hide.
  for (let round = 0; round < 40; round++) {
    costs.push({ small: await costOf(small!), large: await costOf(large!) })
    if (round > 1 && least('large') < 32 * least('small')) return
  }
  expect(least('large') / least('small')).toBeLessThan(32)
})

it('refuses 100 MB without reading them, and depth without recursion', async () => {
  const before = process.memoryUsage().arrayBuffers
  let pulled = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (++pulled > 1600) controller.close()
      else controller.enqueue(new Uint8Array(65_536).fill(32))
    },
  })
  expect(
    await refusal(
      new Request('https://app.example', { method: 'POST', body, duplex: 'half' } as RequestInit),
    ),
  ).toBe('callback_malformed')
  expect(pulled).toBeLessThan(60)
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20e6)
  const declared = new Request('https://app.example', {
    method: 'POST',
    body: '{}',
    headers: { 'content-length': '100000000' },
  })
  expect(await refusal(declared)).toBe('callback_malformed')
  for (const depth of [10_000, 1_000_000]) {
    expect(await refusal(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`, { maxBytes: 1e8 })).toBe(
      'callback_malformed',
    )
    expect(
      await refusal(`{"a":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)},${text.slice(1)}`, { maxBytes: 1e8 }),
    ).toBe('callback_malformed')
  }
})
