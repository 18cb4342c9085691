/** The command `smileid` for v3, over loopback against the emulator's server. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmulator, type Emulator } from 'smileid-edge/emulator'
import { createEmulatorServer, type EmulatorServer } from 'smileid-edge/node'
import { runHere } from '../../support/cli-here.ts'
import type { Ended } from '../../support/cli.ts'

const KEY = 'SECRET-key-of-085'
/** Of the people whom the sandbox is documented to know. */
const AMINA = { given: 'Amina Fatou', last: 'Clearwater', email: 'amina.clearwater@example.com' }
const PERSONAL = /Amina|Clearwater|00000000000/i
const UNKNOWN_JOB = 'job_00000000000000000000000000'

let dir: string
let emulator: Emulator
let server: EmulatorServer
let env: Record<string, string>

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'smileid-cli-v3-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))
beforeEach(async () => {
  emulator = createEmulator({
    clock: 'real',
    jobDurationMs: 500,
    partners: [{ partnerId: '085', apiKey: KEY, callbackUrl: 'https://shop.example/smile-id' }],
  })
  server = await createEmulatorServer(emulator)
  env = {
    SMILE_ID_PARTNER_ID: '085',
    SMILE_ID_API_KEY: KEY,
    SMILE_ID_ENVIRONMENT: 'sandbox',
    SMILE_ID_BASE_URL: server.url,
  }
})
afterEach(() => server.close())

/** No key, whatever happened; and the line that names the host is left out. */
async function run(
  args: string | readonly string[],
  more: { env?: Record<string, string>; input?: string } = {},
): Promise<Ended> {
  const words = typeof args === 'string' ? args.split(' ').filter(Boolean) : args
  const { code, out, err } = await runHere(words, { env, ...more })
  expect(out + err).not.toContain(KEY)
  return { code, out, err: err.replace(/^smileid: sending to .*\n/, '') }
}
const json = ({ out }: Ended) => JSON.parse(out) as Record<string, unknown>
const operations = () => emulator.calls.map(({ operation }) => operation)

const kyc = (person: { given: string; last: string; email: string } = AMINA, more: object = {}) =>
  JSON.stringify({
    country: 'NG',
    id_type: 'BVN',
    id_number: '00000000000',
    user_details: { given_names: person.given, last_name: person.last, email: person.email },
    consent: {
      granted: true,
      granted_at: '2026-05-04T08:00:00.000Z',
      notice_language: 'EN',
      notice_privacy_policy_url: 'https://shop.example/privacy',
    },
    ...more,
  })

describe('which generation is meant', () => {
  it('is that of the flag, or of the job id', async () => {
    await run('status u j')
    await run(`status ${UNKNOWN_JOB}`)
    await run(`status --v3 ${UNKNOWN_JOB}`)
    // In one process, a token is kept.
    expect(operations()).toEqual(['job_status', 'v3/token', 'v3/status', 'v3/status'])
  })

  it.each([
    ['status u', 'JOB_ID is missing'],
    ['status --v3', 'JOB_ID is missing'],
    ['status u j --v3', 'word 2 is too many: JOB_ID is all'],
    [`status ${UNKNOWN_JOB} --history`, '--history is of v1 alone: v3 has nothing like it'],
    ['status job_1', 'job_id must be a job id of v3'],
    ['status --v3 smileid-1', 'job_id must be a job id of v3'],
    [`wait ${UNKNOWN_JOB} --until complete`, '--until is of v1 alone: v3 has nothing like it'],
    ['verify-id --v3 --basic --dob 1990-01-01', '--dob is of v1 alone'],
    ['verify-id --v3 --basic', '--basic is of v1 alone: v3 has nothing like it'],
    ['verify-id --email a@example.com', '--email is of v3 alone: add --v3'],
    ['sign --v3', '--v3 is not known'],
  ])('%s: exit 1, nothing sent', async (args, message) => {
    const { code, out, err } = await run(args)
    expect(err).toContain(`smileid: ${message}`)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(emulator.calls).toEqual([])
  })

  it.each(['verify-id', 'status', 'wait'])('is in the help of %s', async (name) => {
    const { code, out } = await run(`help ${name}`)
    expect(code).toBe(0)
    expect(out).toMatch(new RegExp(`^npx smileid-edge ${name} .*\nnpx smileid-edge ${name} --v3 .*\n\n`))
    expect(out).toMatch(/^ {2}--v3 +speak v3/m)
    expect(out).toMatch(/ {2}v1: /)
  })

  it('is told to whom gives v1 a file of v3', async () => {
    expect(await run('verify-id -', { input: kyc() })).toMatchObject({
      code: 1,
      err: expect.stringContaining('smileid: FILE is an input of v3: add --v3\n'),
    })
    expect(emulator.calls).toEqual([])
  })
})

it('the half of v3 is loaded by the commands that speak it, when they do', () => {
  const folder = new URL('../../../src/cli/', import.meta.url)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  const imports = files.flatMap((name) => [
    ...readFileSync(new URL(name, folder), 'utf8').matchAll(
      /^import (type )?[^']*'(?:\.\.\/)+v3\/\w[^']*'/gm,
    ),
  ])
  expect(imports.length).toBeGreaterThan(5)
  expect(imports.filter(([, type]) => type === undefined).map(([text]) => text)).toEqual([])
})

describe('verify-id --v3', () => {
  it.each([
    ['Amina Fatou Clearwater', 0, /^decision {2}approved\nstatus {4}clear\n/],
    ['Fatima Bello Ghostwell', 2, /^decision {2}rejected\nreason {4}identifier_not_found\nstatus {4}block\n/],
  ])('%s exits with %i', async (name, exit, printed) => {
    const [first, middle, last] = name.split(' ') as [string, string, string]
    const email = `${first}.${last}@example.com`.toLowerCase()
    const { code, out, err } = await run('verify-id - --v3', {
      input: kyc({ given: `${first} ${middle}`, last, email }),
    })
    expect({ code, err }).toEqual({ code: exit, err: '' })
    expect(out).toMatch(printed)
    expect(out).toMatch(/\njob_id {4}job_[0-9a-z]{26}\nuser_id {3}user_\w+\n$/)
    expect(operations()).toEqual(['v3/token', 'v3/enhanced_kyc/sync'])
  })

  it('a person has to look: exit 8, and no yes', async () => {
    emulator.v3.endNext({ status: 'attention', reason: 'medium_risk' })
    expect(await run('verify-id - --v3', { input: kyc() })).toMatchObject({
      code: 8,
      out: expect.stringMatching(/^decision {2}not approved: a person has to look\nreason {4}medium_risk\n/),
    })
  })

  it('an error of the service: exit 3', async () => {
    emulator.v3.endNext({ status: 'error', reason: 'invalid_id_number' })
    const { job_id } = json(await run('verify-id - --v3 --later --json', { input: kyc() }))
    expect(await run(`wait ${String(job_id)}`)).toMatchObject({
      code: 3,
      // The status has no reason.
      out: expect.stringMatching(/^decision {2}error\nstatus {4}error\n/),
    })
  })

  it('prints nothing personal, unless the whole reply is asked for', async () => {
    const [text, short, full] = [
      await run('verify-id - --v3', { input: kyc() }),
      await run('verify-id - --v3 --json', { input: kyc() }),
      await run('verify-id - --v3 --json --full', { input: kyc() }),
    ]
    expect(text.out + short.out).not.toMatch(PERSONAL)
    expect(json(short)).toEqual({
      decision: 'approved',
      retryable: false,
      status: 'clear',
      message: expect.any(String),
      job_id: expect.stringMatching(/^job_/),
      user_id: expect.any(String),
    })
    expect(full.out).toMatch(PERSONAL)
  })

  it('takes all of it by flags, which win over the file', async () => {
    const file = join(dir, 'kyc.json')
    writeFileSync(file, kyc({ ...AMINA, last: 'Nobody' }, { user_id: 'theirs' }))
    const flags = '--last-name Clearwater --user-id mine --agreed-at 2026-05-05T08:00:00Z'
    const { code, out } = await run(`verify-id ${file} --v3 ${flags}`)
    expect({ code, user: /user_id +(.*)/.exec(out)?.[1] }).toEqual({ code: 0, user: 'mine' })
    const bare =
      'verify-id --v3 --country NG --id-type BVN --id-number 00000000000 --last-name Clearwater ' +
      '--email amina.clearwater@example.com --agreed-at 2026-05-05T08:00:00Z --notice-language en ' +
      '--notice-url https://shop.example/privacy --first-name'
    const { code: exit } = await run([...bare.split(' '), 'Amina Fatou'])
    expect(exit).toBe(0)
  })

  it('takes a file of v1 with what v3 wants besides', async () => {
    const old = {
      partner_params: { user_id: 'user-1', job_id: 'order-77' },
      id_info: {
        country: 'NG',
        id_type: 'BVN',
        id_number: '00000000000',
        first_name: 'Amina',
        middle_name: 'Fatou',
        last_name: 'Clearwater',
      },
    }
    const consent =
      '--agreed-at 2026-05-05T08:00:00Z --notice-language EN --notice-url https://shop.example/privacy'
    const args = `verify-id - --v3 --email ${AMINA.email} ${consent}`
    const { code, out } = await run(args, { input: JSON.stringify(old) })
    expect({ code, user: /user_id +(.*)/.exec(out)?.[1] }).toEqual({ code: 0, user: 'user-1' })
  })

  it('--check looks at what is supported first', async () => {
    const wrong = await run('verify-id - --v3 --check --id-number 1 --json', { input: kyc() })
    expect(json(wrong)).toMatchObject({ error: { issues: [{ path: '--id-number (id_number)' }] } })
    expect(operations()).toEqual(['v3/services/supported_id_types'])
    expect(await run('verify-id - --v3 --check', { input: kyc() })).toMatchObject({ code: 0 })
  })

  it('names every problem by its flag, and sends nothing', async () => {
    const { code, out, err } = await run('verify-id --v3 --country nigeria --phone-number 0801')
    expect({ code, out }).toEqual({ code: 1, out: '' })
    const paths = err.match(/^smileid: (\S+ \(\S+\)|\S+)/gm)?.map((line) => line.slice('smileid: '.length))
    expect(paths?.sort()).toEqual(
      [
        '--agreed-at (consent.granted)',
        '--agreed-at (consent.granted_at)',
        '--notice-language (consent.notice_language)',
        '--notice-url (consent.notice_privacy_policy_url)',
        '--first-name (user_details.given_names)',
        '--last-name (user_details.last_name)',
        '--phone-number (user_details.phone_number)',
        '--country (country)',
        '--id-type (id_type)',
        '--id-number (id_number)',
      ].sort(),
    )
    expect(err).not.toContain('0801')
    expect(emulator.calls).toEqual([])
  })

  it('--later submits; wait and status tell the verdict', async () => {
    const submitted = await run('verify-id - --v3 --later', { input: kyc() })
    const [, job_id = ''] = /^to wait +npx smileid-edge wait (job_\w{26})\n$/m.exec(submitted.out) ?? []
    expect(submitted).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^submitted {2}the verdict comes later\n/),
    })
    const running = await run(`status ${job_id}`)
    expect([0, 3]).toContain(running.code)
    expect(await run(`wait ${job_id} --max-wait 30s`)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^decision {2}approved\nstatus {4}clear\n/),
    })
    expect(json(await run(`status ${job_id} --json`))).toMatchObject({ decision: 'approved', job_id })
    expect(operations().filter((name) => name === 'v3/enhanced_kyc')).toHaveLength(1)
    expect(json(await run('verify-id - --v3 --later --json', { input: kyc() }))).toEqual({
      success: true,
      user_id: expect.any(String),
      job_id: expect.stringMatching(/^job_/),
    })
  })

  it('shows what the service said of a refusal to who asks for it, and else how to ask', async () => {
    const nobody = kyc({ given: 'Ada', last: 'Sample', email: 'ada@example.com' })
    const message = 'In sandbox mode, requests must use a recognized test identity.'
    const short = await run('verify-id - --v3', { input: nobody })
    expect(short).toMatchObject({ code: 2, err: expect.stringMatching(/--json --full shows what the/) })
    expect(short.err).not.toContain(message)
    const full = json(await run('verify-id - --v3 --json --full', { input: nobody }))
    expect(full).toMatchObject({ error: { reply: { message: expect.stringContaining(message) } } })
    expect(json(await run('verify-id - --v3 --json', { input: nobody }))).not.toHaveProperty('error.reply')
  })

  it('a callback URL goes with --later', async () => {
    const url = 'https://shop.example/other'
    expect(
      await run(`verify-id - --v3 --callback-url ${url}`, { input: kyc(AMINA, { callback_url: url }) }),
    ).toMatchObject({
      code: 1,
      err: expect.stringMatching(/--callback-url goes with --later.*\n.*callback_url goes with --later/),
    })
    expect(await run(`verify-id - --v3 --later --callback-url ${url}`, { input: kyc() })).toMatchObject({
      code: 0,
    })
  })

  it('tells how to ask when a job exists and nobody knows its verdict', async () => {
    emulator.addFault({ on: 'v3/enhanced_kyc/sync', fault: { kind: 'status', status: 424 } })
    const { code, out, err } = await run('verify-id - --v3', { input: kyc() })
    expect({ code, out }).toEqual({ code: 3, out: '' })
    const [, job_id = ''] = /npx smileid-edge status (job_\w{26})\n$/.exec(err) ?? []
    expect((await run(`status ${job_id}`)).out).toContain(job_id)
    expect(operations().filter((name) => name === 'v3/enhanced_kyc/sync')).toHaveLength(1)
  })

  it('asks for --yes before production', async () => {
    expect(await run('verify-id - --v3 --env production', { input: kyc() })).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^smileid: --yes is missing: \S+ is production, where calls are billed\n/),
    })
    expect(emulator.calls).toEqual([])
  })
})

describe('status and wait', () => {
  it('of a job that nobody knows, with a key that is refused, and without a server', async () => {
    expect(await run(`status ${UNKNOWN_JOB}`)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('smileid: v3/status: job_not_found HTTP 404\n'),
    })
    const other = { env: { ...env, SMILE_ID_API_KEY: 'another' } }
    expect(await run(`status ${UNKNOWN_JOB} --json`, other)).toMatchObject({
      code: 4,
      out: expect.stringContaining('"unauthorized"'),
    })
    await server.close()
    expect(await run(`status ${UNKNOWN_JOB}`)).toMatchObject({
      code: 3,
      err: expect.stringContaining('network_error'),
    })
  })

  it('that takes longer than one waits, and Ctrl-C', async () => {
    const slow = createEmulator({
      clock: 'real',
      jobDurationMs: 600_000,
      partners: [{ partnerId: '085', apiKey: KEY, callbackUrl: 'https://shop.example/smile-id' }],
    })
    const slowServer = await createEmulatorServer(slow)
    try {
      const at = { ...env, SMILE_ID_BASE_URL: slowServer.url }
      const { job_id } = json(await run('verify-id - --v3 --later --json', { env: at, input: kyc() }))
      expect(await run(`wait ${String(job_id)} --max-wait 1s --json`, { env: at })).toMatchObject({
        code: 3,
        out: expect.stringContaining('"wait_timeout"'),
        err: expect.stringMatching(/^pending\n/),
      })
      const interrupted = new AbortController()
      const running = runHere(['wait', String(job_id)], {
        env: at,
        interrupt: interrupted.signal,
        onErr: (line) => line === 'pending' && interrupted.abort(),
      })
      expect(await running).toMatchObject({ code: 5, out: '', err: expect.stringMatching(/interrupted\n$/) })
    } finally {
      await slowServer.close()
    }
  })
})

describe('token --v3', () => {
  it('makes a token for everything, which alone goes to standard output', async () => {
    const { code, out, err } = await run('token --v3')
    expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/) })
    expect(err).toMatch(/^smileid: for every product, bound to nobody, expires in (\d+m )?\d+s\n$/)
  })

  it('takes a product alone for one, not for a user', async () => {
    expect(await run('token --v3 smart_selfie_registration')).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^smileid: for smart_selfie_registration, bound to nobody,/),
    })
    expect((await run('token --v3 registration-7')).err).toContain('for every product, bound to user_id')
  })

  it('binds what is given, and tells it by names alone', async () => {
    const payload = { given_names: 'Amina Fatou', last_name: 'Clearwater', email: AMINA.email }
    const args = 'token --v3 user-1 smart_selfie_registration --bind - --callback-url https://shop.example/cb'
    const text = await run(args, { input: JSON.stringify({ payload }) })
    const short = await run(`${args} --json`, { input: JSON.stringify({ payload }) })
    expect(text.out + text.err + short.out).not.toMatch(PERSONAL)
    expect(text.err).toContain(
      'smileid: for smart_selfie_registration, bound to user_id, callback_url, user_details, expires in',
    )
    expect(json(short)).toEqual({
      token: expect.any(String),
      expiresAt: expect.any(Number),
      product: 'smart_selfie_registration',
      provides: ['user_id', 'callback_url', 'user_details'],
    })
    expect(emulator.v3.tokens.at(-1)).toMatchObject({
      user_id: 'user-1',
      product: 'smart_selfie_registration',
      bound: ['given_names', 'last_name', 'email', 'callback_url'],
    })
  })

  it.each([
    ['token --v3 user-1 doc_verification', /product must be one of/],
    ['token --v3 doc_verification', /product must be one of/],
    ['token --v3 user-1 enhanced_kyc more', /word 3 is too many: \[USER_ID\] \[PRODUCT\] are all/],
    ['token user-1 job-1 biometric_kyc --bind x', /--bind is of v3 alone: add --v3/],
    ['token --v3 --bind no-such-file', /FILE cannot be read \(ENOENT\)/],
  ])('%s: exit 1', async (args, message) => {
    expect(await run(args)).toMatchObject({ code: 1, out: '', err: expect.stringMatching(message) })
    expect(emulator.calls).toEqual([])
  })

  it('a key that is refused: exit 4', async () => {
    const other = { env: { ...env, SMILE_ID_API_KEY: 'another' } }
    expect(await run('token --v3', other)).toMatchObject({
      code: 4,
      out: '',
      err: expect.stringContaining('v3/token: unauthorized'),
    })
  })
})

describe('services --v3', () => {
  it('lists countries, ID types and what one needs', async () => {
    expect((await run('services --v3')).out.split('\n')).toContain('NG')
    expect((await run('services --v3 NG')).out.split('\n')).toContain('BVN')
    expect(JSON.parse((await run('services --v3 NG BVN --json')).out)).toEqual([
      { label: expect.any(String), required_fields: expect.any(Array), format: expect.any(String) },
    ])
    expect((await run('services --v3 NG BVN')).out).toMatch(
      /^label .*\nformat .*\nrequired_fields {2}country, id_type.*\n/,
    )
    // Once for each bank.
    const banks = JSON.parse((await run('services --v3 NG BANK_ACCOUNT --json')).out) as unknown[]
    expect(banks.length).toBeGreaterThan(1)
  })

  it('lists documents and banks', async () => {
    expect((await run('services --v3 --documents')).out.split('\n')).toContain('NG')
    expect((await run('services --v3 NG --documents')).out).toMatch(
      /^code {6}PASSPORT\nname {6}Passport\nhas_back {2}false$/m,
    )
    expect((await run('services --v3 NG --banks')).out).toMatch(/^code {2}044\nname {2}Example Bank$/m)
  })

  it('tells how an authority answers', async () => {
    expect(await run('services --v3 NG BVN --health')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^last_hour_success_rate +97%$/m),
    })
  })

  it.each([
    ['services --v3 ng', 'did you mean NG?'],
    ['services --v3 NG bvn', 'did you mean BVN?'],
    ['services --v3 ng --banks', 'did you mean NG?'],
    ['services --v3 NG --documents --banks', '--banks stands beside --documents'],
    ['services --v3 NG --health', '--health goes with COUNTRY and ID_TYPE'],
    ['services --v3 NG BVN --banks', 'ID_TYPE does not go with --banks'],
    ['services --v3 --product enhanced_kyc', '--product is of v1 alone'],
    ['services NG --banks', '--banks is of v3 alone: add --v3'],
  ])('%s: exit 1', async (args, message) => {
    expect(await run(args)).toMatchObject({ code: 1, out: '', err: expect.stringContaining(message) })
  })
})

describe('callback', () => {
  /** Of a job that the service knows. */
  async function finishedJob(): Promise<string> {
    const { job_id } = json(await run('verify-id - --v3 --later --json', { input: kyc() }))
    await run(`wait ${String(job_id)}`)
    return String(job_id)
  }
  const received = (result?: object, options?: object) =>
    emulator.v3.callbackRequest('https://shop.example/smile-id', result as never, options as never)
  /** As a proxy logs it. */
  async function asMessage(request: Request): Promise<string> {
    const headers = [...request.headers].map(([name, value]) => `${name}: ${value}\r\n`).join('')
    return `POST /smile-id HTTP/1.1\r\n${headers}\r\n${await request.text()}`
  }
  /** As a gateway logs it. */
  const asJson = async (request: Request) =>
    JSON.stringify({ headers: Object.fromEntries(request.headers), body: await request.json() })
  /** As a function behind AWS's gateway gets it. */
  const asEvent = async (request: Request) =>
    JSON.stringify({
      headers: Object.fromEntries(request.headers),
      body: Buffer.from(await request.text()).toString('base64'),
      isBase64Encoded: true,
    })

  it.each([
    ['as it came', asMessage],
    ['as JSON', asJson],
    ['as an event', asEvent],
  ])('%s is known by its headers, and told genuine', async (_, write) => {
    const request = await received({}, { timestamp: '2026-05-04T08:00:00.000Z' })
    const input = await write(request)
    const { code, out } = await run('callback -', { input })
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(
        new RegExp(
          /^signature {2}genuine\nsigned {5}2026-05-04T08:00:00\.000Z, \d+ s ago\n/.source +
            /event {6}sandbox:085:v3:job_\S+\njob_id {5}job_\S+\n/.source,
        ),
      ),
    })
    expect(out).toContain('not confirmed')
    expect(await run('callback - --max-age 5m', { input })).toMatchObject({
      code: 2,
      err: expect.stringContaining('signature_expired'),
    })
  })

  it('is confirmed, or is not', async () => {
    const job_id = await finishedJob()
    const [genuine, lying, forged] = await Promise.all([
      received({}, { job_id }).then(asMessage),
      received({ status: 'block', reason: 'high_risk' }, { job_id }).then(asMessage),
      received({}, { job_id, apiKey: 'another' }).then(asMessage),
    ])
    const confirmed = await run('callback - --confirm --json', { input: genuine })
    expect([confirmed.code, json(confirmed)]).toEqual([
      0,
      {
        decision: 'approved',
        retryable: false,
        status: 'clear',
        job_id,
        user_id: expect.any(String),
        confirmed: true,
      },
    ])
    expect(await run('callback - --confirm', { input: lying })).toMatchObject({
      code: 3,
      err: expect.stringContaining('callback_unconfirmed'),
    })
    expect(await run('callback -', { input: forged })).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('signature_mismatch'),
    })
  })

  it('prints nothing personal, unless the whole is asked for', async () => {
    const input = await asMessage(await received({}, { job_id: await finishedJob() }))
    const { out } = await run('callback - --confirm', { input })
    expect(out + (await run('callback - --json', { input })).out).not.toMatch(PERSONAL)
    expect((await run('callback - --json --full', { input })).out).toMatch(PERSONAL)
  })

  it.each(['callback - --v3', 'callback -'])('without headers is asked for them: %s', async (args) => {
    const body = await (await received()).text()
    expect(await run(args, { input: body })).toMatchObject({
      code: 1,
      err: expect.stringContaining('FILE has no headers, where v3 signs: save the request as it came'),
    })
  })

  it('of v1 is one of v1, with headers or without', async () => {
    const smileJobId = emulator.startJob({ user_id: 'u', job_id: 'j', durationMs: 0 })
    const make = () => emulator.callbackRequest('https://shop.example', { SmileJobID: smileJobId })
    const [bare, whole] = [await (await make()).text(), await asMessage(await make())]
    // Newer ones of v1 are signed in their headers, too.
    const signed = whole.replace(
      '\r\n',
      '\r\nResponse-Signature: c2ln\r\nResponse-Timestamp: 2026-05-04T08:00:00Z\r\n',
    )
    for (const input of [bare, whole, signed]) {
      expect(await run('callback -', { input })).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^event {6}sandbox:085:\d+:/m),
      })
    }
  })
})
