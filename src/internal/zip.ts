/**
 * A zip of files that are stored as they are: photos would not get smaller.
 *
 * Lengths and checksums stand before each file, as the official SDKs write them. What streaming libraries put behind it instead is refused, for
 * stored files, by some readers (Java's ZipInputStream), and the service's is not known.
 */
import type { Pieces } from './body.ts'
import { concat } from './bytes.ts'
import { crc32 } from './crc32.ts'

export interface ZipFile {
  /** In ASCII. */
  name: string
  bytes: Uint8Array
  /** @default computed here; for those who build several zips of the same bytes */
  crc?: number
}

// Each piece costs Node's streams some 50 µs: large ones, which are not copied, pay off. It is also how far a progress report jumps.
const PIECE = 524_288
/** What is smaller goes together with its neighbours. */
const SMALL = 16_384
/** 1980-01-01, where the format's calendar begins: the time of day is nobody's business. */
const DATE = 0x21
/** Version 2.0 of the format. */
const VERSION = 20

const two = (n: number) => [n & 255, (n >>> 8) & 255]
const four = (n: number) => [...two(n), ...two(n >>> 16)]

/** The zip's length and its pieces (PKWARE APPNOTE 6.3.10 §4.3). */
export async function zip(files: readonly ZipFile[]): Promise<Pieces> {
  const parts: Uint8Array[] = []
  const central: number[] = []
  let length = 0
  const add = (part: Uint8Array) => {
    parts.push(part)
    length += part.length
  }
  for (const { name, bytes, crc = await crc32(bytes) } of files) {
    const text = new TextEncoder().encode(name)
    const common = [...two(VERSION), ...two(0), ...two(0), ...two(0), ...two(DATE), ...four(crc), ...four(bytes.length), ...four(bytes.length), ...two(text.length), ...two(0)]
    central.push(...four(0x02014b50), ...two(VERSION), ...common, ...two(0), ...two(0), ...two(0), ...four(0), ...four(length), ...text)
    add(Uint8Array.from([...four(0x04034b50), ...common, ...text]))
    add(bytes)
  }
  const end = [...four(0x06054b50), ...two(0), ...two(0), ...two(files.length), ...two(files.length), ...four(central.length), ...four(length), ...two(0)]
  add(Uint8Array.from([...central, ...end]))
  return { length, pieces: () => pieces(parts), parts: () => parts as BlobPart[] }
}

function* pieces(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  let small: Uint8Array[] = []
  for (const part of [...parts, undefined]) {
    if (part && part.length < SMALL) {
      small.push(part)
      continue
    }
    if (small.length) yield concat(small)
    small = []
    if (part) for (let at = 0; at < part.length; at += PIECE) yield part.subarray(at, at + PIECE)
  }
}
