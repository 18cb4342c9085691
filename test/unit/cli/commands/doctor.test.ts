/** `smileid doctor`: names what is wrong with settings, clock, credentials, and signatures made elsewhere. */
import { createHash, createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from 'smileid-edge/emulator'
import type { Io } from '../../../../src/cli/io.ts'
import { explainSignature } from '../../../../src/cli/commands/doctor/signature-mistakes.ts'
import { run } from '../../../../src/cli/run.ts'
import vectors from '../../../vectors/signature.json' with { type: 'json' }

const KEY = 'c2VjcmV0IGtleSBvZiAwODU='
const T = '2024-08-06T09:15:30.123Z'
const EPOCH = Date.parse(T)

describe('a signature that was refused', () => {
  const explain = (signature: string, timestamp = T) =>
    explainSignature({ partnerId: '085', apiKey: KEY, previousKey: 'older', timestamp, signature })
  const hmac = (message: string, key: string | Buffer = KEY, hash = 'sha256') =>
    createHmac(hash, key).update(message).digest()
  const right = `${T}085sid_request`

  it.each<[string, string, RegExp[]]>([
    ['hex', hmac(right).toString('hex'), [/hex instead of base64/]],
    [
      'hex, then base64',
      Buffer.from(hmac(right).toString('hex')).toString('base64'),
      [/hex that was then base64-encoded/],
    ],
    ['url-safe base64', hmac(right).toString('base64url'), [/padding|URL-safe/]],
    [
      'the decoded key',
      hmac(right, Buffer.from(KEY, 'base64')).toString('base64'),
      [/key was base64-decoded/],
    ],
    ['a line break in the key', hmac(right, `${KEY}\n`).toString('base64'), [/line break at its end/]],
    ['quotes in the key', hmac(right, `"${KEY}"`).toString('base64'), [/in quotes/]],
    ['the previous key', hmac(right, 'older').toString('base64'), [/previous key/]],
    [
      'the wrong order',
      hmac(`085${T}sid_request`).toString('base64'),
      [/wrong order, partner id, timestamp, sid_request/],
    ],
    ['no suffix', hmac(`${T}085`).toString('base64'), [/without sid_request/]],
    ['an integer as partner', hmac(`${T}85sid_request`).toString('base64'), [/whole number, 85/]],
    ['seconds', hmac(`${Math.floor(EPOCH / 1000)}085sid_request`).toString('base64'), [/seconds since 1970/]],
    [
      'microseconds',
      hmac('2024-08-06T09:15:30.123000+00:00085sid_request').toString('base64'),
      [/microseconds and \+00:00/],
    ],
    ['plain SHA-256', createHash('sha256').update(right).digest('base64'), [/plain SHA-256/]],
    ['SHA-1', hmac(right, KEY, 'sha1').toString('base64'), [/SHA-1/]],
    ['key and message swapped', hmac(KEY, right).toString('base64'), [/swapped/]],
    ['separators', hmac(`${T}:085:sid_request`).toString('base64'), [/between the parts/]],
    [
      'three mistakes at once',
      hmac(`${EPOCH}85sid_request`).toString('hex'),
      [/milliseconds since 1970/, /whole number, 85/, /hex instead/],
    ],
  ])('made with %s', (_, signature, faults) => {
    const found = explain(signature)
    expect(found).toHaveLength(faults.length)
    faults.forEach((fault, index) => expect(found![index]).toMatch(fault))
  })

  it('signed as ISO text, and sent as a number, as an old SDK did', () => {
    expect(explain(hmac(right).toString('base64'), `${EPOCH}`)).toEqual([
      expect.stringContaining('what was signed is ISO 8601 with milliseconds and Z'),
    ])
    expect(explain(hmac(right).toString('base64'), `${EPOCH / 1000}`)).toEqual([
      expect.stringContaining('what was signed is ISO 8601 with milliseconds and Z'),
    ])
  })

  it.each(vectors.accept)('right, as in vector $id', ({ partner_id, api_key, timestamp, signature }) => {
    expect(explainSignature({ partnerId: partner_id, apiKey: api_key, timestamp, signature })).toEqual([])
  })

  it('as in the vectors of what must be refused', () => {
    const found = Object.fromEntries(
      vectors.reject.map(({ id, partner_id, api_key, timestamp, signature }) => [
        id,
        explainSignature({ partnerId: partner_id, apiKey: api_key, timestamp, signature }),
      ]),
    )
    expect(found['sig-r03-no-sid_request']).toEqual([expect.stringContaining('without sid_request')])
    expect(found['sig-r05-int-partner']).toEqual([expect.stringContaining('whole number, 1')])
    expect(found['sig-r06-hex']).toEqual(['written as hex instead of base64'])
    for (const id of ['sig-r01-bitflip', 'sig-r02-casefold', 'sig-r07-truncated', 'sig-r08-empty'])
      expect(found[id], id).toBeUndefined()
  })

  // Python 3.11 and Java 17 printed theirs; those of Ruby, Go, PHP and .NET are the formats that their
  // documentation gives.
  it.each<[string, string, string, RegExp]>([
    ['Ruby', T, '2024-08-06 09:15:30 +0000', /Ruby's Time#to_s/],
    ['Ruby in UTC', T, '2024-08-06 09:15:30 UTC', /Ruby's Time#to_s/],
    ['Ruby in Lagos', T, '2024-08-06 10:15:30 +0100', /Ruby's Time#to_s/],
    ["Ruby's DateTime", T, '2024-08-06T11:15:30+02:00', /Ruby's DateTime#to_s/],
    ['Python', T, '2024-08-06 09:15:30.123000+00:00', /Python's str\(datetime\)/],
    ['Python, naive', T, '2024-08-06 09:15:30.123000', /Python's str\(datetime\) without a zone/],
    ['Python, whole', '2024-08-06T09:15:30Z', '2024-08-06 09:15:30+00:00', /Python's str\(datetime\)/],
    ['Python in Lagos', T, '2024-08-06 10:15:30.123000+01:00', /Python's str\(datetime\)/],
    [
      'Python, sent by isoformat',
      '2024-08-06T09:15:30.123456+00:00',
      '2024-08-06 09:15:30.123456+00:00',
      /Python's str\(datetime\)/,
    ],
    ['Go', T, '2024-08-06 09:15:30.123 +0000 UTC', /Go's String\(\)/],
    ['Go in Nairobi', T, '2024-08-06 12:15:30.123 +0300 EAT', /Go's String\(\)/],
    ['Go, digits dropped', '2024-08-06T09:15:30.120Z', '2024-08-06T09:15:30.12Z', /Go's time\.RFC3339Nano/],
    ["JavaScript's toUTCString", T, 'Tue, 06 Aug 2024 09:15:30 GMT', /toUTCString/],
    ["PHP's c", '2024-08-06T09:15:30+0000', '2024-08-06T09:15:30+00:00', /PHP's format\('c'\)/],
    ["PHP's ISO8601", T, '2024-08-06T09:15:30+0000', /PHP's DATE_ISO8601/],
    ["PHP's r", T, 'Tue, 06 Aug 2024 09:15:30 +0000', /PHP's format\('r'\)/],
    ['Java without seconds', '2024-08-06T09:15:00.000Z', '2024-08-06T09:15', /Java's LocalDateTime/],
    ['Java without seconds, zoned', '2024-08-06T09:15:00Z', '2024-08-06T09:15Z', /Java's OffsetDateTime/],
    ['Java with a zone', '2024-08-06T09:15:30.120Z', '2024-08-06T09:15:30.120Z[UTC]', /ZonedDateTime/],
    [
      'Java with fewer digits',
      '2024-08-06T09:15:30.123456789Z',
      '2024-08-06T09:15:30.123456Z',
      /Java's Instant/,
    ],
    ['Java in Lagos', T, '2024-08-06T10:15:30.123+01:00', /Java's OffsetDateTime/],
    ["Java's Date", T, 'Tue Aug 06 10:15:30 WAT 2024', /Java's Date/],
    ["Java's Timestamp", '2024-08-06T09:15:30.120Z', '2024-08-06 09:15:30.12', /Java's Timestamp/],
    ['.NET', T, '2024-08-06T09:15:30.1230000Z', /\.NET's ToString\("o"\)/],
    ['.NET, by itself', T, '08/06/2024 09:15:30', /\.NET's ToString\(\)/],
  ])('made over the text of a date object of %s', (_, sent, signed, writer) => {
    expect(explain(hmac(`${signed}085sid_request`).toString('base64'), sent)).toEqual([
      expect.stringMatching(writer),
    ])
  })

  it('made over such a text, with other mistakes beside it', () => {
    const signed = '2024-08-06 10:15:30 +0100'
    expect(explain(hmac(`${signed}85sid_request`).toString('hex'))).toEqual([
      expect.stringContaining("Ruby's Time#to_s"),
      expect.stringContaining('whole number, 85'),
      expect.stringContaining('hex instead of base64'),
    ])
  })

  it.each(['UTC', 'Africa/Lagos', 'Africa/Nairobi', 'America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu'])(
    'made over `${date}` of JavaScript in %s',
    (zone) => {
      const before = process.env.TZ
      process.env.TZ = zone
      try {
        const moment = zone.startsWith('America') ? '2024-01-06T09:15:30.000Z' : T
        const text = `${new Date(moment)}`
        expect(explain(hmac(`${text}085sid_request`).toString('base64'), moment)).toEqual([
          expect.stringMatching(/the text of a date object, .* JavaScript/),
        ])
      } finally {
        if (before === undefined) delete process.env.TZ
        else process.env.TZ = before
      }
    },
  )

  it('never says anything of a signature that has another origin', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (bytes) => explain(Buffer.from(bytes).toString('base64')) === undefined,
      ),
      { numRuns: 5 },
    )
  })
})

interface Finding {
  check: string
  state: string
  message: string
}

/** In this process, over the emulator's own fetch: nothing is sent anywhere. */
async function doctor(
  args: readonly string[],
  env: Record<string, string>,
  fetch: Io['fetch'],
): Promise<{ code: number; findings: Finding[]; text: string }> {
  const out: string[] = []
  const err: string[] = []
  const io: Io = {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    env,
    input: async () => new Uint8Array(),
    onInterrupt() {},
    quit() {},
    async fetch(url, init) {
      // Whatever is asked, its host was named before.
      expect(err.filter((line) => line.includes(`(${new URL(url).host})`))).toHaveLength(1)
      return (fetch ?? globalThis.fetch)(url, init)
    },
    now: Date.now,
  }
  const code = await run(['doctor', '--json', ...args], io)
  return { code, findings: JSON.parse(out[0]!) as Finding[], text: [...out, ...err].join('\n') }
}

const env = { SMILE_ID_PARTNER_ID: '085', SMILE_ID_API_KEY: KEY, SMILE_ID_ENVIRONMENT: 'sandbox' }
const api =
  (emulator: Emulator): Io['fetch'] =>
  (url, init) =>
    emulator.fetch(url, init)

describe('settings', () => {
  const nobody: Io['fetch'] = () => Promise.reject(new Error('asked a server'))
  it.each<[string, Record<string, string>, Finding]>([
    [
      'quotes in the key',
      { SMILE_ID_API_KEY: `'${KEY}'` },
      { check: 'key', state: 'wrong', message: 'stands in quotes that are part of it: leave them out' },
    ],
    [
      'white space in the key',
      { SMILE_ID_API_KEY: `${KEY}\n` },
      {
        check: 'key',
        state: 'wrong',
        message: 'holds white space, a line break or a character that cannot be seen: copy it anew',
      },
    ],
    [
      'an invisible character in the key',
      { SMILE_ID_API_KEY: `\u200b${KEY}` },
      {
        check: 'key',
        state: 'wrong',
        message: 'holds white space, a line break or a character that cannot be seen: copy it anew',
      },
    ],
    [
      'the partner id as key',
      { SMILE_ID_API_KEY: '085' },
      { check: 'key', state: 'wrong', message: 'is the partner id' },
    ],
    [
      'zeros that are gone',
      { SMILE_ID_PARTNER_ID: '85' },
      {
        check: 'partner id',
        state: 'warning',
        message: '85 is short: Smile ID writes ids with leading zeros, such as 085, and they count',
      },
    ],
    [
      'white space around the id',
      { SMILE_ID_PARTNER_ID: ' 085' },
      {
        check: 'settings',
        state: 'wrong',
        message: '--partner-id (SMILE_ID_PARTNER_ID) must be trimmed text',
      },
    ],
    [
      'the other host',
      { SMILE_ID_BASE_URL: 'https://api.smileidentity.com' },
      {
        check: 'settings',
        state: 'wrong',
        message: '--env (SMILE_ID_ENVIRONMENT) does not fit baseUrl, which is the production host',
      },
    ],
    [
      'nothing',
      { SMILE_ID_API_KEY: '', SMILE_ID_PARTNER_ID: '', SMILE_ID_ENVIRONMENT: '' },
      { check: 'settings', state: 'wrong', message: 'SMILE_ID_API_KEY is missing' },
    ],
  ])('with %s', async (_, changed, finding) => {
    const { code, findings, text } = await doctor(['--offline'], { ...env, ...changed }, nobody)
    expect(findings).toContainEqual(finding)
    expect(code).toBe(finding.state === 'wrong' ? 2 : 0)
    expect(text).not.toContain(KEY)
  })
  it('that are right', async () =>
    expect(await doctor(['--offline'], env, nobody)).toMatchObject({
      code: 0,
      findings: [{ state: 'ok' }, { state: 'ok', message: 'sandbox, testapi.smileidentity.com' }],
    }))

  it.each([
    ['1722935730', 'is seconds since 1970'],
    ['1722935730123', 'is milliseconds since 1970'],
    ['1722935730123456', 'is microseconds since 1970'],
    ['2024-08-06T09:15:30.123456+00:00', 'has microseconds'],
    ['2024-08-06T09:15:30', 'has no zone'],
    ['yesterday', 'is no date'],
    ['2024-08-06T09:15:30+00:00', 'has another form'],
    [T, 'is ISO 8601 with milliseconds and Z'],
  ])('timestamp %s', async (timestamp, message) => {
    expect((await doctor(['--offline', '--timestamp', timestamp], env, nobody)).findings).toContainEqual({
      check: 'timestamp',
      state: expect.any(String),
      message: expect.stringContaining(message),
    })
  })

  it('and a signature of unknown origin, without a verdict on the key', async () => {
    const signature = createHmac('sha256', 'unknown').update(`${T}085sid_request`).digest('base64')
    const { findings } = await doctor(['--offline', '--timestamp', T, '--signature', signature], env, nobody)
    expect(findings).toContainEqual({
      check: 'signature',
      state: 'wrong',
      message:
        'none of the mistakes that are tried here gives it: the text that was signed, the key (of the ' +
        'other environment, or replaced), the partner id or the timestamp may be another. Print the text ' +
        'that is signed: it must be the timestamp as it is sent, 085 and sid_request, with nothing between',
    })
  })

  it('and a signature', async () => {
    const signature = createHmac('sha256', KEY).update(`${T}085sid_request`).digest('hex')
    const { code, findings, text } = await doctor(
      ['--offline', '--timestamp', T, '--signature', signature],
      env,
      nobody,
    )
    expect(findings).toContainEqual({
      check: 'signature',
      state: 'wrong',
      message: 'written as hex instead of base64',
    })
    expect(code).toBe(2)
    expect(text).not.toContain(signature)
    expect(
      (await doctor(['--offline', '--timestamp', T, '--signature', 'a|b'], env, nobody)).findings.find(
        ({ check }) => check === 'signature',
      )!.message,
    ).toContain('sec_key')
  })
})

describe('credentials', () => {
  const refusing = (partnerId: string, host: string) => {
    const emulator = createEmulator({ partners: [{ partnerId, apiKey: KEY }] })
    return {
      emulator,
      fetch: (async (url, init) =>
        new URL(url).host === host || url.endsWith('/services')
          ? emulator.fetch(url, init)
          : Response.json({ error: 'unauthorized', code: '2205' }, { status: 400 })) satisfies Io['fetch'],
    }
  }

  it('that are taken', async () => {
    const emulator = createEmulator({ partners: [{ partnerId: '085', apiKey: KEY }] })
    const { code, findings } = await doctor([], env, api(emulator))
    expect({ code, states: findings.map(({ check, state }) => `${check} ${state}`) }).toEqual({
      code: 0,
      states: ['key ok', 'settings ok', 'server ok', 'credentials ok'],
    })
    expect(emulator.calls.map(({ operation, committed }) => [operation, committed])).toEqual([
      ['services', false],
      ['job_status', false],
    ])
  })

  it('of the other environment', async () => {
    const { fetch } = refusing('085', 'api.smileidentity.com')
    const { code, findings } = await doctor([], env, fetch)
    expect(code).toBe(4)
    expect(findings.map(({ message }) => message).slice(-2)).toEqual([
      expect.stringContaining('are refused'),
      'but production takes them: the key is that of production',
    ])
  })

  it.each([
    ['85', '085'],
    ['0085', '085'],
    ['085', '85'],
  ])('with partner id %s instead of %s', async (given, right) => {
    const { fetch } = refusing(right, 'testapi.smileidentity.com')
    expect((await doctor([], { ...env, SMILE_ID_PARTNER_ID: given }, fetch)).findings.at(-1)).toEqual({
      check: 'credentials',
      state: 'wrong',
      message: `but partner id ${right} is taken: mind the leading zeros`,
    })
  })

  it('that nobody takes', async () => {
    const { code, findings } = await doctor(
      [],
      { ...env, SMILE_ID_API_KEY: 'another' },
      refusing('085', 'testapi.smileidentity.com').fetch,
    )
    expect({ code, wrong: findings.filter(({ state }) => state === 'wrong').length }).toEqual({
      code: 4,
      wrong: 1,
    })
  })

  it('when the answer does not tell', async () => {
    const emulator = createEmulator({
      partners: [{ partnerId: '085', apiKey: KEY }],
      faults: [{ on: 'job_status', fault: { kind: 'code', code: '2213' } }],
    })
    const { code, findings } = await doctor([], env, api(emulator))
    expect({ code, last: findings.at(-1) }).toEqual({
      code: 0,
      last: {
        check: 'credentials',
        state: 'warning',
        message:
          'were answered with job_status: invalid_request HTTP 400 2213, which tells nothing about them',
      },
    })
  })

  it('when a reply is signed with another key', async () => {
    const emulator = createEmulator({
      partners: [{ partnerId: '085', apiKey: KEY }],
      faults: [{ on: 'job_status', times: 9, fault: { kind: 'body', body: 'bad_signature' } }],
    })
    emulator.startJob({ user_id: 'smileid-doctor', job_id: 'smileid-doctor' })
    expect(await doctor([], env, api(emulator))).toMatchObject({
      code: 4,
      findings: expect.arrayContaining([
        {
          check: 'credentials',
          state: 'wrong',
          message: 'are not those that the replies are signed with, so that none can be trusted',
        },
      ]),
    })
  })

  it('when no server answers', async () => {
    const { code, findings } = await doctor([], env, () =>
      Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } })),
    )
    expect(code).toBe(3)
    expect(findings.at(-1)).toMatchObject({
      check: 'server',
      state: 'wrong',
      message:
        'testapi.smileidentity.com: services: network_error ECONNREFUSED: Check the network and baseUrl.',
    })
  })
})

describe('the clock', () => {
  let server: Server | undefined
  afterEach(() => void server?.close())

  it.each([
    [0, 'ok', /^\d\.\d s/],
    [-120_000, 'wrong', /^1[12]\d s ahead of the server's: set it/],
    [3_600_000, 'wrong', /^3[56]\d\d s behind the server's: set it/],
  ])('that is off by %i ms', async (offMs, state, message) => {
    const emulator = createEmulator({ partners: [{ partnerId: '085', apiKey: KEY }] })
    server = createServer(
      (request, response) =>
        void (async () => {
          const pieces: Buffer[] = []
          for await (const piece of request) pieces.push(piece as Buffer)
          const body = Buffer.concat(pieces)
          const reply = await emulator.fetch(`http://api${request.url}`, {
            method: request.method,
            ...(body.length && { body }),
          })
          response
            .writeHead(reply.status, { date: new Date(Date.now() + offMs).toUTCString() })
            .end(await reply.text())
        })(),
    )
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
    const { findings } = await doctor(
      ['--base-url', `http://127.0.0.1:${(server.address() as AddressInfo).port}`],
      env,
      undefined,
    )
    expect(findings).toContainEqual({ check: 'clock', state, message: expect.stringMatching(message) })
  })
})
