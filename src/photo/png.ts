/** The outside of a PNG: its chunks and their checksums, never pixels. */
import { crc32ByTables } from '../platform/crc32.ts'
import { builtin } from '../platform/runtime.ts'
import { type FormatResult, isBroken, isCutOff, isNotTaken } from './format-result.ts'

/** Names of chunks as numbers: a picture may be made of a million chunks, to keep us busy comparing texts. */
const IHDR = 0x49484452
const PLTE = 0x504c5445
const IDAT = 0x49444154
const IEND = 0x49454e44
/** Decoders pass over what is wrong with the others, or differ. */
const CHECKED = [IHDR, PLTE, IDAT]

/** W3C PNG §5: chunks of length, name, data and CRC up to IEND. What follows is not looked at. */
export function readPng(bytes: Uint8Array): FormatResult {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const checksum = checksumOfPlatform()
  let size: { width: number; height: number } | undefined
  let hasPixels = false
  let at = 8
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at)
    const name = view.getUint32(at + 4)
    const isFirst = at === 8
    if (!isLetters(name) || isFirst !== (name === IHDR)) return isBroken('PNG')
    const crcAt = at + 8 + length
    if (crcAt + 4 > bytes.length) return isCutOff()
    if (CHECKED.includes(name) && checksum(bytes.subarray(at + 4, crcAt)) !== view.getUint32(crcAt)) {
      return isNotTaken('is a damaged PNG, a checksum is wrong: copy or download it again')
    }
    if (name === IHDR) {
      if (length !== 13) return isBroken('PNG')
      size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) }
    }
    if (name === IDAT) hasPixels = true
    if (name === IEND) {
      if (!size?.width || !size.height || !hasPixels) return isBroken('PNG')
      return { ok: true, type: 'image/png', ...size }
    }
    at = crcAt + 4
  }
  return isCutOff()
}

function isLetters(name: number): boolean {
  for (let shift = 0; shift < 32; shift += 8) {
    // The bit that is cleared makes it upper case.
    const letter = (name >>> shift) & 0xdf
    if (letter < 0x41 || letter > 0x5a) return false
  }
  return true
}

/** Node's own takes a tenth of the time, where there is one. */
function checksumOfPlatform(): (bytes: Uint8Array) => number {
  const native = builtin<{ crc32?(bytes: Uint8Array): number }>('zlib')?.crc32
  return native ?? ((bytes) => crc32ByTables(bytes, 0))
}
