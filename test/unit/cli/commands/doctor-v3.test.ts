/** `smileid doctor --v3`: keys, ids, hosts, tokens and consents that v3 does not take. */
import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createClient } from 'smileid-edge/client'
import { createEmulator, type Emulator } from 'smileid-edge/emulator'
import { createEmulatorServer, type EmulatorServer } from 'smileid-edge/node'
import { createToken } from 'smileid-edge/v3/token'
import { checkConsent } from '../../../../src/cli/commands/doctor/check-consent.ts'
import { consentFlaw, hasOtherMembers } from '../../../../src/emulator/v3/consent.ts'
import { type HereOptions, runHere } from '../../../support/cli-here.ts'
import { jwt } from '../../../support/v3-service.ts'

const KEY = 'SECRET-key-of-085'
const NOW = Date.parse('2026-05-05T08:00:00Z')

type Fetch = NonNullable<HereOptions['fetch']>

interface Finding {
  check: string
  state: string
  message: string
}

let dir: string
let emulator: Emulator
let server: EmulatorServer
let env: Record<string, string>

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'smileid-doctor-v3-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))
beforeEach(async () => {
  emulator = createEmulator({ clock: 'real', partners: [{ partnerId: '085', apiKey: KEY }] })
  server = await createEmulatorServer(emulator)
  env = {
    SMILE_ID_PARTNER_ID: '085',
    SMILE_ID_API_KEY: KEY,
    SMILE_ID_ENVIRONMENT: 'sandbox',
    SMILE_ID_BASE_URL: server.url,
  }
})
afterEach(() => server.close())

async function doctor(args: string, options: HereOptions = {}) {
  const words = ['doctor', '--json', ...args.split(' ').filter(Boolean)]
  const { code, out, err } = await runHere(words, { env, ...options })
  expect(out + err).not.toContain(KEY)
  return { code, findings: JSON.parse(out) as Finding[], text: out + err }
}
const operations = () => emulator.calls.map(({ operation }) => operation)
const states = (findings: Finding[]) => findings.map(({ check, state }) => `${check} ${state}`)

describe('key and partner id', () => {
  it('that v3 takes', async () => {
    const { code, findings } = await doctor('--v3')
    expect(states(findings)).toEqual([
      'partner id ok',
      'key ok',
      'settings ok',
      'server ok',
      ...(findings.some(({ check }) => check === 'clock') ? ['clock ok'] : []),
      'credentials ok',
    ])
    expect(code).toBe(0)
    expect(findings[0]!.message).toMatch(/^goes out as 85: v3 takes no leading zeros/)
    expect(operations()).toEqual(['v3/token', 'v3/status'])
    expect(emulator.v3.bills).toEqual([])
  })

  it('that nobody takes', async () => {
    const { code, findings } = await doctor('--v3', { env: { ...env, SMILE_ID_API_KEY: 'another' } })
    expect(code).toBe(4)
    expect(findings.filter(({ state }) => state === 'wrong')).toEqual([
      {
        check: 'credentials',
        state: 'wrong',
        message: expect.stringMatching(/^are refused by v3 \(v3\/token: unauthorized/),
      },
    ])
  })

  /** A service of which one half knows the key. */
  const half = (generation: 'v1' | 'v3', apiKey = KEY): Fetch => {
    const knowing = createEmulator({ clock: 'real', partners: [{ partnerId: '085', apiKey }] })
    const strange = createEmulator({ clock: 'real', partners: [{ partnerId: '085', apiKey: 'other' }] })
    return (url, init) => {
      const isV3 = new URL(url).pathname.startsWith('/v3/')
      return (isV3 === (generation === 'v3') ? knowing : strange).fetch(url, init)
    }
  }
  const atSmileId = () => ({ ...env, SMILE_ID_BASE_URL: '' })

  it.each([
    [
      'of v1, asked of v3',
      '--v3',
      'v1',
      'but v1 takes them, as partner 085: the key is one of v1 alone; make one for v3 in the portal',
    ],
    [
      'of v3, asked of v1',
      '',
      'v3',
      'but v3 takes them: the key is one of v3 alone; add --v3, or use the key of v1',
    ],
  ] as const)('%s', async (_, args, generation, message) => {
    const { code, findings } = await doctor(args, { env: atSmileId(), fetch: half(generation) })
    expect(code).toBe(4)
    expect(findings.at(-1)).toEqual({ check: 'credentials', state: 'wrong', message })
  })

  it('of v3 is shown to nobody but Smile ID and this machine', async () => {
    // One of which no token is kept yet.
    const apiKey = 'SECRET-next-key-of-085'
    const shown: string[] = []
    const fetch: Fetch = (url, init) => {
      if (new Headers(init.headers).get('smileid-api-key') !== null) shown.push(url)
      return half('v3', apiKey)(url, init)
    }
    const own = { ...env, SMILE_ID_API_KEY: apiKey }
    await doctor('', { env: { ...own, SMILE_ID_BASE_URL: 'https://proxy.example' }, fetch })
    expect(shown).toEqual([])
    await doctor('', { env: { ...own, SMILE_ID_BASE_URL: '' }, fetch })
    expect(shown).toEqual(['https://testapi.smileidentity.com/v3/token'])
  })

  it.each([
    ['a token', jwt({ partner_id: '85' }), /^is a token, which a key makes/],
    [
      'the public key of a sec_key',
      Buffer.from('-----BEGIN PUBLIC KEY-----').toString('base64'),
      /^is the public key of the old sec_key/,
    ],
  ])('that is %s', async (_, key, message) => {
    const { code, findings } = await doctor('--v3 --offline', { env: { ...env, SMILE_ID_API_KEY: key } })
    expect(findings).toContainEqual({ check: 'key', state: 'wrong', message: expect.stringMatching(message) })
    expect(code).toBe(2)
  })

  it('that v3 cannot be asked with', async () => {
    const odd = await doctor('--v3', { env: { ...env, SMILE_ID_PARTNER_ID: 'partner' } })
    expect(odd.findings).toContainEqual({
      check: 'settings',
      state: 'wrong',
      message: 'partnerId must be a number for v3',
    })
    expect({ code: odd.code, operations: operations() }).toEqual({ code: 2, operations: [] })
  })

  it('of which no server answers', async () => {
    await server.close()
    const { code, findings } = await doctor('--v3')
    expect({ code, last: findings.at(-1) }).toMatchObject({
      code: 3,
      last: { check: 'server', state: 'wrong' },
    })
  })
})

describe("the documentation's host, which does not resolve", () => {
  const dead = () => ({ ...env, SMILE_ID_BASE_URL: 'https://api.sandbox.smileidentity.com' })
  const nobody: Fetch = () =>
    Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ENOTFOUND' } }))
  const cure = /leave SMILE_ID_BASE_URL out\. The sandbox is testapi\.smileidentity\.com\./

  it.each(['', '--v3'])('is named by doctor %s, and not asked', async (args) => {
    let asked = 0
    const fetch: Fetch = (...call) => {
      asked++
      return nobody(...call)
    }
    const { code, findings } = await doctor(args, { env: dead(), fetch })
    expect(findings).toContainEqual({
      check: 'settings',
      state: 'wrong',
      message: expect.stringMatching(cure),
    })
    expect({ code, asked }).toEqual({ code: 2, asked: 0 })
  })

  it.each(['status u j', 'token --v3'])('is named by %s, which found nobody there', async (args) => {
    const ended = await runHere(args.split(' '), { env: dead(), fetch: nobody })
    expect(ended).toMatchObject({ code: 3, err: expect.stringMatching(cure) })
  })
})

describe('a token', () => {
  const file = () => join(dir, 'token')
  const inSeconds = (ms: number) => Math.floor(ms / 1000)
  const client = (fetch = emulator.fetch) =>
    createClient({ partnerId: '085', apiKey: KEY, environment: 'sandbox', baseUrl: server.url, fetch })

  it('that is right, by names of what it is bound to', async () => {
    const { token } = await createToken(client(), { user_id: 'user-1', product: 'enhanced_kyc' })
    writeFileSync(file(), `${token}\n`)
    const { code, findings, text } = await doctor(`--token ${file()}`)
    const ofToken = findings.filter(({ check }) => check === 'token')
    expect({ code, messages: ofToken.map(({ message }) => message) }).toEqual({
      code: 0,
      messages: [
        expect.stringMatching(/^is for enhanced_kyc, bound to user_id, expires in \d+m/),
        'is taken',
      ],
    })
    expect(text).not.toContain(token)
    expect(text).not.toContain('user-1')
  })

  it.each([
    ['has expired', { partner_id: '85', exp: inSeconds(NOW) - 720 }, /^expired 12m 0s ago/],
    [
      'is of another partner',
      { partner_id: '99', exp: inSeconds(NOW) + 60 },
      /^is of another partner than 85/,
    ],
    [
      'begins later',
      { partner_id: '85', nbf: inSeconds(NOW) + 600, exp: inSeconds(NOW) + 700 },
      /^begins in 10m 0s: a clock is wrong/,
    ],
    [
      'is of the other environment',
      { partner_id: '85', exp: inSeconds(NOW) + 60, api_url: 'https://api.smileidentity.com/v3' },
      /^is of production, and testapi\.smileidentity\.com is asked/,
    ],
    ['names no partner', { exp: inSeconds(NOW) + 60 }, /^names no partner/],
  ])('that %s', async (_, claims, message) => {
    const { code, findings } = await doctor('--offline --token -', {
      env: { ...env, SMILE_ID_BASE_URL: '' },
      input: jwt(claims),
      now: () => NOW,
    })
    expect(findings.at(-1)).toEqual({
      check: 'token',
      state: 'wrong',
      message: expect.stringMatching(message),
    })
    expect(code).toBe(4)
  })

  it('that is none, or the key', async () => {
    const ask = async (input: string) =>
      (await doctor('--offline --token -', { input })).findings.at(-1)!.message
    expect(await ask('no token')).toMatch(/^is no JWT/)
    expect(await ask(KEY)).toMatch(/^is the API key/)
  })

  it('that the service refuses', async () => {
    const token = jwt({ partner_id: '85', exp: inSeconds(Date.now()) + 600 })
    const { code, findings } = await doctor('--token -', { input: token })
    expect({ code, last: findings.at(-1) }).toEqual({
      code: 4,
      last: {
        check: 'token',
        state: 'wrong',
        message: expect.stringMatching(/^is refused \(v3\/status: unauthorized/),
      },
    })
  })
})

describe('a consent', () => {
  const RIGHT = {
    granted: true,
    granted_at: '2026-05-04T08:00:00.000Z',
    notice_language: 'EN',
    notice_privacy_policy_url: 'https://shop.example/privacy',
  }
  const messages = (given: object) =>
    checkConsent(given as Record<string, unknown>, NOW).map(({ message }) => message)

  it.each<[string, object, RegExp]>([
    ['granted as text', { ...RIGHT, granted: 'true' }, /^granted must be true, and no text/],
    ['refused', { ...RIGHT, granted: false }, /^granted is false/],
    ['in the future', { ...RIGHT, granted_at: '2026-05-06T08:00:00Z' }, /^granted_at is in the future/],
    ['without a zone', { ...RIGHT, granted_at: '2026-05-04T08:00:00' }, /^granted_at has no zone/],
    ['in seconds', { ...RIGHT, granted_at: 1777968000 }, /^granted_at must be ISO 8601/],
    ['in small letters', { ...RIGHT, notice_language: 'en' }, /^notice_language is in small letters/],
    ['with a region', { ...RIGHT, notice_language: 'en-GB' }, /^notice_language must be two letters/],
    ['by http', { ...RIGHT, notice_privacy_policy_url: 'http://shop.example/p' }, /must be https/],
    ['as text', { consent: JSON.stringify(RIGHT) }, /^is text: give the object/],
    ['spread', { 'consent[granted]': 'true' }, /^is spread over several fields/],
    ['of v1', { consent_information: { consented: {} } }, /^has the shape of v1 and of apps/],
    ['missing', { country: 'NG' }, /^is missing: consent, with granted, granted_at/],
  ])('%s', (_, given, message) => {
    expect(messages(given)).toEqual([expect.stringMatching(message)])
  })

  it('with members of other names, all at once', () => {
    const { granted_at, ...rest } = RIGHT
    expect(messages({ ...rest, grantedAt: granted_at, 'odd name': 1 })).toEqual([
      'granted_at is missing',
      'grantedAt is written granted_at',
      'a member is not known there',
    ])
  })

  it.each<[string, object]>([
    ['alone', RIGHT],
    ['in an input', { consent: RIGHT }],
    ['in a payload', { payload: { consent: RIGHT } }],
  ])('that is right, %s', async (_, given) => {
    const { code, findings } = await doctor('--offline --consent -', {
      input: JSON.stringify(given),
      now: () => NOW,
    })
    expect(findings.at(-1)).toEqual({ check: 'consent', state: 'ok', message: 'has the right shape' })
    expect(code).toBe(0)
  })

  it('that is wrong: exit 2', async () => {
    expect(await doctor('--offline --consent -', { input: '{"consent":{}}' })).toMatchObject({ code: 2 })
    const noJson = await runHere(['doctor', '--offline', '--consent', '-'], { env, input: 'x' })
    expect(noJson).toMatchObject({ code: 1, err: expect.stringContaining('--consent must name a file') })
  })

  it('is found right of those alone that the emulator takes in a body', () => {
    const oneOf = (...values: unknown[]) => fc.constantFrom(...values)
    const consent = fc.record(
      {
        granted: oneOf(true, true, true, false, 'true', 1, null),
        granted_at: oneOf(
          RIGHT.granted_at,
          RIGHT.granted_at,
          '2026-05-04T08:00:00+01:00',
          '2027-01-01T00:00:00Z',
          'yesterday',
          5,
          '',
        ),
        notice_language: oneOf('EN', 'EN', 'FR', 'en', 'ENG', '', null),
        notice_privacy_policy_url: oneOf(
          'https://a.example',
          'https://a.example',
          'http://a.example',
          'a',
          'https://',
        ),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(consent, (given) => {
        const isRight = checkConsent({ consent: given }, NOW).every(({ state }) => state === 'ok')
        const flaw = consentFlaw(given, { place: 'body', now: NOW })
        expect(isRight).toBe(flaw === undefined && !hasOtherMembers(given))
      }),
      { numRuns: 500 },
    )
  })
})

describe('the signature of a callback that was refused', () => {
  const T = '2026-10-08T09:15:30.123Z'
  const sign = (partnerId: string) =>
    createHmac('sha256', KEY).update(`${T}${partnerId}sid_request`).digest('base64')
  const ask = async (partnerId: string, signature: string) =>
    (
      await doctor(`--v3 --offline --timestamp ${T} --signature ${signature}`, {
        env: { ...env, SMILE_ID_PARTNER_ID: partnerId },
      })
    ).findings.find(({ check }) => check === 'signature')

  it('is right without leading zeros, and wrong with them', async () => {
    expect(await ask('085', sign('85'))).toMatchObject({ state: 'ok' })
    const padded = { state: 'wrong', message: 'made with partner id 085, where v3 signs with 85' }
    expect(await ask('085', sign('085'))).toMatchObject(padded)
    expect(await ask('85', sign('085'))).toMatchObject(padded)
    expect(await ask('085', sign('86'))).toMatchObject({
      state: 'wrong',
      message: expect.stringMatching(/^none of the mistakes/),
    })
  })
})
