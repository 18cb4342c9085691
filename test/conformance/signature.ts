/** Signatures made and confirmed. */
import fc from 'fast-check'
import { createClient } from 'smileid-edge/client'
import { confirmSignature, generateSignature } from 'smileid-edge/signature'
import secKeys from '../vectors/sec-key.json'
import vectors from '../vectors/signature.json'
import { checkProperty } from '../support/property'
import { equal, ok, rejection, test } from './harness'

// In a browser the key would be public, so there only a client that was told so signs.
const inBrowser = typeof document === 'object'
const credentials = (partnerId: string, apiKey: string | [string, ...string[]]) =>
  inBrowser
    ? createClient({ partnerId, apiKey, environment: 'sandbox', dangerouslyAllowBrowser: true })
    : { partnerId, apiKey }

for (const { id, partner_id, api_key, timestamp, signature } of vectors.accept) {
  test(`signature vector ${id} is made and confirmed`, async () => {
    equal(await generateSignature(credentials(partner_id, api_key), { timestamp }), { timestamp, signature })
    ok(await confirmSignature(credentials(partner_id, api_key), { timestamp, signature }), 'confirmed')
  })
}

for (const { id, partner_id, api_key, timestamp, signature } of [
  ...vectors.reject,
  ...vectors.lenient_cases,
]) {
  test(`signature vector ${id} is refused`, async () => {
    equal(await confirmSignature(credentials(partner_id, api_key), { timestamp, signature }), false)
  })
}

test('no sec_key of old passes as a signature', async () => {
  const all = [...secKeys.client_generated, ...secKeys.server_generated]
  equal(all.length, 12)
  for (const { id, partner_id, timestamp, sec_key } of all) {
    for (const signature of [sec_key, ...sec_key.split('|')])
      equal(
        await confirmSignature(credentials(partner_id, 'an-api-key'), {
          timestamp: `${timestamp}`,
          signature,
        }),
        false,
        id,
      )
  }
})

test('a Date or number becomes ISO 8601 in milliseconds, and that text is returned', async () => {
  const by = credentials('125', 'epoch-api-key')
  const expected = {
    timestamp: '2019-10-10T09:15:30.193Z',
    signature: 'kLFgRHAtunCNRMtF+znaJ2Cx8fezcdDPAQmptQShd3Q=',
  }
  equal(await generateSignature(by, { timestamp: 1570698930193 }), expected)
  equal(await generateSignature(by, { timestamp: new Date(1570698930193) }), expected)
})

test('any flipped bit of signature, timestamp, partner or key refuses', async () => {
  const text = fc.string({ minLength: 1, maxLength: 40 }).filter((value) => value === value.trim())
  await checkProperty(
    fc.asyncProperty(
      text,
      text,
      fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }),
      fc.nat(),
      async (partnerId, apiKey, date, at) => {
        const signed = await generateSignature(credentials(partnerId, apiKey), { timestamp: date })
        ok(await confirmSignature(credentials(partnerId, apiKey), signed), 'its own')
        const flip = (value: string) => {
          const index = at % value.length
          return (
            value.slice(0, index) + String.fromCharCode(value.charCodeAt(index) ^ 1) + value.slice(index + 1)
          )
        }
        const mac = Uint8Array.from(atob(signed.signature), (char) => char.charCodeAt(0))
        mac[at % 32]! ^= 1 << (at % 8)
        equal(
          await confirmSignature(credentials(partnerId, apiKey), {
            ...signed,
            signature: btoa(String.fromCharCode(...mac)),
          }),
          false,
          'a bit of the signature',
        )
        equal(
          await confirmSignature(credentials(partnerId, apiKey), {
            ...signed,
            signature: flip(signed.signature),
          }),
          false,
          'a digit of the signature',
        )
        equal(
          await confirmSignature(credentials(partnerId, apiKey), {
            ...signed,
            timestamp: flip(signed.timestamp),
          }),
          false,
          'the timestamp',
        )
        for (const [p, k] of [
          [flip(partnerId), apiKey],
          [partnerId, flip(apiKey)],
        ] as const) {
          // What is no partner id or key is refused by createClient, which a browser needs.
          if (p.trim() === p && k.trim() === k && p && k && !p.includes('\x7f'))
            equal(await confirmSignature(credentials(p, k), signed), false, 'partner or key')
        }
      },
    ),
    { numRuns: 40 },
  )
})

test('what is malformed is false, never a throw', async () => {
  const by = credentials('085', 'key')
  const { timestamp, signature } = await generateSignature(by)
  for (const received of [
    undefined,
    null,
    {},
    [],
    'text',
    { timestamp },
    { signature },
    { timestamp, signature: 5 },
    { timestamp: 5, signature },
    { timestamp: {}, signature: {} },
    { timestamp, signature: `${signature}\n` },
    { timestamp, signature: ` ${signature}` },
    { timestamp, signature: signature.slice(0, -1) },
    { timestamp, signature: 'é' },
    { timestamp, signature: `${signature}=` },
    { timestamp, signature: signature.repeat(1000) },
    { timestamp: `${timestamp} `, signature },
    { timestamp: '', signature },
  ])
    equal(await confirmSignature(by, received as object), false, JSON.stringify(received))
})

test('freshness holds in both directions, and 0 means 0', async () => {
  const by = credentials('085', 'key')
  const at = Date.parse('2024-08-06T09:15:30.123Z')
  const fresh = async (timestamp: string, maxAgeMs: number, now: number) =>
    confirmSignature(by, await generateSignature(by, { timestamp }), { maxAgeMs, now: () => now })
  const iso = '2024-08-06T09:15:30.123Z'
  equal(await fresh(iso, 1000, at + 1000), true)
  equal(await fresh(iso, 1000, at + 1001), false)
  equal(await fresh(iso, 1000, at - 1001), false)
  equal(await fresh(iso, 0, at), true)
  equal(await fresh(iso, 0, at + 1), false)
  equal(await fresh(iso, Number.NaN, at), false)
  equal(await fresh('not a date', 1e15, at), false)
  // Every form of timestamp that clients and server write means the same moment.
  for (const form of [
    '2024-08-06T09:15:30.123456+00:00',
    '2024-08-06T09:15:30.123456789Z',
    '2024-08-06T09:15:30.123456',
    '2024-08-06 09:15:30 +0000',
    '2024-08-06T09:15:30+0000',
    '2024-08-06T09:15:30+00:00',
    '2024-08-06 02:15:30-0700',
    '2024-08-06 09:15:30',
    'Tue Aug 06 2024 09:15:30',
    String(Math.floor(at / 1000)),
    String(at),
  ]) {
    equal(await fresh(form, 1000, at), true, form)
    equal(await fresh(form, 1000, at + 3_600_000), false, `${form}, an hour later`)
  }
})

test('several keys: the first signs, all confirm', async () => {
  const [a, b] = [credentials('085', 'old'), credentials('085', ['new', 'old'])]
  ok(await confirmSignature(b, await generateSignature(a)), 'the old key counts')
  equal(await confirmSignature(a, await generateSignature(b)), false, 'the new one signs')
})

test('a key that was replaced counts until its day', async () => {
  let now = 0
  const client = createClient({
    partnerId: '085',
    apiKey: ['new', { key: 'older', verifyUntil: 50 }, { key: 'old', verifyUntil: new Date(100) }],
    environment: 'sandbox',
    now: () => now,
    dangerouslyAllowBrowser: true,
  })
  const signed = (key: string) =>
    generateSignature(
      createClient({ partnerId: '085', apiKey: key, environment: 'sandbox', dangerouslyAllowBrowser: true }),
    )
  const confirmed = async () =>
    Promise.all(['new', 'old', 'older'].map(async (key) => confirmSignature(client, await signed(key))))
  equal(await confirmed(), [true, true, true])
  now = 51
  equal(await confirmed(), [true, true, false])
  now = 101
  equal(await confirmed(), [true, false, false])
})

test('wrong credentials are named, by path', async () => {
  for (const [given, paths] of [
    [{}, ['partnerId', 'apiKey']],
    [undefined, ['partnerId', 'apiKey']],
    [{ partnerId: 85, apiKey: 'k' }, ['partnerId']],
    [{ partnerId: '085', apiKey: [] }, ['apiKey']],
    [{ partnerId: ' 085', apiKey: 'k\n' }, ['partnerId', 'apiKey']],
    [{ partnerId: '085', apiKey: ['a', 5] }, ['apiKey']],
  ] as const) {
    const error = await rejection(generateSignature(given as never))
    equal(error.code, 'invalid_input')
    equal(
      [...new Set(error.issues.map((issue: { path: string }) => issue.path))],
      inBrowser ? [...new Set([...paths, 'apiKey'])] : paths,
    )
  }
  for (const timestamp of [Number.NaN, new Date(Number.NaN), '', {}]) {
    const error = await rejection(
      generateSignature(credentials('085', 'k'), { timestamp: timestamp as never }),
    )
    equal(error.issues[0].path, 'timestamp')
  }
})

test('in a browser, bare credentials are refused', async () => {
  const bare = generateSignature({ partnerId: '085', apiKey: 'key' })
  if (inBrowser) equal((await rejection(bare)).issues[0].code, 'not_allowed')
  else ok((await bare).signature, 'signed')
})
