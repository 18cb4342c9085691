/** The zip that image jobs send, read by others. */
import { crc32 as zlibCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { Unzip, unzipSync, zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { crc32 } from '../../src/image-jobs/crc32.ts'
import { zip } from '../../src/image-jobs/zip.ts'
import { crc32ByTables } from '../../src/platform/crc32.ts'
import { checkProperty } from '../support/property.ts'

const joined = async (files: { name: string; bytes: Uint8Array }[]) => {
  const packed = await zip(files)
  const whole = Buffer.concat([...packed.pieces()])
  expect(packed.length).toBe(whole.length)
  expect(Buffer.from(await new Blob(packed.parts!()).arrayBuffer()).equals(whole)).toBe(true)
  return new Uint8Array(whole)
}
const files = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[a-z_]{1,12}\.(jpg|png|json)$/),
    bytes: fc.uint8Array({ maxLength: 3000 }),
  }),
  { selector: ({ name }) => name, maxLength: 12 },
)
const plain = (entries: Record<string, Uint8Array>) =>
  Object.entries(entries).map(([name, bytes]) => [name, [...bytes]])

it('what fflate reads is what went in, by the directory and from the front', async () => {
  await checkProperty(
    fc.asyncProperty(files, async (list) => {
      const whole = await joined(list)
      const expected = list.map(({ name, bytes }) => [name, [...bytes]])
      expect(plain(unzipSync(whole))).toEqual(expected)
      // From the front, as one reads what is not there yet: this needs lengths in the local headers.
      const seen: [string, number[]][] = []
      const reader = new Unzip((file) => {
        const entry: [string, number[]] = [file.name, []]
        seen.push(entry)
        file.ondata = (error, data) => {
          if (error) throw error
          entry[1].push(...data)
        }
        file.start()
      })
      reader.push(whole, true)
      expect(seen.filter(([, bytes]) => bytes.length)).toEqual(expected.filter(([, bytes]) => bytes!.length))
    }),
    { numRuns: 200 },
  )
})

it('is byte for byte as long as the zip of others, with the checksums of zlib', async () => {
  await checkProperty(
    fc.asyncProperty(files, async (list) => {
      const whole = await joined(list)
      expect(whole.length).toBe(
        zipSync(Object.fromEntries(list.map(({ name, bytes }) => [name, bytes])), { level: 0 }).length,
      )
      let at = 0
      for (const { name, bytes } of list) {
        const view = new DataView(whole.buffer, at)
        // Signature, flags (none: no descriptor behind the data), method (stored), checksum, length.
        expect([
          view.getUint32(0, true),
          view.getUint16(6, true),
          view.getUint16(8, true),
          view.getUint32(14, true),
          view.getUint32(22, true),
        ]).toEqual([0x04034b50, 0, 0, zlibCrc32(bytes), bytes.length])
        at += 30 + name.length + bytes.length
      }
    }),
    { numRuns: 100 },
  )
})

it('the checksum is that of zlib, native and by tables, whatever the length and the pieces', async () => {
  await checkProperty(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), fc.nat(5000), async (bytes, cut) => {
      const expected = zlibCrc32(bytes)
      expect(await crc32(bytes)).toBe(expected)
      expect(crc32ByTables(bytes.subarray(cut), crc32ByTables(bytes.subarray(0, cut), 0))).toBe(expected)
    }),
    { numRuns: 500 },
  )
  const large = new Uint8Array(3_300_001).map((_, i) => (i * 7919) >> 3)
  expect(await crc32(large)).toBe(zlibCrc32(large))
})
