/** Photos from files, and the folder that they may not leave. */
import { execFileSync } from 'node:child_process'
import { closeSync, ftruncateSync, openSync } from 'node:fs'
import {
  appendFile,
  mkdir,
  mkdtemp,
  open,
  readFile,
  realpath,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { samplePhoto } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { photoFile } from 'smileid-edge/node'
import { readPhoto } from 'smileid-edge/photo'
import { isInside, staysWithin } from '../../../src/node/containment.ts'

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

const issue = async (...args: Parameters<typeof readPhoto>) => {
  const error: unknown = await readPhoto(...args).then(
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
    message: `is missing: there is no file "nobody.jpg" in the folder "${root}"`,
  })
})

it('is found by its name in NFC and NFD and in another case, where there is just one', async () => {
  const root = await mkdtemp(join(dir, 'names-'))
  await mkdir(join(root, 'Ne\u0301e'))
  const names = [
    'u\u0308ber.jpg',
    '\u00e9.jpg',
    'user-004.jpg',
    'A.jpg',
    'a.JPG',
    'Ne\u0301e/x.jpg',
    'last-12.png',
  ]
  for (const name of names) await writeFile(join(root, name), samplePhoto())
  for (const name of ['\u00fcber.jpg', 'e\u0301.jpg', 'USER-004.JPG', 'N\u00c9E/X.jpg'])
    expect(await readPhoto(photoFile(name, { root })), name).toMatchObject({ type: 'image/jpeg' })
  const missing = 'is missing: there is no file'
  for (const [name, message] of [
    ['a.jpg', `${missing} "a.jpg" in the folder "${root}"; the nearest name is "A.jpg"`],
    ['last-12.jpg', `${missing} "last-12.jpg" in the folder "${root}"; the nearest name is "last-12.png"`],
    ['usre-004.jpg', `${missing} "usre-004.jpg" in the folder "${root}"; the nearest name is "user-004.jpg"`],
    ['away/b.jpg', `${missing} "b.jpg" in the folder "${join(root, 'away')}"`],
  ]) {
    if (process.platform === 'linux')
      expect(await issue(photoFile(name!, { root }))).toMatchObject({ message })
  }
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
    message: 'is not read: the photo folder is no folder, nor named .zip',
  })
})

it.skipIf(process.platform === 'win32')('does not wait for the writer of a pipe', async () => {
  execFileSync('sh', ['-c', 'mkfifo "$0"', join(dir, 'root/pipe.jpg')])
  for (const source of [
    photoFile('pipe.jpg', { root: join(dir, 'root') }),
    photoFile(join(dir, 'root/pipe.jpg')),
  ])
    expect(await issue(source)).toEqual({ path: 'photo', code: 'wrong_type', message: 'is no file' })
})

describe('a file that is larger than most photos may be', () => {
  const path = () => join(dir, 'root/large.jpg')
  const jpeg = samplePhoto()
  const large = () => {
    const bytes = Buffer.alloc(5_500_000, 0x55)
    bytes.set(jpeg.subarray(0, -2))
    bytes.set([0xff, 0xd9], bytes.length - 2)
    return bytes
  }

  it('is read for those who take it, and not opened for others', async () => {
    await writeFile(path(), large())
    for (const source of [photoFile('large.jpg', { root: join(dir, 'root') }), photoFile(path())]) {
      expect(await issue(source)).toMatchObject({ code: 'photo_too_large' })
      expect((await readPhoto(source, { maxBytes: 6_000_000 })).bytes.length).toBe(5_500_000)
    }
    // A terabyte of nothing, which no memory would hold.
    const file = openSync(path(), 'r+')
    ftruncateSync(file, 2 ** 40)
    closeSync(file)
    expect(await issue(photoFile(path()))).toMatchObject({ code: 'photo_too_large' })
    await truncate(path(), 0)
  })

  it('must not grow once its size was taken, nor move out of its folder', async () => {
    const root = join(dir, 'root')
    const looked = async () => {
      await rm(path())
      await writeFile(path(), large())
      const source = photoFile('large.jpg', { root })
      if (typeof source !== 'function') throw new TypeError('no source that waits for its turn')
      return (await source(new AbortController().signal)) as { arrayBuffer(): Promise<ArrayBuffer> }
    }
    const grown = await looked()
    await appendFile(path(), 'more')
    expect(await issue(grown, { maxBytes: 6_000_000 })).toMatchObject({
      code: 'not_allowed',
      message: 'grew while it was looked at',
    })
    const moved = await looked()
    await rename(path(), join(dir, 'moved.jpg'))
    await symlink(join(dir, 'moved.jpg'), path())
    expect(await issue(moved, { maxBytes: 6_000_000 })).toMatchObject({
      message: 'lies outside of the photo folder',
    })
  })
})

describe.skipIf(process.platform === 'win32')('while its folder is swapped for a link that leads out', () => {
  const inside = Buffer.from(samplePhoto({ seed: 1 }))
  const outside = Buffer.from(samplePhoto({ seed: 2 }))
  let root = ''
  let swapping: Worker
  beforeAll(async () => {
    root = join(await realpath(dir), 'swapped')
    const secret = join(dir, 'secret')
    for (const [folder, photo] of [
      [join(root, 'album'), inside],
      [secret, outside],
    ] as const) {
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, 'a.jpg'), photo)
    }
    swapping = new Worker(
      `const { workerData: [album, away, secret], parentPort } = require('node:worker_threads')
      const { renameSync, symlinkSync, unlinkSync } = require('node:fs')
      parentPort.postMessage('begun')
      for (;;) {
        renameSync(album, away)
        symlinkSync(secret, album)
        unlinkSync(album)
        renameSync(away, album)
      }`,
      { eval: true, workerData: [join(root, 'album'), join(root, 'away'), secret] },
    )
    await new Promise((resolve) => swapping.once('message', resolve))
  })
  afterAll(() => swapping.terminate())

  /** Whose bytes so many attempts gave: `undefined` for those that were refused. */
  async function read(attempts: number, attempt: () => Promise<Uint8Array>): Promise<Set<unknown>> {
    const seen = new Set<unknown>()
    for (let at = 0; at < attempts; at++) {
      const bytes = await attempt().catch(() => undefined)
      seen.add(bytes && (outside.equals(bytes) ? 'outside' : inside.equals(bytes)))
    }
    return seen
  }

  it('never leads out', async () => {
    const seen = await read(400, async () => (await readPhoto(photoFile('album/a.jpg', { root }))).bytes)
    expect([...seen].filter((one) => one !== undefined && one !== true)).toEqual([])
  })

  it('never leads out where the system does not tell where an open file lies', async () => {
    const seen = await read(400, async () => {
      const path = await realpath(join(root, 'album/a.jpg'))
      if (!isInside(root, path)) throw new RangeError('outside')
      const handle = await open(path)
      try {
        if (!(await staysWithin({ handle, path, folder: root }))) throw new RangeError('moved')
        return await handle.readFile()
      } finally {
        await handle.close()
      }
    })
    expect([...seen].filter((one) => one !== undefined && one !== true)).toEqual([])
  })
})

it('takes a file that nobody moves, also where the system does not tell where it lies', async () => {
  const folder = await realpath(join(dir, 'root'))
  const path = join(folder, 'inside.jpg')
  const handle = await open(path)
  expect(await staysWithin({ handle, path, folder })).toBe(true)
  await writeFile(join(dir, 'root/other.jpg'), 'another file')
  await rename(join(dir, 'root/other.jpg'), path)
  expect(await staysWithin({ handle, path, folder })).toBe(false)
  await handle.close()
})
