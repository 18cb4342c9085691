/** What `smileid backfill` takes as FILE and --photos, and what it does without credentials. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createEmulator, type Emulator, samplePhoto } from 'smileid-edge/emulator'
import { createEmulatorServer, type EmulatorServer } from 'smileid-edge/node'
import { buildCommand, type Command, type Ended } from '../../../support/cli.ts'
import { xlsx } from '../../../support/sheet.ts'

vi.setConfig({ testTimeout: 300_000 })

let smileid: Command
let dir: string
let emulator: Emulator
let server: EmulatorServer | undefined
let env: Record<string, string> = {}

beforeAll(async () => {
  smileid = await buildCommand()
})
afterAll(() => smileid.remove())
beforeEach(() => {
  dir = mkdtempSync(join(smileid.dir, 'run-'))
  mkdirSync(path('photos'))
  for (const index of [0, 1]) put(`photos/p${index}.jpg`, photoOf(index))
  env = {}
})
afterEach(async () => {
  await server?.close()
  server = undefined
})

async function serve(): Promise<void> {
  emulator = createEmulator({ clock: 'real', partners: [{ partnerId: '085', apiKey: 'a key' }] })
  server = await createEmulatorServer(emulator)
  env = {
    SMILE_ID_PARTNER_ID: '085',
    SMILE_ID_API_KEY: 'a key',
    SMILE_ID_ENVIRONMENT: 'sandbox',
    SMILE_ID_BASE_URL: server.url,
  }
}

const photoOf = (index: number) => samplePhoto({ seed: index + 1 })
const path = (name: string) => join(dir, name)
const put = (name: string, content: string | Uint8Array) => writeFileSync(path(name), content)

/** Words that name files stand for those of the test's own folder. */
const run = (args: string, more: Record<string, string> = env): Promise<Ended> => {
  const words = args
    .split(' ')
    .map((word) => (/\.\w+$|^photos$/.test(word) ? path(word) : word.replaceAll('_', ' ')))
  return smileid.run(['backfill', ...words], { env: more })
}

const HEADER = 'user_id,user_created_at,photo'
const LINES = ['u0,2021-08-12,p0.jpg', 'u1,2021-08-13,p1.jpg']
const CSV = `${[HEADER, ...LINES].join('\n')}\n`
const enrolled = () => [...emulator.users].map(({ user_id }) => user_id).sort()

describe('--dry-run without credentials', () => {
  const BASE = 'users.csv --photos photos'

  it('checks the file, counts the calls, names no host, and exits with 0', async () => {
    put('users.csv', CSV)
    expect(await run(`${BASE} --dry-run --report report.html`)).toEqual({
      code: 0,
      out:
        'rows           2\n' +
        'problems       0\n' +
        'done before    0\n' +
        'calls to make  2\n' +
        `report         ${path('report.html')}\n` +
        'Nothing was sent: this was a dry run.\n',
      err:
        '2 rows, 0 with problems, 0 done before; 2 calls to make, once credentials are set: ' +
        'there are none yet\n',
    })
    expect(existsSync(path('users.csv.journal.ndjson'))).toBe(false)
    const report = readFileSync(path('report.html'), 'utf8')
    expect(report).toContain('<title>Backfill report: check</title>')
    expect(report).not.toMatch(/smileidentity|undefined/)
  })

  it('exits with 6 where there are problems', async () => {
    put('users.csv', `${CSV}u0,2021-08-12,p0.jpg\n`)
    const { code, err } = await run(`${BASE} --dry-run`)
    expect(code).toBe(6)
    expect(err).toContain('line 4: user_id is that of an earlier row\n')
  })

  it('gives scripts the same events, and nothing of a host', async () => {
    put('users.csv', CSV)
    const { code, out, err } = await run(`${BASE} --dry-run --json`)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toContain(
      '{"event":"preflight","rows":2,"chosen":2,"problems":0,"warnings":0,"done":0,"toSend":2}',
    )
  })

  it.each(['', '--hide-user-ids'])(
    'reads the journal of an earlier run, whoever ran it %s',
    async (hidden) => {
      await serve()
      put('users.csv', CSV)
      await run(`${BASE} --limit 1 ${hidden}`.trim())
      expect(enrolled()).toEqual(['u0'])
      const { code, out } = await run(`${BASE} --dry-run ${hidden}`.trim(), {})
      expect(code).toBe(0)
      expect(out).toContain('done before    1\ncalls to make  1\n')
    },
  )

  it('refuses a journal of another partner than the one that is set', async () => {
    await serve()
    put('users.csv', CSV)
    await run(`${BASE} --limit 1`)
    const { code, err } = await run(`${BASE} --dry-run`, { SMILE_ID_PARTNER_ID: '086' })
    expect(code).toBe(1)
    expect(err).toContain(
      'smileid: journal belongs to partner 085, sandbox, not to partner 086, sandbox: use another journal\n',
    )
  })

  it.each<[string, Record<string, string>, string]>([
    ['an environment', { SMILE_ID_ENVIRONMENT: 'live' }, '--env (SMILE_ID_ENVIRONMENT) must be'],
    ['an address', { SMILE_ID_BASE_URL: 'ftp://127.0.0.1' }, '--base-url (SMILE_ID_BASE_URL) must be'],
  ])('still refuses %s that is set and wrong', async (_, settings, message) => {
    put('users.csv', CSV)
    const { code, err } = await run(`${BASE} --dry-run`, settings)
    expect(err).toContain(`smileid: ${message}`)
    expect(err).not.toContain('is missing')
    expect(code).toBe(1)
  })

  it('is all that needs none: the run says what is missing and what stands in for the service', async () => {
    put('users.csv', CSV)
    const { code, out, err } = await run(BASE)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain(
      '--partner-id (SMILE_ID_PARTNER_ID) is missing: set it in the environment or in .env',
    )
    expect(err).toContain('npx smileid-edge emulator > .env')
  })
})

describe('files of other kinds', () => {
  const utf16 = (text: string, order: 'le' | 'be') => {
    const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
    return order === 'le' ? bytes : bytes.swap16()
  }
  const table = (cell: string, end = '\r\n') => `${[HEADER, ...LINES].join(end).replaceAll(',', cell)}${end}`
  const text = (at: number) => `<is><t>${table(',').split(/[,\r\n]+/)[at]}</t></is>`
  const cells = [0, 1, 2]
    .map((row) => {
      const inner = ['A', 'B', 'C'].map(
        (column, at) => `<c r="${column}${row + 1}" t="inlineStr">${text(3 * row + at)}</c>`,
      )
      return `<row r="${row + 1}">${inner.join('')}</row>`
    })
    .join('')

  it.each<[string, string, string | Uint8Array, string]>([
    ['.tsv', 'users.tsv', table('\t'), ''],
    ['.txt', 'users.txt', table('\t'), ''],
    ["UTF-16, as Excel's Unicode text", 'users.txt', utf16(table('\t'), 'le'), ''],
    ['UTF-16, big end first', 'users.csv', utf16(table(','), 'be'), ''],
    ['semicolons', 'users.csv', table(';'), ''],
    ['--delimiter of one character', 'users.csv', table('!'), '--delimiter !'],
    ['--delimiter tab', 'users.csv', table('\t'), '--delimiter tab'],
    ['--delimiter pipe', 'users.csv', table('|'), '--delimiter pipe'],
    ['.xlsx', 'users.xlsx', xlsx({ cells }), ''],
    ['--sheet', 'users.xlsx', xlsx({ cells }), '--sheet Users'],
  ])('takes %s', async (_, name, content, flags) => {
    await serve()
    put(name, content)
    const { code, out, err } = await run(`${name} --photos photos ${flags}`.trim())
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('2 rows, 0 with problems') })
    expect(out).toContain('enrolled  2\n')
    expect(enrolled()).toEqual(['u0', 'u1'])
  })

  it.each<[string, string, string | Uint8Array, string, number, string]>([
    [
      '--delimiter that is another',
      'users.csv',
      table(','),
      '--delimiter ;',
      6,
      'smileid: line 1 lacks user_id, user_created_at, photo; another character stands between its cells: ' +
        '--delimiter ,\n',
    ],
    [
      '--delimiter of two characters',
      'users.csv',
      table(','),
      '--delimiter ;;',
      1,
      "smileid: --delimiter must be one character, such as ';', or tab\n",
    ],
    [
      '--delimiter with a sheet',
      'users.xlsx',
      xlsx({ cells }),
      '--delimiter ;',
      1,
      'smileid: --delimiter is for CSV files\n',
    ],
    [
      '--sheet with a CSV',
      'users.csv',
      table(','),
      '--sheet Users',
      1,
      'smileid: --sheet is for .xlsx files\n',
    ],
    [
      '--sheet that is none',
      'users.xlsx',
      xlsx({ cells }),
      '--sheet Customers',
      6,
      'smileid: file has no sheet of this name; there are old, Users\n',
    ],
    [
      'a sheet that is empty',
      'users.xlsx',
      xlsx({ cells }),
      '--sheet old',
      6,
      'smileid: file has nothing in its sheet\n',
    ],
    ['what is no .xlsx', 'users.xlsx', table(','), '', 6, 'smileid: file is no .xlsx'],
    [
      'an old .xls',
      'users.xls',
      'anything',
      '',
      1,
      'smileid: FILE must be a .csv, .tsv, .xlsx, .ndjson, .jsonl or .json file, or a folder or .zip of ' +
        'photos: save the table as .xlsx, or as CSV (UTF-8)\n',
    ],
    [
      'UTF-16 that is cut off',
      'users.csv',
      utf16(table(','), 'le').subarray(0, -1),
      '',
      6,
      'smileid: line 3 or one after it is not UTF-16, as the file begins: save the file as UTF-8\n',
    ],
  ])('refuses %s', async (_, name, content, flags, exit, message) => {
    put(name, content)
    const { code, err } = await run(`${name} --photos photos --dry-run ${flags}`.trim())
    expect(err).toContain(message)
    expect(code).toBe(exit)
  })
})

describe('--photos', () => {
  it.each([
    [
      'is no folder',
      'users.csv',
      'smileid: --photos is no folder, and not named .zip: give the one with the photos\n',
    ],
    ['is no zip', 'photos-fake.zip', 'smileid: --photos is no zip, whatever it is called\n'],
    [
      'is half a zip',
      'photos-half.zip',
      'smileid: --photos is no whole zip: it was cut off or changed, so make or fetch it again\n',
    ],
    ['is not there', 'nowhere.jpg', 'smileid: --photos is no folder or zip that can be opened (ENOENT)\n'],
  ])('that %s is one error, not one for each row', async (_, photos, message) => {
    put('users.csv', CSV)
    put('photos-fake.zip', samplePhoto())
    put('photos-half.zip', zipSync({ 'p0.jpg': samplePhoto() }).subarray(0, 300))
    const { code, out, err } = await run(`users.csv --dry-run --photos ${photos}`)
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toBe(`${message}See npx smileid-edge help backfill\n`)
  })
})

describe('a zip of photos', () => {
  it('is read for the check and the run, and each photo in it once more for a retry', async () => {
    await serve()
    put('users.csv', CSV)
    put('photos.zip', zipSync({ photos: { 'p0.jpg': photoOf(0), 'p1.jpg': photoOf(1) } }))
    const { code, out } = await run('users.csv --photos photos.zip')
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('enrolled  2\n') })
    expect(enrolled()).toEqual(['u0', 'u1'])
  })

  it('says what is wrong with each photo, with the zip and the nearest name', async () => {
    put('users.csv', `${CSV}u2,2021-08-12,p2.jpg\nu3,2021-08-12,../p0.jpg\nu4,2021-08-12,large.jpg\n`)
    put(
      'photos.zip',
      zipSync({ 'p0.jpg': photoOf(0), 'p1.jpg': photoOf(1), 'large.jpg': new Uint8Array(5_000_001) }),
    )
    const { code, err } = await run('users.csv --photos photos.zip --dry-run')
    expect(code).toBe(6)
    expect(err.replaceAll(`${dir}/`, '').slice(0, err.indexOf('5 rows'))).toContain(
      'line 4: photo is missing: there is no file "p2.jpg" in the zip "',
    )
    expect(err).toContain('; the nearest name is "p0.jpg"\n')
    expect(err).toContain('line 5: photo lies outside of the zip\n')
    expect(err).toContain('line 6: photo is larger than 5000000 bytes\n')
    expect(err).toContain('5 rows, 3 with problems')
  })

  it('is FILE, too, with a date for all', async () => {
    await serve()
    put(
      'photos.zip',
      zipSync({ photos: { 'u0.jpg': photoOf(0), 'u1.jpg': photoOf(1), 'Thumbs.db': photoOf(0) } }),
    )
    const { code, err } = await run('photos.zip --created-at 2021-08-12')
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('passed over: Thumbs.db\n') })
    expect(enrolled()).toEqual(['u0', 'u1'])
    expect(await run('photos.zip')).toMatchObject({
      code: 1,
      err: expect.stringContaining('--created-at is missing: a folder or zip does not say'),
    })
  })
})

describe('a folder of photos', () => {
  it('passes over what systems put there, counted and named', async () => {
    for (const name of ['Thumbs.db', '.DS_Store', 'desktop.ini']) put(`photos/${name}`, 'no photo')
    const { code, err } = await run('photos --created-at 2021-08-12 --dry-run')
    expect(code).toBe(0)
    const [counts, skipped] = err.trimEnd().split('\n')
    expect(counts).toContain('2 rows, 0 with problems')
    const [before, names] = skipped!.split(': ')
    expect(before).toBe('3 files that are no photo passed over')
    expect(names!.split(', ').sort()).toEqual(['.DS_Store', 'Thumbs.db', 'desktop.ini'])
  })

  it('names no more than five of them, and one as one', async () => {
    put('photos/.DS_Store', 'no photo')
    const flags = 'photos --created-at 2021-08-12 --dry-run'
    expect((await run(flags)).err).toContain('\n1 file that is no photo passed over: .DS_Store\n')
    for (let at = 1; at < 8; at++) put(`photos/.hidden${at}`, 'no photo')
    expect((await run(flags)).err).toMatch(
      /\n8 files that are no photo passed over: (\.\w+, ){4}\.\w+ and 3 more\n$/,
    )
  })
})
