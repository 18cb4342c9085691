/** Small pictures that every viewer opens: a head-and-shoulders mosaic in the colours of its seed. */
import { crc32 } from './crc32.ts'
import { seeded } from './random.ts'

type Colour = readonly [red: number, green: number, blue: number]
const COLUMNS = 16
const ROWS = 20

/** Three colours and which of them each cell has. */
function mosaic(seed: number): { colours: Colour[]; cells: number[] } {
  const random = seeded(seed)
  const colours = [200, 110, 60].map(
    (base): Colour =>
      [base + random() * 55, base + random() * 55, base + random() * 55].map(Math.floor) as unknown as Colour,
  )
  const width = 3.4 + random() * 1.4
  const cells = Array.from({ length: COLUMNS * ROWS }, (_, i) => {
    const [x, y] = [(i % COLUMNS) - 7.5, Math.floor(i / COLUMNS)]
    const head = (x / width) ** 2 + ((y - 8) / 5.5) ** 2 < 1
    const eye = head && y === 7 && Math.abs(Math.abs(x) - 1.5) < 0.1
    return eye ? 2 : head ? 1 : y > 14 && Math.abs(x) < y - 10 ? 2 : 0
  })
  return { colours, cells }
}

/**
 * Baseline JPEG of 128 × 160: every cell is one block with a DC coefficient alone, so no transform is needed.
 */
export function sampleJpeg(seed: number): Uint8Array<ArrayBuffer> {
  const { colours, cells } = mosaic(seed)
  const planes = colours.map(([r, g, b]) =>
    [
      0.299 * r + 0.587 * g + 0.114 * b - 128,
      (b - (r * 0.299) / 0.886 - (g * 0.587) / 0.886) * 0.5,
      (r - (g * 0.587) / 0.701 - (b * 0.114) / 0.701) * 0.5,
    ].map(Math.round),
  )
  const out: number[] = [0xff, 0xd8]
  const segment = (marker: number, ...data: number[]) =>
    out.push(0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255, ...data)
  segment(0xe0, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0)
  // With a step of 8, the quantised DC coefficient is the level itself.
  segment(0xdb, 0, ...Array<number>(64).fill(8))
  segment(0xc0, 8, 0, ROWS * 8, 0, COLUMNS * 8, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0)
  // DC: twelve categories of four bits each; AC: nothing but "end of block", one bit.
  segment(0xc4, 0x00, 0, 0, 0, 12, ...Array<number>(12).fill(0), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)
  segment(0xc4, 0x10, 1, ...Array<number>(15).fill(0), 0)
  segment(0xda, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0)
  let bits = ''
  const last = [0, 0, 0]
  for (const cell of cells) {
    for (const plane of [0, 1, 2]) {
      const diff = planes[cell]![plane]! - last[plane]!
      last[plane] = planes[cell]![plane]!
      const size = diff === 0 ? 0 : Math.floor(Math.log2(Math.abs(diff))) + 1
      bits +=
        size.toString(2).padStart(4, '0') +
        (size ? (diff > 0 ? diff : diff + 2 ** size - 1).toString(2).padStart(size, '0') : '') +
        '0'
    }
  }
  for (const byte of bits.match(/.{1,8}/g)!) {
    const value = Number.parseInt(byte.padEnd(8, '1'), 2)
    out.push(value, ...(value === 255 ? [0] : []))
  }
  return Uint8Array.from([...out, 0xff, 0xd9])
}

/** PNG of 64 × 80 with a palette, its pixels stored, not deflated. */
export function samplePng(seed: number): Uint8Array<ArrayBuffer> {
  const { colours, cells } = mosaic(seed)
  const rows = Array.from({ length: ROWS * 4 }, (_, y) => [
    0,
    ...Array.from({ length: COLUMNS * 4 }, (_, x) => cells[(y >> 2) * COLUMNS + (x >> 2)]!),
  ]).flat()
  const four = (n: number) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]
  const chunk = (name: string, data: number[]) => {
    const body = [...new TextEncoder().encode(name), ...data]
    return [...four(data.length), ...body, ...four(crc32(body))]
  }
  let [a, b] = [1, 0]
  for (const byte of rows) [a, b] = [(a + byte) % 65521, (b + a + byte) % 65521]
  const zlib = [
    0x78,
    1,
    1,
    rows.length & 255,
    rows.length >> 8,
    ~rows.length & 255,
    (~rows.length >> 8) & 255,
    ...rows,
    ...four(b * 65536 + a),
  ]
  return Uint8Array.from([
    0x89,
    0x50,
    0x4e,
    0x47,
    0x0d,
    0x0a,
    0x1a,
    0x0a,
    ...chunk('IHDR', [...four(COLUMNS * 4), ...four(ROWS * 4), 8, 3, 0, 0, 0]),
    ...chunk('PLTE', colours.flat()),
    ...chunk('IDAT', zlib),
    ...chunk('IEND', []),
  ])
}
