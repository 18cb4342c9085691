/**
 * A zip as a careful service opens it: by its directory, every length and checksum compared (PKWARE APPNOTE
 * 6.3.10). It shares nothing with the SDK's writer.
 */
import { inflateSync } from 'fflate'
import type { Bytes } from '../platform/bytes.ts'
import type { Choices } from './choices.ts'
import { crc32 } from './crc32.ts'

/** The files by name, or what is wrong with the zip. */
export type OpenedZip = { ok: true; files: Map<string, Bytes> } | { ok: false; problem: string }

/** What may come out of one zip: more than any photos, less than a zip bomb. */
const MAX_BYTES = 256 * 1024 * 1024

const END_SIGNATURE = 0x06054b50
const END_LENGTH = 22
const ENTRY_SIGNATURE = 0x02014b50
const ENTRY_LENGTH = 46
const LOCAL_SIGNATURE = 0x04034b50
const LOCAL_LENGTH = 30
const DESCRIPTOR_SIGNATURE = 0x08074b50
/** Checksum and both lengths. */
const DESCRIPTOR_LENGTH = 12

const ENCRYPTED_FLAG = 1
const DESCRIPTOR_FLAG = 8
const STORED = 0
const DEFLATED = 8

/** What is wrong with a zip. */
class ZipError extends Error {}

export function openZip(zip: Bytes, { duplicateNames }: Pick<Choices, 'duplicateNames'>): OpenedZip {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength)
  try {
    return { ok: true, files: readFiles(zip, view, duplicateNames) }
  } catch (error) {
    if (error instanceof ZipError) return { ok: false, problem: error.message }
    // DataView's own, for every place that is not in the zip.
    if (error instanceof RangeError)
      return { ok: false, problem: 'the zip is cut off, or points outside of itself' }
    throw error
  }
}

/** Where a file stands in the zip, its headers included. */
interface Span {
  from: number
  to: number
}

function readFiles(
  zip: Bytes,
  view: DataView,
  duplicateNames: Choices['duplicateNames'],
): Map<string, Bytes> {
  const directory = findDirectory(view)
  const files = new Map<string, Bytes>()
  const spans: Span[] = []
  let at = directory.start
  let total = 0
  for (let i = 0; i < directory.count; i++) {
    if (at >= directory.end || view.getUint32(at, true) !== ENTRY_SIGNATURE) {
      throw new ZipError('the directory is broken')
    }
    const entry = readEntry(zip, view, at)
    at = entry.next
    total += entry.size
    if (total > MAX_BYTES) throw new ZipError('the zip holds too much')
    const isRepeated = files.has(entry.name)
    if (isRepeated && duplicateNames === 'refuse') throw new ZipError('two files have one name')
    const { data, span } = readFile(zip, view, entry)
    spans.push(span)
    if (!isRepeated || duplicateNames === 'last') files.set(entry.name, data)
  }
  if (at !== directory.end) throw new ZipError('the directory has another length than it says')
  if (doOverlap(spans, directory.start)) throw new ZipError('files overlap')
  return files
}

/** Whether two files share bytes, or one reaches into the directory. */
function doOverlap(spans: Span[], directoryStart: number): boolean {
  spans.sort((first, second) => first.from - second.from)
  return spans.some(({ to }, i) => to > (spans[i + 1]?.from ?? directoryStart))
}

/** Where the directory begins and ends, and how many files it has. */
function findDirectory(view: DataView): { start: number; end: number; count: number } {
  const end = findEndRecord(view)
  const disk = view.getUint16(end + 4, true)
  const directoryDisk = view.getUint16(end + 6, true)
  const countHere = view.getUint16(end + 8, true)
  const count = view.getUint16(end + 10, true)
  const size = view.getUint32(end + 12, true)
  const start = view.getUint32(end + 16, true)
  if (disk !== 0 || directoryDisk !== 0 || countHere !== count) {
    throw new ZipError('the zip is a part of several')
  }
  if (start + size !== end) {
    throw new ZipError('the directory is not where it should be (Zip64 is not read)')
  }
  return { start, end, count }
}

/** It is the last record, but for a comment of up to 65,535 bytes. */
function findEndRecord(view: DataView): number {
  const last = view.byteLength - END_LENGTH
  const first = Math.max(0, last - 0xffff)
  for (let at = last; at >= first; at--) {
    if (view.getUint32(at, true) !== END_SIGNATURE) continue
    const commentLength = view.getUint16(at + 20, true)
    if (at + END_LENGTH + commentLength === view.byteLength) return at
  }
  throw new ZipError('it is no zip')
}

/** What the directory says about a file. */
interface Entry {
  name: string
  rawName: Bytes
  flags: number
  method: number
  crc: number
  packedSize: number
  size: number
  /** Where the file's own header begins. */
  local: number
  /** Where the next entry begins. */
  next: number
}

function readEntry(zip: Bytes, view: DataView, at: number): Entry {
  const nameLength = view.getUint16(at + 28, true)
  const extraLength = view.getUint16(at + 30, true)
  const commentLength = view.getUint16(at + 32, true)
  const rawName = zip.subarray(at + ENTRY_LENGTH, at + ENTRY_LENGTH + nameLength)
  const flags = view.getUint16(at + 8, true)
  const method = view.getUint16(at + 10, true)
  const crc = view.getUint32(at + 16, true)
  const packedSize = view.getUint32(at + 20, true)
  const size = view.getUint32(at + 24, true)
  const local = view.getUint32(at + 42, true)
  if (flags & ENCRYPTED_FLAG) throw new ZipError('a file is encrypted')
  if (method !== STORED && method !== DEFLATED) throw new ZipError('a file is packed in an unknown way')
  const next = at + ENTRY_LENGTH + nameLength + extraLength + commentLength
  return { name: plainName(rawName), rawName, flags, method, crc, packedSize, size, local, next }
}

/** Images lie at the root: no folders, nothing that leads elsewhere. */
function plainName(raw: Bytes): string {
  const name = decodeName(raw)
  if (!name || name === '.' || name === '..' || /[/\\\0]/.test(name)) {
    throw new ZipError('a name is not that of a file at the root')
  }
  return name
}

function decodeName(raw: Bytes): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(raw)
  } catch {
    throw new ZipError('a name is no UTF-8')
  }
}

function readFile(zip: Bytes, view: DataView, entry: Entry): { data: Bytes; span: Span } {
  const { local, packedSize } = entry
  const start = readLocalHeader(zip, view, entry)
  let end = start + packedSize
  let facts = local + 14
  if (hasDescriptor(entry.flags)) {
    // Checksum and lengths stand behind the data; the descriptor's signature is optional.
    facts = view.getUint32(end, true) === DESCRIPTOR_SIGNATURE ? end + 4 : end
    end = facts + DESCRIPTOR_LENGTH
  }
  const isSame =
    view.getUint32(facts, true) === entry.crc &&
    view.getUint32(facts + 4, true) === packedSize &&
    view.getUint32(facts + 8, true) === entry.size
  if (!isSame) throw new ZipError('file and directory differ')
  return { data: unpack(zip.subarray(start, start + packedSize), entry), span: { from: local, to: end } }
}

/** Compares the file's own header with the directory; returns where its data begin. */
function readLocalHeader(zip: Bytes, view: DataView, { local, flags, method, rawName }: Entry): number {
  if (view.getUint32(local, true) !== LOCAL_SIGNATURE) throw new ZipError('the directory points at no file')
  const localFlags = view.getUint16(local + 6, true)
  const localMethod = view.getUint16(local + 8, true)
  const nameLength = view.getUint16(local + 26, true)
  const extraLength = view.getUint16(local + 28, true)
  const name = zip.subarray(local + LOCAL_LENGTH, local + LOCAL_LENGTH + nameLength)
  const isSame =
    localMethod === method &&
    hasDescriptor(localFlags) === hasDescriptor(flags) &&
    name.length === rawName.length &&
    name.every((byte, i) => byte === rawName[i])
  if (!isSame) throw new ZipError('file and directory differ')
  return local + LOCAL_LENGTH + nameLength + extraLength
}

function hasDescriptor(flags: number): boolean {
  return (flags & DESCRIPTOR_FLAG) !== 0
}

function unpack(packed: Bytes, { method, crc, packedSize, size }: Entry): Bytes {
  if (packed.length !== packedSize) throw new ZipError('the zip is cut off')
  const data = method === STORED ? packed : inflate(packed, size)
  if (data.length !== size) throw new ZipError('a file has another length than it says')
  if (crc32(data) !== crc) throw new ZipError('a checksum is wrong')
  return data
}

function inflate(packed: Bytes, size: number): Bytes {
  try {
    // One byte more, so that a file that is too long shows, and nothing grows beyond what it says.
    return inflateSync(packed, { out: new Uint8Array(size + 1) })
  } catch {
    throw new ZipError('a file cannot be inflated')
  }
}
