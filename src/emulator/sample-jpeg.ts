/** A sample photo as JPEG. */
import type { Bytes } from '../platform/bytes.ts'
import { type Colour, COLUMNS, createMosaic, ROWS } from './mosaic.ts'

const MARKERS = { start: 0xd8, app0: 0xe0, tables: 0xdb, frame: 0xc0, codes: 0xc4, scan: 0xda, end: 0xd9 }

/** Pixels of a block's side. */
const BLOCK = 8

/** As 4 bits before every DC coefficient say how many bits follow. */
const CATEGORY_BITS = 4
/** The only code for AC coefficients: the block ends here. */
const END_OF_BLOCK = '0'

/**
 * Baseline JPEG of 128 × 160 (ITU-T T.81): every cell is one block with a DC coefficient alone, so no
 * transform is needed.
 */
export function sampleJpeg(seed: number): Bytes {
  const { colours, cells } = createMosaic(seed)
  const levels = colours.map(toYcc)
  return Uint8Array.from([
    0xff,
    MARKERS.start,
    ...segment(MARKERS.app0, JFIF),
    ...segment(MARKERS.tables, QUANTISATION),
    ...segment(MARKERS.frame, FRAME),
    ...segment(MARKERS.codes, DC_CODES),
    ...segment(MARKERS.codes, AC_CODES),
    ...segment(MARKERS.scan, SCAN),
    ...entropyCoded(cells.map((cell) => levels[cell]!)),
    0xff,
    MARKERS.end,
  ])
}

/** Version 1.1, square pixels, no thumbnail. */
const JFIF = [...new TextEncoder().encode('JFIF'), 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]
/** With a step of 8, the quantised DC coefficient is the level itself. */
const QUANTISATION = [0, ...Array<number>(64).fill(8)]
/** 8 bits, height, width, and three components without subsampling, all of the same tables. */
const FRAME = [8, 0, ROWS * BLOCK, 0, COLUMNS * BLOCK, 3, ...[1, 2, 3].flatMap((id) => [id, 0x11, 0])]
/** Table 0 for DC: twelve categories of four bits each. */
const DC_CODES = [0x00, 0, 0, 0, 12, ...Array<number>(12).fill(0), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
/** Table 0 for AC: one code of one bit. */
const AC_CODES = [0x10, 1, ...Array<number>(15).fill(0), 0]
/** Three components, all coefficients. */
const SCAN = [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]

function segment(marker: number, data: readonly number[]): number[] {
  const length = data.length + 2
  return [0xff, marker, length >> 8, length & 255, ...data]
}

type Levels = readonly [luminance: number, blue: number, red: number]

/** Luminance and the differences of blue and red, around zero. */
function toYcc([red, green, blue]: Colour): Levels {
  return [
    Math.round(0.299 * red + 0.587 * green + 0.114 * blue - 128),
    Math.round((blue - (red * 0.299) / 0.886 - (green * 0.587) / 0.886) * 0.5),
    Math.round((red - (green * 0.587) / 0.701 - (blue * 0.114) / 0.701) * 0.5),
  ]
}

/** Each level as its difference from the one before, of the same component. */
function entropyCoded(blocks: readonly Levels[]): number[] {
  let bits = ''
  let previous: Levels = [0, 0, 0]
  for (const levels of blocks) {
    for (const component of [0, 1, 2] as const) {
      bits += differenceBits(levels[component] - previous[component]) + END_OF_BLOCK
    }
    previous = levels
  }
  return toBytes(bits)
}

/** The number of bits, and the bits: of a negative number those of its value less one, inverted. */
function differenceBits(difference: number): string {
  const size = difference === 0 ? 0 : Math.floor(Math.log2(Math.abs(difference))) + 1
  const category = size.toString(2).padStart(CATEGORY_BITS, '0')
  if (size === 0) return category
  const value = difference > 0 ? difference : difference + 2 ** size - 1
  return category + value.toString(2).padStart(size, '0')
}

/** The last byte is filled with ones; `ff` is followed by `00`, as it would begin a marker otherwise. */
function toBytes(bits: string): number[] {
  const bytes: number[] = []
  for (let at = 0; at < bits.length; at += 8) {
    const byte = Number.parseInt(bits.slice(at, at + 8).padEnd(8, '1'), 2)
    bytes.push(byte)
    if (byte === 0xff) bytes.push(0)
  }
  return bytes
}
