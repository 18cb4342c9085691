/** Reads the outside of a JPEG or PNG: markers and chunks, never pixels. */
import { readJpeg } from './jpeg.ts'
import { nameOtherFormat } from './other-formats.ts'
import { readPng } from './png.ts'
import { type FormatResult, isNotTaken } from './format-result.ts'

const START = { JPEG: [0xff, 0xd8, 0xff], PNG: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] }

export function readImageFormat(bytes: Uint8Array): FormatResult {
  if (bytes.length === 0) return { ok: false, code: 'photo_empty', message: 'is empty' }
  if (startsWith(bytes, START.JPEG)) return readJpeg(bytes)
  if (startsWith(bytes, START.PNG)) return readPng(bytes)
  return isNotTaken(nameOtherFormat(bytes))
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, at) => bytes[at] === byte)
}
