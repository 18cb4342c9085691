/** The emulator's own look at a JPEG: its markers, in which pixels are bytes between two of them. */
import type { PhotoFacts } from './photo-facts.ts'

const EOI = 0xd9
const SOS = 0xda

interface Marker {
  code: number
  /** What its length covers; empty for one without. */
  data: Uint8Array
  /** The first byte behind it. */
  end: number
}

/** What decoders keep of what they met. */
interface State {
  facts: PhotoFacts
  /** By the numbers of their components. */
  components: Set<number>
  restartInterval: number
  /** Of the restart that comes next, 0 to 7; nothing outside of pixels. */
  nextRestart?: number | undefined
  pixelsFrom?: number
}

export function inspectJpeg(bytes: Uint8Array): PhotoFacts {
  const facts: PhotoFacts = { kind: 'jpeg', whole: false, width: 0, height: 0 }
  const state: State = { facts, components: new Set(), restartInterval: 0 }
  for (const marker of markersOf(bytes)) {
    if (marker.code === EOI) return { ...facts, whole: isEnd(state, marker.end, bytes) }
    if (!take(state, marker)) return facts
  }
  return facts
}

/** All markers, whatever stands between them, up to the first that the bytes do not hold whole. */
function* markersOf(bytes: Uint8Array): Generator<Marker> {
  let at = bytes.indexOf(0xff, 2)
  while (at >= 0 && at + 1 < bytes.length) {
    const code = bytes[at + 1]!
    let end = at + 1
    if (code === 0x00) end = at + 2
    if (code !== 0x00 && code !== 0xff) {
      const length = hasData(code) ? Math.max(2, wordAt(bytes, at + 2)) : 0
      end = at + 2 + length
      if (end > bytes.length) return
      yield { code, data: bytes.subarray(at + 4, end), end }
    }
    at = bytes.indexOf(0xff, end)
  }
}

/** D0 to D9 are restarts, start and end. */
function hasData(code: number): boolean {
  return code < 0xd0 || code > EOI
}

/** Whether decoders go on behind this marker. */
function take(state: State, { code, data, end }: Marker): boolean {
  if (code >= 0xd0 && code <= 0xd7) return takeRestart(state, code & 7)
  state.nextRestart = undefined
  if (code === SOS) {
    state.pixelsFrom ??= end
    state.nextRestart = 0
    return isScan(state, data)
  }
  if (code === 0xdd) {
    state.restartInterval = wordAt(data, 0)
    return true
  }
  if (code === 0xdb) return areQuantisers(data)
  if (code === 0xc4) return areCodes(data)
  if ([0xcc, 0xdc, 0xfe].includes(code) || (code >= 0xe0 && code <= 0xef)) return true
  return takeFrame(state, code, data)
}

/** Outside of pixels a restart says nothing; within, each is the one after the last. */
function takeRestart(state: State, number: number): boolean {
  if (state.nextRestart === undefined) return true
  const isExpected = state.restartInterval > 0 && number === state.nextRestart
  state.nextRestart = (number + 1) % 8
  return isExpected
}

/** Frames of 8 bits, not lossless, not hierarchical; of all others, decoders make nothing. */
function takeFrame({ facts, components }: State, code: number, data: Uint8Array): boolean {
  const isFirst = components.size === 0
  if (![0xc0, 0xc1, 0xc2, 0xc9, 0xca].includes(code) || data[0] !== 8) {
    if (isFirst) facts.kind = 'other'
    return false
  }
  facts.height = wordAt(data, 1)
  facts.width = wordAt(data, 3)
  for (let at = 6; at < data.length; at += 3) components.add(data[at]!)
  return isFirst && data[5]! > 0 && data.length === 6 + data[5]! * 3
}

function isScan({ components }: State, data: Uint8Array): boolean {
  const count = data[0] ?? 0
  const numbers = Array.from({ length: count }, (_, index) => data[1 + index * 2]!)
  const isLengthRight = data.length === 2 * count + 4
  return count >= 1 && count <= 4 && isLengthRight && numbers.every((number) => components.has(number))
}

/** A table has 65 bytes, or 129 of two bytes a value. */
function areQuantisers(data: Uint8Array): boolean {
  if (data.length === 0) return true
  const size = data[0]! >> 4 === 0 ? 65 : 129
  const isRight = (data[0]! & 15) < 4 && size <= data.length
  return isRight && areQuantisers(data.subarray(size))
}

/** A table of codes: what all of them take up of the space of codes is less than all of it. */
function areCodes(data: Uint8Array): boolean {
  if (data.length === 0) return true
  const counts = [...data.subarray(1, 17)]
  const space = counts.reduce((sum, count, index) => sum + count / 2 ** (index + 1), 0)
  const size = 17 + counts.reduce((sum, count) => sum + count, 0)
  const isKind = data[0]! >> 4 < 2 && (data[0]! & 15) < 4
  return isKind && space < 1 && size <= data.length && areCodes(data.subarray(size))
}

/** There were pixels, and the end is not one by chance, in a video that begins among them. */
function isEnd({ facts, components, pixelsFrom }: State, end: number, bytes: Uint8Array): boolean {
  const hasPicture = components.size > 0 && facts.width > 0 && facts.height > 0
  if (!hasPicture || pixelsFrom === undefined) return false
  const text = end < bytes.length ? new TextDecoder('latin1').decode(bytes.subarray(pixelsFrom, end)) : ''
  return !text.includes('ftyp')
}

/** Two bytes as one number; bytes beyond the end count as zero. */
function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)
}
