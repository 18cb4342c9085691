/** What comes out of a run as CSV, and goes in again. */
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkRows } from 'smileid-edge/bulk'
import { samplePhoto } from 'smileid-edge/emulator'
import { csvRows, folderRows, ndjsonRows, openCsvReport, type ReportedOutcome } from 'smileid-edge/node'
import { all } from '../../support/all.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'report-'))
})
afterAll(() => rm(dir, { recursive: true }))

const REPORT_HEADER =
  'smileid_line,smileid_state,smileid_code,smileid_message,user_id,user_created_at,photo\n'

const ADDED = ['smileid_line', 'smileid_state', 'smileid_code', 'smileid_message']

/** Reports every row of a CSV text in the same way. */
async function report(
  content: string,
  outcome: Omit<ReportedOutcome, 'row'>,
  to = 'errors.csv',
): Promise<string> {
  const input = join(dir, 'input.csv')
  await writeFile(input, content)
  const out = await openCsvReport(join(dir, to))
  for await (const row of csvRows(input))
    await out.add(row.error ? { row, state: 'invalid', error: row.error } : { row, ...outcome })
  await out.close()
  return readFile(join(dir, to), 'utf8')
}

it('gives the input back byte for byte, after four cells more', async () => {
  const input =
    '\ufeffphoto,"user_id",  user_created_at ,note\r\n' +
    'a.jpg,"0085",2021-08-12,"He said ""no"",\r\ntwice"\r\n' +
    'b.jpg,u2,2021-08-12,=1+1\r\n'
  const text = await report(input, { state: 'rejected', code: '0903', text: 'Photo refused' })
  expect(text).toBe(
    input
      .replace('photo,', 'smileid_line,smileid_state,smileid_code,smileid_message,photo,')
      .replace('a.jpg', '2,"rejected","0903","Photo refused",a.jpg')
      .replace('b.jpg', '4,"rejected","0903","Photo refused",b.jpg'),
  )
})

it.each(['=HYPERLINK("x")', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])(
  'makes no formula of an added cell that begins with %j, and leaves those of the input',
  async (text) => {
    const written = await report('user_id,user_created_at,photo,note\nu,2021-08-12,a.jpg,=1+1\n', {
      state: 'rejected',
      code: text,
      text,
    })
    const [, cells] = parse(written, { record_delimiter: '\n' }) as string[][]
    expect(cells).toEqual(['2', 'rejected', `'${text}`, `'${text}`, 'u', '2021-08-12', 'a.jpg', '=1+1'])
  },
)

it('says what to do: the issues of a bad input, the hint of other errors', async () => {
  const input = 'user_id,user_created_at,photo\nu1,2021-08-12\nu2,2021-08-12,a.jpg\n'
  const text = await report(input, {
    state: 'failed',
    error: {
      code: 'rate_limited',
      hint: 'Wait, then send again.',
      message: 'backfill_users: rate_limited HTTP 429',
    },
  })
  expect(text)
    .toBe(`${REPORT_HEADER}2,"invalid","wrong_format","line 2 has 2 cells, the header has 3",u1,2021-08-12
3,"failed","rate_limited","Wait, then send again.",u2,2021-08-12,a.jpg
`)
})

it('is an input again, as often as need be, in which bad lines stay bad until they are mended', async () => {
  let text = 'photo,user_id,user_created_at\na.jpg,u1,2021-08-12\nb.jpg,"u2\n",2021-08-12\nonly,two\n'
  const first = await report(text, { state: 'rejected', code: '0903', text: 'one' })
  for (const state of ['rejected', 'failed'] as const)
    text = await report(first, { state, code: '0903', text: 'one' }, 'input.csv')
  expect(text).toBe(
    first
      .replaceAll('"rejected"', '"failed"')
      .replace('line 5 has 2 cells, the header has 3', 'line 5 has 6 cells, the header has 7'),
  )
  const rows = await all(csvRows(join(dir, 'input.csv')))
  expect(rows.map(({ user_id, error }) => [user_id, !!error])).toEqual([
    ['u1', false],
    ['u2\n', false],
    [undefined, true],
  ])
  await writeFile(join(dir, 'input.csv'), text.replace('only,two', 'c.jpg,u3,2021-08-12'))
  expect((await all(csvRows(join(dir, 'input.csv')))).map(({ user_id }) => user_id)).toEqual([
    'u1',
    'u2\n',
    'u3',
  ])
})

it('holds the chosen states, and its header whatever they are', async () => {
  await writeFile(
    join(dir, 'input.csv'),
    'user_id,user_created_at,photo\nu1,2021-08-12,a.jpg\nu2,2021-08-12,b.jpg\n',
  )
  const out = await openCsvReport(join(dir, 'some.csv'), { states: ['rejected'] })
  const [one, two] = await all(csvRows(join(dir, 'input.csv')))
  await Promise.all([
    out.add({ row: one!, state: 'enrolled', code: '0840' }),
    out.add({ row: two!, state: 'rejected', code: '0903' }),
  ])
  await out.close()
  expect(await readFile(join(dir, 'some.csv'), 'utf8')).toBe(
    `${REPORT_HEADER}3,"rejected","0903","",u2,2021-08-12,b.jpg\n`,
  )
})

it('takes rows of other files, by the columns of the first', async () => {
  await writeFile(
    join(dir, 'rows.ndjson'),
    '{"user_id":"u,1","user_created_at":"2021-08-12","photo":"a.jpg","note":"\\"x\\""}\n{"user_id":"u2"}\n',
  )
  const out = await openCsvReport(join(dir, 'some.csv'))
  for await (const row of ndjsonRows(join(dir, 'rows.ndjson'))) await out.add({ row, state: 'unknown' })
  await out.close()
  expect(parse(await readFile(join(dir, 'some.csv')))).toEqual([
    [...ADDED, 'user_id', 'user_created_at', 'photo', 'note'],
    ['1', 'unknown', '', '', 'u,1', '2021-08-12', 'a.jpg', '"x"'],
    ['2', 'unknown', '', '', 'u2', '', '', ''],
  ])
})

describe('an input that has been a report', () => {
  const added = `${ADDED.join(',')},`
  const again = async (input: string) =>
    (await report(input, { state: 'failed', code: 'c', text: 't' })).split('\n').slice(0, -1)

  it('keeps columns of its own that are named state, code and message', async () => {
    expect(
      await again(
        'user_id,user_created_at,photo,state,code,message\nu1,2021-08-12,a.jpg,Lagos,100001,hello\n',
      ),
    ).toEqual([
      `${added}user_id,user_created_at,photo,state,code,message`,
      '2,"failed","c","t",u1,2021-08-12,a.jpg,Lagos,100001,hello',
    ])
  })

  it('gets new columns for old ones, wherever a spreadsheet has put them, as often as need be', async () => {
    let lines = [
      `user_id,"smileid_code",user_created_at,photo,smileid_state,smileid_message,`,
      'u1,old,2021-08-12,a.jpg,old,"old, too",',
    ]
    for (let time = 0; time < 3; time++) {
      lines = await again(`${lines.join('\n')}\n`)
      expect(lines).toEqual([
        `${added}user_id,user_created_at,photo,`,
        '2,"failed","c","t",u1,2021-08-12,a.jpg,',
      ])
    }
  })

  it('loses no cell of a line that has too few or too many', async () => {
    const ragged = ['a,b', 'a,b,c,d,"e",f,g,h', 'one', 'a,b,c,d,e', 'x,y,invalid,wrong_format']
    let lines = ['user_id,user_created_at,photo', ...ragged]
    for (let time = 0; time < 3; time++) {
      lines = await again(`${lines.join('\n')}\n`)
      expect(
        lines.slice(1).map((line) => line.replace(/^\d,"invalid","wrong_format","line [^"]*",/, '')),
      ).toEqual(ragged)
    }
  })
})

it('has the code of the first issue if the outcome has none, and no text if there is none', async () => {
  await writeFile(
    join(dir, 'input.csv'),
    'user_id,user_created_at,photo\nu1,12/08/2021,a.jpg\nu2,2021-08-12,a.jpg\n',
  )
  const out = await openCsvReport(join(dir, 'some.csv'))
  const rows = csvRows(join(dir, 'input.csv'))
  for await (const { row, error } of checkRows(rows)) await out.add({ row, state: 'invalid', error })
  const [, row] = await all(rows)
  await out.add({
    row: row!,
    state: 'unknown',
    error: { code: 'timeout', message: 'backfill_users: timeout' },
  })
  await out.add({
    row: row!,
    state: 'rejected',
    code: '0903',
    text: 'Photo refused',
    error: { code: 'rejected', hint: 'Another', message: '' },
  })
  await out.close()
  expect(
    (parse(await readFile(join(dir, 'some.csv'))) as string[][]).slice(1).map((cells) => cells.slice(1, 4)),
  ).toEqual([
    [
      'invalid',
      'wrong_format',
      'user_created_at has day or month first, and nobody can tell which: write 2021-08-12, ' +
        'or say it by dateFormat (--date-format dmy or mdy)',
    ],
    ['unknown', 'timeout', ''],
    ['rejected', '0903', 'Photo refused'],
  ])
})

describe('rows that are not from a CSV file', () => {
  async function reported(rows: AsyncIterable<ReportedOutcome['row']>): Promise<string> {
    const out = await openCsvReport(join(dir, 'some.csv'))
    for await (const row of rows) await out.add({ row, state: 'failed' })
    await out.close()
    return readFile(join(dir, 'some.csv'), 'utf8')
  }

  it('of a folder make a report that is an input, with its dates', async () => {
    await mkdir(join(dir, 'photos'))
    await writeFile(join(dir, 'photos/u1.jpg'), samplePhoto())
    await reported(folderRows(join(dir, 'photos'), { user_created_at: new Date('2021-08-12') }))
    const [row] = await all(csvRows(join(dir, 'some.csv'), { photoRoot: join(dir, 'photos') }))
    expect(row).toMatchObject({ user_id: 'u1', user_created_at: '2021-08-12 00:00:00+0000' })
    expect(await all(checkRows([row!], { photos: true }))).toEqual([])
  })

  it('of NDJSON with other names keep those, also where the first line is broken or lacks one', async () => {
    const columns = { user_id: 'id', user_created_at: 'when' }
    for (const first of ['{"branch":"Accra"}', 'broken']) {
      await writeFile(
        join(dir, 'rows.ndjson'),
        `${first}\n{"id":"u1","photo":"a.jpg","when":"2021-08-12","late":"left out"}\n`,
      )
      const text = await reported(ndjsonRows(join(dir, 'rows.ndjson'), { columns }))
      expect(text.split('\n')[0]).toBe(
        `${ADDED.join(',')},id,when,photo${first === 'broken' ? '' : ',branch'}`,
      )
      expect(text).not.toContain('left out')
      expect((await all(csvRows(join(dir, 'some.csv'), { columns })))[1]).toMatchObject({
        user_id: 'u1',
        user_created_at: '2021-08-12',
        columns: { photo: 'a.jpg' },
      })
    }
  })
})

it('is refused at once where it could not be put at the end', async () => {
  await mkdir(join(dir, 'taken/folder'), { recursive: true })
  await writeFile(join(dir, 'taken/file'), '')
  for (const [place, code] of [
    ['taken/folder', 'EISDIR'],
    ['taken/folder/', 'EISDIR'],
    ['taken/file/errors.csv', 'ENOTDIR'],
    ['taken/nowhere/errors.csv', 'ENOENT'],
  ]) {
    await expect(openCsvReport(`${dir}/${place}`), place).rejects.toMatchObject({ code })
  }
  expect((await readdir(join(dir, 'taken'), { recursive: true })).sort()).toEqual(['file', 'folder'])
})

/** The files of a folder that were begun beside a report of this name. */
const partials = async (name: string) =>
  (await readdir(dir)).filter((entry) => entry.startsWith(`${name}.`) && entry.endsWith('.partial'))

describe('a run that breaks off', () => {
  it('leaves the report of the one before, and whole lines of its own beside it', async () => {
    await writeFile(join(dir, 'kept.csv'), 'from before\n')
    await writeFile(join(dir, 'input.csv'), 'user_id,user_created_at,photo\nu1,2021-08-12,a.jpg\n')
    const out = await openCsvReport(join(dir, 'kept.csv'))
    const [row] = await all(csvRows(join(dir, 'input.csv')))
    await out.add({ row: row!, state: 'failed' })
    expect(await readFile(join(dir, 'kept.csv'), 'utf8')).toBe('from before\n')
    const [partial, ...others] = await partials('kept.csv')
    expect(others).toEqual([])
    expect(await readFile(join(dir, partial!), 'utf8')).toBe(
      `${REPORT_HEADER}2,"failed","","",u1,2021-08-12,a.jpg\n`,
    )
    await Promise.all([out.close(), out.close()])
    await out.discard()
    expect(await readFile(join(dir, 'kept.csv'), 'utf8')).toContain('u1,')
    expect((await stat(join(dir, 'kept.csv'))).mode & 0o777).toBe(0o600)
    expect(await partials('kept.csv')).toEqual([])
  })

  it('leaves nothing of its own when it is discarded', async () => {
    await writeFile(join(dir, 'kept.csv'), 'from before\n')
    const out = await openCsvReport(join(dir, 'kept.csv'))
    await out.add({ row: { columns: {} }, state: 'failed' })
    await Promise.all([out.discard(), out.discard()])
    await out.close()
    expect(await readFile(join(dir, 'kept.csv'), 'utf8')).toBe('from before\n')
    expect(await partials('kept.csv')).toEqual([])
  })
})

describe.skipIf(process.platform === 'win32')('what somebody else has laid in the folder', () => {
  const write = async (path: string) => {
    const out = await openCsvReport(path)
    await out.add({ row: { columns: { user_id: 'u1' } }, state: 'failed' })
    await out.close()
  }

  it('under a name that a partial file could have is neither followed nor taken over', async () => {
    await writeFile(join(dir, 'precious.txt'), 'years of work')
    for (const name of ['laid.csv', 'laid.csv.partial']) {
      await symlink(join(dir, 'precious.txt'), join(dir, name))
    }
    await write(join(dir, 'laid.csv'))
    expect(await readFile(join(dir, 'precious.txt'), 'utf8')).toBe('years of work')
    expect((await lstat(join(dir, 'laid.csv'))).isFile()).toBe(true)
    expect(await readFile(join(dir, 'laid.csv'), 'utf8')).toContain('u1,')
  })

  it('lends its rights to no report', async () => {
    for (const name of ['open.csv', 'open.csv.partial']) {
      await writeFile(join(dir, name), '')
      await chmod(join(dir, name), 0o666)
    }
    await write(join(dir, 'open.csv'))
    expect((await stat(join(dir, 'open.csv'))).mode & 0o777).toBe(0o600)
  })

  it('is not mixed with the lines of another run to the same path', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => openCsvReport(join(dir, 'two.csv'))))
    await Promise.all(
      [one!, other!].map((out, index) =>
        out.add({ row: { columns: { user_id: `u${index}` } }, state: 'failed' }),
      ),
    )
    await one!.close()
    expect(await readFile(join(dir, 'two.csv'), 'utf8')).toMatch(/\n,"failed","","",u0,,\n$/)
    await other!.close()
    expect(await readFile(join(dir, 'two.csv'), 'utf8')).toMatch(/\n,"failed","","",u1,,\n$/)
  })
})
