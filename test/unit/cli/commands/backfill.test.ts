/**
 * `smileid backfill` over loopback against the emulator: what it sends, says, keeps, and exits
 * with.
 */
import { spawn } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEmulator, type Emulator, type EmulatorOptions, samplePhoto } from 'smileid-edge/emulator'
import { createEmulatorServer, type EmulatorServer } from 'smileid-edge/node'
import { buildCommand, type Command, type Ended } from '../../../support/cli.ts'
import { freePort } from '../../../support/free-port.ts'

/** In ids, names of photos and the key: nothing of it may be said. */
const CANARY = 'CANARY7'
const KEY = `${CANARY}-key`
const user = (index: number) => `${CANARY}-u${index}`
const photo = (index: number) => `${CANARY}-p${index}.jpg`
// Each test starts processes, on machines that may be busy.
vi.setConfig({ testTimeout: 300_000 })
const PATIENCE = { timeout: 200_000, interval: 20 }

let smileid: Command
let dir: string
let emulator: Emulator
let server: EmulatorServer
let env: Record<string, string>

beforeAll(async () => {
  smileid = await buildCommand()
})
afterAll(() => smileid.remove())
beforeEach(() => {
  dir = mkdtempSync(join(smileid.dir, 'run-'))
  mkdirSync(join(dir, 'photos'))
})
afterEach(() => server?.close())

/** Photos of 128 × 160 pixels are enrolled, PNGs of 64 × 80 rejected. */
async function serve({ port, ...options }: EmulatorOptions & { port?: number } = {}): Promise<void> {
  emulator = createEmulator({
    clock: 'real',
    partners: [{ partnerId: '085', apiKey: KEY }],
    choices: { minFaceSide: 100 },
    ...options,
  })
  server = await createEmulatorServer(emulator, { port })
  env = {
    SMILE_ID_PARTNER_ID: '085',
    SMILE_ID_API_KEY: KEY,
    SMILE_ID_ENVIRONMENT: 'sandbox',
    SMILE_ID_BASE_URL: server.url,
  }
}

const put = (name: string, content: string | Uint8Array) => writeFileSync(join(dir, name), content)
const read = (name: string) => readFileSync(join(dir, name), 'utf8')
const HEADER = 'user_id,user_created_at,photo,branch'

/** A CSV of so many users, with a photo for each; further lines as they are. */
function csv(users: number, ...more: string[]): void {
  for (let i = 0; i < users; i++) put(`photos/${photo(i)}`, samplePhoto({ seed: i + 1 }))
  const lines = Array.from({ length: users }, (_, i) => `${user(i)},2021-08-12,${photo(i)},"Lagos, ""1"""`)
  put('users.csv', `${[HEADER, ...lines, ...more].join('\n')}\n`)
}

const words = (args: string) =>
  args
    .split(' ')
    .filter(Boolean)
    .map((word) => (/\.(csv|ndjson|html|jsonl)$|^photos$/.test(word) ? join(basename(dir), word) : word))
async function run(args: string, more: { env?: Record<string, string> } = {}): Promise<Ended> {
  const ended = await smileid.run(['backfill', ...words(args)], { env, ...more })
  if (!args.includes('--full')) expect(ended.out + ended.err).not.toContain(CANARY)
  return {
    ...ended,
    out: ended.out.replaceAll(`${basename(dir)}/`, ''),
    err: ended.err
      .replaceAll(`${basename(dir)}/`, '')
      .replace(new URL(server.url).host, 'HOST')
      .replaceAll(/, [\d.]+\/s(, \w+ left)?/g, ''),
  }
}
const enrolled = () => [...emulator.users].map(({ user_id }) => user_id).sort()
const users = (count: number) => Array.from({ length: count }, (_, i) => user(i)).sort()
const BASE = 'users.csv --photos photos'

it('enrols all, says so, and has nothing left to do', async () => {
  await serve()
  csv(3)
  expect(await run(BASE)).toEqual({
    code: 0,
    out: 'enrolled  3\ncalls     3\njournal   users.csv.journal.ndjson\nAll done.\n',
    err:
      '3 rows, 0 with problems, 0 done before; 3 calls to make on sandbox (HOST)\n' +
      '3/3 (100 %): enrolled 3\n',
  })
  expect(enrolled()).toEqual(users(3))
  expect(await run(BASE)).toMatchObject({
    code: 0,
    out: 'enrolled     3\ndone before  3\ncalls        0\njournal      users.csv.journal.ndjson\nAll done.\n',
  })
  // Photos may go once their users are enrolled.
  rmSync(join(dir, `photos/${photo(1)}`))
  expect(await run(`${BASE} --resume`)).toMatchObject({ code: 0 })
  expect(emulator.calls).toHaveLength(3)
})

it('--dry-run sends nothing, leaves no journal, and counts', async () => {
  await serve()
  csv(3, `${user(0)},2021-08-12,${photo(0)},again`)
  expect(await run(`${BASE} --dry-run --errors errors.csv --report report.html`)).toEqual({
    code: 6,
    out:
      'rows           4\n' +
      'problems       1\n' +
      'done before    0\n' +
      'calls to make  3\n' +
      'errors         errors.csv\n' +
      'report         report.html\n' +
      'Nothing was sent: 1 of 4 rows have problems.\n' +
      'errors.csv can be mended, and run with --journal users.csv.journal.ndjson\n',
    err:
      'line 5: user_id is that of an earlier row\n' +
      '4 rows, 1 with problems, 0 done before; 3 calls to make on sandbox (HOST)\n',
  })
  expect(await run(`${BASE} --dry-run --skip-invalid --env production`)).toMatchObject({
    code: 0,
    out: expect.stringContaining('Nothing was sent: this was a dry run.'),
  })
  expect([emulator.calls.length, existsSync(join(dir, 'users.csv.journal.ndjson'))]).toEqual([0, false])
  expect(read('report.html')).toContain('Calls that a run would make')
  await run(`${BASE} --skip-invalid --limit 2`)
  expect((await run(`${BASE} --dry-run --skip-invalid`)).out).toContain('done before    2\ncalls to make  1')
})

it('--limit and --max-calls end with 7, and go on', async () => {
  await serve()
  csv(6)
  expect(await run(`${BASE} --limit 2`)).toMatchObject({
    code: 7,
    out: expect.stringMatching(/^enrolled {2}2\ncalls {5}2\n[^]*The first 2 of 6 rows are through\.\n$/),
  })
  expect(enrolled()).toEqual(users(2))
  expect(await run(`${BASE} --max-calls 3`)).toMatchObject({
    code: 7,
    out: expect.stringContaining('The budget of calls is used up'),
  })
  expect(enrolled()).toHaveLength(5)
  expect(await run(BASE)).toMatchObject({ code: 0 })
  expect(emulator.calls).toHaveLength(6)
})

it('rejected rows: 2, and an errors file that keeps the input and is an input again', async () => {
  await serve()
  csv(2, `${user(8)},2021-08-12,small.png,"=1+1, ""x"""`, `${user(9)},2021-08-12,small.png,`)
  put('photos/small.png', samplePhoto({ type: 'image/png' }))
  const { code, out, err } = await run(`${BASE} --errors errors.csv --accept-warnings`)
  expect({ code, out }).toEqual({
    code: 2,
    out:
      'enrolled  2\n' +
      'rejected  2\n' +
      'calls     4\n' +
      'journal   users.csv.journal.ndjson\n' +
      'errors    errors.csv\n' +
      'Done, but for rows that were rejected or have problems.\n' +
      'errors.csv can be mended, and run with --journal users.csv.journal.ndjson --retry-rejected\n',
  })
  expect(err).toMatch(/^line [45]: rejected \d{4} .+$/m)
  const [header, ...rows] = read('errors.csv').trim().split('\n')
  expect(header).toBe(`smileid_line,smileid_state,smileid_code,smileid_message,${HEADER}`)
  expect(rows.sort().map((row) => row.replace(/"\d{4}","[^"]*"/, '…'))).toEqual([
    `4,"rejected",…,${user(8)},2021-08-12,small.png,"=1+1, ""x"""`,
    `5,"rejected",…,${user(9)},2021-08-12,small.png,`,
  ])
  put('photos/small.png', samplePhoto({ seed: 9 }))
  expect(
    await run('errors.csv --photos photos --journal users.csv.journal.ndjson --accept-warnings'),
  ).toMatchObject({
    code: 2,
    out: expect.stringContaining('calls        0'),
  })
  expect(
    await run(
      'errors.csv --photos photos --journal users.csv.journal.ndjson --retry-rejected --errors left.csv ' +
        '--accept-warnings',
    ),
  ).toMatchObject({ code: 0, out: expect.stringContaining('enrolled  2\ncalls     2') })
  expect(read('left.csv')).toBe(`${header}\n`)
})

it('unknown rows: 3, and settled by the next run without a second enrolment', async () => {
  await serve({ faults: [{ on: 'backfill_users', after: 1, fault: { kind: 'reset', commit: true } }] })
  csv(3)
  expect(await run(`${BASE} --concurrency 1 --errors errors.csv`)).toMatchObject({
    code: 3,
    out: expect.stringMatching(/^enrolled {2}2\nunknown {3}1\ncalls {5}3\n[^]*1 rows are to be run again/),
  })
  expect(await run(BASE)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^enrolled {5}2\nexists {7}1\ndone before {2}2\ncalls {8}1\n/),
  })
  expect(enrolled()).toEqual(users(3))
})

it('a row whose photo changed since it was sent stays unknown', async () => {
  await serve({ faults: [{ on: 'backfill_users', fault: { kind: 'reset', commit: false } }] })
  csv(1)
  expect(await run(BASE)).toMatchObject({ code: 3 })
  put(`photos/${photo(0)}`, samplePhoto({ seed: 99 }))
  const { code, err } = await run(BASE)
  expect(code).toBe(3)
  expect(err).toContain('line 2: unknown')
  expect(err).toContain('photo or date changed since it was sent')
  expect(emulator.calls).toHaveLength(1)
})

it.each([
  ['a wrong key', {}, { SMILE_ID_API_KEY: 'another' }, 'unauthorized'],
  [
    'an empty wallet',
    { faults: [{ fault: { kind: 'status' as const, status: 402 } }] },
    {},
    'payment_required',
  ],
  [
    'a reply that is not signed right',
    { faults: [{ fault: { kind: 'body' as const, body: 'bad_signature' as const } }] },
    {},
    'signature_mismatch',
  ],
])('%s stops the run with 4', async (_, options, changed, message) => {
  await serve(options)
  csv(5)
  const { code, out, err } = await run(`${BASE} --concurrency 1 --report report.html`, {
    env: { ...env, ...changed },
  })
  expect({ code, calls: emulator.calls.length }).toEqual({ code: 4, calls: 1 })
  expect(err).toContain(message)
  expect(out).toContain('Stopped: ')
  expect(read('report.html')).toContain(message)
  expect(await run(BASE)).toMatchObject({ code: 0 })
  expect(enrolled()).toEqual(users(5))
})

describe('Ctrl-C', () => {
  it('drains: what is under way ends, nothing new begins, and the same command goes on', async () => {
    await serve({ faults: [{ on: 'backfill_users', times: Infinity, fault: { kind: 'latency', ms: 300 } }] })
    csv(12)
    const running = smileid.start(['backfill', ...words(`${BASE} --concurrency 2 --accept-warnings`)], {
      env,
    })
    await vi.waitFor(() => expect(emulator.calls.length).toBeGreaterThan(1), PATIENCE)
    running.child.kill('SIGINT')
    const { code, out, err } = await running.ended
    expect(code).toBe(5)
    expect(err).toContain('ending once the calls under way are answered; Ctrl-C again ends at once')
    expect(out).toContain('Interrupted: the same command goes on.')
    const sent = emulator.calls.length
    expect(sent).toBeGreaterThan(1)
    expect(sent).toBeLessThan(12)
    // Every call that was made has its end in the journal.
    const last = new Map(
      read('users.csv.journal.ndjson')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => JSON.parse(line) as { key?: string; state?: string })
        // The others say what was synced.
        .filter(({ key }) => key !== undefined)
        .map(({ key, state }) => [key, state]),
    )
    expect([...last.values()]).toEqual(Array.from({ length: sent }, () => 'enrolled'))
    expect(await run(BASE)).toMatchObject({ code: 0 })
    expect(emulator.calls).toHaveLength(12)
  })

  it('twice quits at once, and what was under way is not sent as new', async () => {
    await serve({ faults: [{ on: 'backfill_users', times: 2, fault: { kind: 'hang' } }] })
    csv(4)
    const running = smileid.start(['backfill', ...words(`${BASE} --concurrency 2`)], { env })
    await vi.waitFor(() => expect(emulator.calls).toHaveLength(2), PATIENCE)
    running.child.kill('SIGINT')
    await running.said(/Ctrl-C again/)
    running.child.kill('SIGINT')
    expect(await running.ended).toMatchObject({ code: 5, out: '' })
    // Whoever had the others under way is gone: they are asked for again at once.
    expect(await run(BASE)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^enrolled {2,}4\n[^]*All done\.\n$/),
    })
    expect(enrolled()).toEqual(users(4))
  })

  it('is what it counts for when nobody reads the output any more', async () => {
    await serve({ faults: [{ on: 'backfill_users', times: Infinity, fault: { kind: 'latency', ms: 100 } }] })
    csv(30)
    const running = smileid.start(['backfill', ...words(`${BASE} --json --concurrency 2`)], { env })
    await running.said(/"event":"row"/)
    running.child.stdout.destroy()
    expect((await running.ended).code).toBe(5)
    expect(emulator.calls.length).toBeLessThan(30)
    expect(read('users.csv.journal.ndjson').match(/"state":"sending"/g)).toHaveLength(emulator.calls.length)
    expect(await run(BASE)).toMatchObject({ code: 0 })
    expect(emulator.calls).toHaveLength(30)
  })

  it('during the check sends nothing', async () => {
    await serve()
    csv(1)
    const lines = Array.from({ length: 200_000 }, (_, i) => `${user(i)},2021-08-12,${photo(0)},`)
    put('users.csv', `${[HEADER, ...lines].join('\n')}\n`)
    const running = smileid.start(['backfill', ...words(BASE)], { env })
    await vi.waitFor(
      () => expect(existsSync(join(dir, 'users.csv.journal.ndjson.lock'))).toBe(true),
      PATIENCE,
    )
    running.child.kill('SIGINT')
    expect(await running.ended).toMatchObject({ code: 5, out: '', err: 'smileid: interrupted\n' })
    expect(emulator.calls).toEqual([])
  })
})

describe('the check before the first call', () => {
  const long = `${HEADER}\n${'x'.repeat(17_000_000)}\n`
  it.each<[string, () => void, RegExp]>([
    [
      'columns that are missing',
      () => put('users.csv', `user_id,picture\n${user(1)},p.jpg\n`),
      /line 1 lacks user_created_at, photo; there are user_id, picture/,
    ],
    [
      'no header',
      () => put('users.csv', `${user(1)},2021-08-12,p.jpg\n`),
      /line 1 lacks .*is it the header\?/,
    ],
    ['an empty file', () => put('users.csv', ''), /file is empty/],
    ['a binary file', () => put('users.csv', samplePhoto()), /NUL byte|not UTF-8/],
    ['Windows-1252', () => put('users.csv', Buffer.from(`${HEADER}\n\xe9,`, 'latin1')), /is not UTF-8/],
    ['a line without an end', () => put('users.csv', long), /more than 16777216 characters/],
    [
      'a quote that is never closed',
      () => csv(1, `${user(5)},2021-08-12,"p.jpg,`),
      /line 3 opens a quote that is never closed/,
    ],
    ['ragged rows', () => csv(1, `${user(5)},2021-08-12`), /line 3 has 2 cells, the header has 4/],
    [
      'an id twice',
      () => csv(2, `${user(1)},2021-08-12,${photo(0)},`),
      /line 4: user_id is that of an earlier row/,
    ],
    [
      'a wrong date',
      () => csv(1, `${user(5)},12/08/2021,${photo(0)},`),
      /line 3: user_created_at has day or month first/,
    ],
    [
      'a photo outside of the folder',
      () => {
        csv(1, `${user(5)},2021-08-12,../secret.jpg,`)
        put('secret.jpg', samplePhoto())
      },
      /line 3: photo lies outside of the photo folder/,
    ],
    [
      'a link that leads out',
      () => {
        csv(1, `${user(5)},2021-08-12,link.jpg,`)
        put('secret.jpg', samplePhoto())
        symlinkSync('../secret.jpg', join(dir, 'photos/link.jpg'))
      },
      /line 3: photo lies outside/,
    ],
    [
      'a photo that is not there',
      () => csv(1, `${user(5)},2021-08-12,nowhere.jpg,`),
      /line 3: photo is missing: there is no file "nowhere.jpg" in the folder "photos"/,
    ],
    [
      'a folder as photo',
      () => {
        csv(1, `${user(5)},2021-08-12,inner,`)
        mkdirSync(join(dir, 'photos/inner'))
      },
      /line 3: photo is no file/,
    ],
    [
      'a photo that is cut off',
      () => {
        csv(1, `${user(5)},2021-08-12,cut.jpg,`)
        put('photos/cut.jpg', samplePhoto().slice(0, 300))
      },
      /line 3: photo /,
    ],
    [
      'a photo that is too large',
      () => {
        csv(1, `${user(5)},2021-08-12,large.jpg,`)
        put('photos/large.jpg', new Uint8Array(5_000_001))
      },
      /line 3: photo /,
    ],
  ])('finds %s: exit 6, nothing sent', async (_, make, message) => {
    await serve()
    make()
    const { code, err } = await run(BASE)
    expect(err).toMatch(message)
    expect({ code, calls: emulator.calls }).toEqual({ code: 6, calls: [] })
  })

  it('takes one photo under two ids for a problem when asked', async () => {
    await serve()
    csv(1, `${user(5)},2021-08-12,${photo(0)},`)
    expect(
      await run(`${BASE} --duplicate-photos --skip-invalid --errors twins.csv --journal twins.ndjson`),
    ).toMatchObject({ code: 2, out: expect.stringMatching(/^enrolled {2}1\ninvalid {3}1\ncalls {5}1\n/) })
    expect(read('twins.csv')).toContain('"invalid","duplicate"')
    await emulator.reset()
    expect(await run(`${BASE} --duplicate-photos`)).toMatchObject({
      code: 6,
      err: expect.stringContaining('line 3: photo is that of an earlier row'),
    })
    expect(await run(BASE)).toMatchObject({
      code: 6,
      err: expect.stringContaining('warning: photo is that of an earlier row (1 row: line 3)'),
    })
    expect(await run(`${BASE} --accept-warnings`)).toMatchObject({ code: 0 })
  })

  it('takes no row for done because rows around it are', async () => {
    await serve()
    csv(12)
    const [header, ...lines] = read('users.csv').trim().split('\n')
    const file = (rows: string[]) => put('users.csv', `${[header, ...rows].join('\n')}\n`)
    file(lines.slice(4))
    expect(await run(BASE)).toMatchObject({ code: 0 })
    put(`photos/${photo(1)}`, 'no photo')
    put(`photos/${photo(3)}`, samplePhoto({ seed: 1 }))
    file(lines)
    const { code, out, err } = await run(`${BASE} --duplicate-photos`)
    expect(code).toBe(6)
    expect(err).toContain('line 3: photo is no picture')
    expect(err).toContain('line 5: photo is that of an earlier row')
    expect(out).toMatch(/problems {7}2\ndone before {4}8\ncalls to make {2}2\n/)
    const damaged = lines.map((line, i) => (i === 2 ? `1.0,2021-08-12,${photo(2)},` : line))
    file(damaged.filter((_, i) => i !== 1 && i !== 3))
    const warned = await run(BASE)
    expect(warned.err).toContain('(1 row: line 3)')
    expect(warned).toMatchObject({ code: 6, out: expect.stringMatching(/look damaged {3}1\n/) })
    expect(emulator.calls).toHaveLength(8)
  })

  it('gives rows with a photo of another back with their cells, beside rows that were sent', async () => {
    await serve()
    csv(1, `${user(5)},2021-08-12,${photo(0)},"Lagos, ""2"""`)
    await run(`${BASE} --duplicate-photos --skip-invalid --concurrency 1 --errors errors.csv`)
    const [, line] = read('errors.csv').split('\n')
    const message = '"invalid","duplicate","photo is that of an earlier row"'
    expect(line).toBe(`3,${message},${user(5)},2021-08-12,${photo(0)},"Lagos, ""2"""`)
  })

  it('stops at rows that look damaged, with counts and lines, and sends them when told so', async () => {
    await serve()
    csv(14)
    const header = `${HEADER}\n`
    const damaged = ['2.34812E+12', '#N/A', ...Array.from({ length: 12 }, (_, i) => `${i}.0`)]
    const lines = damaged.map((id, i) => `${id},2021-08-12,${photo(i)},\n`)
    put('users.csv', header + lines.join(''))
    for (const flags of ['--dry-run --errors errors.csv', '']) {
      const { code, out, err } = await run(`${BASE} ${flags}`)
      expect(code).toBe(6)
      expect(err).toContain(
        'warning: user_id ends in .0, as whole numbers do in a column with gaps: export the column as text ' +
          '(12 rows: lines 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 and 2 more)\n' +
          'warning: user_id is a number that a spreadsheet has rounded: export the column as text ' +
          '(1 row: line 2)\n' +
          'warning: user_id is what a spreadsheet writes in place of a value (1 row: line 3)\n' +
          '14 rows, 0 with problems, 14 that look damaged, 0 done before; 14 calls to make on ',
      )
      expect(out).toContain('look damaged   14\n')
      expect(out).toContain('Nothing was sent: 14 of 14 rows look damaged.')
    }
    expect(read('errors.csv').trim().split('\n')).toHaveLength(15)
    expect(emulator.calls).toEqual([])
    const { out } = await run(`${BASE} --json --dry-run`)
    expect(out.match(/"event":"warning","line":\d+/g)).toHaveLength(14)
    expect(await run(`${BASE} --accept-warnings`)).toMatchObject({ code: 0 })
    expect(enrolled()).toHaveLength(14)
    // What is enrolled cannot be saved any more.
    expect(await run(BASE)).toMatchObject({ code: 0 })
  })

  it.each([
    [['1/2/2021', '3/4/2021'], 'none has a number above 12', '--date-format dmy or --date-format mdy'],
    [['1/2/2021', '31/8/2021'], 'and 1 of them begin with more than 12', '--date-format dmy'],
    [['1/2/2021', '8/31/2021'], 'have more than 12 in second place', '--date-format mdy'],
    [['31/8/2021', '8/31/2021'], 'can only have the day first and 1 only the month', 'written one way'],
    [['44420', '44421.5'], '2 look like dates as a spreadsheet counts them', '--date-format excel'],
    [['2021-05-18 15:14:43'], 'have a time without a time zone', '--time-zone'],
  ])('says what a column of dates such as %j looks like', async (dates, looks, flag) => {
    await serve()
    csv(dates.length)
    const lines = dates.map((date, i) => `${user(i)},${date},${photo(i)},\n`)
    put('users.csv', `${HEADER}\n${lines.join('')}`)
    const { code, err } = await run(`${BASE} --dry-run`)
    expect(code).toBe(6)
    const hint = err.split('\n').find((line) => line.startsWith('user_created_at: '))
    expect(hint).toContain(looks)
    expect(hint).toContain(flag)
  })

  it('reads dates as --date-format and --time-zone say', async () => {
    await serve()
    csv(2)
    put('users.csv', `${HEADER}\n${user(0)},31/8/2021 10:00,${photo(0)},\n${user(1)},1.2.2021,${photo(1)},\n`)
    const flags = '--date-format dmy --time-zone Africa/Lagos'
    expect(await run(`${BASE} ${flags}`)).toMatchObject({ code: 0 })
    expect([...emulator.users].map(({ user_created_at }) => user_created_at).sort()).toEqual([
      '2021-02-01',
      '2021-08-31 10:00:00+0100',
    ])
    expect(await run(`${BASE} --time-zone Lagos`)).toMatchObject({
      code: 1,
      err: expect.stringContaining('--time-zone must be a time zone such as Africa/Lagos or UTC'),
    })
  })

  it('shows the first 20 problems, has all in --errors, and sends others with --skip-invalid', async () => {
    await serve()
    csv(2, ...Array.from({ length: 30 }, (_, i) => `${user(50 + i)},never,${photo(0)},`))
    const { code, err } = await run(`${BASE} --errors errors.csv`)
    expect({ code, shown: err.match(/^line \d+:/gm)?.length }).toEqual({ code: 6, shown: 20 })
    expect(err).toContain('more are not shown: errors.csv has them all\n')
    expect(read('errors.csv').trim().split('\n')).toHaveLength(31)
    expect(await run(`${BASE} --errors errors.csv --skip-invalid`)).toMatchObject({
      code: 2,
      out: expect.stringMatching(/^enrolled {2}2\ninvalid {3}30\ncalls {5}2\n/),
    })
    expect(read('errors.csv').trim().split('\n')).toHaveLength(31)
    expect(enrolled()).toEqual(users(2))
  })
})

it('leaves the reports of the run before where they are until there are new ones', async () => {
  await serve()
  csv(1, `${user(5)},never,${photo(0)},`)
  await run(`${BASE} --errors errors.csv`)
  const before = read('errors.csv')
  put('users.csv', 'user_id\n')
  expect(await run(`${BASE} --errors errors.csv`)).toMatchObject({ code: 6 })
  expect(read('errors.csv')).toBe(before)
  expect(readdirSync(dir).filter((name) => name.endsWith('.partial'))).toEqual([])
})

it('writes reports for their owner alone, and over no file that a link leads to', async () => {
  await serve()
  csv(1, `${user(5)},never,${photo(0)},`)
  put('precious.txt', 'years of work')
  for (const name of ['errors.csv', 'report.html']) {
    for (const laid of [name, `${name}.partial`]) symlinkSync('precious.txt', join(dir, laid))
  }
  expect(await run(`${BASE} --errors errors.csv --report report.html`)).toMatchObject({ code: 6 })
  expect(read('precious.txt')).toBe('years of work')
  for (const name of ['errors.csv', 'report.html']) {
    const facts = lstatSync(join(dir, name))
    expect({ isFile: facts.isFile(), rights: facts.mode & 0o777 }).toEqual({ isFile: true, rights: 0o600 })
  }
})

describe('the journal', () => {
  it('of another partner or environment is refused', async () => {
    await serve()
    csv(1)
    await run(BASE)
    for (const [changed, args] of [
      [{ SMILE_ID_PARTNER_ID: '086' }, ''],
      [{}, '--env production --yes'],
    ] as const) {
      const { code, err } = await run(`${BASE} ${args}`, { env: { ...env, ...changed } })
      expect(code).toBe(1)
      expect(err).toMatch(
        new RegExp(
          /^smileid: journal belongs to partner 085, sandbox, not to /.source +
            /partner 08[56], (sandbox|production): use another journal\n/.source,
        ),
      )
    }
    expect(emulator.calls).toHaveLength(1)
  })

  it('that breaks off in a line goes on, and says so', async () => {
    await serve()
    csv(2)
    await run(`${BASE} --limit 1`)
    appendFileSync(join(dir, 'users.csv.journal.ndjson'), '{"key":"sandbox:085:')
    expect(await run(BASE)).toMatchObject({
      code: 0,
      err: expect.stringContaining('the journal ended in a half-written line, which was dropped'),
    })
    expect(emulator.calls).toHaveLength(2)
  })

  it('must be there with --resume, and must be a journal', async () => {
    await serve()
    csv(1)
    expect(await run(`${BASE} --resume`)).toMatchObject({
      code: 1,
      err: expect.stringContaining('--resume found no journal'),
    })
    put('other.csv', 'not a journal\n')
    expect(await run(`${BASE} --journal other.csv`)).toMatchObject({
      code: 1,
      err: expect.stringContaining('journal is another file'),
    })
    expect(read('other.csv')).toBe('not a journal\n')
  })

  it('is for one run at a time', async () => {
    await serve({ faults: [{ on: 'backfill_users', fault: { kind: 'latency', ms: 4000 } }] })
    csv(1)
    const running = smileid.start(['backfill', ...words(BASE)], { env })
    await running.said(/1 calls to make/)
    expect(await run(BASE)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/journal is in use by process \d+/),
    })
    expect(await running.ended).toMatchObject({ code: 0 })
  })

  it('holds no id with --hide-user-ids, and is gone on with', async () => {
    await serve()
    csv(2)
    await run(`${BASE} --hide-user-ids --limit 1`)
    expect(read('users.csv.journal.ndjson')).not.toContain(CANARY)
    expect((await run(`${BASE} --hide-user-ids --dry-run`)).out).toContain(
      'done before    1\ncalls to make  1',
    )
    expect(await run(BASE)).toMatchObject({
      code: 1,
      out: '',
      err:
        'smileid: --hide-user-ids is missing: the journal was begun with it, and would know no user ' +
        'again\n' +
        'See npx smileid-edge help backfill\n',
    })
    expect(await run(`${BASE} --hide-user-ids`)).toMatchObject({
      code: 0,
      out: expect.stringContaining('calls        1'),
    })
    await run(`${BASE} --journal open.ndjson`)
    expect(await run(`${BASE} --journal open.ndjson --hide-user-ids`)).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^smileid: --hide-user-ids is for another journal/),
    })
  })

  it('that the disk has no room for ends the run with 5, and the next one goes on', async () => {
    await serve()
    csv(40)
    // The system refuses to make files larger than 8 blocks, as a full disk would.
    const child = spawn(
      'sh',
      [
        '-c',
        `trap '' XFSZ; ulimit -f 8; exec "$@"`,
        'sh',
        process.execPath,
        smileid.file,
        'backfill',
        ...words(`${BASE} --concurrency 1`),
      ],
      { cwd: smileid.dir, env: { PATH: process.env.PATH ?? '', ...env } },
    )
    let said = ''
    child.stderr.on('data', (piece: Buffer) => {
      said += String(piece)
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect({ code, said }).toEqual({
      code: 5,
      said: expect.stringContaining('smileid: a file could not be written or read: EFBIG\n'),
    })
    const before = emulator.calls.length
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(40)
    expect((await run(BASE)).code).toBeOneOf([0, 3])
    expect(enrolled().length).toBeGreaterThanOrEqual(39)
    expect(new Set(enrolled()).size).toBe(emulator.calls.filter(({ committed }) => committed).length)
  })
})

describe('other inputs', () => {
  it('takes columns of other names', async () => {
    await serve()
    csv(2)
    put('users.csv', read('users.csv').replace(HEADER, 'id,joined,picture,branch'))
    expect(await run(`${BASE} --columns user_id=id,photo=picture,user_created_at=joined`)).toMatchObject({
      code: 0,
    })
    expect(await run(`${BASE} --columns id=user_id`)).toMatchObject({
      code: 1,
      err: expect.stringContaining('--columns must be such as user_id=id,photo=file'),
    })
  })

  it('takes NDJSON, and folders with a date', async () => {
    await serve()
    csv(2)
    const lines = [0, 1].map((i) =>
      JSON.stringify({ user_id: user(i), user_created_at: '2021-08-12', photo: photo(i) }),
    )
    put('users.ndjson', `${lines.join('\n')}\n`)
    expect(await run('users.ndjson --photos photos')).toMatchObject({ code: 0 })
    expect(await run('photos --created-at 2021-08-12')).toMatchObject({
      code: 0,
      out: expect.stringContaining('photos.journal.ndjson'),
    })
    expect(enrolled()).toEqual([`${CANARY}-p0`, `${CANARY}-p1`, ...users(2)].sort())
  })

  it.each([
    ['photos', '--created-at is missing'],
    ['photos --created-at 31/08/2021', '--created-at has the day first: write 2021-08-31, or say so by '],
    ['photos --created-at 31/08/2021 --date-format mdy', '--created-at has the day first'],
    ['photos --created-at 2021-05-18T15:14:43', '--created-at has a time without a time zone'],
    ['photos --photos photos --created-at 2021-08-12', '--photos is for files'],
    [`${BASE} --created-at 2021-08-12`, '--created-at is for folders and zips'],
    ['nothing.csv', 'FILE cannot be read (ENOENT)'],
    ['run.txt', 'FILE cannot be read (ENOENT)'],
    [`${BASE} --errors users.csv`, '--errors is the same file as FILE'],
    [`${BASE} --errors a.csv --report a.csv`, '--report is the same file as --errors'],
    [`${BASE} --report no/where/r.html`, '--report cannot be written (ENOENT)'],
    [`${BASE} --errors no/where/e.csv`, '--errors cannot be written (ENOENT)'],
    [
      `${BASE} --limit 0 --rate fast`,
      '--limit must be a whole number from 1\nsmileid: --rate must be a number above 0',
    ],
    [`${BASE} --exists-codes 22`, '--exists-codes must be codes of four digits'],
  ])('%s: exit 1', async (args, message) => {
    await serve()
    csv(1)
    const { code, err } = await run(args)
    expect(err).toContain(`smileid: ${message}`)
    expect({ code, calls: emulator.calls }).toEqual({ code: 1, calls: [] })
    expect(read('users.csv')).toContain(HEADER)
  })
})

it.each([
  ['by flag', '--env production', {}],
  ['by variable', '', { SMILE_ID_ENVIRONMENT: 'production' }],
  ['by address', '', { SMILE_ID_ENVIRONMENT: '', SMILE_ID_BASE_URL: 'https://api.smileidentity.com/v1' }],
])('asks for --yes before production named %s', async (_, args, more) => {
  await serve()
  csv(1)
  expect(await run(`${BASE} ${args}`, { env: { ...env, ...more } })).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^smileid: --yes is missing: \S+ is production, where calls are billed\n/),
  })
  expect([emulator.calls.length, existsSync(join(dir, 'users.csv.journal.ndjson'))]).toEqual([0, false])
})

it('a user_id that no journal takes is named by the check, and left out with --skip-invalid', async () => {
  await serve()
  csv(3)
  csv(2, `${CANARY.repeat(10_000)},2021-08-12,${photo(2)},`)
  const problem = 'line 4: user_id is longer than 60000 bytes\n'
  for (const flags of ['--dry-run', '']) {
    expect(await run(`${BASE} ${flags}`)).toMatchObject({ code: 6, err: expect.stringContaining(problem) })
  }
  expect(emulator.calls).toEqual([])
  expect(await run(`${BASE} --skip-invalid`)).toMatchObject({
    code: 2,
    out: expect.stringMatching(/^enrolled {2}2\ninvalid {3}1\n/),
  })
  expect(enrolled()).toEqual(users(2))
})

describe('a server that cannot be reached', () => {
  it('is waited for, and the run goes on by itself', async () => {
    const port = await freePort()
    await serve({ port })
    csv(3)
    const { host } = new URL(server.url)
    await server.close()
    for (const flags of ['', ' --json']) {
      const args = words(`${BASE} --journal ${flags ? 'b' : 'a'}.ndjson${flags}`)
      const going = smileid.start(['backfill', ...args], { env })
      await going.said(/cannot be reached|"event":"waiting"/)
      server = await createEmulatorServer(emulator, { port })
      const { code, out, err } = await going.ended
      await server.close()
      expect(code).toBe(0)
      if (flags) {
        const events = out.split('\n').filter((line) => /"(waiting|connected)"/.test(line))
        expect(events.map((line) => JSON.parse(line) as unknown)).toEqual([
          {
            event: 'waiting',
            code: 'network_error',
            systemCode: 'ECONNREFUSED',
            host,
            waitedMs: expect.any(Number),
            nextTryMs: expect.any(Number),
          },
          { event: 'connected', host },
        ])
      } else {
        expect(err.match(/.*reached.*/g)).toEqual([
          `${host} (ECONNREFUSED) cannot be reached: waiting for it; one row is tried now and then, ` +
            'and the run goes on by itself',
          `${host} can be reached again`,
        ])
        expect(out).toContain('enrolled  3')
      }
    }
    expect(enrolled()).toEqual(users(3))
  })

  it('ends the run after --max-wait, with its rows left to the next', async () => {
    const port = await freePort()
    await serve({ port })
    csv(3)
    const { host } = new URL(server.url)
    await server.close()
    const { code, out, err } = await smileid.run(['backfill', ...words(`${BASE} --max-wait 1ms`)], { env })
    expect([code, out.split('\n')[0]]).toEqual([3, expect.stringMatching(/^calls {4}\d$/)])
    expect(out).not.toContain('failed')
    expect(err).toContain(`smileid: backfill_users: network_error ECONNREFUSED (${host})\n`)
    server = await createEmulatorServer(emulator, { port })
    expect(await run(`${BASE} --max-wait 1ms`)).toMatchObject({ code: 0 })
    expect(enrolled()).toEqual(users(3))
  })
})

it('goes to production with --yes, and takes codes for what is enrolled', async () => {
  await serve({ choices: { usedUserCode: '2210' } })
  csv(1)
  expect(await run(`${BASE} --env production --yes`)).toMatchObject({
    code: 0,
    err: expect.stringContaining('1 calls to make on production'),
  })
  expect(
    await run(`${BASE} --env production --yes --journal again.ndjson --exists-codes 2209,2210`),
  ).toMatchObject({ code: 0, out: expect.stringMatching(/^exists {3}1\n/) })
})

describe('what it tells', () => {
  const event = (line: string) => JSON.parse(line) as Record<string, unknown>

  it('scripts, as events without anything personal, unless asked for all', async () => {
    await serve()
    csv(2, `${user(8)},never,small.png,`)
    put('photos/small.png', samplePhoto({ type: 'image/png' }))
    const { code, out, err } = await run(`${BASE} --json --skip-invalid --concurrency 1`)
    expect(code).toBe(2)
    expect(err).toMatch(/^smileid: sending to sandbox \(HOST\)\n/)
    expect(out.trim().split('\n').map(event)).toEqual([
      {
        event: 'problem',
        line: 4,
        issues: [{ path: 'user_created_at', code: 'wrong_format', message: expect.any(String) }],
      },
      { event: 'preflight', rows: 3, chosen: 3, problems: 1, warnings: 0, done: 0, toSend: 2 },
      {
        event: 'row',
        line: 2,
        state: 'enrolled',
        code: '0840',
        text: expect.any(String),
        smileJobId: '0000000001',
        attempts: 1,
        resumed: false,
      },
      {
        event: 'row',
        line: 3,
        state: 'enrolled',
        code: '0840',
        text: expect.any(String),
        smileJobId: '0000000002',
        attempts: 1,
        resumed: false,
      },
      {
        event: 'row',
        line: 4,
        state: 'invalid',
        code: 'wrong_format',
        text: expect.any(String),
        attempts: 0,
        resumed: false,
      },
      {
        event: 'summary',
        exit: 'rejected',
        ending: 'Done, but for rows that were rejected or have problems.',
        counts: { enrolled: 2, exists: 0, rejected: 0, invalid: 1, failed: 0, unknown: 0, busy: 0 },
        resumed: 0,
        calls: 2,
        rows: 3,
        chosen: 3,
        problems: 1,
        warnings: 0,
        done: 0,
        toSend: 2,
      },
    ])
    const full = await run(`${BASE} --json --full --skip-invalid --journal other.ndjson`)
    expect(full.out).toContain(`"user_id":"${user(0)}"`)
  })

  it('people, as one page without scripts, links or anything personal', async () => {
    await serve({ faults: [{ on: 'backfill_users', after: 3, fault: { kind: 'reset', commit: true } }] })
    csv(6, `${user(8)},2021-08-12,small.png,<script>`, `${user(9)},2021-08-12,${photo(0)}`)
    put('photos/small.png', samplePhoto({ type: 'image/png' }))
    expect(await run(`${BASE} --skip-invalid --report report.html --concurrency 1`)).toMatchObject({
      code: 3,
    })
    const page = read('report.html')
    expect(page).not.toMatch(/CANARY|<script|https?:|src=|href=|url\(|@import/i)
    for (const [state, count] of Object.entries({ enrolled: 5, rejected: 1, invalid: 1, unknown: 1 }))
      expect(page).toContain(`<li class="${state}"><b>${count}</b> ${state}`)
    expect(page).toMatch(
      new RegExp(
        /<i class="rejected"><\/i>rejected<\/td><td /.source +
          /class="number">1<\/td><td><code>\d{4}<\/code><\/td><td>[^<]+<\/td>/.source,
      ),
    )
    expect(page).toContain('has more or fewer cells than the header')
    // All that ended in this run is in the picture.
    const drawn = [...page.matchAll(/<title>(\w+): (\d+), at/g)].reduce(
      (sum, [, , rows]) => sum + Number(rows),
      0,
    )
    expect(drawn).toBe(8)
  })
})

it('checks a long file in little memory', async () => {
  await serve()
  csv(1)
  const filler = 'x'.repeat(5000)
  const lines = Array.from({ length: 12_000 }, (_, i) => `${user(i)},2021-08-12,${photo(0)},${filler}`)
  put('users.csv', `${[HEADER, ...lines].join('\n')}\n`)
  // Its 60 MB, kept as rows, would not fit.
  expect(
    await run(`${BASE} --dry-run --accept-warnings`, {
      env: { ...env, NODE_OPTIONS: '--max-old-space-size=48' },
    }),
  ).toMatchObject({ code: 0, out: expect.stringContaining('calls to make  12000') })
})

it('says so when FILE loses rows between the check and the run, and a later run takes the rest', async () => {
  await serve({ faults: [{ times: Infinity, fault: { kind: 'latency', ms: 10 } }] })
  put('photos/p.jpg', samplePhoto({}))
  // Long lines, so that few of them are read ahead.
  const lines = Array.from({ length: 500 }, (_, i) => `${user(i)},2021-08-12,p.jpg,${'x'.repeat(3000)}`)
  put('users.csv', `${[HEADER, ...lines].join('\n')}\n`)
  const running = smileid.start(['backfill', ...words(`${BASE} --concurrency 2 --accept-warnings`)], { env })
  await vi.waitFor(() => expect(emulator.calls.length).toBeGreaterThan(0), PATIENCE)
  put('users.csv', `${[HEADER, ...lines.slice(0, 20)].join('\n')}\n`)
  const { code, out } = await running.ended
  expect(code).toBe(3)
  expect(out).toMatch(/^FILE has changed since it was checked: 500 rows then, \d+ now\.$/m)
  // What was read before was sent, each row once.
  const sent = emulator.calls.length
  expect(sent).toBeLessThan(500)
  expect(enrolled()).toHaveLength(sent)

  put('users.csv', `${[HEADER, ...lines.slice(0, sent + 5)].join('\n')}\n`)
  expect(await run(`${BASE} --accept-warnings`)).toMatchObject({ code: 0 })
  expect(emulator.calls).toHaveLength(sent + 5)
})
