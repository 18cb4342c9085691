/** `smileid submit` as a process over loopback against the emulator: what it sends, says, and exits with. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEmulator, type Emulator, samplePhoto } from 'smileid-edge/emulator'
import { createEmulatorServer, type EmulatorServer } from 'smileid-edge/node'
import { nextCommand } from '../../../../src/cli/next-command.ts'
import { createUploadLine } from '../../../../src/cli/commands/submit/progress.ts'
import { buildCommand, type Command, type Ended } from '../../../support/cli.ts'

/** In the key, names, numbers and names of files: nothing of it may be said. */
const CANARY = 'CANARY7'
const KEY = `${CANARY}-key`
// Each test starts processes, on machines that may be busy.
vi.setConfig({ testTimeout: 300_000 })

let smileid: Command
let dir: string
let emulator: Emulator
let server: EmulatorServer
let env: Record<string, string>

beforeAll(async () => {
  smileid = await buildCommand()
})
afterAll(() => smileid.remove())
beforeEach(async () => {
  await serve(500)
  dir = mkdtempSync(join(smileid.dir, 'job-'))
  for (const [seed, name] of ['selfie', 'front', 'frame'].entries())
    put(`${CANARY}-${name}.jpg`, samplePhoto({ seed: seed + 1 }))
})
afterEach(() => server.close())

async function serve(jobDurationMs: number): Promise<void> {
  emulator = createEmulator({ clock: 'real', jobDurationMs, partners: [{ partnerId: '085', apiKey: KEY }] })
  server = await createEmulatorServer(emulator)
  env = {
    SMILE_ID_PARTNER_ID: '085',
    SMILE_ID_API_KEY: KEY,
    SMILE_ID_ENVIRONMENT: 'sandbox',
    SMILE_ID_BASE_URL: server.url,
  }
}

const put = (name: string, content: string | Uint8Array) => writeFileSync(join(dir, name), content)
/** In the folder of this test, `@selfie` is a photo of its own. */
const words = (args: string) =>
  args
    .split(' ')
    .filter(Boolean)
    .map((word) => word.replace(/^@(\w+)$/, `${CANARY}-$1.jpg`))
    .map((word) => (/\.(json|jpg)$/.test(word) ? join(basename(dir), word) : word))

const sendingLine = (environment = 'sandbox') =>
  `smileid: sending to ${environment} (${new URL(server.url).host})\n`

/** Nothing is sent before the host was named, in a first line that is left out here. */
async function run(
  args: string,
  more: { env?: Record<string, string>; input?: string } = {},
): Promise<Ended> {
  const callsBefore = emulator.calls.length
  const { code, out, err } = await smileid.run(['submit', ...words(args)], { env, ...more })
  if (!args.includes('--full')) expect(out + err).not.toContain(CANARY)
  const line = [sendingLine(), sendingLine('production')].find((one) => err.startsWith(one))
  if (emulator.calls.length > callsBefore) expect(line, err).toBeDefined()
  return { code, out, err: line === undefined ? err : err.slice(line.length) }
}
const json = ({ out }: Ended) => JSON.parse(out) as Record<string, any>
const status = (args: string) => smileid.run(['status', ...args.split(' ')], { env })
const DOCUMENT = '--job-type document-verification --country GH --selfie @selfie --front @front'
const IDS = '--user-id u --job-id j'

it('submits, prints the ids, and says how to wait', async () => {
  expect(await run(`${DOCUMENT} ${IDS}`)).toEqual({
    code: 0,
    err: '',
    out:
      'submitted  the result comes later\n' +
      'user_id    u\n' +
      'job_id     j\n' +
      'job        0000000001\n' +
      'to wait    npx smileid-edge wait u j\n',
  })
  expect(emulator.uploads).toEqual([
    expect.objectContaining({
      job: { user_id: 'u', job_id: 'j' },
      problems: [],
      files: [expect.objectContaining({ image_type_id: 0 }), expect.objectContaining({ image_type_id: 1 })],
    }),
  ])
  const made = json(await run(`${DOCUMENT} --json`))
  expect(made).toEqual({
    success: true,
    user_id: expect.stringMatching(/^cli-/),
    job_id: expect.stringMatching(/^cli-/),
    smile_job_id: '0000000002',
  })
  expect((await smileid.run(['wait', made.user_id as string, made.job_id as string], { env })).code).toBe(0)
})

it.each([
  ['0', 0, 'approved', '0810'],
  ['1', 2, 'rejected', '0907'],
])(
  '--wait with a sandbox_result of %s exits with %i, %s',
  async (sandbox_result, exit, decision, resultCode) => {
    put(
      'job.json',
      JSON.stringify({
        partner_params: { user_id: 'u', job_id: 'j', job_type: 6, sandbox_result },
        id_info: { country: 'GH' },
      }),
    )
    const { code, out, err } = await run('job.json --selfie @selfie --front @front --wait --max-wait 30s')
    expect({ code, err }).toEqual({
      code: exit,
      err: 'submitted as job 0000000001; should this end early: npx smileid-edge wait u j\npending\n',
    })
    expect(out).toMatch(
      new RegExp(`^decision +${decision}.*\ncode +${resultCode}\ntext +\\S.*\njob +0000000001\n`),
    )
  },
)

it('--until provisional ends with what may still change, a running job with a timeout: both 3', async () => {
  await server.close()
  await serve(60_000)
  put(
    'job.json',
    JSON.stringify({ partner_params: { user_id: 'u', job_id: 'j', job_type: 4, sandbox_result: '2' } }),
  )
  const running = smileid.start(
    ['submit', ...words('job.json --selfie @selfie --wait --until provisional --json')],
    { env },
  )
  await running.said(/^pending$/m)
  await emulator.advance(60_000)
  expect(await running.ended).toMatchObject({
    code: 3,
    out: expect.stringMatching(/^\{"decision":"provisional".*\}\n$/),
  })
  const ended = await run(`${DOCUMENT} --wait --max-wait 1s --json`)
  expect({ code: ended.code, error: json(ended).error }).toMatchObject({
    code: 3,
    error: {
      code: 'wait_timeout',
      user_id: expect.stringMatching(/^cli-/),
      job_id: expect.stringMatching(/^cli-/),
    },
  })
})

it('takes frames in their order, by flag or from the file, and other flags over the file', async () => {
  const hashes = () =>
    emulator.uploads.at(-1)!.files.map(({ image_type_id, sha256 }) => [image_type_id, sha256])
  await run('--job-type 4 --selfie @selfie --liveness @frame --liveness @front')
  const byFlag = hashes()
  expect(byFlag.map(([type]) => type)).toEqual([0, 4, 4])
  const file = (name: string) => `${CANARY}-${name}.jpg`
  put(
    'job.json',
    JSON.stringify({
      partner_params: { job_type: 6 },
      images: { selfie: file('selfie'), liveness: [file('frame'), file('front')] },
      callback_url: 'https://example.com/file',
    }),
  )
  expect(
    await run(
      'job.json --job-type smart-selfie-registration --callback-url https://example.com/flag --user-id u2',
    ),
  ).toMatchObject({ code: 0 })
  expect(hashes()).toEqual(byFlag)
  await vi.waitFor(() => expect(emulator.callbacks).not.toEqual([]), { timeout: 200_000 })
  expect(emulator.callbacks.map(({ url }) => url)).toEqual(['https://example.com/flag'])
  // Frames of flags replace those of the file.
  await run('job.json --job-type 4 --liveness @selfie --user-id u3')
  expect(hashes()).toEqual([byFlag[0], [4, byFlag[0]![1]]])
})

it('works with users who are enrolled, and makes up no id for them', async () => {
  await run(`--job-type smart-selfie-registration --selfie @selfie --user-id u --wait`)
  for (const args of [
    '--job-type smart-selfie-authentication --selfie @selfie',
    '--job-type update-photo --selfie @selfie',
    '--job-type 6 --country GH --front @front --use-enrolled-image',
  ]) {
    expect(await run(args)).toMatchObject({
      code: 1,
      err: 'smileid: --user-id (partner_params.user_id) is missing\nSee npx smileid-edge help submit\n',
    })
    expect(await run(`${args} --user-id u --wait`)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^decision +approved\n/),
    })
  }
  expect(await run('--job-type 2 --selfie @selfie --user-id nobody')).toMatchObject({
    code: 2,
    err: expect.stringContaining('user_not_found'),
  })
  expect(await run('--job-type 4 --selfie @selfie --user-id u')).toMatchObject({
    code: 2,
    err: expect.stringContaining('user_exists'),
  })
  expect(await run('--job-type 4 --selfie @selfie --user-id u --allow-new-enroll')).toMatchObject({ code: 0 })
})

describe('wrong input: exit 1, nothing sent', () => {
  it.each<[string, string, string[]]>([
    ['no flags at all', '', ['--job-type (partner_params.job_type) is missing', '--selfie is missing']],
    [
      'files that are none',
      '--job-type 6 --country GH --selfie none.jpg --liveness @frame --liveness html.jpg --front folder.jpg',
      [
        '--selfie could not be read (ENOENT)',
        '--liveness (2 of 2) is HTML: only JPEG and PNG are taken, see how it was downloaded',
        '--front is no file',
      ],
    ],
    [
      'a photo that is cut off',
      '--job-type 4 --selfie cut.jpg',
      ['--selfie is cut off: copy or download it again'],
    ],
    [
      'what the type does not use',
      '--job-type 2 --user-id u --selfie @selfie --front @front',
      ['--front is not used by job type 2'],
    ],
    [
      'what the type lacks',
      '--job-type enhanced-document-verification --selfie @selfie',
      [
        '--country (id_info.country) is missing',
        '--id-type (id_info.id_type) is missing',
        '--front is missing',
      ],
    ],
    [
      'names in the file',
      'odd.json --selfie @selfie',
      [
        'images.liveness[1] must be the name of a file',
        'images.front lies outside of the photo folder',
        'images.back lies outside of the photo folder',
      ],
    ],
    ['images that are no object', 'text.json', ['images must be an object of images by kind']],
    [
      'parts that are no objects',
      'parts.json --job-type 4',
      ['partner_params must be an object', 'id_info must be an object'],
    ],
    [
      'a job to take up without ids',
      '--job-type 4 --selfie @selfie --retry',
      ['--user-id (partner_params.user_id) is missing', '--job-id (partner_params.job_id) is missing'],
    ],
    [
      'flags that would change nothing',
      '--job-type 4 --selfie @selfie --max-wait 1m --until complete',
      ['--max-wait goes with --wait', '--until goes with --wait'],
    ],
    [
      'no job type',
      '--job-type 5 --selfie @selfie',
      [expect.stringMatching(/^--job-type must be biometric-kyc or .* or 11$/)],
    ],
  ])('%s', async (_, args, issues) => {
    put('html.jpg', '<html>')
    put('cut.jpg', samplePhoto().slice(0, 300))
    mkdirSync(join(dir, 'folder.jpg'))
    symlinkSync(join('..', basename(dir), '..'), join(dir, 'out'))
    writeFileSync(join(smileid.dir, 'outside.jpg'), samplePhoto())
    put(
      'odd.json',
      JSON.stringify({
        partner_params: { job_type: 6 },
        id_info: { country: 'GH' },
        images: {
          selfie: 3,
          liveness: [`${CANARY}-frame.jpg`, ''],
          front: '../outside.jpg',
          back: 'out/outside.jpg',
        },
      }),
    )
    put('text.json', '{"partner_params":{"job_type":4},"images":"a.jpg"}')
    put('parts.json', '{"partner_params":"085","id_info":[]}')
    const { code, out, err } = await run(args)
    expect({ code, out, issues: err.trim().split('\n') }).toEqual({
      code: 1,
      out: '',
      issues: [
        ...issues.map((issue) =>
          typeof issue === 'string'
            ? `smileid: ${issue}`
            : expect.stringMatching(/^smileid: --job-type must be biometric-kyc or .* or 11$/),
        ),
        'See npx smileid-edge help submit',
      ],
    })
    expect(emulator.calls).toEqual([])
  })
})

it('prints nothing personal, unless the whole reply is asked for', async () => {
  put(
    'job.json',
    JSON.stringify({
      partner_params: { user_id: 'u', job_id: 'j', job_type: 1 },
      id_info: {
        country: 'NG',
        id_type: 'BVN',
        id_number: '00000000000',
        first_name: CANARY,
        last_name: CANARY,
        dob: '1999-09-09',
      },
    }),
  )
  for (const args of [
    '--job-id j1',
    '--job-id j2 --json',
    '--job-id j3 --wait',
    '--job-id j4 --wait --json',
    '--job-id j1',
  ]) {
    const { out, err } = await run(`job.json ${args} --selfie @selfie --allow-new-enroll`)
    expect(out + err).not.toMatch(/00000000000|1999-09-09/)
  }
  expect((await run('job.json --selfie @selfie --allow-new-enroll --wait --json --full')).out).toMatch(
    /"PartnerParams"/,
  )
})

describe('an upload that breaks off', () => {
  it('is explained, and gone on with by --retry', async () => {
    emulator.addFault({ on: 'upload_zip', fault: { kind: 'status', status: 403 } })
    const { code, out, err } = await run(DOCUMENT)
    expect({ code, out }).toEqual({ code: 3, out: '' })
    const [, user = '', job = '', flags = ''] =
      new RegExp(
        /^smileid: upload_zip: upload_refused HTTP 403\nThe job is open without images\.\n/.source +
          /user_id {3}(.*)\njob_id {4}(.*)\njob {7}0000000001\n/.source +
          /to go on {2}the same command with (.*)\n$/.source,
      ).exec(err) ?? []
    expect(flags, err).toBe(`--user-id ${user} --job-id ${job} --retry`)
    expect(await status(`${user} ${job}`)).toMatchObject({
      code: 3,
      out: expect.stringMatching(
        /\nimages +none arrived: the same npx smileid-edge submit with --retry sends them\n/,
      ),
    })
    expect(await run(`${DOCUMENT} --user-id ${user} --job-id ${job}`)).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        new RegExp(
          /job_exists[^]*\nto ask +npx smileid-edge status \S+ \S+\n/.source +
            /to go on +the same command with --retry, if no images arrived\n$/.source,
        ),
      ),
    })
    expect(await run(`${DOCUMENT} ${flags} --wait`)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^decision +approved\n[^]*job +0000000001\n/),
    })
    expect(emulator.uploads).toHaveLength(1)
  })

  it('again, with --retry, names no flag twice; scripts get the ids', async () => {
    emulator.addFault({ on: 'upload_zip', times: 2, fault: { kind: 'status', status: 403 } })
    expect(json(await run(`${DOCUMENT} ${IDS} --json`)).error).toMatchObject({
      code: 'upload_refused',
      outcome: 'rejected',
      smileJobId: '0000000001',
      user_id: 'u',
      job_id: 'j',
      hint: 'The job is open without images.',
    })
    expect(await run(`${DOCUMENT} ${IDS} --retry`)).toMatchObject({
      code: 3,
      err: expect.stringMatching(/\nto go on {2}the same command\n$/),
    })
    expect(await run(`${DOCUMENT} ${IDS} --retry`)).toMatchObject({ code: 0 })
  })

  it('by Ctrl-C says how to find out', async () => {
    emulator.addFault({ on: 'upload_zip', fault: { kind: 'hang' } })
    const running = smileid.start(['submit', ...words(`${DOCUMENT} ${IDS} --env sandbox`)], { env })
    await vi.waitFor(
      () => expect(emulator.calls.map(({ operation }) => operation)).toEqual(['upload', 'upload_zip']),
      { timeout: 200_000 },
    )
    running.child.kill('SIGINT')
    expect(await running.ended).toEqual({
      code: 5,
      out: '',
      err:
        sendingLine() +
        'smileid: interrupted\n' +
        'The job may be open, and its images may have arrived: ask.\n' +
        'user_id   u\n' +
        'job_id    j\n' +
        'to ask    npx smileid-edge status --env sandbox u j\n' +
        'to go on  the same command with --retry, if no images arrived\n',
    })
  })

  it('before the job is known to be open: the repeat finds it, and nobody can tell whose it is', async () => {
    emulator.addFault({ on: 'upload', fault: { kind: 'reset', commit: true } })
    const { code, err } = await run(`${DOCUMENT} ${IDS}`)
    expect(code).toBe(3)
    expect(err).toMatch(
      new RegExp(
        /^smileid: upload: job_exists [^]*\nto ask +npx smileid-edge status u j\n/.source +
          /to go on +the same command with --retry, if no images arrived\n$/.source,
      ),
    )
    expect(await run(`${DOCUMENT} ${IDS} --retry`)).toMatchObject({ code: 0 })
    expect(emulator.calls.filter(({ operation }) => operation === 'upload')).toHaveLength(3)
  })

  it('with nothing sent leaves nothing to go on with', async () => {
    await server.close()
    const { code, err } = await run(`${DOCUMENT} ${IDS}`)
    expect({ code, err }).toMatchObject({
      code: 3,
      err: expect.stringMatching(/^smileid: upload: network_error ECONNREFUSED \(127\.0\.0\.1:\d+\)\n.*\n$/),
    })
  })
})

it.each([
  ['by flag', '--env production', {}],
  ['by variable', '', { SMILE_ID_ENVIRONMENT: 'production' }],
  ['by address', '', { SMILE_ID_ENVIRONMENT: '', SMILE_ID_BASE_URL: 'https://api.smileidentity.com' }],
])('asks for --yes before production named %s', async (_, args, more) => {
  expect(await run(`${DOCUMENT} ${args}`, { env: { ...env, ...more } })).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^smileid: --yes is missing: \S+ is production, where calls are billed\n/),
  })
  expect(emulator.calls).toEqual([])
})

it('goes to production with --yes, and says so in what to type next', async () => {
  expect(await run(`${DOCUMENT} ${IDS} --env production --yes`)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/\nto wait {4}npx smileid-edge wait --env production u j\n$/),
  })
})

it('the next command is read by a shell as it was meant, whatever the ids', () => {
  fc.assert(
    fc.property(
      fc
        .tuple(fc.string({ minLength: 1 }), fc.string({ minLength: 1, unit: 'grapheme' }))
        .filter((ids) => !ids.join('').includes('\0')),
      ([user_id, job_id]) => {
        const npx = `npx() { [ "$1" = smileid-edge ] && shift && printf '%s\\0' "$@"; }`
        const next = nextCommand('wait', { user_id, job_id }, {})
        const { stdout } = spawnSync('sh', ['-c', `${npx}; ${next}`], { encoding: 'utf8' })
        const read = stdout.split('\0').slice(0, -1)
        expect(read.filter((word, at) => !(at === 1 && word === '--' && read.length === 4))).toEqual([
          'wait',
          user_id,
          job_id,
        ])
        // What looks like a flag comes behind the dashes.
        expect(read.length === 4).toBe([user_id, job_id].some((id) => id.startsWith('-')))
      },
    ),
    { numRuns: 60 },
  )
})

it('shows the upload on a terminal, never wider than it, and nothing elsewhere', () => {
  let time = 0
  let raw = ''
  const terminal = { columns: () => 60, write: (text: string) => void (raw += text) }
  const upload = (line = createUploadLine({ terminal, now: () => time })) => {
    line.show({ sentBytes: 500_000, totalBytes: 2_000_000 })
    time += 50
    line.show({ sentBytes: 600_000, totalBytes: 2_000_000 }) // too soon to be worth it
    time += 50
    line.show({ sentBytes: 2_000_000, totalBytes: 2_000_000 })
    line.end()
  }
  upload()
  expect(raw).toBe(
    `\r[${'#'.repeat(8)}${'-'.repeat(22)}] 0.5 of 2.0 MB handed over\x1b[K` +
      `\r[${'#'.repeat(30)}] 2.0 of 2.0 MB handed over\x1b[K\r\x1b[K`,
  )
  raw = ''
  upload(createUploadLine({ terminal: undefined, now: () => time }))
  expect(raw).toBe('')
})
