/** CSV files as people have them, good and bad. */
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { samplePhoto } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { csvRows, type FileRow, type RowsOptions } from 'smileid-edge/node'
import { readPhoto } from 'smileid-edge/photo'
import { all } from '../../support/all.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'csv-'))
  await writeFile(join(dir, 'a.png'), samplePhoto({ type: 'image/png' }))
})
afterAll(() => rm(dir, { recursive: true }))

async function csv(content: string | Uint8Array): Promise<string> {
  const path = join(dir, `rows-${crypto.randomUUID()}.csv`)
  await writeFile(path, content)
  return path
}
async function rowsOf(content: string | Uint8Array, options?: RowsOptions): Promise<FileRow[]> {
  return all(csvRows(await csv(content), options))
}
const issuesOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return isSmileIdError(error, 'invalid_input') ? error.issues : error
}
const HEADER = 'user_id,user_created_at,photo'

describe('a good file', () => {
  it('gives rows by the names of its columns, in any order, with the others beside them', async () => {
    const [row] = await rowsOf('branch,photo,user_created_at,user_id\nAccra,a.png,2021-08-12,0085\n')
    expect(row).toMatchObject({
      user_id: '0085',
      user_created_at: '2021-08-12',
      line: 2,
      columns: { branch: 'Accra', photo: 'a.png', user_created_at: '2021-08-12', user_id: '0085' },
    })
    expect(row).not.toHaveProperty('error')
  })

  it('takes other names', async () => {
    const [row] = await rowsOf('id,when,file\nu,2021-08-12,a.png\n', {
      columns: { user_id: 'id', user_created_at: 'when', photo: 'file' },
    })
    expect(row).toMatchObject({ user_id: 'u', user_created_at: '2021-08-12' })
    expect(await readPhoto(row!.photo)).toMatchObject({ type: 'image/png' })
  })

  it('has a byte order mark, CR LF, quotes, empty cells, blank lines, and no last line end', async () => {
    const rows = await rowsOf(
      '\ufeff"user_id",user_created_at,photo,note\r\n' +
        'u1,2021-08-12,a.png,"a ""b"", c\r\nd"\r\n' +
        '\r\n' +
        'u2,2021-08-12,a.png,',
    )
    expect(rows.map(({ user_id, line, columns }) => [user_id, line, columns.note])).toEqual([
      ['u1', 2, 'a "b", c\r\nd'],
      ['u2', 5, ''],
    ])
  })

  it('has rows that were emptied: they are none, whatever is left of them', async () => {
    const emptied = [',,', '  , ,\u00a0', '"","  ",', '   ', ',,,,,', '"\n",,']
    const rows = await rowsOf(
      [',,', HEADER, 'u1,2021-08-12,a.png', ...emptied, 'u2,2021-08-12,a.png', ',,'].join('\n'),
    )
    expect(rows.map(({ user_id, line, error }) => [user_id, line, error])).toEqual([
      ['u1', 3, undefined],
      ['u2', 11, undefined],
    ])
    // Whatever can be seen is text.
    const seen = await rowsOf([HEADER, ',,a.png', '"""",,', ',x"",'].join('\n'))
    expect(seen.map(({ line }) => line)).toEqual([2, 3, 4])
  })

  it('counts lines as editors do', async () => {
    const rows = await rowsOf(
      `${HEADER}\n"u\n\n1",2021-08-12,a.png\nu2,2021-08-12,a.png\n\n\nu3,2021-08-12,a.png\n`,
    )
    expect(rows.map(({ line }) => line)).toEqual([2, 5, 8])
  })

  it('can be iterated again', async () => {
    const rows = csvRows(await csv(`${HEADER}\nu1,2021-08-12,a.png\n`))
    for (const _ of [1, 2]) expect(await all(rows)).toHaveLength(1)
  })

  it('has columns without a name at its end, as spreadsheets leave them', async () => {
    expect(await rowsOf(`${HEADER},,\nu1,2021-08-12,a.png,,\n`)).toMatchObject([{ user_id: 'u1' }])
  })

  it('has line breaks of any kind within the quotes of its header', async () => {
    const [row] = await rowsOf(`${HEADER},"branch\rtown"\r\nu1,2021-08-12,a.png,Accra\r\n`)
    expect(row!.columns['branch\rtown']).toBe('Accra')
  })

  it('is read piece by piece', async () => {
    const lines = Array.from({ length: 300_000 }, (_, i) => `user-${i},2021-08-12,photos/user-${i}.jpg\n`)
    const path = await csv(`${HEADER}\n${lines.join('')}`)
    globalThis.gc!()
    const before = process.memoryUsage().rss
    let [count, most] = [0, 0]
    for await (const { user_id } of csvRows(path))
      if (user_id === `user-${count++}` && count % 10_000 === 0)
        most = Math.max(most, process.memoryUsage().rss)
    expect([count, most > 0]).toEqual([300_000, true])
    expect(most - before).toBeLessThan(60_000_000)
  })
})

describe('a photo', () => {
  const photo = (cell: string, options?: RowsOptions) =>
    rowsOf(`${HEADER}\nu,2021-08-12,${cell}\n`, options).then(([row]) => readPhoto(row!.photo))

  it('is a path from the folder of the file, or from another one', async () => {
    expect(await photo('a.png')).toMatchObject({ type: 'image/png' })
    expect(await issuesOf(photo('a.png', { photoRoot: tmpdir() }))).toMatchObject([{ code: 'missing' }])
    expect(await photo(`${dir.split('/').at(-1)}/a.png`, { photoRoot: tmpdir() })).toMatchObject({
      type: 'image/png',
    })
  })

  it("is base64 or a data URI, as in data files of Postman's runner", async () => {
    for (const type of ['image/png', 'image/jpeg'] as const) {
      const base64 = Buffer.from(samplePhoto({ type })).toString('base64')
      expect(await photo(base64)).toMatchObject({ type })
      expect(await photo(`"data:${type};base64,${base64}"`)).toMatchObject({ type })
    }
  })

  it('is empty, cut off, or not there', async () => {
    expect(await issuesOf(photo(''))).toMatchObject([{ code: 'photo_empty' }])
    expect(await issuesOf(photo('/9j/4AAQSkZJRg=='))).toMatchObject([{ code: 'photo_truncated' }])
    expect(await issuesOf(photo('nobody.jpg'))).toEqual([
      {
        path: 'photo',
        code: 'missing',
        message: `is missing: there is no file "nobody.jpg" in the folder "${dir}"`,
      },
    ])
  })

  it('stays in its folder', async () => {
    await writeFile(join(dir, '../outside.png'), samplePhoto({ type: 'image/png' }))
    for (const path of ['../outside.png', join(dir, '../outside.png'), '/etc/passwd', 'a/../../outside.png'])
      expect(await issuesOf(photo(path)), path).toMatchObject([
        { path: 'photo', code: expect.stringMatching(/not_allowed|missing/) as string },
      ])
    await rm(join(dir, '../outside.png'))
  })
})

describe('a bad line', () => {
  it.each([
    ['too few cells', 'u1,2021-08-12', 'has 2 cells, the header has 3'],
    ['too many cells', 'u1,2021-08-12,a.png,secret', 'has 4 cells, the header has 3'],
    ['text after a quoted cell', '"u1"x,2021-08-12,a.png', 'has quotes in wrong places, in user_id'],
    ['a quote within a bare cell', 'u1,2021-08-12,5" a.png', 'has quotes in wrong places, in photo'],
  ])('with %s is a row that cannot be sent, and stops nobody', async (_, line, message) => {
    const [before, bad, after] = await rowsOf(
      `${HEADER}\nu0,2021-08-12,a.png\n${line}\nu2,2021-08-12,a.png\n`,
    )
    expect([before!.user_id, after!.user_id]).toEqual(['u0', 'u2'])
    expect(bad).toMatchObject({
      user_id: undefined,
      line: 3,
      error: { code: 'invalid_input', issues: [{ path: 'line 3', code: 'wrong_format', message }] },
    })
    expect(await issuesOf(readPhoto(bad!.photo))).toEqual([
      { path: 'photo', code: 'wrong_format', message: `is not read: line 3 ${message}` },
    ])
  })
})

describe('a bad file', () => {
  it.each<[string, string | Uint8Array, string, string]>([
    ['nothing in it', '', 'file', 'is empty'],
    ['blank lines only', '\n\r\n\n', 'file', 'is empty'],
    ['rows without text only', ',,\n\r\n  ,\n', 'file', 'is empty'],
    [
      'columns missing',
      'user_id,branch\nu1,Accra\n',
      'line 1',
      'lacks user_created_at, photo; there are user_id, branch. Rename columns, or say which ones are ' +
        'meant: --columns user_created_at=NAME,photo=NAME',
    ],
    [
      'no header',
      'user-1,2021-08-12,a.png\n',
      'line 1',
      'lacks user_id, user_created_at, photo; is it the header? It has 3 cells',
    ],
    [
      'no header, and one cell by chance a name',
      `photo,${Array.from({ length: 60 }, (_, i) => `secret-${i}`).join(',')}\n`,
      'line 1',
      'lacks user_id, user_created_at; is it the header? It has 61 cells',
    ],
    ...([
      ['a title above its header', 'Users of the branch\nuser_id,user_created_at,photo\n'],
      ['a title with a date above its header', '\n# 12/08/2021,,\nuser_id,user_created_at,photo\n'],
      ['a frame around its cells', '+----+----+\n| user_id | user_created_at | photo |\n'],
    ].map(([name, content]) => [
      name,
      content,
      content!.startsWith('\n') ? 'line 2' : 'line 1',
      'lacks user_id, user_created_at, photo; is it the header? It has one cell: take out what stands ' +
        'above the header',
    ]) as [string, string, string, string][]),
    [
      'blanks before its quotes',
      '"user_id", "user_created_at", "photo"\n"u1", "2021-08-12", "a.png"\n',
      'line 1',
      'lacks user_created_at, photo; it has quotes in wrong places: no blank may stand around them',
    ],
    ...([
      ['a sep= line that is not true', 'sep=;\n', ',', ','],
      ['another sep= line that is not true', 'sep=,\n', '\t', 'tab'],
      ['colons between cells', '', ':', ':'],
      ['tildes between cells, and quotes', '', '~', "'~'"],
    ].map(([name, before, delimiter, flag]) => [
      name,
      `${before}"user_id"${delimiter}"Date joined"${delimiter}photo\nu1${delimiter}2021${delimiter}a.png\n`,
      before === '' ? 'line 1' : 'line 2',
      'lacks user_id, user_created_at, photo; another character stands between its cells: ' +
        `--delimiter ${flag}`,
    ]) as [string, string, string, string][]),
    [
      'many columns twice',
      `${HEADER}${Array.from({ length: 60 }, (_, i) => `,note-${i % 30}`).join('')}\n`,
      'line 1',
      `names columns twice: ${Array.from({ length: 20 }, (_, i) => `note-${i}`).join(', ')} and 10 more`,
    ],
    [
      'columns missing and a line break in a name',
      'user_id,"secret\rsecret"\n',
      'line 1',
      'lacks user_created_at, photo; is it the header? It has 2 cells',
    ],
    ['a column twice', `${HEADER},note,photo,note\n`, 'line 1', 'names columns twice: photo, note'],
    [
      'a sheet of Excel in it',
      zipSync({ 'xl/workbook.xml': new Uint8Array(9) }),
      'file',
      'is an .xlsx or another zip: name it .xlsx, or unpack it',
    ],
    [
      'an old sheet of Excel in it',
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      'file',
      'is an old .xls: save it as .xlsx, or as CSV (UTF-8)',
    ],
    ['its text packed', gzipSync(HEADER), 'file', 'is packed by gzip: unpack it'],
    [
      'NUL bytes',
      `${HEADER}\nu1,2021-08-12,a.png\nu\0,,\n`,
      'line 3',
      'holds a NUL byte: this is no text file',
    ],
    [
      'Latin-1',
      Buffer.from(`${HEADER}\nu1,2021-08-12,a.png\nJos\u00e9,2021-08-12,a.png\n`, 'latin1'),
      'line 3',
      'is not UTF-8: save the file as UTF-8 ("CSV UTF-8" in spreadsheets)',
    ],
    [
      'a character cut off at its end',
      Buffer.from(`${HEADER}\nJos\u00e9`).subarray(0, -1),
      'line 2',
      'is not UTF-8: save the file as UTF-8 ("CSV UTF-8" in spreadsheets)',
    ],
    [
      'a quote without end',
      `${HEADER}\nu1,2021-08-12,a.png\nu2,"2021-08-12,a.png\nu3,2021-08-12,a.png\n`,
      'line 3',
      'opens a quote that is never closed',
    ],
  ])('with %s is refused, by line and column, without its content', async (_, content, path, message) => {
    const issues = await issuesOf(rowsOf(content))
    expect(issues).toMatchObject([{ path, message }])
    expect(JSON.stringify(issues)).not.toContain('secret')
  })

  it('that is a picture is refused', async () => {
    // The signature of PNG has two line feeds, and what follows begins with NUL.
    expect(await issuesOf(all(csvRows(join(dir, 'a.png'))))).toEqual([
      { path: 'line 3', code: 'wrong_format', message: 'holds a NUL byte: this is no text file' },
    ])
  })

  it('that is not there, or a folder, is refused without its path', async () => {
    expect(await issuesOf(all(csvRows(join(dir, 'nobody.csv'))))).toEqual([
      { path: 'file', code: 'missing', message: 'could not be read (ENOENT)' },
    ])
    expect(await issuesOf(all(csvRows(dir)))).toEqual([
      { path: 'file', code: 'missing', message: 'could not be read (EISDIR)' },
    ])
  })

  /** By this process so far; the system says so on Linux alone. */
  const bytesRead = async () =>
    process.platform === 'linux'
      ? Number(/rchar: (\d+)/.exec(await readFile('/proc/self/io', 'utf8'))![1])
      : 0

  it.each([
    ['x', 'begins a row of more than 16777216 characters'],
    [',', 'has more than 10000 cells'],
    ['"\n', 'begins a row of more than 16777216 characters: is the quote closed that opens in line 2?'],
  ])('of 1 GB with a line of %j is refused at once, in little memory', async (char, message) => {
    const path = await csv(`${HEADER}\n${char.padEnd(20_000_000, char.at(-1))}`)
    const file = await open(path, 'r+')
    await file.truncate(1_000_000_000)
    await file.close()
    globalThis.gc!()
    const before = process.memoryUsage().rss
    const readBefore = await bytesRead()
    expect(await issuesOf(all(csvRows(path)))).toMatchObject([{ path: 'line 2', message }])
    expect(process.memoryUsage().rss - before).toBeLessThan(120_000_000)
    expect((await bytesRead()) - readBefore).toBeLessThan(200_000_000)
  })

  it('is told apart from options that are wrong', async () => {
    const path = await csv(`${HEADER}\n`)
    expect(
      await issuesOf(all(csvRows(path, { columns: { user_id: '', foto: 'x' }, root: 'x' } as RowsOptions))),
    ).toMatchObject([
      { path: 'options.columns.user_id', code: 'wrong_type' },
      { path: 'options.columns.foto', code: 'not_allowed' },
      { path: 'options.root', code: 'not_allowed' },
    ])
    for (const columns of [['id', 'created'], null, 'id'])
      expect(await issuesOf(all(csvRows(path, { columns } as never)))).toContainEqual({
        path: 'options.columns',
        code: 'wrong_type',
        message: 'must be an object',
      })
    expect(await readFile(path, 'utf8')).toBe(`${HEADER}\n`)
  })
})
