/**
 * Zips as other writers pack them (PKWARE APPNOTE 6.3.10): deflated, also with two files of one name, and
 * with lengths that come only behind the data.
 */
import { crc32, deflateRawSync } from 'node:zlib'

export interface RawEntry {
  name: string
  data: Uint8Array
}

interface RawZipOptions {
  /** Lengths and checksum behind the data, as `java.util.zip.ZipOutputStream` writes them. @default false */
  descriptors?: boolean
}

const DEFLATED = 8
const VERSION = 20

export function rawZip(entries: readonly RawEntry[], { descriptors = false }: RawZipOptions = {}) {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, data } of entries) {
    const packed = deflateRawSync(data)
    const facts = numbers(4, [crc32(data), packed.length, data.length])
    const flags = descriptors ? 8 : 0
    const head = numbers(2, [VERSION, flags, DEFLATED, 0, 0])
    const lengths = numbers(2, [Buffer.byteLength(name), 0])
    const file = Buffer.concat([
      Buffer.from('PK\u0003\u0004'),
      head,
      descriptors ? Buffer.alloc(12) : facts,
      lengths,
      Buffer.from(name),
      packed,
      ...(descriptors ? [Buffer.from('PK\u0007\u0008'), facts] : []),
    ])
    const rest = Buffer.concat([numbers(2, [0, 0, 0]), numbers(4, [0, offset])])
    const version = numbers(2, [VERSION])
    directory.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002'), version, head, facts, lengths, rest, Buffer.from(name)]),
    )
    files.push(file)
    offset += file.length
  }
  const central = Buffer.concat(directory)
  const end = Buffer.concat([
    Buffer.from('PK\u0005\u0006'),
    numbers(2, [0, 0, entries.length, entries.length]),
    numbers(4, [central.length, offset]),
    numbers(2, [0]),
  ])
  return Uint8Array.from(Buffer.concat([...files, central, end]))
}

/** Little endian, so many bytes each. */
function numbers(bytes: 2 | 4, values: readonly number[]): Buffer {
  const all = Buffer.alloc(bytes * values.length)
  values.forEach((value, i) => all.writeUIntLE(value, i * bytes, bytes))
  return all
}
