/** Files of one JSON object per line. */
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { samplePhoto } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { type FileRow, ndjsonRows, type RowsOptions } from 'smileid-edge/node'
import { readPhoto } from 'smileid-edge/photo'
import { all } from '../../support/all.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ndjson-'))
  await writeFile(join(dir, 'a.jpg'), samplePhoto())
})
afterAll(() => rm(dir, { recursive: true }))

async function rowsOf(content: string | Uint8Array, options?: RowsOptions): Promise<FileRow[]> {
  await writeFile(join(dir, 'rows.ndjson'), content)
  return all(ndjsonRows(join(dir, 'rows.ndjson'), options))
}
const issuesOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return isSmileIdError(error, 'invalid_input') ? error.issues : error
}

it('gives a row per line: mapped names, other members as text, photos by path or in base64', async () => {
  const lines = [
    { id: '007', user_created_at: '2021-08-12', photo: 'a.jpg', branch: 'Accra "A"', age: 30, tags: ['x'] },
    undefined,
    { id: 'u2', user_created_at: '2021-08-12', photo: Buffer.from(samplePhoto()).toString('base64') },
  ]
  const rows = await rowsOf(
    `\ufeff${lines.map((line) => (line ? JSON.stringify(line) : '  ')).join('\r\n')}`,
    { columns: { user_id: 'id' } },
  )
  expect(rows).toMatchObject([
    {
      user_id: '007',
      user_created_at: '2021-08-12',
      line: 1,
      columns: { id: '007', photo: 'a.jpg', branch: 'Accra "A"', age: '30', tags: '["x"]' },
    },
    { user_id: 'u2', line: 3 },
  ])
  for (const { photo } of rows) expect(await readPhoto(photo)).toMatchObject({ type: 'image/jpeg' })
})

it('makes rows that cannot be sent of lines that are no objects, and goes on', async () => {
  const rows = await rowsOf(
    '{"user_id":"u1"\nnull\n[1]\n"text"\n{"user_id":"u5","user_created_at":"2021-08-12","photo":"a.jpg"}\n',
  )
  expect(rows.map(({ user_id, line, error }) => [user_id, line, error?.issues])).toEqual([
    ...[1, 2, 3, 4].map((line) => [
      undefined,
      line,
      [{ path: `line ${line}`, code: 'wrong_format', message: 'is no JSON object' }],
    ]),
    ['u5', 5, undefined],
  ])
  expect(await issuesOf(readPhoto(rows[0]!.photo))).toEqual([
    { path: 'photo', code: 'wrong_format', message: 'is not read: line 1 is no JSON object' },
  ])
})

it('leaves what is missing, or is no text, to the checks of every row', async () => {
  const [row] = await rowsOf(
    '{"user_id":true,"photo":{"path":"a.jpg"},"__proto__":{"user_created_at":"2021-08-12"}}\n',
  )
  expect(row).toMatchObject({ user_id: true, user_created_at: undefined, photo: { path: 'a.jpg' } })
})

describe('an id that is a number', () => {
  // In JSON, 1.0 and 1 are one number, and so are 2 ** 53 and 2 ** 53 + 1.
  it.each([
    ['7', '7'],
    [' 7 ', '7'],
    ['0', '0'],
    ['-7', '-7'],
    ['2348012345678', '2348012345678'],
    ['9007199254740991', '9007199254740991'],
    ['9007199254740993', 2 ** 53],
    ['12345678901234567890', Number('12345678901234567890')],
    ['1.0', 1],
    ['1e3', 1000],
    ['-0', -0],
    ['4.5', 4.5],
  ])('%s is %j', async (written, expected) => {
    const others = '"user_created_at":"2021-08-12","photo":"a.jpg"'
    const before = `{"other":${written.trim()},${others},"user_id":${written}}`
    const after = `{\n  "user_id" : ${written},\n  ${others}\n}`
    const inList = `[{"note":"user_id","n":7,"user_id":${written},${others}}]`
    for (const text of [before, after]) expect((await rowsOf(text))[0]!.user_id).toBe(expected)
    // Where its name stands before as a text, it is left to the checks of every row.
    expect([expected, Number(written)]).toContain((await rowsOf(inList))[0]!.user_id)
  })
})

it('refuses what is empty, no text, or has a line without end', async () => {
  expect(await issuesOf(rowsOf(''))).toEqual([{ path: 'file', code: 'missing', message: 'is empty' }])
  expect(await issuesOf(rowsOf('{}\n\0'))).toEqual([
    { path: 'line 2', code: 'wrong_format', message: 'holds a NUL byte: this is no text file' },
  ])
  expect(await issuesOf(rowsOf(Buffer.from('{}\n{"name":"\u00e9"}', 'latin1')))).toMatchObject([
    { path: 'line 2', message: expect.stringContaining('not UTF-8') as string },
  ])
  await writeFile(join(dir, 'long.ndjson'), `{}\n${'['.repeat(20_000_000)}`)
  const file = await open(join(dir, 'long.ndjson'), 'r+')
  await file.truncate(1_000_000_000)
  await file.close()
  globalThis.gc!()
  const before = process.memoryUsage().rss
  expect(await issuesOf(all(ndjsonRows(join(dir, 'long.ndjson'))))).toEqual([
    { path: 'line 2', code: 'wrong_format', message: 'has more than 16777216 characters' },
  ])
  expect(process.memoryUsage().rss - before).toBeLessThan(120_000_000)
})
