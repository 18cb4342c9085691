/**
 * A zip of files that are stored as they are: photos would not get smaller.
 *
 * Lengths and checksums stand before each file, as the official SDKs write them. What streaming libraries put
 * behind it instead is refused, for stored files, by some readers (Java's ZipInputStream), and the service's
 * reader is not known.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 6.3.10, section 4.3
 */
import type { Pieces } from '../http/body.ts'
import { piecesOf } from '../http/pieces.ts'
import { utf8 } from '../platform/bytes.ts'
import { isInMemory, type Part, sizeOf, type StoredContent } from '../platform/stored-content.ts'
import { crc32 } from './crc32.ts'

export interface ZipFile {
  /** In ASCII. */
  name: string
  bytes: Part
  /** @default computed here; for those who have it, and of what lies in files */
  crc?: number
}

const SIGNATURE = { LOCAL_FILE: 0x04034b50, CENTRAL_FILE: 0x02014b50, END_OF_DIRECTORY: 0x06054b50 }
/** Version 2.0 of the format. */
const VERSION = 20
const NO_FLAGS = 0
const STORED = 0
const MIDNIGHT = 0
/** 1980-01-01, where the format's calendar begins: when photos were taken is not told. */
const FIRST_DAY = 0x21

/** The zip's length and its pieces. */
export async function zip(files: readonly ZipFile[]): Promise<Pieces> {
  const parts: Part[] = []
  const directory: Uint8Array[] = []
  let length = 0
  const add = (part: Part) => {
    parts.push(part)
    length += sizeOf(part)
  }
  for (const { name, bytes, crc = await crc32(bytes as Uint8Array) } of files) {
    const file = { name: utf8(name), size: sizeOf(bytes), crc, offset: length }
    directory.push(centralHeader(file))
    add(localHeader(file))
    add(bytes)
  }
  const directoryStart = length
  for (const header of directory) add(header)
  add(endOfDirectory({ count: files.length, start: directoryStart, size: length - directoryStart }))
  const stored = parts.find((part): part is StoredContent => !isInMemory(part))
  if (!stored) return piecesOf(parts as Uint8Array[])
  return { length, pieces: () => [], stream: (watch) => stored.streamOf(parts, watch) }
}

interface FileEntry {
  name: Uint8Array
  size: number
  crc: number
  /** Where its local header begins. */
  offset: number
}

function localHeader(file: FileEntry): Uint8Array {
  return record([...uint32(SIGNATURE.LOCAL_FILE), ...commonFields(file)], file.name)
}

function centralHeader(file: FileEntry): Uint8Array {
  const [comment, disk, internalAttributes] = [0, 0, 0]
  const externalAttributes = uint32(0)
  const fields = [
    ...uint32(SIGNATURE.CENTRAL_FILE),
    VERSION,
    ...commonFields(file),
    comment,
    disk,
    internalAttributes,
    ...externalAttributes,
    ...uint32(file.offset),
  ]
  return record(fields, file.name)
}

/** What local and central headers have alike. */
function commonFields({ name, size, crc }: FileEntry): number[] {
  const compressedSize = uint32(size)
  const uncompressedSize = uint32(size)
  const extraLength = 0
  return [
    VERSION,
    NO_FLAGS,
    STORED,
    MIDNIGHT,
    FIRST_DAY,
    ...uint32(crc),
    ...compressedSize,
    ...uncompressedSize,
    name.length,
    extraLength,
  ]
}

function endOfDirectory({ count, start, size }: { count: number; start: number; size: number }): Uint8Array {
  const [disk, directoryDisk, comment] = [0, 0, 0]
  return record([
    ...uint32(SIGNATURE.END_OF_DIRECTORY),
    disk,
    directoryDisk,
    count,
    count,
    ...uint32(size),
    ...uint32(start),
    comment,
  ])
}

/** As two 16-bit words, the lower one first. */
function uint32(value: number): [low: number, high: number] {
  return [value & 0xffff, value >>> 16]
}

/** 16-bit words, the lower byte first, and a text. */
function record(words: readonly number[], text: Uint8Array = new Uint8Array()): Uint8Array {
  const bytes = new Uint8Array(2 * words.length + text.length)
  const view = new DataView(bytes.buffer)
  for (const [index, word] of words.entries()) view.setUint16(2 * index, word, true)
  bytes.set(text, 2 * words.length)
  return bytes
}
