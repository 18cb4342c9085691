/**
 * A zip of files that are stored as they are: photos would not get smaller.
 *
 * Lengths and checksums stand before each file, as the official SDKs write them. What streaming libraries put
 * behind it instead is refused, for stored files, by some readers (Java's ZipInputStream), and the service's
 * is not known.
 */
import type { Pieces } from '../http/body.ts'
import { concat, utf8 } from '../platform/bytes.ts'
import { crc32 } from './crc32.ts'

export interface ZipFile {
  /** In ASCII. */
  name: string
  bytes: Uint8Array
  /** @default computed here; for those who build several zips of the same bytes */
  crc?: number
}

// Each piece costs Node's streams some 50 µs: large ones, which are not copied, pay off. It is also how far a
// progress report jumps.
const PIECE = 524_288
/** What is smaller goes together with its neighbours. */
const SMALL = 16_384
/** 1980-01-01, where the format's calendar begins: the time of day is nobody's business. */
const DATE = 0x21
/** Version 2.0 of the format. */
const VERSION = 20

/** The zip's length and its pieces (PKWARE APPNOTE 6.3.10 §4.3). */
export async function zip(files: readonly ZipFile[]): Promise<Pieces> {
  const parts: Uint8Array[] = []
  const central: Uint8Array[] = []
  let length = 0
  const add = (part: Uint8Array) => {
    parts.push(part)
    length += part.length
  }
  for (const { name, bytes, crc = await crc32(bytes) } of files) {
    const text = utf8(name)
    const common = [
      VERSION,
      0,
      0,
      0,
      DATE,
      ...long(crc),
      ...long(bytes.length),
      ...long(bytes.length),
      text.length,
      0,
    ]
    central.push(record([...long(0x02014b50), VERSION, ...common, 0, 0, 0, 0, 0, ...long(length)], text))
    add(record([...long(0x04034b50), ...common], text))
    add(bytes)
  }
  const start = length
  central.forEach(add)
  add(
    record([
      ...long(0x06054b50),
      0,
      0,
      files.length,
      files.length,
      ...long(length - start),
      ...long(start),
      0,
    ]),
  )
  return { length, pieces: () => pieces(parts), parts: () => parts as BlobPart[] }
}

function long(n: number) {
  return [n & 0xffff, n >>> 16]
}

/** 16-bit words, the lower byte first, and a text. */
function record(words: readonly number[], text: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = new Uint8Array(2 * words.length + text.length)
  const view = new DataView(bytes.buffer)
  words.forEach((word, i) => view.setUint16(2 * i, word, true))
  bytes.set(text, 2 * words.length)
  return bytes
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
