/** The command `smileid`, over loopback against the emulator. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEmulator, type Emulator } from 'smileid-edge/emulator'
import { createEmulatorServer, type EmulatorServer } from 'smileid-edge/node'
import { buildCommand, type Command, type Ended } from '../../support/cli.ts'

const KEY = 'SECRET-key-of-085'
const NUMBER = '00000000000'
// Each test starts processes, on machines that may be busy.
vi.setConfig({ testTimeout: 300_000 })

let smileid: Command
let emulator: Emulator
let server: EmulatorServer
let env: Record<string, string>

beforeAll(async () => {
  smileid = await buildCommand()
})
afterAll(() => smileid.remove())
beforeEach(async () => {
  emulator = createEmulator({
    clock: 'real',
    jobDurationMs: 500,
    partners: [{ partnerId: '085', apiKey: KEY }],
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

const sendingLine = (environment: string) =>
  `smileid: sending to ${environment} (${new URL(server.url).host})\n`

/** No key, whatever happened; and nothing sent before the host was named, a line that is left out here. */
async function run(
  args: string,
  more: { env?: Record<string, string>; input?: string | Uint8Array } = {},
): Promise<Ended> {
  const callsBefore = emulator.calls.length
  const { code, out, err } = await smileid.run(args.split(' ').filter(Boolean), { env, ...more })
  expect(out + err).not.toContain(KEY)
  const named = [sendingLine('sandbox'), sendingLine('production')].filter((line) => err.includes(line))
  if (emulator.calls.length > callsBefore) expect(named).toHaveLength(1)
  expect(err.match(/sending to/g) ?? []).toHaveLength(new Set(err.match(/sending to .*/g)).size)
  return { code, out, err: named.reduce((rest, line) => rest.replace(line, ''), err) }
}
const json = ({ out }: Ended) => JSON.parse(out) as Record<string, unknown>

it('says what it can do, on standard output when it was asked', async () => {
  const [asked, bare] = [await run('--help'), await run('')]
  expect(asked).toMatchObject({ code: 0, err: '' })
  expect(bare).toEqual({ code: 1, out: '', err: asked.out })
  for (const [code] of [[0], [1], [2], [3], [4], [5], [6], [7]])
    expect(asked.out).toMatch(new RegExp(`^  ${code}  \\w`, 'm'))
  expect((await run('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/)
})

it('has help with flags and examples for every command', async () => {
  const names = [...(await run('help')).out.matchAll(/^ {2}([a-z-]+) {2,}[A-Z]/gm)].map(([, name]) => name!)
  expect(names.length).toBeGreaterThan(9)
  for (const name of names) {
    const { code, out } = await run(`help ${name}`)
    expect(code).toBe(0)
    expect(out).toMatch(
      new RegExp(`^npx smileid-edge ${name}[^]*\\nFlags\\n[^]*\\nExamples\\n  npx smileid-edge ${name}`),
    )
    expect(await run(`${name} --help`)).toEqual({ code: 0, out, err: '' })
    // Every flag says what it is for.
    expect(out).not.toMatch(/^ {2}--.*\S {2,}$/m)
  }
})

it.each([
  ['verifyid', 'verifyid is no command; did you mean verify-id?'],
  ['help xyz', 'xyz is no command'],
  ['status u', 'JOB_ID is missing'],
  ['status u j k', 'word 3 is too many: USER_ID JOB_ID are all'],
  ['status u j --jsn', '--jsn is not known; did you mean --json?'],
  ['status u j --timeout', '--timeout needs a value: --timeout TIME'],
  ['status u j --timeout --history', '--timeout needs a value: --timeout TIME'],
  ['status u j --timeout 5', '--timeout must be a time such as 500ms, 30s, 5m or 2h'],
  ['status u j --json=yes', '--json takes no value'],
  ['status u j --env test', '--env must be sandbox or production'],
  ['status u j --history --history', '--history was given twice'],
  ['status u j --full', '--full goes with --json: the whole reply holds personal data'],
  ['verify-id no-such-file', 'FILE cannot be read (ENOENT)'],
  ['services XX', 'COUNTRY is not one of'],
  ['emulator --port 0', '--port must be a whole number from 1'],
])('%s: exit 1, nothing sent', async (args, message) => {
  const { code, out, err } = await run(args)
  expect(err).toContain(`smileid: ${message}`)
  expect({ code, out }).toEqual({ code: 1, out: '' })
  expect(emulator.calls.filter(({ operation }) => operation !== 'services')).toEqual([])
})

it('lists every problem of a command line at once', async () => {
  expect((await run('status --env test --timeout never')).err).toBe(
    'smileid: --env must be sandbox or production\n' +
      'smileid: --timeout must be a time such as 500ms, 30s, 5m or 2h\n' +
      'smileid: USER_ID is missing\n' +
      'smileid: JOB_ID is missing\n' +
      'See npx smileid-edge help status\n',
  )
})

it('has no flag for the key, and does not repeat it', async () => {
  for (const flag of [`--api-key=${KEY}`, `--api-key ${KEY}`, `--key=${KEY}`]) {
    const { code, err } = await run(`status u j ${flag}`)
    expect(code).toBe(1)
    expect(err).toContain('set SMILE_ID_API_KEY, or write it to .env')
  }
})

it('takes settings from flags, then variables, then .env', async () => {
  const look = async (args: string, variables: Record<string, string>) =>
    (await run(`doctor --offline --json ${args}`, { env: variables })).out
  const file = join(smileid.dir, '.env')
  expect((await run('status u j', { env: {} })).err).toBe(
    'smileid: --partner-id (SMILE_ID_PARTNER_ID) is missing: set it in the environment or in .env of this ' +
      'folder. Without an account, npx smileid-edge emulator > .env, left running, gives settings to try ' +
      'with\n' +
      'smileid: SMILE_ID_API_KEY is missing\n' +
      'smileid: --env (SMILE_ID_ENVIRONMENT) is missing\n' +
      'See npx smileid-edge help status\n',
  )
  writeFileSync(
    file,
    [
      'SMILE_ID_PARTNER_ID=085',
      `SMILE_ID_API_KEY="${KEY}"`,
      'SMILE_ID_ENVIRONMENT=sandbox',
      'SMILE_ID_BASE_URL=http://127.0.0.1:1\n',
    ].join('\n'),
  )
  try {
    expect(await look('', {})).toContain('sandbox, 127.0.0.1:1')
    expect(await look('', { SMILE_ID_BASE_URL: 'http://127.0.0.1:2' })).toContain('sandbox, 127.0.0.1:2')
    expect(
      await look('--base-url http://127.0.0.1:3', { SMILE_ID_BASE_URL: 'http://127.0.0.1:2' }),
    ).toContain('sandbox, 127.0.0.1:3')
  } finally {
    rmSync(file)
  }
})

describe('a .env beside a key of the environment', () => {
  const { file, key } = { file: () => join(smileid.dir, '.env'), key: { SMILE_ID_API_KEY: KEY } }
  afterEach(() => rmSync(file()))
  const ids = { SMILE_ID_PARTNER_ID: '085', SMILE_ID_ENVIRONMENT: 'sandbox' }
  const write = (settings: Record<string, string>) =>
    writeFileSync(
      file(),
      Object.entries(settings)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    )
  const look = (args: string, variables: Record<string, string>) =>
    run(`doctor --offline ${args}`, { env: variables })

  it('may not say where that key is used: nothing is sent', async () => {
    write({
      SMILE_ID_BASE_URL: server.url,
      SMILE_ID_CALLBACK_URL: 'https://example.com/c',
      SMILE_ID_PREVIOUS_API_KEY: 'older',
    })
    for (const command of ['status u j', `verify-id --country NG --id-type BVN --id-number ${NUMBER}`]) {
      const { code, out, err } = await run(command, { env: { ...ids, ...key } })
      expect({ code, out }).toEqual({ code: 1, out: '' })
      const refused = err.split('\n').filter((line) => /^smileid: SMILE_ID_\w+ comes from \.env/.test(line))
      expect(refused.map((line) => line.split(' ')[1])).toEqual([
        'SMILE_ID_PREVIOUS_API_KEY',
        'SMILE_ID_BASE_URL',
        'SMILE_ID_CALLBACK_URL',
      ])
      expect(err).toContain(
        'smileid: SMILE_ID_BASE_URL comes from .env of this folder, but SMILE_ID_API_KEY from the ' +
          'environment: both must come from one source. Give SMILE_ID_BASE_URL by --base-url or the ' +
          'environment, take it out of .env, or put the key into .env, too\n',
      )
    }
    expect(emulator.calls).toEqual([])
    // Nothing is sent by it, so it asks for no address.
    expect(await run('sign', { env: { ...ids, ...key } })).toMatchObject({ code: 0 })
  })

  it('is not asked where the environment or a flag says so itself', async () => {
    write({ SMILE_ID_BASE_URL: 'http://127.0.0.1:1', SMILE_ID_CALLBACK_URL: 'https://example.com/c' })
    const own = { SMILE_ID_BASE_URL: server.url, SMILE_ID_CALLBACK_URL: 'https://example.com/mine' }
    expect(await run('status u nobody', { env: { ...ids, ...key, ...own } })).toMatchObject({ code: 2 })
    const flags = `--base-url ${server.url} --callback-url https://example.com/mine`
    expect(await look(flags, { ...ids, ...key })).toMatchObject({ code: 0 })
  })

  it('may have the rest, and all of it with the same key', async () => {
    write(ids)
    expect(await look('', key)).toMatchObject({ code: 0 })
    write({ ...ids, ...key, SMILE_ID_BASE_URL: server.url })
    expect(await run('status u nobody', { env: key })).toMatchObject({ code: 2 })
    expect(await run('status u nobody', { env: {} })).toMatchObject({ code: 2 })
    expect(await look('', { SMILE_ID_API_KEY: 'another' })).toMatchObject({ code: 1 })
  })
})

it('says so when .env cannot be read', async () => {
  mkdirSync(join(smileid.dir, '.env'))
  try {
    expect(await run('status u j')).toMatchObject({
      code: 1,
      err: 'smileid: .env cannot be read (EISDIR)\nSee npx smileid-edge help status\n',
    })
  } finally {
    rmdirSync(join(smileid.dir, '.env'))
  }
})

it('reads text with a byte order mark, and calls other text by its name', async () => {
  const dotenv = `SMILE_ID_PARTNER_ID=085\nSMILE_ID_API_KEY=${KEY}\nSMILE_ID_BASE_URL=${server.url}\n`
  const job = JSON.stringify({
    partner_params: { user_id: 'u', job_id: 'j' },
    id_info: { country: 'NG', id_type: 'BVN', id_number: NUMBER },
  })
  const put = (name: string, content: string | Uint8Array) => writeFileSync(join(smileid.dir, name), content)
  const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')
  const latin1 = Buffer.from('{"é":1}', 'latin1')
  const settings = { SMILE_ID_ENVIRONMENT: 'sandbox' }
  try {
    put('.env', `\ufeff${dotenv}`)
    put('job.json', `\ufeff${job}`)
    expect(await run('verify-id job.json', { env: settings })).toMatchObject({ code: 0 })
    expect(await run('verify-id - --job-id j2', { env: settings, input: `\ufeff${job}` })).toMatchObject({
      code: 0,
    })
    put('job.json', utf16(job))
    expect(await run('verify-id job.json --job-id j3', { env: settings })).toMatchObject({ code: 0 })
    const asOther = 'FILE is neither UTF-8 nor UTF-16 text: save it as UTF-8'
    for (const [args, input, message] of [
      ['verify-id -', latin1, asOther],
      ['callback -', latin1, asOther],
    ] as const) {
      const { code, err } = await run(args, { env: settings, input })
      expect({ code, err }, args).toEqual({ code: 1, err: expect.stringContaining(`smileid: ${message}\n`) })
    }
    put('.env', utf16(dotenv))
    // What it says in UTF-16 is what it says in UTF-8.
    const inUtf16 = await run('status u j', { env: settings })
    put('.env', dotenv)
    expect(await run('status u j', { env: settings })).toEqual(inUtf16)
  } finally {
    for (const name of ['.env', 'job.json']) rmSync(join(smileid.dir, name))
  }
})

it('names variables and flags when settings are wrong', async () => {
  const { code, err } = await run('status u j --base-url ftp://x --env production', {
    env: { ...env, SMILE_ID_PARTNER_ID: ' 085', SMILE_ID_API_KEY: `${KEY} ` },
  })
  expect(code).toBe(1)
  expect(err).toBe(
    'smileid: --partner-id (SMILE_ID_PARTNER_ID) must be trimmed text\n' +
      'smileid: SMILE_ID_API_KEY must be trimmed text\n' +
      'smileid: --base-url (SMILE_ID_BASE_URL) must be an http(s) URL\n' +
      'See npx smileid-edge help status\n',
  )
})

it('says once where settings come from when they are missing', async () => {
  const { code, err } = await run('status u j', { env: {} })
  expect(code).toBe(1)
  expect(err).toContain(
    'is missing: set it in the environment or in .env of this folder. Without an account, ' +
      'npx smileid-edge emulator > .env, left running, gives settings to try with\n',
  )
  expect(err.match(/left running/g)).toHaveLength(1)
})

it.each([
  ['services ng', 'did you mean NG?'],
  ['services NG bvn', 'did you mean BVN?'],
  ['services NG --product Enhanced-KYC', 'did you mean enhanced_kyc?'],
])('%s proposes a name', async (args, proposal) => {
  const { code, err } = await run(args)
  expect(err).toContain(proposal)
  expect(code).toBe(1)
})

it.each([
  ['by flag', '--env production', {}],
  ['by variable', '', { SMILE_ID_ENVIRONMENT: 'production' }],
  ['by address', '', { SMILE_ID_ENVIRONMENT: '', SMILE_ID_BASE_URL: 'https://api.smileidentity.com' }],
  [
    'by address, in another form',
    '--base-url https://API.smileidentity.com./v1',
    { SMILE_ID_ENVIRONMENT: '' },
  ],
  ['by flag, behind another address', '--env production', { SMILE_ID_BASE_URL: 'http://127.0.0.1:1' }],
])('asks for --yes before production named %s', async (_, args, more) => {
  for (const command of ['verify-id', 'verify-business']) {
    const { code, err } = await run(`${command} --country NG --id-type BVN --id-number ${NUMBER} ${args}`, {
      env: { ...env, SMILE_ID_BASE_URL: '', ...more },
    })
    expect(code).toBe(1)
    expect(err).toMatch(/^smileid: --yes is missing: \S+ is production, where calls are billed\n/)
  }
})

it('goes to production with --yes, and refuses a sandbox that is none', async () => {
  expect(
    await run(`verify-id --country NG --id-type BVN --id-number ${NUMBER} --env production --yes`),
  ).toMatchObject({ code: 0 })
  expect(await run('status u j --base-url https://api.smileidentity.com')).toMatchObject({
    code: 1,
    err: expect.stringContaining(
      '--env (SMILE_ID_ENVIRONMENT) does not fit baseUrl, which is the production host',
    ),
  })
})

it.each([
  ['0', 0, 'decision  approved\ncode      1012\ntext      ID Number Validated\njob       0000000001\n'],
  ['1', 2, 'decision  rejected\ncode      1013\n'],
  ['3', 3, 'decision  error, a new job may end better\ncode      1015\n'],
])('verify-id: a number that ends in %s exits with %i', async (digit, exit, text) => {
  const { code, out, err } = await run(
    `verify-id --country NG --id-type BVN --id-number ${NUMBER.slice(1)}${digit} --user-id u --job-id j`,
  )
  expect({ code, err }).toEqual({ code: exit, err: '' })
  expect(out.startsWith(text), out).toBe(true)
})

it('verify-id --basic: names that match in part end with an exit of their own, and no yes', async () => {
  const args = `verify-id --basic --country NG --id-type BVN --id-number ${NUMBER} --user-id u`
  expect(await run(`${args} --job-id j --first-name Leo --last-name Roe`)).toMatchObject({
    code: 8,
    err: '',
    out: expect.stringMatching(
      /^decision {2}not approved: a match in part\ncode {6}1021\n[^]*because {3}last_name: No Match\n$/,
    ),
  })
  const asked = await run('status u j --json')
  expect([asked.code, json(asked)]).toEqual([8, expect.objectContaining({ decision: 'partial' })])
  expect((await run(`${args} --job-id j2 --first-name Leo --last-name Doe`)).code).toBe(0)
  expect((await run('--help')).out).toMatch(/^ +8 +a match in part/m)
  const { length } = emulator.calls
  expect(await run(`${args} --job-id j3`)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('--first-name (id_info.first_name) is missing: Basic KYC compares names'),
  })
  expect(emulator.calls.length).toBe(length)
})

it('verify-id prints nothing personal, unless the whole reply is asked for', async () => {
  const personal = /Doe|Leo|2000-09-20|00000000000/i
  const args = `verify-id --country NG --id-type BVN --id-number ${NUMBER}`
  for (const ended of [await run(args), await run(`${args} --json`)]) expect(ended.out).not.toMatch(personal)
  const short = json(await run(`${args} --json`))
  expect(short).toMatchObject({
    decision: 'approved',
    code: '1012',
    final: true,
    user_id: expect.stringMatching(/^cli-/),
    job_id: expect.stringMatching(/^cli-/),
  })
  expect(JSON.stringify(json(await run(`${args} --json --full`)))).toMatch(personal)
})

it('verify-id reads a file or standard input, flags win over it, and lists what is wrong', async () => {
  const job = {
    partner_params: { user_id: 'u', job_id: 'j' },
    id_info: { country: 'NG', id_type: 'BVN', id_number: NUMBER, first_name: 'Leo', last_name: 'Doe' },
  }
  writeFileSync(join(smileid.dir, 'job.json'), JSON.stringify(job))
  expect((await run('verify-id job.json --basic --check')).out).toContain('code      1020')
  expect(
    (await run('verify-id - --job-id j2 --id-number 00000000001', { input: JSON.stringify(job) })).out,
  ).toContain('code      1013')
  expect(
    emulator.calls
      .map(({ operation, job: about }) => [operation, about?.job_id])
      .filter(([name]) => name !== 'services'),
  ).toEqual([
    ['verify', 'j'],
    ['id_verification', 'j2'],
  ])
  const wrong = await run('verify-id - --check', {
    input: '{"id_info":{"country":"nigeria","id_typ":"BVN"}}',
  })
  expect(wrong).toMatchObject({ code: 1, out: '' })
  const issues = wrong.err.match(/--[a-z-]+ \(id_info\.\w+\) (is missing|must be an ISO code)/g)
  expect(issues).toEqual([
    '--id-type (id_info.id_type) is missing',
    '--id-number (id_info.id_number) is missing',
    '--country (id_info.country) must be an ISO code',
  ])
  expect(await run('verify-id -', { input: '[1]' })).toMatchObject({
    code: 1,
    err: expect.stringContaining('FILE must be a JSON object'),
  })
  expect(json(await run('verify-id job.json --json'))).toMatchObject({
    error: { code: 'job_exists', outcome: 'rejected', smileCode: '2215' },
  })
})

it.each([
  ['verify-id', 'id_verification', 'BVN'],
  ['verify-business --business-type co', 'business_verification', 'BUSINESS_REGISTRATION'],
] as const)(
  '%s tells the ids that it made up when nobody knows what became of the call',
  async (args, operation, type) => {
    emulator.addFault({ on: operation, fault: { kind: 'reset', commit: true } })
    const { code, out, err } = await run(`${args} --country NG --id-type ${type} --id-number ${NUMBER}`)
    expect({ code, out }).toEqual({ code: 3, out: '' })
    const [, user_id, job_id] = /^user_id {2}(cli-\S+)\njob_id {3}(cli-\S+)\nsmileid: /.exec(err) ?? []
    expect(emulator.calls.map(({ job }) => job)).toEqual([{ user_id, job_id }])
  },
)

it('verify-id --later submits, wait and status tell the result', async () => {
  const submitted = json(
    await run(
      `verify-id --country NG --id-type BVN --id-number ${NUMBER} --user-id u --job-id j ` +
        '--later --callback-url https://example.com/c --json',
    ),
  )
  expect(submitted).toEqual({ success: true, user_id: 'u', job_id: 'j' })
  expect(
    (
      await run(
        `verify-id --country NG --id-type BVN --id-number ${NUMBER} --user-id u --job-id j2 ` +
          '--later --callback-url https://example.com/c',
      )
    ).out,
  ).toBe('submitted  the result comes later\nto wait    npx smileid-edge wait u j2\n')
  const waited = await run('wait u j --max-wait 30s')
  expect(waited.code).toBe(0)
  expect(waited.out).toMatch(/^decision {2}approved\ncode {6}1012\n/)
  expect(json(await run('status u j --json'))).toMatchObject({ decision: 'approved' })
})

it('verify-business looks a business up', async () => {
  const { code, out } = await run(
    'verify-business --country NG --id-type BUSINESS_REGISTRATION --id-number 0000000 --business-type co',
  )
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringMatching(
      new RegExp(
        /^decision {2}approved\ncode {6}1012\ntext {6}.*\n/.source +
          /job {7}\d{10}\nuser_id {3}cli-.*\njob_id {4}cli-.*\n$/.source,
      ),
    ),
  })
})

it.each([
  ['approved', 0],
  ['rejected', 2],
  ['provisional', 3],
] as const)('status of a job that is %s exits with %i', async (verdict, exit) => {
  emulator.startJob({ user_id: 'u', job_id: 'j', verdict, durationMs: 60_000 })
  await emulator.advance(60_000)
  const { code, out } = await run('status u j')
  expect(code, out).toBe(exit)
})

it('a job that is running, or that nobody knows', async () => {
  emulator.startJob({ user_id: 'u', job_id: 'j', durationMs: 60_000 })
  expect(await run('status u j')).toMatchObject({
    code: 3,
    out: expect.stringMatching(/^decision {2}pending, not final\n/),
  })
  expect(await run('wait u j --max-wait 1s --json')).toMatchObject({
    code: 3,
    out: expect.stringContaining('"wait_timeout"'),
  })
  expect(await run('status u nobody')).toMatchObject({
    code: 2,
    out: '',
    err: 'smileid: job_status: job_not_found HTTP 400 2304\nCheck ids and environment.\n',
  })
})

it('Ctrl-C ends a wait with 5', async () => {
  emulator.startJob({ user_id: 'u', job_id: 'j', durationMs: 60_000 })
  const running = smileid.start(['wait', 'u', 'j'], { env })
  await running.said(/pending/)
  running.child.kill('SIGINT')
  const err = `${sendingLine('sandbox')}pending\nsmileid: interrupted\n`
  expect(await running.ended).toMatchObject({ code: 5, out: '', err })
})

it('Ctrl-C ends waiting for standard input with 5', async () => {
  const running = smileid.start(['verify-id', '-'], { env, input: null })
  // More than a pipe holds: once all of it is written, the command reads.
  await new Promise<void>((resolve) => running.child.stdin.write(' '.repeat(500_000), () => resolve()))
  running.child.kill('SIGINT')
  expect(await running.ended).toEqual({ code: 5, out: '', err: 'smileid: interrupted\n' })
})

it('wrong credentials exit with 4, a service that is not there with 3', async () => {
  expect(await run('status u j', { env: { ...env, SMILE_ID_API_KEY: 'another' } })).toMatchObject({
    code: 4,
    err: expect.stringContaining('unauthorized'),
  })
  expect(
    await run('token u j biometric_kyc --callback-url https://example.com/c', {
      env: { ...env, SMILE_ID_API_KEY: 'another' },
    }),
  ).toMatchObject({ code: 4 })
  await server.close()
  expect(await run(`verify-id --country NG --id-type BVN --id-number ${NUMBER}`)).toMatchObject({
    code: 3,
    err: expect.stringContaining('network_error'),
  })
})

it('services lists countries, ID types and what one needs', async () => {
  expect((await run('services')).out.split('\n')).toContain('NG')
  expect((await run('services NG')).out.split('\n')).toContain('BVN')
  expect(json(await run('services NG BVN --json --product enhanced_kyc'))).toMatchObject({
    required_fields: expect.any(Array),
    format: expect.any(String),
  })
  expect(json(await run('services --json'))).toHaveProperty('hosted_web')
})

it('sign prints a timestamp and its signature, and nothing else', async () => {
  const hmac = (timestamp: string) =>
    createHmac('sha256', KEY).update(`${timestamp}085sid_request`).digest('base64')
  const fixed = '2024-08-06T09:15:30.123Z'
  expect((await run(`sign --timestamp ${fixed}`)).out).toBe(
    `timestamp  ${fixed}\nsignature  ${hmac(fixed)}\n`,
  )
  const { timestamp, signature, ...rest } = json(await run('sign --json'))
  expect([signature, rest]).toEqual([hmac(timestamp as string), {}])
  expect(Math.abs(Date.parse(timestamp as string) - Date.now())).toBeLessThan(300_000)
  expect(await run('sign', { env: {} })).toMatchObject({ code: 1, out: '' })
})

it('callback tells genuine from forged, and confirmed from claimed', async () => {
  const smileJobId = emulator.startJob({ user_id: 'user', job_id: 'job', durationMs: 0 })
  const save = async (name: string, request: Request) =>
    writeFileSync(join(smileid.dir, name), await request.text())
  await save(
    'true.json',
    await emulator.callbackRequest(
      'https://example.com',
      { SmileJobID: smileJobId },
      { timestamp: '2024-08-06T09:15:30.123Z' },
    ),
  )
  await save('forged.json', await emulator.callbackRequest('https://example.com', {}, { apiKey: 'another' }))
  await save(
    'lying.json',
    await emulator.callbackRequest('https://example.com', { SmileJobID: smileJobId, ResultCode: '0999' }),
  )
  expect(await run('callback true.json')).toMatchObject({
    code: 0,
    out: expect.stringMatching(
      new RegExp(
        /^signature {2}genuine\nsigned {5}2024-08-06T09:15:30\.123Z, /.source +
          /\d+ s ago\nevent {6}sandbox:085:\d+:.*\nbody {7}not confirmed/.source,
      ),
    ),
  })
  expect(json(await run('callback true.json --confirm --json'))).toMatchObject({
    decision: 'approved',
    confirmed: true,
  })
  expect(await run('callback true.json --max-age 5m')).toMatchObject({
    code: 2,
    err: expect.stringContaining('signature_expired'),
  })
  expect(await run('callback forged.json')).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringContaining('signature_mismatch'),
  })
  expect(await run('callback lying.json --confirm')).toMatchObject({
    code: 3,
    out: '',
    err: expect.stringContaining('callback_unconfirmed'),
  })
  expect(await run('callback -', { input: 'no json' })).toMatchObject({
    code: 2,
    err: expect.stringContaining('callback_malformed'),
  })
})

it('token makes a token', async () => {
  expect((await run('token u j biometric_kyc --callback-url https://example.com/c')).out).toMatch(/^\S+\n$/)
  expect(
    json(
      await run('token u j biometric_kyc --json', {
        env: { ...env, SMILE_ID_CALLBACK_URL: 'https://example.com/c' },
      }),
    ),
  ).toEqual({ token: expect.any(String) })
  expect(await run('token u j biometric_kyc')).toMatchObject({
    code: 1,
    err: expect.stringContaining('callback_url'),
  })
})

it('emulator prints settings with which other commands reach it, until Ctrl-C', async () => {
  const running = smileid.start(['emulator', '--verdict', 'rejected'])
  await running.said(/API_KEY=/)
  const { out } = await Promise.race([
    running.ended,
    new Promise<{ out: string }>((resolve) =>
      running.said(/^[^]*API_KEY=.*$/m).then(([text]) => resolve({ out: text })),
    ),
  ])
  const printed = Object.fromEntries(
    out
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/s).slice(0, 2)),
  ) as Record<string, string>
  expect(Object.keys(printed)).toEqual([
    'SMILE_ID_BASE_URL',
    'SMILE_ID_ENVIRONMENT',
    'SMILE_ID_PARTNER_ID',
    'SMILE_ID_API_KEY',
  ])
  expect(await run('services NG BVN', { env: printed })).toMatchObject({ code: 0 })
  expect(await run('doctor', { env: printed })).toMatchObject({ code: 0 })
  running.child.kill('SIGINT')
  expect(await running.ended).toMatchObject({
    code: 0,
    err: 'GET /v1/services 200\nGET /v1/services 200\nPOST /v1/job_status 400\n',
  })
})

describe('the emulator that is served', () => {
  /** Its settings as it prints them. */
  async function serving(args: readonly string[], variables: Record<string, string> = {}) {
    const running = smileid.start(['emulator', ...args], { env: variables })
    const [printed] = await running.said(/^SMILE_ID_BASE_URL=[^]*API_KEY=.*\n/m)
    const settings: Record<string, string> = {}
    for (const [, name, value] of printed.matchAll(/^(\w+)=(.*)$/gm)) settings[name!] = value!
    const end = () => {
      running.child.kill('SIGTERM')
      return running.ended
    }
    return { settings, end }
  }

  it('takes the partner id that is set, and never signs with the key', async () => {
    const { settings, end } = await serving([], { ...env, SMILE_ID_PARTNER_ID: '2343' })
    expect(settings).toMatchObject({
      SMILE_ID_PARTNER_ID: '2343',
      SMILE_ID_API_KEY: 'emulator-key-of-2343',
    })
    expect(await run('status u j', { env: settings })).toMatchObject({ code: 2 })
    // A request that is signed with it is one of a stranger, and no answer is signed with it.
    expect(await run('status u j', { env: { ...settings, SMILE_ID_API_KEY: KEY } })).toMatchObject({
      code: 4,
    })
    const ended = await end()
    expect(ended.code).toBe(0)
    expect(ended.err).toContain('smileid: SMILE_ID_API_KEY is not used: the emulator has a key of its own\n')
    expect(ended.out + ended.err).not.toContain(KEY)
  })

  it('answers for this machine and allowed names alone', async () => {
    const { settings, end } = await serving(['--allow-host', 'emulator', '--allow-host', 'Api.Test'])
    const url = new URL(settings.SMILE_ID_BASE_URL!)
    const statusFor = (host: string) => askAs(url, host)
    for (const host of ['localhost:1', 'emulator:80', 'api.test.'])
      expect(await statusFor(host), host).toBe(200)
    for (const host of ['rebound.example', 'emulator.example']) expect(await statusFor(host), host).toBe(421)
    await end()
    expect(await run('emulator --allow-host https://a.example')).toMatchObject({
      code: 1,
      err: expect.stringContaining('smileid: --allow-host must be a host name without scheme and port\n'),
    })
  })
})

/** The status that the services document is answered with, asked for under this name. */
async function askAs({ hostname, port }: URL, host: string): Promise<number | undefined> {
  const request = get({ hostname, port, path: '/v1/services', headers: { host } })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  response.resume()
  return response.statusCode
}
