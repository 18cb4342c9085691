/** Zips as the emulator opens them. */
import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { openZip } from '../../../src/emulator/zip.ts'

const open = (zip: Uint8Array<ArrayBuffer>) => openZip(zip, { duplicateNames: 'refuse' })
const text = (value: string) => new TextEncoder().encode(value)
const bytesOf = (opened: ReturnType<typeof openZip>) =>
  opened.ok ? Object.fromEntries([...opened.files].map(([name, data]) => [name, [...data]])) : opened
const two = { 'a.txt': text('aaaa'), 'b.txt': text('bbbb') }
/** Where the first record with this signature begins, or the first one behind `from`. */
function find(zip: Uint8Array, signature: ArrayLike<number>, from = 0): number {
  const bytes = Array.from(signature)
  return zip.findIndex((_, at) => at >= from && bytes.every((byte, offset) => zip[at + offset] === byte))
}
/** Where the second one begins. */
function findSecond(zip: Uint8Array, signature: ArrayLike<number>): number {
  return find(zip, signature, find(zip, signature) + 1)
}
const LOCAL = [0x50, 0x4b, 3, 4]
const CENTRAL = [0x50, 0x4b, 1, 2]
const END = [0x50, 0x4b, 5, 6]
const DESCRIPTOR = [0x50, 0x4b, 7, 8]
const changed = (zip: Uint8Array, at: number, ...bytes: number[]) => {
  const copy = Uint8Array.from(zip)
  copy.set(bytes, at)
  return copy
}

interface Described {
  data: Uint8Array
  crc: number
  /** Whether the descriptor begins with one. */
  signature: boolean
  deflate?: boolean
}

/** A zip of the file `a`, as a writer makes it that learns lengths only afterwards. */
function described({ data, crc, signature, deflate = false }: Described): Uint8Array<ArrayBuffer> {
  const packed = deflate ? deflateRawSync(data) : data
  const method = deflate ? 8 : 0
  const facts = littleEndian(4, [crc, packed.length, data.length])
  const local = [
    ...LOCAL,
    ...littleEndian(2, [20, 8, method, 0, 0]),
    ...littleEndian(4, [0, 0, 0]),
    ...littleEndian(2, [1, 0]),
    ...text('a'),
    ...packed,
    ...(signature ? DESCRIPTOR : []),
    ...facts,
  ]
  const central = [
    ...CENTRAL,
    ...littleEndian(2, [20, 20, 8, method, 0, 0]),
    ...facts,
    ...littleEndian(2, [1, 0, 0, 0, 0]),
    ...littleEndian(4, [0, 0]),
    ...text('a'),
  ]
  return Uint8Array.from([
    ...local,
    ...central,
    ...END,
    ...littleEndian(2, [0, 0, 1, 1]),
    ...littleEndian(4, [central.length, local.length]),
    ...littleEndian(2, [0]),
  ])
}

/** Numbers of so many bytes each. */
function littleEndian(bytes: number, values: readonly number[]): number[] {
  return values.flatMap((value) => Array.from({ length: bytes }, (_, i) => (value >>> (8 * i)) & 255))
}

describe('opens', () => {
  it('whatever another writer packs, stored or deflated', () => {
    const name = fc
      .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
      .filter((value) => !/[/\\\0]/.test(value) && value !== '.' && value !== '..' && value !== '__proto__')
    fc.assert(
      fc.property(
        fc.dictionary(name, fc.uint8Array({ maxLength: 300 })),
        fc.constantFrom(0, 6, 9),
        (files, level) => {
          expect(bytesOf(open(zipSync(files, { level: level as 0 })))).toEqual(
            Object.fromEntries(Object.entries(files).map(([key, data]) => [key, [...data]])),
          )
        },
      ),
    )
  })

  it('files in another order than that of the directory', () => {
    const stored = zipSync(two, { level: 0 })
    const [first, second, end] = [find(stored, CENTRAL), findSecond(stored, CENTRAL), find(stored, END)]
    const swapped = Uint8Array.from([
      ...stored.slice(0, first),
      ...stored.slice(second, end),
      ...stored.slice(first, second),
      ...stored.slice(end),
    ])
    expect(bytesOf(open(swapped))).toEqual(bytesOf(open(stored)))
  })

  it('comments at the end, and lengths that follow their data', () => {
    const plain = zipSync({ 'a.txt': text('a') })
    const commented = Uint8Array.from([...changed(plain, plain.length - 2, 5), ...text('notes')])
    expect(bytesOf(open(commented))).toEqual({ 'a.txt': [97] })
    // The CRC-32 of "123456789" as every description of it gives it.
    const check = text('123456789')
    for (const signature of [true, false]) {
      for (const deflate of [true, false]) {
        const zip = described({ data: check, crc: 0xcbf43926, signature, deflate })
        expect(bytesOf(open(zip))).toEqual({ a: [...check] })
      }
    }
  })
})

describe('refuses', () => {
  const stored = zipSync(two, { level: 0 })
  const deflated = zipSync({ 'a.txt': text('a'.repeat(1000)) })
  const zip64 = changed(stored, find(stored, END) + 16, 255, 255, 255, 255)
  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(), 'it is no zip'],
    ['a text', text('hello, this is no zip file at all'), 'it is no zip'],
    ['a cut zip', stored.slice(0, -10), 'it is no zip'],
    [
      'a zip with a part missing',
      Uint8Array.from([...stored.slice(0, 20), ...stored.slice(30)]),
      'the directory is not where it should be (Zip64 is not read)',
    ],
    ['Zip64', zip64, 'the directory is not where it should be (Zip64 is not read)'],
    ['one part of several', changed(stored, find(stored, END) + 4, 1), 'the zip is a part of several'],
    ['a flipped byte', changed(stored, find(stored, text('aaaa')), 98), 'a checksum is wrong'],
    [
      'a wrong checksum',
      described({ data: text('123456789'), crc: 0xcbf43927, signature: true }),
      'a checksum is wrong',
    ],
    [
      'a descriptor that differs',
      changed(described({ data: text('123456789'), crc: 0xcbf43926, signature: true }), 44, 0),
      'file and directory differ',
    ],
    ['another length in the file', changed(stored, find(stored, LOCAL) + 22, 5), 'file and directory differ'],
    [
      'another way of packing in the file',
      changed(stored, find(stored, LOCAL) + 8, 8),
      'file and directory differ',
    ],
    ['another name in the file', changed(stored, find(stored, LOCAL) + 30, 120), 'file and directory differ'],
    [
      'a longer inflated file',
      changed(changed(deflated, find(deflated, LOCAL) + 22, 10, 0), find(deflated, CENTRAL) + 24, 10, 0),
      'a file has another length than it says',
    ],
    [
      'broken deflate',
      changed(deflated, find(deflated, LOCAL) + 35, 255, 255, 255),
      'a file cannot be inflated',
    ],
    ['an encrypted file', changed(stored, find(stored, CENTRAL) + 8, 1), 'a file is encrypted'],
    [
      'an unknown method',
      changed(stored, find(stored, CENTRAL) + 10, 12),
      'a file is packed in an unknown way',
    ],
    ['a broken directory', changed(stored, findSecond(stored, CENTRAL), 0), 'the directory is broken'],
    [
      'fewer files than there are',
      changed(stored, find(stored, END) + 8, 1, 0, 1),
      'the directory has another length than it says',
    ],
    [
      'an entry that points elsewhere',
      changed(stored, find(stored, CENTRAL) + 42, 3),
      'the directory points at no file',
    ],
    [
      'an entry that points outside',
      changed(stored, find(stored, CENTRAL) + 42, 255, 255, 255),
      'the zip is cut off, or points outside of itself',
    ],
    [
      'one name twice',
      changed(changed(stored, findSecond(stored, LOCAL) + 30, 97), findSecond(stored, CENTRAL) + 46, 97),
      'two files have one name',
    ],
    ['a folder', zipSync({ 'folder/a.txt': text('a') }), 'a name is not that of a file at the root'],
    ['a name that climbs', zipSync({ '../a.txt': text('a') }), 'a name is not that of a file at the root'],
    ['the parent', zipSync({ '..': text('a') }), 'a name is not that of a file at the root'],
    ['an absolute name', zipSync({ '/etc/passwd': text('a') }), 'a name is not that of a file at the root'],
    ['a Windows path', zipSync({ 'C:\\a.txt': text('a') }), 'a name is not that of a file at the root'],
    [
      'a name that is no UTF-8',
      changed(changed(stored, find(stored, LOCAL) + 30, 0xff), find(stored, CENTRAL) + 46, 0xff),
      'a name is no UTF-8',
    ],
  ])('%s', (_, zip, why) => {
    expect(open(Uint8Array.from(zip))).toEqual({ ok: false, problem: why })
  })

  it('a file within another, and what would burst', () => {
    const inner = zipSync({ b: text('x') }, { level: 0 })
    const outer = zipSync({ a: inner.slice(0, find(inner, CENTRAL)) }, { level: 0 })
    const [directory, end] = [find(outer, CENTRAL), find(outer, END)]
    const second = changed(inner.slice(find(inner, CENTRAL), find(inner, END)), 42, 31)
    const both = Uint8Array.from([
      ...outer.slice(0, end),
      ...second,
      ...changed(changed(outer.slice(end), 8, 2, 0, 2), 12, end - directory + second.length),
    ])
    expect(open(both)).toEqual({ ok: false, problem: 'files overlap' })
    const bomb = zipSync({ a: new Uint8Array(1000) })
    expect(open(changed(bomb, find(bomb, CENTRAL) + 24, 0, 0, 0, 255))).toEqual({
      ok: false,
      problem: 'the zip holds too much',
    })
  })

  it('any bytes, without a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(open(Uint8Array.from(bytes))).toEqual({ ok: false, problem: 'it is no zip' })
      }),
    )
    fc.assert(
      fc.property(fc.nat(stored.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const opened = open(changed(stored, at, stored[at]! ^ flip))
        if (opened.ok) expect(bytesOf(opened)).toEqual(bytesOf(open(stored)))
      }),
    )
  })
})
