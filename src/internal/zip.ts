/**
 * A zip of files that are stored as they are: photos would not get smaller.
 *
 * Lengths and checksums stand before each file, as the official SDKs write them. What streaming libraries put behind it instead is refused, for
 * stored files, by some readers (Java's ZipInputStream), and the service's is not known.
 */
import type { Pieces } from './body.ts'
import { crc32 } from './crc32.ts'

export interface ZipFile {
  /** In ASCII. */
  name: string
  bytes: Uint8Array
  /** @default computed here; for those who build several zips of the same bytes */
  crc?: number
}

// Pieces are not copied, and each costs Node's streams some 50 µs: large ones pay off. It is also how far a progress report jumps.
const PIECE = 524_288
/** 1980-01-01, where the format's calendar begins: the time of day is nobody's business. */
const DATE = 0x21
/** Version 2.0 of the format. */
const VERSION = 20

const two = (n: number) => [n & 255, (n >>> 8) & 255]
const four = (n: number) => [...two(n), ...two(n >>> 16)]

/** The zip's length and its pieces (PKWARE APPNOTE 6.3.10 §4.3). */
export async function zip(files: readonly ZipFile[]): Promise<Pieces> {
  const heads: Uint8Array[] = []
  const central: number[] = []
  let at = 0
  for (const { name, bytes, crc } of files) {
    const text = new TextEncoder().encode(name)
    const common = [...two(VERSION), ...two(0), ...two(0), ...two(0), ...two(DATE), ...four(crc ?? (await crc32(bytes))), ...four(bytes.length), ...four(bytes.length), ...two(text.length), ...two(0)]
    const head = Uint8Array.from([...four(0x04034b50), ...common, ...text])
    central.push(...four(0x02014b50), ...two(VERSION), ...common, ...two(0), ...two(0), ...two(0), ...four(0), ...four(at), ...text)
    heads.push(head)
    at += head.length + bytes.length
  }
  const end = Uint8Array.from([...central, ...four(0x06054b50), ...two(0), ...two(0), ...two(files.length), ...two(files.length), ...four(central.length), ...four(at), ...two(0)])
  return {
    length: at + end.length,
    * pieces() {
      for (const [i, { bytes }] of files.entries()) {
        yield heads[i]!
        for (let from = 0; from < bytes.length; from += PIECE) yield bytes.subarray(from, from + PIECE)
      }
      yield end
    },
    parts: () => [...files.flatMap(({ bytes }, i) => [heads[i]!, bytes]), end] as BlobPart[],
  }
}
