/** The emulator's own check of a photo, as far as decoders refuse it: what is it, is it whole, how large. */
import { inspectJpeg } from './jpeg-check.ts'
import type { PhotoFacts } from './photo-facts.ts'
import { inspectPng } from './png-check.ts'

/** Whether a photo is whole, of a kind that is taken, and large enough for a face. */
export function isUsable(bytes: Uint8Array, minSide: number): boolean {
  const { kind, whole, width, height } = inspectPhoto(bytes)
  return kind !== 'other' && whole && width > 0 && height > 0 && Math.min(width, height) >= minSide
}

export function inspectPhoto(bytes: Uint8Array): PhotoFacts {
  const start = String.fromCharCode(...bytes.subarray(0, 8))
  if (start === '\x89PNG\r\n\x1a\n') return inspectPng(bytes)
  if (start.startsWith('\xff\xd8\xff')) return inspectJpeg(bytes)
  return { kind: 'other', whole: false, width: 0, height: 0 }
}
