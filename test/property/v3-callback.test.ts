/** 50,000 callbacks of v3 that are forged, changed, stale or another partner's, at the route itself. */
import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { createClient } from 'smileid-edge/client'
import { createEmulator } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { createCallbackHandler, verifyCallback } from 'smileid-edge/v3/callback'
import { submitEnhancedKyc } from 'smileid-edge/v3/enhanced-kyc'
import { expect, it } from 'vitest'
import { CLEARWATER, URL } from '../conformance/v3/setup.ts'
import { checkProperty } from '../support/property.ts'

const KEY = 'v3-demo-key-alpha'
const PARTNER = '09101'
const STRIPPED = '9101'
const MAX_AGE_MS = 300_000

const emulator = createEmulator({ partners: [{ partnerId: PARTNER, apiKey: KEY }], jobDurationMs: 0 })
const client = createClient(emulator.clientOptions)
const now = emulator.clientOptions.now!
const { job_id } = await submitEnhancedKyc(client, { ...CLEARWATER, user_id: 'shop-42' })
const genuine = await emulator.v3.callbackRequest(URL, {}, { job_id })
const text = await genuine.text()
const headers = Object.fromEntries(genuine.headers)

/** By Node's own crypto, from the formula of the specification. */
function sign(partner: string, key: string, timestamp: string): Record<string, string> {
  const mac = createHmac('sha256', key).update(`${timestamp}${partner}sid_request`)
  return { 'response-timestamp': timestamp, 'response-signature': mac.digest('base64') }
}

interface Attempt {
  headers: Record<string, string>
  body: string | Uint8Array<ArrayBuffer>
  /** What it must be refused for: one of these. */
  codes: string[]
}

const MISMATCH = ['signature_mismatch']
const UNTRUE = ['callback_malformed', 'callback_unconfirmed']

const flipped = (value: string) =>
  fc
    .tuple(fc.nat(value.length - 1), fc.integer({ min: 1, max: 15 }))
    .map(
      ([at, bits]) =>
        value.slice(0, at) + String.fromCharCode(value.charCodeAt(at) ^ bits) + value.slice(at + 1),
    )
    .filter((changed) => /^[!-~]+$/.test(changed))

/** Any body beside a pair that does not count. */
const anyBody = fc.oneof(
  fc.constant(text),
  fc.nat(text.length).map((end) => text.slice(0, end)),
  fc.json(),
  fc.uint8Array().map((bytes) => new Uint8Array(bytes)),
)
const withBody = (pairs: fc.Arbitrary<{ pair: Record<string, string>; codes: string[] }>) =>
  fc
    .tuple(pairs, anyBody)
    .map(([{ pair, codes }, body]): Attempt => ({ headers: { ...headers, ...pair }, body, codes }))

const timestamp = headers['response-timestamp']!
const forged = fc.oneof(
  flipped(headers['response-signature']!).map((value) => ({
    pair: { 'response-signature': value },
    codes: MISMATCH,
  })),
  flipped(timestamp).map((value) => ({ pair: { 'response-timestamp': value }, codes: MISMATCH })),
  fc.string({ minLength: 1 }).map((key) => ({ pair: sign(STRIPPED, key, timestamp), codes: MISMATCH })),
  fc.constantFrom('', ' ').map((value) => ({
    pair: { 'response-signature': value },
    codes: ['signature_missing'],
  })),
)
const ofOthers = fc
  .tuple(fc.integer({ min: 1, max: 99_999 }), fc.constantFrom(KEY, 'v3-demo-key-beta'))
  .filter(([partner, key]) => String(partner) !== STRIPPED || key !== KEY)
  .map(([partner, key]) => ({ pair: sign(String(partner), key, timestamp), codes: MISMATCH }))
const stale = fc
  .tuple(
    fc.constantFrom(STRIPPED, PARTNER),
    fc.oneof(
      fc.integer({ min: MAX_AGE_MS + 1, max: 1e12 }),
      fc.integer({ min: MAX_AGE_MS + 1, max: 1e12 }).map((ms) => -ms),
    ),
  )
  .map(([partner, ageMs]) => ({
    pair: sign(partner, KEY, new Date(now() - ageMs).toISOString()),
    codes: ['signature_expired'],
  }))

/** Under a pair that is right and new: all that is left to change is what is said. */
const result = JSON.parse(text) as Record<string, unknown>
const untrue: fc.Arbitrary<Attempt> = fc.oneof(
  fc.constantFrom('block', 'attention', 'error', 'complete', 'CLEAR', '').map((status) => ({
    headers,
    body: JSON.stringify({ ...result, status }),
    codes: UNTRUE,
  })),
  fc
    .stringMatching(/^[0-9a-hjkmnp-tv-z]{26}$/)
    .map((id) => ({ headers: { ...headers, 'job-id': `job_${id}` }, body: text, codes: UNTRUE })),
  fc
    .stringMatching(/^[a-z0-9-]{1,20}$/)
    .filter((user) => user !== 'shop-42')
    .map((user) => ({ headers: { ...headers, 'user-id': user }, body: text, codes: UNTRUE })),
  fc.nat(text.length - 1).map((end) => ({ headers, body: text.slice(0, end), codes: UNTRUE })),
  fc.json().map((body) => ({ headers, body, codes: UNTRUE })),
)

it('accepts none, and refuses each by name', async () => {
  const acted: unknown[] = []
  const refused: unknown[] = []
  const handler = createCallbackHandler(client, {
    onVerdict: (callback) => void acted.push(callback),
    onProcessing: (callback) => void acted.push(callback),
    onRefused: (error) => void refused.push(error),
  })
  const attempts = fc.oneof(
    { weight: 4, arbitrary: withBody(forged) },
    { weight: 2, arbitrary: withBody(ofOthers) },
    { weight: 2, arbitrary: withBody(stale) },
    { weight: 1, arbitrary: untrue },
  )
  const counts: Record<string, number> = {}
  const { complete } = await checkProperty(
    fc.asyncProperty(attempts, async ({ headers: given, body, codes }) => {
      refused.length = 0
      const { status } = await handler(new Request(URL, { method: 'POST', headers: given, body }))
      const [error] = refused
      if (!isSmileIdError(error)) throw new Error(`not typed: ${String(error)}`)
      expect(codes).toContain(error.code)
      expect(error.name).toBe('SmileIdSignatureError')
      expect([400, 401, 429, 503]).toContain(status)
      counts[error.code] = (counts[error.code] ?? 0) + 1
    }),
    { numRuns: 50_000 },
  )
  expect(acted).toEqual([])
  if (complete)
    expect(Object.keys(counts).sort()).toEqual([
      'callback_malformed',
      'callback_unconfirmed',
      'signature_expired',
      'signature_mismatch',
      'signature_missing',
    ])
  // The one that all of them were made of.
  await emulator.advance(60_001)
  const answer = await handler(new Request(URL, { method: 'POST', headers, body: text }))
  expect([answer.status, acted]).toMatchObject([
    200,
    [{ job: { job_id, user_id: 'shop-42' }, status: 'clear' }],
  ])
})

it('takes headers and bodies of any shape without an error of another kind', async () => {
  const anyHeaders = fc.oneof(
    fc.object(),
    fc.anything(),
    fc.constantFrom(headers, new Headers(headers), Object.entries(headers)),
  )
  const inputs = fc.oneof(
    fc.record({ headers: anyHeaders, body: fc.anything() }, { requiredKeys: [] }),
    fc.anything(),
  )
  await checkProperty(
    fc.asyncProperty(inputs, async (input) => {
      const error: unknown = await verifyCallback(client, input as never).catch((thrown: unknown) => thrown)
      const isRefused = isSmileIdError(error) && error.name === 'SmileIdSignatureError'
      if (!isRefused) throw new Error(`not refused by name: ${String(error)}`)
    }),
    { numRuns: 5000 },
  )
})
