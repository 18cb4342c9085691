/** Images that stay in their files: read once to be checked, and once more while they are sent. */
import { type PhotoReading, type ReadingOptions, readPhotoAt } from '../photo/read.ts'
import { type Loan, type PhotoSource, STORED, type StoredPhoto } from '../photo/source.ts'
import { isNodeLike } from '../platform/runtime.ts'
import type { StoredContent } from '../platform/stored-content.ts'
import { crc32, crc32Of } from './crc32.ts'

/** Smaller files are kept: to open them again would take longer than to send them. */
const SMALL_BYTES = 131_072

export type CheckedContent =
  | { ok: true; type: 'image/jpeg' | 'image/png'; content: Uint8Array | StoredContent; crc: number }
  | Exclude<PhotoReading, { ok: true }>

/** Checks a photo of any source; what comes from a file stays there where bodies are streams. */
export async function checkContent(
  path: string,
  source: unknown,
  options: ReadingOptions,
): Promise<CheckedContent> {
  const stored = isNodeLike() ? storedPhotoOf(source) : undefined
  if (stored) return checkStored(path, stored, options)
  const reading = await readPhotoAt(path, source, options)
  if (!reading.ok) return reading
  const { bytes, type } = reading.photo
  return { ok: true, type, content: bytes, crc: await crc32(bytes) }
}

function storedPhotoOf(source: unknown): StoredPhoto | undefined {
  return typeof source === 'function' ? (source as { [STORED]?: StoredPhoto })[STORED] : undefined
}

async function checkStored(
  path: string,
  stored: StoredPhoto,
  options: ReadingOptions,
): Promise<CheckedContent> {
  const { maxBytes = Infinity } = options.limits ?? {}
  let loan: Loan | undefined
  const source: PhotoSource = async (signal) => {
    const borrowed = await stored.borrow({ maxBytes, signal })
    if (!('bytes' in borrowed)) return { size: borrowed.size, arrayBuffer: tooLateToRead }
    // Nobody waits for it any more.
    if (signal.aborted) borrowed.giveBack()
    else loan = borrowed
    return borrowed.bytes
  }
  try {
    const reading = await readPhotoAt(path, source, options)
    if (!reading.ok) return reading
    const { bytes, type } = reading.photo
    const crc = await crc32(bytes)
    if (bytes.length <= SMALL_BYTES) return { ok: true, type, content: bytes.slice(), crc }
    return { ok: true, type, content: withSum(stored, { size: bytes.length, crc }), crc }
  } finally {
    loan?.giveBack()
  }
}

/** Its size was too large already. */
async function tooLateToRead(): Promise<never> {
  throw new TypeError('not read')
}

/** The sum stands before the file in the zip: a file that has changed since must not be sent to its end. */
function withSum(stored: StoredPhoto, known: { size: number; crc: number }): StoredContent {
  return {
    size: known.size,
    async open() {
      const reader = await stored.open()
      let size = 0
      let crc = 0
      return {
        ...reader,
        async read(target) {
          const count = await reader.read(target)
          size += count
          crc = crc32Of(target.subarray(0, count), crc)
          const isAtEnd = count === 0 || size >= known.size
          if (isAtEnd && (size !== known.size || crc !== known.crc)) throw changed()
          return count
        },
      }
    },
  }
}

/** Its code goes on as the cause of the failure. */
function changed(): Error {
  return Object.assign(new Error('a file changed since it was checked'), { code: 'FILE_CHANGED' })
}
