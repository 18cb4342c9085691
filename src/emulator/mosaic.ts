/** The picture of the sample photos: a head-and-shoulders mosaic in the colours of its seed. */
import { below, seeded } from './random.ts'

export type Colour = readonly [red: number, green: number, blue: number]

export const COLUMNS = 16
export const ROWS = 20

const BACKGROUND = 0
const SKIN = 1
/** Of eyes and shoulders. */
const DARK = 2

export interface Mosaic {
  /** Of background, skin, and eyes and shoulders. */
  colours: Colour[]
  /** The index of each cell's colour, row by row. */
  cells: number[]
}

export function createMosaic(seed: number): Mosaic {
  const random = seeded(seed)
  const colours = [colourNear(200, random), colourNear(110, random), colourNear(60, random)]
  const headWidth = 3.4 + random() * 1.4
  const cells = Array.from({ length: COLUMNS * ROWS }, (_, i) => {
    const row = Math.floor(i / COLUMNS)
    const distance = (i % COLUMNS) - 7.5 // from the middle
    return cellAt({ row, distance, headWidth })
  })
  return { colours, cells }
}

function cellAt({ row, distance, headWidth }: { row: number; distance: number; headWidth: number }): number {
  const isHead = (distance / headWidth) ** 2 + ((row - 8) / 5.5) ** 2 < 1
  if (isHead) return row === 7 && Math.abs(distance) === 1.5 ? DARK : SKIN
  const isShoulder = row > 14 && Math.abs(distance) < row - 10
  return isShoulder ? DARK : BACKGROUND
}

function colourNear(base: number, random: () => number): Colour {
  return [shade(base, random), shade(base, random), shade(base, random)]
}

function shade(base: number, random: () => number): number {
  return base + below(55, random)
}
