/** A photo that stays in its file: read once to be checked, and once more while it is sent. */
import type { FileHandle } from 'node:fs/promises'
import { type CheckedContent, type PhotoReading, type ReadingOptions, readPhotoAt } from '../photo/read.ts'
import type { PhotoSource } from '../photo/source.ts'
import type { ContentReader, StoredContent } from '../platform/stored-content.ts'
import { nextTask } from '../platform/time.ts'
import { crc32Of } from './crc32.ts'
import { fillFrom } from './file-bytes.ts'
import { readParts } from './part-reader.ts'
import { borrowScratch, type ScratchLoan } from './scratch.ts'
import { storedStream } from './stored-stream.ts'

/** Opens the file anew, with all that is asked of its path. */
export type OpenPhoto = () => Promise<{ file: FileHandle; size: number }>

/** Smaller files are kept: to open them again would take longer than to send them. */
const SMALL_BYTES = 131_072
/** Bytes between two turns of the event loop. */
const STRETCH_BYTES = 1_048_576

/** The second half of a photo source that lies in a file. */
export async function checkStored(
  open: OpenPhoto,
  path: string,
  options: ReadingOptions,
): Promise<CheckedContent> {
  const { maxBytes = Infinity } = options.limits ?? {}
  let loan: ScratchLoan | undefined
  const source: PhotoSource = async (signal) => {
    const borrowed = await borrow(open, { maxBytes, signal })
    if (!('bytes' in borrowed)) return { size: borrowed.size, arrayBuffer: notRead }
    // Nobody waits for it any more.
    if (signal.aborted) borrowed.giveBack()
    else loan = borrowed
    return borrowed.bytes
  }
  try {
    const reading: PhotoReading = await readPhotoAt(path, source, options)
    if (!reading.ok) return reading
    const { bytes, type } = reading.photo
    const crc = await sumOf(bytes)
    if (bytes.length <= SMALL_BYTES) return { ok: true, type, content: bytes.slice(), crc }
    return { ok: true, type, content: storedContent(open, { size: bytes.length, crc }), crc }
  } finally {
    loan?.giveBack()
  }
}

/** Of a file that is too large by its size. */
async function notRead(): Promise<never> {
  throw new TypeError('not read')
}

async function borrow(
  open: OpenPhoto,
  { maxBytes, signal }: { maxBytes: number; signal: AbortSignal },
): Promise<ScratchLoan | { size: number }> {
  const { file, size } = await open()
  try {
    if (size > maxBytes) return { size }
    const { bytes, giveBack } = await borrowScratch(size)
    try {
      return { bytes: await fillFrom(file, bytes, { at: 0, signal }), giveBack }
    } catch (error) {
      giveBack()
      throw error
    }
  } finally {
    await file.close()
  }
}

async function sumOf(bytes: Uint8Array): Promise<number> {
  let crc = 0
  for (let at = 0; at < bytes.length; at += STRETCH_BYTES) {
    if (at > 0) await nextTask()
    crc = crc32Of(bytes.subarray(at, at + STRETCH_BYTES), crc)
  }
  return crc
}

interface Known {
  size: number
  crc: number
}

function storedContent(open: OpenPhoto, known: Known): StoredContent {
  return {
    size: known.size,
    open: () => openChecked(open, known),
    streamOf: (parts, watch) => storedStream(readParts(parts), watch),
  }
}

/** The sum stands before the file in the zip: a file that has changed since must not be sent to its end. */
async function openChecked(open: OpenPhoto, known: Known): Promise<ContentReader> {
  const { file } = await open()
  let at = 0
  let crc = 0
  return {
    async read(target) {
      const { bytesRead } = await file.read(target, 0, target.length, at)
      at += bytesRead
      crc = crc32Of(target.subarray(0, bytesRead), crc)
      const isAtEnd = bytesRead === 0 || at >= known.size
      if (isAtEnd && (at !== known.size || crc !== known.crc)) throw changed()
      return bytesRead
    },
    close: () => file.close(),
  }
}

/** Its code goes on as the cause of the failure. */
function changed(): Error {
  return Object.assign(new Error('a file changed since it was checked'), { code: 'FILE_CHANGED' })
}
