/** Photos in a zip: found by their names, read one by one, and refused for what is wrong with each. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import { afterAll, describe, expect, it } from 'vitest'
import { checkRows } from 'smileid-edge/bulk'
import { samplePhoto } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { checkPhotoRoot, csvRows, folderRows, photoFile } from 'smileid-edge/node'
import { readPhoto } from 'smileid-edge/photo'
import { all } from '../../support/all.ts'
import { type RawEntry, rawZip, rawZipPieces } from '../../support/raw-zip.ts'

const dir = mkdtempSync(join(tmpdir(), 'photo-zip-'))
afterAll(() => rmSync(dir, { recursive: true }))

const PHOTO = samplePhoto()
const OTHER = samplePhoto({ seed: 2 })
let count = 0

/** Each under a name of its own. */
function put(bytes: Uint8Array): string {
  count++
  const path = join(dir, `photos-${count}.zip`)
  writeFileSync(path, bytes)
  return path
}

const changed = (zip: Uint8Array, at: number, value: number) => {
  const copy = Uint8Array.from(zip)
  copy[at] = value
  return copy
}
const packed = (...entries: RawEntry[]) => put(rawZip(entries))
const read = async (name: string, root: string) => (await readPhoto(photoFile(name, { root }))).bytes
const problem = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!isSmileIdError(error, 'invalid_input')) return error
  return error.issues
    .map(({ path, code, message }) => `${code}: ${path} ${message}`.replaceAll(`${dir}/`, ''))
    .join()
}

describe('finds', () => {
  it.each<[string, Uint8Array]>([
    ['fflate, deflated', zipSync({ 'a.jpg': PHOTO, 'b.jpg': OTHER })],
    ['fflate, stored', zipSync({ 'a.jpg': PHOTO, 'b.jpg': OTHER }, { level: 0 })],
    [
      'hand, stored',
      rawZip([
        { name: 'a.jpg', data: PHOTO, method: 0 },
        { name: 'b.jpg', data: OTHER, method: 0 },
      ]),
    ],
    [
      'Java',
      rawZip(
        [
          { name: 'a.jpg', data: PHOTO },
          { name: 'b.jpg', data: OTHER },
        ],
        { descriptors: true },
      ),
    ],
    [
      'those of large files',
      rawZip(
        [
          { name: 'a.jpg', data: PHOTO },
          { name: 'b.jpg', data: OTHER },
        ],
        { zip64: true },
      ),
    ],
  ])('photos in a zip as packed by %s', async (_, zip) => {
    const root = put(zip)
    expect(await read('a.jpg', root)).toEqual(PHOTO)
    expect(await read('b.jpg', root)).toEqual(OTHER)
  })

  const nfc = 'Zoë Ångström.jpg'.normalize('NFC')
  const nfd = nfc.normalize('NFD')
  it.each<[string, string | Uint8Array, string]>([
    ['in a folder', 'north/lagos/a.jpg', 'north/lagos/a.jpg'],
    ['without the folder that holds all', 'photos/a.jpg', 'a.jpg'],
    ['without several of them', 'export/photos/a.jpg', 'a.jpg'],
    ['in another case', 'USER-004.JPG', 'user-004.jpg'],
    ['in a folder in another case', 'North/Lagos/A.JPG', 'north/lagos/a.jpg'],
    ['in NFC where the zip has NFD, as Macs pack it', Buffer.from(nfd), nfc],
    ['in NFD where the zip has NFC', Buffer.from(nfc), nfd],
    ['in CP437, as old zips have it', Buffer.from([0x5a, 0x6f, 0x89, ...Buffer.from('.jpg')]), 'Zoë.jpg'],
    ['with backslashes, as old .NET packs it', 'north\\lagos\\a.jpg', 'north/lagos/a.jpg'],
    ['by a detour within the zip', 'north/a.jpg', 'north/../north/./a.jpg'],
  ])('a name %s', async (_, name, wanted) => {
    expect(await read(wanted, packed({ name, data: PHOTO }))).toEqual(PHOTO)
  })

  it('the very name where another differs in case alone', async () => {
    const root = packed({ name: 'A.jpg', data: PHOTO }, { name: 'a.jpg', data: OTHER })
    expect(await read('a.jpg', root)).toEqual(OTHER)
    expect(await read('A.jpg', root)).toEqual(PHOTO)
  })

  it("no photo among what Macs add, so that the folder that holds all is still one's own", async () => {
    const root = packed(
      { name: '.DS_Store', data: strToU8('x') },
      { name: 'photos/', data: new Uint8Array(), method: 0 },
      { name: 'photos/.DS_Store', data: strToU8('x') },
      { name: 'photos/a.jpg', data: PHOTO },
      { name: '__MACOSX/photos/._a.jpg', data: strToU8('x') },
    )
    expect(await read('a.jpg', root)).toEqual(PHOTO)
    expect(await problem(read('__MACOSX/photos/._a.jpg', root))).toMatch(/^missing: photo is missing/)
    expect(await problem(read('photos/.DS_Store', root))).toMatch(/^missing: photo is missing/)
  })
})

describe('names', () => {
  const zip = () =>
    packed({ name: 'north/user-001.jpg', data: PHOTO }, { name: 'south/user-002.jpg', data: PHOTO })

  it('what is no path in a zip: a web address, and one of Windows', async () => {
    const root = packed({ name: 'photos/a.jpg', data: PHOTO })
    for (const url of ['https://example.com/photos/a.jpg', 'HTTP://example.com/a.jpg']) {
      expect(await problem(read(url, root))).toBe(
        'not_allowed: photo is a web address: fetch the photos first, and name their files',
      )
    }
    expect(await problem(read('photos\\a.jpg', root))).toBe(
      'not_allowed: photo must be a path with / between folders',
    )
  })

  it('what is missing, with the zip and the nearest name', async () => {
    const nearest = '; the nearest name is "user-001.jpg"'
    const flat = packed({ name: 'user-001.jpg', data: PHOTO })
    expect(await problem(read('user-01.jpg', flat))).toBe(
      `missing: photo is missing: there is no file "user-01.jpg" in the zip "${basename(flat)}"${nearest}`,
    )
    expect(await problem(read('north/user-001.png', zip()))).toContain('in the folder "north" of the zip "')
    expect(await problem(read('north/user-001.png', zip()))).toContain(nearest)
    expect(await problem(read('east/user-001.jpg', zip()))).toMatch(
      /in the folder "east" of the zip "[^"]+"$/,
    )
  })

  it.each(['../a.jpg', 'north/../../a.jpg', '/etc/passwd', '..', 'a\0.jpg'])(
    '%j as outside',
    async (name) => {
      const root = packed({ name: '../a.jpg', data: PHOTO }, { name: '/etc/passwd', data: PHOTO })
      expect(await problem(read(name, root))).toBe('not_allowed: photo lies outside of the zip')
      expect(await problem(read('a.jpg', root))).toMatch(/^missing:/)
      expect(await problem(read('etc/passwd', root))).toMatch(/^missing:/)
    },
  )
})

describe('refuses', () => {
  const a = { name: 'a.jpg', data: PHOTO }
  const zeros = new Uint8Array(5_000_001)
  it.each<[string, RawEntry[], string]>([
    [
      'two of one name',
      [a, { ...a, data: OTHER }],
      'duplicate: photo has a name that two files of the zip have',
    ],
    [
      'what is encrypted',
      [{ ...a, flags: 1 }],
      'not_allowed: photo is encrypted in the zip: make the zip again without a password',
    ],
    [
      'an unknown compression',
      [{ ...a, method: 93 }],
      'wrong_format: photo is packed by method 93, which is not read: make the zip again with Deflate',
    ],
    [
      'a wrong checksum',
      [{ ...a, says: { crc32: 1 } }],
      'photo_truncated: photo is damaged in the zip: pack it again',
    ],
    [
      'a size that is too small',
      [{ ...a, says: { size: 10 } }],
      'photo_truncated: photo is damaged in the zip: pack it again',
    ],
    [
      'a size that is too large',
      [{ ...a, says: { size: 1_000_000 } }],
      'photo_truncated: photo is damaged in the zip: pack it again',
    ],
    ['5,000,001 bytes', [{ ...a, data: zeros }], 'photo_too_large: photo is larger than 5000000 bytes'],
    [
      '5,000,001 bytes that are said to be ten',
      [{ ...a, data: zeros, says: { size: 10 } }],
      'photo_too_large: photo is larger than 5000000 bytes',
    ],
    [
      'a size of 4 GB',
      [{ ...a, says: { size: 0xfffffff0 } }],
      'photo_too_large: photo is larger than 5000000 bytes',
    ],
    ['nothing', [{ ...a, data: new Uint8Array() }], 'photo_empty: photo is empty'],
  ])('%s, and reads the others', async (_, entries, message) => {
    const root = packed(...entries, { name: 'b.jpg', data: OTHER })
    expect(await problem(read('a.jpg', root))).toContain(message)
    expect(await read('b.jpg', root)).toEqual(OTHER)
  })

  it('a bomb before it has gone off: what comes behind the limit is not looked at', async () => {
    const packed20MB = deflateRawSync(new Uint8Array(20_000_000))
    packed20MB.fill(0xff, packed20MB.length >> 1)
    const bomb = { ...a, packed: packed20MB, says: { size: 100 } }
    expect(() => inflateRawSync(packed20MB)).toThrow()
    expect(await problem(read('a.jpg', packed(bomb)))).toBe(
      'photo_too_large: photo is larger than 5000000 bytes',
    )
  })

  it.each<[string, (zip: Uint8Array) => Uint8Array, string]>([
    ['an empty file', () => new Uint8Array(), 'the zip is empty'],
    ['a JPEG', () => PHOTO, 'the zip is no zip, whatever it is called'],
    [
      'half a zip',
      (zip) => zip.subarray(0, zip.length >> 1),
      'the zip is no whole zip: it was cut off or changed, so make or fetch it again',
    ],
    [
      'one that lost its last byte',
      (zip) => zip.subarray(0, -1),
      'the zip is no whole zip: it was cut off or changed, so make or fetch it again',
    ],
    [
      'a list of files that was changed',
      (zip) => changed(zip, zip.length - 22 - 51, 0),
      'the zip is no whole zip: it was cut off or changed, so make or fetch it again',
    ],
    [
      'a list with a file whose names are encrypted',
      (zip) => changed(zip, zip.length - 22 - 51 + 8, 0x40),
      'the zip has an encrypted list of files: make the zip again without a password',
    ],
    [
      'a part of several, by where their list begins',
      (zip) => changed(zip, zip.length - 16, 1),
      'the zip is one part of a zip that is in several: join them',
    ],
    [
      'the last part of several',
      (zip) => changed(zip, zip.length - 18, 1).subarray(200),
      'the zip is one part of a zip that is in several: join them',
    ],
    [
      'a part of several',
      (zip) => changed(zip, zip.length - 18, 1),
      'the zip is one part of a zip that is in several: join them',
    ],
  ])('%s', async (_, change, message) => {
    const root = put(change(rawZip([a])))
    expect(await problem(read('a.jpg', root))).toBe(`wrong_format: photo is not read: ${message}`)
    const wrong = message.replace('the zip ', '')
    expect(await problem(checkPhotoRoot(root))).toBe(`wrong_format: photoRoot ${wrong}`)
    expect(await problem(all(folderRows(root, { user_created_at: '2021-08-12' })))).toBe(
      `wrong_format: file ${wrong}`,
    )
  })

  it('any single byte that was changed, or finds the same photo', async () => {
    const zip = rawZip([a])
    const path = join(dir, 'photos-changed.zip')
    const ends = new Set<string>()
    for (let at = 0; at < zip.length; at += at < 60 || at > zip.length - 90 ? 1 : 97) {
      writeFileSync(path, changed(zip, at, zip[at]! ^ 0x55))
      const end = await read('a.jpg', path).catch(async (error: unknown) => problem(Promise.reject(error)))
      if (typeof end === 'string') ends.add(end.replace(/:.*/, ''))
      else expect(end).toEqual(PHOTO)
    }
    // Each is an issue of the photo, and never another error.
    for (const code of ends) expect(code).toMatch(/^(missing|duplicate|not_allowed|wrong_format|photo_\w+)$/)
  })

  it('a zip that is not there, and a file that is no zip by its name', async () => {
    expect(await problem(read('a.jpg', join(dir, 'no.zip')))).toBe(
      'missing: photo is not read: the zip could not be read (ENOENT)',
    )
    writeFileSync(join(dir, 'photos.rar'), 'Rar!')
    expect(await problem(read('a.jpg', join(dir, 'photos.rar')))).toBe(
      'wrong_type: photo is not read: the photo folder is no folder, nor named .zip',
    )
    expect(await problem(checkPhotoRoot(join(dir, 'photos.rar')))).toBe(
      'wrong_type: photoRoot is no folder, and not named .zip: give the one with the photos',
    )
    expect(await problem(checkPhotoRoot(join(dir, 'no.zip')))).toBe(
      'missing: photoRoot is no folder or zip that can be opened (ENOENT)',
    )
  })
})

it.each([
  ['', true],
  [' as Macs write it, without the format for such', false],
])('reads a zip of 9 GB%s at its places, and not as a whole', async (_, zip64) => {
  const names = ['a.jpg', 'b.jpg', 'c.jpg']
  const entries = names.map((name, seed) => ({ name, data: samplePhoto({ seed }) }))
  const path = join(dir, `photos-large-${zip64}.zip`)
  const file = await open(path, 'w')
  // What is between takes no room on the disk.
  for (const { at, bytes } of rawZipPieces(entries, { zip64, gap: 3_000_000_000 })) {
    await file.write(bytes, 0, bytes.length, at)
  }
  await file.close()
  for (const { name, data } of entries) expect(await read(name, path)).toEqual(data)
  const rows = await all(folderRows(path, { user_created_at: '2021-08-12' }))
  expect(rows.map(({ user_id }) => user_id)).toEqual(['a', 'b', 'c'])
})

describe('of more files than two bytes count', () => {
  const data = new Uint8Array()
  const zipOf = (count: number) =>
    rawZip([
      ...Array.from({ length: count - 1 }, (_, i) => ({ name: `u${i}.jpg`, data, method: 0 })),
      { name: 'last.jpg', data: PHOTO },
    ])

  it.each([65_534, 65_535, 65_536, 65_537, 131_072, 140_000])('lists all of %i', async (count) => {
    const path = put(zipOf(count))
    expect(await read('last.jpg', path)).toEqual(PHOTO)
    let rows = 0
    for await (const { error } of folderRows(path, { user_created_at: '2021-08-12' })) if (!error) rows++
    expect(rows).toBe(count)
  })

  it('refuses a list that is shorter than it says', async () => {
    const zip = zipOf(65_536)
    const view = new DataView(zip.buffer)
    view.setUint32(zip.length - 10, view.getUint32(zip.length - 10, true) + 30, true)
    expect(await problem(read('last.jpg', put(zip)))).toBe(
      'wrong_format: photo is not read: the zip is no whole zip: it was cut off or changed, so make or ' +
        'fetch it again',
    )
  })
})

it('reads 50,000 photos, many at once and again, in memory that does not grow with their bytes', async () => {
  const entries = Array.from({ length: 50_000 }, (_, i) => ({
    name: `photos/user-${i}.jpg`,
    data: PHOTO,
    method: 0,
  }))
  const path = put(rawZip(entries))
  await read('user-0.jpg', path)
  const before = process.memoryUsage()
  const held = () => {
    const now = process.memoryUsage()
    return now.arrayBuffers + now.external - before.arrayBuffers - before.external
  }
  let most = 0
  for (let from = 0; from < 50_000; from += 1000) {
    const wanted = Array.from({ length: 50 }, (_, i) => `user-${from + i}.jpg`)
    const photos = await Promise.all(wanted.map((name) => read(name, path)))
    expect(photos.every((photo) => photo.length === PHOTO.length)).toBe(true)
    most = Math.max(most, held())
  }
  expect(most).toBeLessThan(30_000_000)
})

it('notices a zip that was replaced', async () => {
  const path = packed({ name: 'a.jpg', data: PHOTO })
  const photo = photoFile('a.jpg', { root: path })
  expect((await readPhoto(photo)).bytes).toEqual(PHOTO)
  await rename(packed({ name: 'x.jpg', data: PHOTO }, { name: 'a.jpg', data: OTHER }), path)
  expect((await readPhoto(photo)).bytes).toEqual(OTHER)
})

describe('rows', () => {
  it('of a CSV name photos in it', async () => {
    const root = packed({ name: 'photos/a.jpg', data: PHOTO }, { name: 'photos/b.jpg', data: OTHER })
    const csv = join(dir, 'users.csv')
    writeFileSync(
      csv,
      'user_id,user_created_at,photo\nu1,2021-08-12,a.jpg\nu2,2021-08-12,B.JPG\nu3,2021-08-12,c.jpg\n',
    )
    const problems = await all(checkRows(csvRows(csv, { photoRoot: root }), { photos: true }))
    expect(problems.map(({ row, error }) => [row.line, error.issues.map(({ code }) => code)])).toEqual([
      [4, ['missing']],
    ])
  })

  it('are its photos, each named after its user', async () => {
    const root = packed(
      { name: 'photos/u1.jpg', data: PHOTO },
      { name: 'photos/Thumbs.db', data: strToU8('x') },
      { name: 'photos/notes.txt', data: strToU8('x') },
      { name: 'photos/more/u3.jpg', data: PHOTO },
      { name: 'photos/u2.png', data: OTHER },
    )
    const skipped: string[] = []
    const rows = await all(
      folderRows(root, { user_created_at: '2021-08-12', onSkipped: (name) => skipped.push(name) }),
    )
    expect(
      rows.map(({ line, user_id, columns, error }) => [line, user_id, columns.photo, error?.message]),
    ).toEqual([
      [1, 'u1', 'u1.jpg', undefined],
      [2, undefined, 'notes.txt', expect.stringContaining('file 2 is named neither .jpg, .jpeg nor .png')],
      [3, 'u2', 'u2.png', undefined],
      [4, undefined, 'more', expect.stringContaining('file 4 is named neither .jpg, .jpeg nor .png')],
    ])
    expect(skipped).toEqual(['Thumbs.db'])
    expect((await readPhoto(rows[2]!.photo)).bytes).toEqual(OTHER)
  })
})
