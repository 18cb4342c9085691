/**
 * Zips as other writers pack them (PKWARE APPNOTE 6.3.10): deflated, also with two files of one name, with
 * lengths that come only behind the data, in the format for large files, and with what is not true.
 */
import { crc32, deflateRawSync } from 'node:zlib'

export interface RawEntry {
  /** Bytes for names in another encoding. */
  name: string | Uint8Array
  data: Uint8Array
  /** How it is packed. @default 8, deflated; the bytes are those of `data` for all others */
  method?: number
  /** In place of what `data` is packed to. */
  packed?: Uint8Array
  /** Bit 0: encrypted; bit 11: the name is UTF-8. @default 0 */
  flags?: number
  /** What the zip says of the file, where that is not so. */
  says?: { size?: number; crc32?: number }
}

interface RawZipOptions {
  /** Lengths and checksum behind the data, as `java.util.zip.ZipOutputStream` writes them. @default false */
  descriptors?: boolean
  /**
   * Sizes and places in 8 bytes, as in zips of more than 4 GB. Without it, of larger numbers the lower bytes
   * are written, as by Archive Utility of macOS. @default false
   */
  zip64?: boolean
  /** Bytes of nothing after each file. @default 0 */
  gap?: number
}

/** Bytes, and where in the file they stand. */
export interface ZipPiece {
  at: number
  bytes: Uint8Array
}

const DEFLATED = 8
const VERSION = 20
const IN_EXTRA = 0xffffffff
const COUNTS = 65_536
const FOUR_GB = 2 ** 32

export function rawZip(entries: readonly RawEntry[], options: Omit<RawZipOptions, 'gap'> = {}) {
  return Uint8Array.from(Buffer.concat(rawZipPieces(entries, options).map(({ bytes }) => bytes)))
}

export function rawZipPieces(entries: readonly RawEntry[], options: RawZipOptions = {}): ZipPiece[] {
  const { descriptors = false, zip64 = false, gap = 0 } = options
  const pieces: ZipPiece[] = []
  const directory: Buffer[] = []
  let at = 0
  for (const entry of entries) {
    const { name, data, method = DEFLATED, flags = 0, says = {} } = entry
    const nameBytes = Buffer.from(name as string)
    const packed = entry.packed ?? (method === DEFLATED ? deflateRawSync(data) : data)
    const size = says.size ?? data.length
    const checksum = says.crc32 ?? crc32(data)
    const facts = numbers(4, [checksum, packed.length, size])
    const head = numbers(2, [VERSION, descriptors ? flags | 8 : flags, method, 0, 0])
    const lengths = (extra: number) => numbers(2, [nameBytes.length, extra])
    const file = Buffer.concat([
      Buffer.from('PK\u0003\u0004'),
      head,
      descriptors ? Buffer.alloc(12) : facts,
      lengths(0),
      nameBytes,
      packed,
      ...(descriptors ? [Buffer.from('PK\u0007\u0008'), facts] : []),
    ])
    const extra = zip64
      ? Buffer.concat([numbers(2, [1, 24]), numbers(8, [size, packed.length, at])])
      : Buffer.alloc(0)
    directory.push(
      Buffer.concat([
        Buffer.from('PK\u0001\u0002'),
        numbers(2, [VERSION]),
        head,
        zip64 ? numbers(4, [checksum, IN_EXTRA, IN_EXTRA]) : facts,
        lengths(extra.length),
        numbers(2, [0, 0, 0]),
        numbers(4, [0, zip64 ? IN_EXTRA : at % FOUR_GB]),
        nameBytes,
        extra,
      ]),
    )
    pieces.push({ at, bytes: file })
    at += file.length + gap
  }
  const central = Buffer.concat(directory)
  const ending = zip64 ? largeEnding : ending32
  return [...pieces, { at, bytes: Buffer.concat([central, ending(entries.length, central.length, at)]) }]
}

function ending32(count: number, length: number, at: number): Buffer {
  return Buffer.concat([
    Buffer.from('PK\u0005\u0006'),
    numbers(2, [0, 0, count % COUNTS, count % COUNTS]),
    numbers(4, [length, at % FOUR_GB]),
    numbers(2, [0]),
  ])
}

function largeEnding(count: number, length: number, at: number): Buffer {
  return Buffer.concat([
    Buffer.from('PK\u0006\u0006'),
    numbers(8, [44]),
    numbers(2, [45, 45]),
    numbers(4, [0, 0]),
    numbers(8, [count, count, length, at]),
    Buffer.from('PK\u0006\u0007'),
    numbers(4, [0]),
    numbers(8, [at + length]),
    numbers(4, [1]),
    Buffer.from('PK\u0005\u0006'),
    numbers(2, [0, 0, 0xffff, 0xffff]),
    numbers(4, [IN_EXTRA, IN_EXTRA]),
    numbers(2, [0]),
  ])
}

/** Little endian, so many bytes each. */
function numbers(bytes: 2 | 4 | 8, values: readonly number[]): Buffer {
  const all = Buffer.alloc(bytes * values.length)
  for (const [i, value] of values.entries()) {
    if (bytes === 8) all.writeBigUInt64LE(BigInt(value), 8 * i)
    else all.writeUIntLE(value, i * bytes, bytes)
  }
  return all
}
