/** A sample photo as PNG. */
import type { Bytes } from '../platform/bytes.ts'
import { crc32 } from './crc32.ts'
import { COLUMNS, createMosaic, ROWS } from './mosaic.ts'

/** Pixels of a cell's side. */
const CELL = 4
const WIDTH = COLUMNS * CELL
const HEIGHT = ROWS * CELL

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** A pixel's bits, and "by palette"; the other three have one value. */
const HEADER = [...long(WIDTH), ...long(HEIGHT), 8, 3, 0, 0, 0]

/** PNG of 64 × 80 with a palette (RFC 2083), its pixels stored, not deflated. */
export function samplePng(seed: number): Bytes {
  const { colours, cells } = createMosaic(seed)
  return Uint8Array.from([
    ...SIGNATURE,
    ...chunk('IHDR', HEADER),
    ...chunk('PLTE', colours.flat()),
    ...chunk('IDAT', zlibStored(pixels(cells))),
    ...chunk('IEND', []),
  ])
}

/** Row by row, each behind a byte for "no filter". */
function pixels(cells: readonly number[]): number[] {
  const bytes: number[] = []
  for (let y = 0; y < HEIGHT; y++) {
    bytes.push(0)
    for (let x = 0; x < WIDTH; x++) {
      const cell = Math.floor(y / CELL) * COLUMNS + Math.floor(x / CELL)
      bytes.push(cells[cell]!)
    }
  }
  return bytes
}

/** One block that is stored (RFC 1950, RFC 1951 §3.2.4). */
function zlibStored(data: readonly number[]): number[] {
  const length = data.length
  const lengths = [length & 255, length >> 8, ~length & 255, (~length >> 8) & 255]
  return [0x78, 1, 1, ...lengths, ...data, ...long(adler32(data))]
}

function adler32(data: readonly number[]): number {
  let low = 1
  let high = 0
  for (const byte of data) {
    low = (low + byte) % 65521
    high = (high + low) % 65521
  }
  return high * 65536 + low
}

function chunk(name: string, data: readonly number[]): number[] {
  const body = [...new TextEncoder().encode(name), ...data]
  return [...long(data.length), ...body, ...long(crc32(body))]
}

/** Four bytes, the highest first. */
function long(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
}
