/** Folders of photos, and where photos may lie. */
import { mkdir, mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { samplePhoto } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { folderRows, photoFile } from 'smileid-edge/node'
import { readPhoto } from 'smileid-edge/photo'
import { all } from '../../support/all.ts'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'folder-'))
  await mkdir(join(dir, 'photos/more'), { recursive: true })
  await mkdir(join(dir, 'elsewhere'))
  const photo = samplePhoto()
  for (const name of [
    'photos/0085.jpg',
    'photos/u.2.JPEG',
    'photos/u3.png',
    'photos/.hidden.jpg',
    'photos/more/u4.jpg',
    'elsewhere/u5.jpg',
    'photos-of-others.jpg',
  ])
    await writeFile(join(dir, name), photo)
  for (const name of ['.DS_Store', 'Thumbs.db', 'desktop.ini', 'notes.txt'])
    await writeFile(join(dir, 'photos', name), samplePhoto({ type: 'image/png' }))
  await symlink(join(dir, 'elsewhere'), join(dir, 'photos/linked'))
})
afterAll(() => rm(dir, { recursive: true }))

const issuesOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return isSmileIdError(error, 'invalid_input') ? error.issues : error
}

it('names users after their photos, skips hidden files and reports the others', async () => {
  const skipped: string[] = []
  const onSkipped = (name: string) => skipped.push(name)
  const found = await all(folderRows(join(dir, 'photos'), { user_created_at: '2021-08-12', onSkipped }))
  expect(skipped.sort()).toEqual(['.DS_Store', '.hidden.jpg', 'Thumbs.db', 'desktop.ini'])
  const rows = found.filter(({ error }) => !error)
  expect(rows.map(({ user_id }) => user_id).sort()).toEqual(['0085', 'u.2', 'u3'])
  for (const { user_id, user_created_at, photo, columns } of rows) {
    expect([user_created_at, columns.user_id]).toEqual(['2021-08-12', user_id])
    expect(await readPhoto(photo)).toMatchObject({ type: 'image/jpeg' })
  }
  const others = found.filter(({ error }) => error)
  expect(others.map(({ columns, user_id }) => [columns.photo, user_id]).sort()).toEqual([
    ['linked', undefined],
    ['more', undefined],
    ['notes.txt', undefined],
  ])
  for (const { line, error, photo } of others) {
    expect(error!.issues).toEqual([
      { path: `file ${line}`, code: 'wrong_format', message: 'is named neither .jpg, .jpeg nor .png' },
    ])
    expect(await issuesOf(readPhoto(photo))).toMatchObject([{ code: 'wrong_format' }])
  }
  expect(found.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5, 6])
})

it.each([
  ['2021-08-12', '2021-08-12'],
  [new Date('2021-05-18T15:14:43.250Z'), '2021-05-18 15:14:43+0000'],
  [new Date(NaN), ''],
  [undefined as unknown as string, ''],
])('keeps the date %s in the columns of each row, for reports', async (user_created_at, text) => {
  for (const { columns } of await all(folderRows(join(dir, 'photos'), { user_created_at })))
    expect(columns.user_created_at).toBe(text)
})

it('refuses a folder that is not there', async () => {
  expect(await issuesOf(all(folderRows(join(dir, 'nowhere'), { user_created_at: '2021-08-12' })))).toEqual([
    { path: 'file', code: 'missing', message: 'could not be read (ENOENT)' },
  ])
})

it('reads no photo from outside of the root, in whatever way the path leads there', async () => {
  const root = join(dir, 'photos')
  expect(await readPhoto(photoFile('more/u4.jpg', { root }))).toMatchObject({ type: 'image/jpeg' })
  expect(await readPhoto(photoFile('more/../u3.png', { root }))).toMatchObject({ type: 'image/jpeg' })
  for (const path of [
    '../photos-of-others.jpg',
    join(dir, 'elsewhere/u5.jpg'),
    'linked/u5.jpg',
    '../photos-of-others.jpg\0.jpg',
    'more\\u4.jpg',
    '..\\elsewhere\\u5.jpg',
    '..',
    'more/../..',
  ]) {
    const issues = await issuesOf(readPhoto(photoFile(path, { root })))
    expect(issues, path).toMatchObject([{ path: 'photo', code: 'not_allowed' }])
    expect(JSON.stringify(issues), path).not.toMatch(/elsewhere|others|u5|folder-/)
  }
})

it('reads nothing that has no end, or is too large', async () => {
  for (const path of ['/dev/zero', dir])
    expect(await issuesOf(readPhoto(photoFile(path)))).toEqual([
      { path: 'photo', code: 'wrong_type', message: 'is no file' },
    ])
  expect(await issuesOf(readPhoto(photoFile('', { root: dir })))).toMatchObject([
    { path: 'photo', code: 'not_allowed' },
  ])
  const file = await open(join(dir, 'large.jpg'), 'w')
  await file.truncate(3_000_000_000)
  await file.close()
  expect(await issuesOf(readPhoto(photoFile(join(dir, 'large.jpg'))))).toMatchObject([
    { code: 'photo_too_large' },
  ])
})
