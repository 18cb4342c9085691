/** Reads the outside of a JPEG or PNG: markers and chunks, never pixels. */
import type { IssueCode } from '../errors/codes.ts'

interface ImageFormat {
  type: 'image/jpeg' | 'image/png'
  /** In pixels. */
  width: number
  height: number
}

export type FormatResult = ({ ok: true } & ImageFormat) | { ok: false; code: IssueCode; message: string }

/** Worth telling apart: these are what phones and browsers save under the name of .jpg. */
const OTHER_FORMATS: readonly { name: string; start: RegExp }[] = [
  { name: 'HEIC', start: /^.{4}ftyp(he|m)/s },
  { name: 'AVIF', start: /^.{4}ftypav/s },
  { name: 'WebP', start: /^RIFF.{4}WEBP/s },
  { name: 'GIF', start: /^GIF8/ },
  { name: 'PDF', start: /^%PDF/ },
  { name: 'HTML', start: /^\s*</ },
]

export function readImageFormat(bytes: Uint8Array): FormatResult {
  if (bytes.length === 0) return { ok: false, code: 'photo_empty', message: 'is empty' }
  const start = String.fromCharCode(...bytes.subarray(0, 16))
  if (start.startsWith('\xff\xd8\xff')) return readJpeg(bytes)
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return readPng(bytes)
  const name = OTHER_FORMATS.find((other) => other.start.test(start))?.name ?? 'no picture'
  return { ok: false, code: 'photo_format', message: `is ${name}: only JPEG and PNG are taken` }
}

const TRUNCATED: FormatResult = { ok: false, code: 'photo_truncated', message: 'is cut off' }

function broken(kind: string): FormatResult {
  return { ok: false, code: 'photo_format', message: `is a broken ${kind}` }
}

const MARKER = { PREFIX: 0xff, START_OF_SCAN: 0xda, END_OF_IMAGE: 0xd9 }

/**
 * ISO/IEC 10918-1 annex B: segments up to the first scan, and an end marker behind it. What follows the end
 * (previews, depth maps) is not looked at.
 */
function readJpeg(bytes: Uint8Array): FormatResult {
  let size: Size | undefined
  let at = 2
  while (at + 3 < bytes.length) {
    const marker = bytes[at + 1]!
    if (bytes[at] !== MARKER.PREFIX || marker === 0) return broken('JPEG')
    if (marker === MARKER.PREFIX) {
      // A fill byte.
      at++
      continue
    }
    const length = uint16(bytes, at + 2)
    if (length < 2 || hasNoSegment(marker)) return broken('JPEG')
    if (isFrameHeader(marker) && at + 8 < bytes.length) {
      size = { height: uint16(bytes, at + 5), width: uint16(bytes, at + 7) }
    }
    at += 2 + length
    if (marker === MARKER.START_OF_SCAN) {
      return hasEndAfter(bytes, at) ? sized(size, 'image/jpeg', 'JPEG') : TRUNCATED
    }
  }
  return TRUNCATED
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}

/** Restarts, start and end, which have no place between segments. */
function hasNoSegment(marker: number): boolean {
  return marker >= 0xd0 && marker <= 0xd9
}

/** C0 to CF, but for the tables DHT (C4), JPG (C8) and DAC (CC). */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
}

/**
 * In a scan, FF is followed by 00 or a restart marker. So FF D9 is an end, and from the back it is found at
 * once.
 */
function hasEndAfter(bytes: Uint8Array, at: number): boolean {
  for (let end = bytes.length - 1; end > at; end--) {
    if (bytes[end] === MARKER.END_OF_IMAGE && bytes[end - 1] === MARKER.PREFIX) return true
  }
  return false
}

/** Names of chunks as numbers: a picture may be made of a million chunks, to keep us busy comparing texts. */
const CHUNK = { IHDR: 0x49484452, IDAT: 0x49444154, IEND: 0x49454e44 }

/** W3C PNG §5: chunks of length, name, data and CRC up to IEND. */
function readPng(bytes: Uint8Array): FormatResult {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let size: Size | undefined
  let hasPixels = false
  let at = 8
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at)
    const name = view.getUint32(at + 4)
    const isFirst = at === 8
    if (!isLetters(name) || isFirst !== (name === CHUNK.IHDR)) return broken('PNG')
    if (at + 12 + length > bytes.length) return TRUNCATED
    if (name === CHUNK.IHDR) {
      if (length !== 13) return broken('PNG')
      size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) }
    }
    if (name === CHUNK.IDAT) hasPixels = true
    if (name === CHUNK.IEND) return hasPixels ? sized(size, 'image/png', 'PNG') : broken('PNG')
    at += 12 + length
  }
  return TRUNCATED
}

function isLetters(name: number): boolean {
  for (let shift = 0; shift < 32; shift += 8) {
    // The bit that is cleared makes it upper case.
    const letter = (name >>> shift) & 0xdf
    if (letter < 0x41 || letter > 0x5a) return false
  }
  return true
}

interface Size {
  width: number
  height: number
}

function sized(size: Size | undefined, type: ImageFormat['type'], kind: string): FormatResult {
  if (!size?.width || !size.height) return broken(kind)
  return { ok: true, type, ...size }
}
