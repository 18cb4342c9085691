/** What a zip says that it holds: read once, by a library, and kept as little more than names and places. */
import type { FileHandle } from 'node:fs/promises'
import { type Entry, fromRandomAccessReaderPromise, getFileNameLowLevel } from 'yauzl'
import { createBlockReader } from './block-reader.ts'
import { createFolder, type ZipFolder, type ZippedFile } from './folder.ts'

/** `wrong` says what is wrong with the zip as a whole. */
export type DirectoryResult = { ok: true; root: ZipFolder } | { ok: false; wrong: string }

/** A zip begins with a file, or, when it is empty, with its end. */
const BEGINNINGS = [0x04034b50, 0x06054b50]

export async function readDirectory(handle: FileHandle, size: number): Promise<DirectoryResult> {
  if (size === 0) return { ok: false, wrong: 'is empty' }
  const head = Buffer.alloc(4)
  await handle.read(head, 0, head.length, 0)
  if (!BEGINNINGS.includes(head.readUInt32LE()))
    return { ok: false, wrong: 'is no zip, whatever it is called' }
  const reader = createBlockReader(handle)
  const root = createFolder()
  try {
    const zip = await fromRandomAccessReaderPromise(reader, size, {
      autoClose: false,
      // One name that leads out of the zip, or one wrong size, is no reason to refuse all other files.
      decodeStrings: false,
      validateEntrySizes: false,
    })
    for await (const entry of zip.eachEntry()) root.add(nameOf(entry), fileOf(entry))
  } catch (error) {
    if (reader.failure) throw reader.failure
    return { ok: false, wrong: describeDamage(error) }
  }
  return { ok: true, root }
}

/** The library says it in words alone. */
function describeDamage(error: unknown): string {
  const { message } = error as Error
  if (/multi-disk/.test(message)) return 'is one part of a zip that is in several: join them'
  if (/encrypt/.test(message)) return 'has an encrypted list of files: make the zip again without a password'
  return 'is no whole zip: it was cut off or changed, so make or fetch it again'
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

function fileOf(entry: Entry): ZippedFile {
  return {
    start: entry.relativeOffsetOfLocalHeader,
    packedSize: entry.compressedSize,
    size: entry.uncompressedSize,
    method: entry.compressionMethod,
    crc32: entry.crc32,
    isEncrypted: entry.isEncrypted(),
    isTwice: false,
  }
}
