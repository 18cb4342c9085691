/**
 * The end of a zip, which says where its list of files is (PKWARE APPNOTE 6.3.10, 4.3.14 to 4.3.16).
 *
 * Macs (Archive Utility, `ditto`) write no zips of the format for large files: of more than 65,535 files, or
 * beyond 4 GB, they write what is left in 2 or 4 bytes.
 */
import type { FileHandle } from 'node:fs/promises'

export interface ZipEnding {
  /** Where the list of files begins. */
  listStart: number
  /** In bytes. */
  listSize: number
  /** What places in the zip lack, a multiple of 4 GB: nothing but in large zips of Macs. */
  shift: number
  /** Whether the number of files may be short of 65,536, or a multiple of it. */
  isCountCut: boolean
}

/** `isPart`: the zip is in several files, and this is one of them. */
export type EndingResult = { ok: true; ending: ZipEnding } | { ok: false; wrong: string; isPart: boolean }

export const CUT_OFF = 'is no whole zip: it was cut off or changed, so make or fetch it again'
const ONE_OF_SEVERAL = 'is one part of a zip that is in several: join them'

const END_SIGNATURE = 0x06054b50
const END_BYTES = 22
const MOST_COMMENT = 0xffff
const LOCATOR_SIGNATURE = 0x07064b50
const LOCATOR_BYTES = 20
const LARGE_SIGNATURE = 0x06064b50
const LARGE_BYTES = 56
export const FOUR_GB = 2 ** 32

export async function readEnding(handle: FileHandle, size: number): Promise<EndingResult> {
  const tailStart = Math.max(0, size - END_BYTES - MOST_COMMENT - LOCATOR_BYTES)
  const tail = await readAt(handle, tailStart, size - tailStart)
  const at = endIn(tail)
  if (at === undefined) return { ok: false, wrong: CUT_OFF, isPart: false }
  const locatorAt = at - LOCATOR_BYTES
  const isLarge = locatorAt >= 0 && tail.readUInt32LE(locatorAt) === LOCATOR_SIGNATURE
  if (isLarge) return readLargeEnding(handle, tail.subarray(locatorAt, at))

  const end = tail.subarray(at)
  const isPart = end.readUInt16LE(4) !== 0 || end.readUInt16LE(6) !== 0
  if (isPart) return { ok: false, wrong: ONE_OF_SEVERAL, isPart }
  const listSize = end.readUInt32LE(12)
  const place = end.readUInt32LE(16)
  // The list stands right before the end.
  const lacking = tailStart + at - listSize - place
  const shift = lacking > 0 && lacking % FOUR_GB === 0 ? lacking : 0
  return { ok: true, ending: { listStart: place + shift, listSize, shift, isCountCut: true } }
}

/** The place of the last record whose comment reaches to the end of the file. */
function endIn(tail: Buffer): number | undefined {
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    const isEnd = tail.readUInt32LE(at) === END_SIGNATURE
    if (isEnd && at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length) return at
  }
  return undefined
}

async function readLargeEnding(handle: FileHandle, locator: Buffer): Promise<EndingResult> {
  const end = await readAt(handle, Number(locator.readBigUInt64LE(8)), LARGE_BYTES)
  const isWhole = end.length === LARGE_BYTES && end.readUInt32LE(0) === LARGE_SIGNATURE
  const isPart = locator.readUInt32LE(16) > 1 || (isWhole && end.readUInt32LE(16) !== 0)
  if (isPart) return { ok: false, wrong: ONE_OF_SEVERAL, isPart }
  if (!isWhole) return { ok: false, wrong: CUT_OFF, isPart: false }
  const listSize = Number(end.readBigUInt64LE(40))
  const listStart = Number(end.readBigUInt64LE(48))
  return { ok: true, ending: { listStart, listSize, shift: 0, isCountCut: false } }
}

/** So many bytes, or as many as there are. */
export async function readAt(handle: FileHandle, at: number, size: number): Promise<Buffer> {
  const bytes = Buffer.alloc(size)
  if (!Number.isSafeInteger(at)) return bytes.subarray(0, 0)
  const { bytesRead } = await handle.read(bytes, 0, size, at)
  return bytes.subarray(0, bytesRead)
}
