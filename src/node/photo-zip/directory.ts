/** What a zip says that it holds: read once, by a library, and kept as little more than names and places. */
import type { FileHandle } from 'node:fs/promises'
import { type Entry, fromRandomAccessReaderPromise, getFileNameLowLevel } from 'yauzl'
import { createBlockReader } from './block-reader.ts'
import { CUT_OFF, FOUR_GB, readAt, readEnding, type ZipEnding } from './ending.ts'
import { createFolder, type ZipFolder, type ZippedFile } from './folder.ts'

/** `wrong` says what is wrong with the zip as a whole. */
export type DirectoryResult = { ok: true; root: ZipFolder } | { ok: false; wrong: string }

/** A zip begins with a file, when it is empty with its end, or with a mark that it was to be in parts. */
const BEGINNINGS = [0x04034b50, 0x06054b50, 0x08074b50, 0x30304b50]

export async function readDirectory(handle: FileHandle, size: number): Promise<DirectoryResult> {
  if (size === 0) return { ok: false, wrong: 'is empty' }
  const head = await readAt(handle, 0, 4)
  const beginsAsZip = head.length === 4 && BEGINNINGS.includes(head.readUInt32LE())
  const found = await readEnding(handle, size)
  if (found.ok && beginsAsZip) return listFiles(handle, size, found.ending)
  // The last part of several begins in the middle of a file.
  if (!found.ok && (beginsAsZip || found.isPart)) return found
  return { ok: false, wrong: 'is no zip, whatever it is called' }
}

/** Of a file in the list: what stands before its name. */
const HEADER_BYTES = 46
const HEADER_SIGNATURE = 0x02014b50
const COUNTS = 65_536

async function listFiles(handle: FileHandle, size: number, ending: ZipEnding): Promise<DirectoryResult> {
  const { listStart, listSize, shift, isCountCut } = ending
  const reader = createBlockReader(handle, shift)
  const placeOf = createPlaces(shift)
  const root = createFolder()
  let listed = 0
  try {
    const zip = await fromRandomAccessReaderPromise(reader, size - shift, {
      autoClose: false,
      // One name that leads out of the zip, or one wrong size, is no reason to refuse all other files.
      decodeStrings: false,
      validateEntrySizes: false,
    })
    const addCounts = () => {
      if (isCountCut && zip.entriesRead === zip.entryCount && listed < listSize) zip.entryCount += COUNTS
    }
    addCounts()
    for await (const entry of zip.eachEntry()) {
      root.add(nameOf(entry), fileOf(entry, placeOf(entry.relativeOffsetOfLocalHeader)))
      listed += HEADER_BYTES + entry.fileNameLength + entry.extraFieldLength + entry.fileCommentLength
      addCounts()
    }
  } catch {
    if (reader.failure) throw reader.failure
    return { ok: false, wrong: await describeDamage(handle, listStart + listed) }
  }
  return { ok: true, root }
}

/** Of Macs' large zips, the places in the file: each file is behind the one before. */
function createPlaces(shift: number): (place: number) => number {
  let latest = 0
  let added = 0
  return (place) => {
    if (shift === 0) return place
    if (place + added < latest) added += FOUR_GB
    latest = place + added
    return latest
  }
}

const ENCRYPTED = 0x40

/** What is wrong with the list of files at the place where it could not be read any more. */
async function describeDamage(handle: FileHandle, at: number): Promise<string> {
  const header = await readAt(handle, at, HEADER_BYTES)
  const isHeader = header.length === HEADER_BYTES && header.readUInt32LE(0) === HEADER_SIGNATURE
  const isEncrypted = isHeader && (header.readUInt16LE(8) & ENCRYPTED) !== 0
  return isEncrypted ? 'has an encrypted list of files: make the zip again without a password' : CUT_OFF
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Macs write UTF-8 and do not say so, as others do; what is no UTF-8 is what the format says. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  try {
    return utf8.decode(fileNameRaw).replaceAll('\\', '/')
  } catch {
    return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false)
  }
}

function fileOf(entry: Entry, start: number): ZippedFile {
  return {
    start,
    packedSize: entry.compressedSize,
    size: entry.uncompressedSize,
    method: entry.compressionMethod,
    crc32: entry.crc32,
    isEncrypted: entry.isEncrypted(),
    isTwice: false,
  }
}
