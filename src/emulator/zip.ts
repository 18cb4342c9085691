/**
 * A zip as a careful service opens it: by its directory, every length and checksum compared. It shares
 * nothing with the SDK's writer.
 */
import { inflateSync } from 'fflate'
import type { Bytes } from '../platform/bytes.ts'
import { crc32 } from './crc32.ts'

/** What may come out of one zip: more than any photos, less than a zip made to burst. */
const MOST_BYTES = 256 * 1024 * 1024
const DESCRIPTOR = 8
const ENCRYPTED = 1

/** The files by name, or what is wrong with the zip. */
export function openZip(zip: Bytes): Map<string, Bytes> | string {
  try {
    return read(zip, new DataView(zip.buffer, zip.byteOffset, zip.byteLength))
  } catch (error) {
    // DataView's own RangeError: something points outside.
    return error instanceof SyntaxError ? error.message : 'the zip is cut off, or points outside of itself'
  }
}

function wrong(what: string): never {
  throw new SyntaxError(what)
}

function read(zip: Bytes, view: DataView): Map<string, Bytes> {
  const end = endOfDirectory(view)
  const [disk, firstDisk, here, count] = [4, 6, 8, 10].map((offset) => view.getUint16(end + offset, true))
  const [size, start] = [12, 16].map((offset) => view.getUint32(end + offset, true))
  if (disk || firstDisk || here !== count) wrong('the zip is a part of several')
  if (start! + size! !== end) wrong('the directory is not where it should be (Zip64 is not read)')

  const files = new Map<string, Bytes>()
  const spans: [from: number, to: number][] = []
  let at = start!
  let total = 0
  for (let i = 0; i < count!; i++) {
    if (at >= end || view.getUint32(at, true) !== 0x02014b50) wrong('the directory is broken')
    const entry = directoryEntry(zip, view, at)
    at = entry.next
    total += entry.size
    if (total > MOST_BYTES) wrong('the zip holds too much')
    if (files.has(entry.name)) wrong('two files have one name')
    const { from, to, data } = contents(zip, view, entry)
    spans.push([from, to])
    files.set(entry.name, data)
  }
  if (at !== end) wrong('the directory has another length than it says')
  spans.sort(([a], [b]) => a - b)
  if (spans.some(([, to], i) => to > (spans[i + 1]?.[0] ?? start!))) wrong('files overlap')
  return files
}

function endOfDirectory(view: DataView): number {
  const last = view.byteLength - 22
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (
      view.getUint32(at, true) === 0x06054b50 &&
      at + 22 + view.getUint16(at + 20, true) === view.byteLength
    )
      return at
  }
  return wrong('it is no zip')
}

interface Entry {
  name: string
  rawName: Bytes
  flags: number
  method: number
  crc: number
  packed: number
  size: number
  local: number
  next: number
}

function directoryEntry(zip: Bytes, view: DataView, at: number): Entry {
  const [flags, method, nameLength, extraLength, commentLength] = [8, 10, 28, 30, 32].map((offset) =>
    view.getUint16(at + offset, true),
  ) as [number, number, number, number, number]
  const [crc, packed, size, local] = [16, 20, 24, 42].map((offset) => view.getUint32(at + offset, true)) as [
    number,
    number,
    number,
    number,
  ]
  if (flags & ENCRYPTED) wrong('a file is encrypted')
  if (method !== 0 && method !== 8) wrong('a file is packed in an unknown way')
  const rawName = zip.subarray(at + 46, at + 46 + nameLength)
  return {
    name: plainName(rawName),
    rawName,
    flags,
    method,
    crc,
    packed,
    size,
    local,
    next: at + 46 + nameLength + extraLength + commentLength,
  }
}

/** Images lie at the root: no folders, nothing that leads elsewhere. */
function plainName(raw: Bytes): string {
  let name = ''
  try {
    name = new TextDecoder('utf-8', { fatal: true }).decode(raw)
  } catch {
    wrong('a name is no UTF-8')
  }
  if (!name || name === '.' || name === '..' || /[/\\\0]/.test(name))
    wrong('a name is not that of a file at the root')
  return name
}

function contents(
  zip: Bytes,
  view: DataView,
  { rawName, flags, method, crc, packed, size, local }: Entry,
): { from: number; to: number; data: Bytes } {
  if (view.getUint32(local, true) !== 0x04034b50) wrong('the directory points at no file')
  const [localFlags, localMethod, nameLength, extraLength] = [6, 8, 26, 28].map((offset) =>
    view.getUint16(local + offset, true),
  ) as [number, number, number, number]
  const name = zip.subarray(local + 30, local + 30 + nameLength)
  const described = (flags & DESCRIPTOR) !== 0
  if (
    localMethod !== method ||
    ((localFlags & DESCRIPTOR) !== 0) !== described ||
    name.length !== rawName.length ||
    name.some((byte, i) => byte !== rawName[i])
  )
    wrong('file and directory differ')

  const start = local + 30 + nameLength + extraLength
  let to = start + packed
  let facts = local + 14
  if (described) {
    // Its signature is optional.
    facts = to + (view.getUint32(to, true) === 0x08074b50 ? 4 : 0)
    to = facts + 12
  }
  if ([crc, packed, size].some((value, i) => view.getUint32(facts + 4 * i, true) !== value))
    wrong('file and directory differ')

  const raw = zip.subarray(start, start + packed)
  if (raw.length !== packed) wrong('the zip is cut off')
  const data = method === 0 ? raw : inflate(raw, size)
  if (data.length !== size) wrong('a file has another length than it says')
  if (crc32(data) !== crc) wrong('a checksum is wrong')
  return { from: local, to, data }
}

function inflate(raw: Bytes, size: number): Bytes {
  try {
    // One byte more, so that a file that is too long shows, and nothing grows beyond what it says.
    return inflateSync(raw, { out: new Uint8Array(size + 1) })
  } catch {
    return wrong('a file cannot be inflated')
  }
}
