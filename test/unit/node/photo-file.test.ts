/** Photos from files, and the folder that they may not leave. */
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isSmileIdError } from 'smileid-edge/errors'
import { photoFile } from 'smileid-edge/node'
import { readPhoto } from 'smileid-edge/photo'

const demo = join(import.meta.dirname, '../../../playground/demo/photos')
let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'photos-'))
  await mkdir(join(dir, 'root'))
  await writeFile(join(dir, 'outside.jpg'), await readFile(join(demo, 'user-001.jpg')))
  await writeFile(join(dir, 'root/inside.jpg'), await readFile(join(demo, 'user-001.jpg')))
  await symlink(join(dir, 'outside.jpg'), join(dir, 'root/link.jpg'))
  await symlink(join(dir, 'root/inside.jpg'), join(dir, 'root/good-link.jpg'))
})
afterAll(() => rm(dir, { recursive: true }))

const issue = async (source: Parameters<typeof readPhoto>[0]) => {
  const error: unknown = await readPhoto(source).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return isSmileIdError(error, 'invalid_input') ? error.issues[0] : error
}

it('reads the drawn portraits', async () => {
  for (const name of ['user-001.jpg', 'user-008.jpg', 'user-009.png', 'user-012.png']) {
    expect(await readPhoto(photoFile(join(demo, name)))).toMatchObject({
      width: 480,
      height: 600,
      type: name.endsWith('png') ? 'image/png' : 'image/jpeg',
    })
  }
})

it('names every cut of a real picture truncated, wherever it is made', async () => {
  for (const name of ['user-001.jpg', 'user-009.png']) {
    const bytes = await readFile(join(demo, name))
    for (let end = 16; end < bytes.length; end += Math.max(1, Math.floor(bytes.length / 300))) {
      expect(await issue(bytes.subarray(0, end)), `${name} cut at ${end}`).toMatchObject({
        code: 'photo_truncated',
      })
    }
  }
})

it("does not take a preview's end for the picture's", async () => {
  const whole = await readFile(join(demo, 'user-001.jpg'))
  const preview = [0xff, 0xd8, 0xff, 0xd9]
  const exif = Buffer.from([0xff, 0xe1, 0, preview.length + 2, ...preview])
  const withPreview = Buffer.concat([whole.subarray(0, 2), exif, whole.subarray(2)])
  expect(await readPhoto(withPreview)).toMatchObject({ width: 480 })
  expect(await issue(withPreview.subarray(0, -2))).toMatchObject({ code: 'photo_truncated' })
})

it('stays within the root, through links, too', async () => {
  const root = join(dir, 'root')
  expect(await readPhoto(photoFile('inside.jpg', { root }))).toMatchObject({ width: 480 })
  expect(await readPhoto(photoFile('good-link.jpg', { root }))).toMatchObject({ width: 480 })
  for (const path of ['../outside.jpg', join(dir, 'outside.jpg'), 'link.jpg', '../root/../outside.jpg'])
    expect(await issue(photoFile(path, { root })), path).toMatchObject({ code: 'not_allowed', path: 'photo' })
  expect(await issue(photoFile('nobody.jpg', { root }))).toMatchObject({
    code: 'missing',
    message: 'could not be read (ENOENT)',
  })
})

it('says of what lies outside no more when it is there than when it is not', async () => {
  const root = join(dir, 'root')
  const issues = []
  for (const path of ['../outside.jpg', '../nobody.jpg', join(dir, 'nobody.jpg'), '../nowhere/nobody.jpg'])
    issues.push(await issue(photoFile(path, { root })))
  expect(issues).toEqual(
    issues.map(() => ({ path: 'photo', code: 'not_allowed', message: 'lies outside of the photo folder' })),
  )
})

it('tells a folder that is wrong from a photo that is missing', async () => {
  expect(await issue(photoFile('a.jpg', { root: join(dir, 'nowhere') }))).toEqual({
    path: 'photo',
    code: 'missing',
    message: 'is not read: the photo folder could not be opened (ENOENT)',
  })
  expect(await issue(photoFile('a.jpg', { root: join(dir, 'outside.jpg') }))).toEqual({
    path: 'photo',
    code: 'wrong_type',
    message: 'is not read: the photo folder is no folder',
  })
})
