/** Reads the outside of a JPEG or PNG: markers and chunks, never pixels. */
import type { IssueCode } from '../errors/classes.ts'

export interface ImageFacts {
  type: 'image/jpeg' | 'image/png'
  width: number
  height: number
}

export interface ImageProblem {
  code: IssueCode
  message: string
}

const truncated: ImageProblem = { code: 'photo_truncated', message: 'is cut off' }

function broken(kind: string): ImageProblem {
  return { code: 'photo_format', message: `is a broken ${kind}` }
}

export function readImageFormat(bytes: Uint8Array): ImageFacts | ImageProblem {
  if (bytes.length === 0) return { code: 'photo_empty', message: 'is empty' }
  const start = String.fromCharCode(...bytes.subarray(0, 16))
  if (start.startsWith('\xff\xd8\xff')) return readJpeg(bytes)
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return readPng(bytes)
  // Worth telling apart: these are what phones and browsers save under the name of .jpg.
  const others: readonly (readonly [string, RegExp])[] = [
    ['HEIC', /^.{4}ftyp(he|m)/s],
    ['AVIF', /^.{4}ftypav/s],
    ['WebP', /^RIFF.{4}WEBP/s],
    ['GIF', /^GIF8/],
    ['PDF', /^%PDF/],
    ['HTML', /^\s*</],
  ]
  const found = others.find(([, pattern]) => pattern.test(start))?.[0]
  return { code: 'photo_format', message: `is ${found ?? 'no picture'}: only JPEG and PNG are taken` }
}

/**
 * ISO/IEC 10918-1 annex B: segments up to the first scan, and an end marker behind it; what follows that
 * (previews, depth maps) is let be.
 */
function readJpeg(bytes: Uint8Array): ImageFacts | ImageProblem {
  let size: { width: number; height: number } | undefined
  for (let at = 2; at + 3 < bytes.length;) {
    const marker = bytes[at + 1]!
    if (bytes[at] !== 0xff || marker === 0) return broken('JPEG')
    if (marker === 0xff) {
      at++ // fill byte
      continue
    }
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!
    // Markers without a segment (restarts, start and end) have no place here.
    if (length < 2 || (marker >= 0xd0 && marker <= 0xd9)) return broken('JPEG')
    // Frame headers: C0 to CF but for the tables DHT, JPG and DAC.
    if (
      marker >= 0xc0 &&
      marker <= 0xcf &&
      marker !== 0xc4 &&
      marker !== 0xc8 &&
      marker !== 0xcc &&
      at + 8 < bytes.length
    ) {
      size = { height: (bytes[at + 5]! << 8) | bytes[at + 6]!, width: (bytes[at + 7]! << 8) | bytes[at + 8]! }
    }
    at += 2 + length
    // In a scan, FF is followed by 00 or a restart marker. So FF D9 is an end, and from the back it is found
    // at once.
    if (marker === 0xda) {
      for (let end = bytes.length - 1; end > at; end--)
        if (bytes[end] === 0xd9 && bytes[end - 1] === 0xff) return result(size, 'image/jpeg', 'JPEG')
      break
    }
  }
  return truncated
}

const IHDR = 0x49484452
const IDAT = 0x49444154
const IEND = 0x49454e44

/**
 * W3C PNG §5: chunks of length, name, data and CRC up to IEND. Names are compared as numbers: a picture may
 * be made of a million chunks, to keep us busy.
 */
function readPng(bytes: Uint8Array): ImageFacts | ImageProblem {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let size: { width: number; height: number } | undefined
  let pixels = false
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at)
    const name = view.getUint32(at + 4)
    if (!isLetters(name) || (at === 8) !== (name === IHDR)) return broken('PNG')
    if (at + 12 + length > bytes.length) break
    if (name === IHDR) {
      if (length !== 13) return broken('PNG')
      size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) }
    }
    if (name === IDAT) pixels = true
    if (name === IEND) return pixels ? result(size, 'image/png', 'PNG') : broken('PNG')
    at += 12 + length
  }
  return truncated
}

function isLetters(name: number): boolean {
  for (let shift = 0; shift < 32; shift += 8) {
    const letter = (name >>> shift) & 0xdf // upper case
    if (letter < 0x41 || letter > 0x5a) return false
  }
  return true
}

function result(
  size: { width: number; height: number } | undefined,
  type: ImageFacts['type'],
  kind: string,
): ImageFacts | ImageProblem {
  return size?.width && size.height ? { type, ...size } : broken(kind)
}
