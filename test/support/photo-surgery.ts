/** Whole pictures taken apart, and put together again in ways that cameras, programs and accidents do. */
import { crc32ByTables } from '../../src/platform/crc32.ts'
import type { Picture } from './photo-judges'

/** A marker with what belongs to it: its segment, and behind SOS the pixels up to the next marker. */
interface Piece {
  code: number
  bytes: Uint8Array
}

/** Held to zlib's own by test/property/zip.test.ts, which Node 20 has only in part. */
const crc = (bytes: Uint8Array): number => crc32ByTables(bytes, 0)

const SOI = 0xd8
const SOS = 0xda
const EOI = 0xd9

/** Of a JPEG of an encoder, which has no oddities. */
function takeApart(jpeg: Uint8Array): Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at < jpeg.length;) {
    const code = jpeg[at + 1]!
    let end = at + 2
    if (code !== SOI && code !== EOI) end += (jpeg[end]! << 8) | jpeg[end + 1]!
    if (code === SOS) end = endOfPixels(jpeg, end)
    pieces.push({ code, bytes: jpeg.slice(at, end) })
    at = end
    if (code === EOI) break
  }
  return pieces
}

function endOfPixels(jpeg: Uint8Array, from: number): number {
  let at = from
  while (jpeg[at] !== 0xff || jpeg[at + 1] === 0 || (jpeg[at + 1]! & 0xf8) === 0xd0) at++
  return at
}

const join = (...parts: ArrayLike<number>[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => Array.from(part)))
const together = (pieces: readonly Piece[]): Uint8Array => join(...pieces.map(({ bytes }) => bytes))
const text = (letters: string): Uint8Array => new Uint8Array(Buffer.from(letters, 'latin1'))
const segment = (code: number, data: ArrayLike<number>): Uint8Array =>
  join([0xff, code, (data.length + 2) >> 8, (data.length + 2) & 255], data)

/** Bytes that look like those of a video: no order in them, always the same. */
function video(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let noise = seed
  for (let at = 0; at < length; at++) {
    noise = (noise * 48_271) % 2_147_483_647
    bytes[at] = noise >> 8
  }
  return join(text('\0\0\0\x18ftypmp42\0\0\0\0isommp42'), bytes)
}

/** Puts bytes before the first piece of a kind. */
function before(pieces: readonly Piece[], code: number, bytes: ArrayLike<number>): Uint8Array {
  const at = pieces.findIndex((piece) => piece.code === code)
  return join(together(pieces.slice(0, at)), bytes, together(pieces.slice(at)))
}

function without(pieces: readonly Piece[], code: number): Uint8Array {
  return together(pieces.filter((piece) => piece.code !== code))
}

function replaced(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  const copy = bytes.slice()
  copy[at] = byte
  return copy
}

const frameOf = (pieces: readonly Piece[]): number =>
  pieces.find(({ code }) => [0xc0, 0xc1, 0xc2, 0xc9, 0xca].includes(code))!.code
/** Where the bytes of a piece begin in the picture. */
function startOf(pieces: readonly Piece[], code: number): number {
  return together(
    pieces.slice(
      0,
      pieces.findIndex((piece) => piece.code === code),
    ),
  ).length
}

const named = (picture: Picture, variants: Record<string, Uint8Array>): Picture[] =>
  Object.entries(variants).map(([name, bytes]) => ({ name: `${picture.name}: ${name}`, bytes }))

/** All is there, if not in the usual form. */
export function odditiesOf(picture: Picture): Picture[] {
  const { bytes } = picture
  const pieces = takeApart(bytes)
  const frame = frameOf(pieces)
  const behindFirst = pieces[1]!.bytes.length + 2
  const inHeader = (stray: ArrayLike<number>): Uint8Array =>
    join(bytes.slice(0, behindFirst), stray, bytes.slice(behindFirst))
  return named(picture, {
    'fill bytes before a segment': before(pieces, 0xdb, Array(9).fill(0xff)),
    'fill bytes before the pixels': before(pieces, SOS, [0xff]),
    'fill bytes before the end': before(pieces, EOI, [0xff, 0xff, 0xff]),
    'a zero between segments': inHeader([0]),
    '512 zeros between segments': inHeader(Array(512).fill(0)),
    'FF 00 between segments': inHeader([0xff, 0, 0xff, 0]),
    'a segment without its FF': inHeader([0, 0xe1, 0, 30, ...Array<number>(28).fill(0x78)]),
    'text before the pixels': before(pieces, SOS, text('lorem ipsum')),
    'a restart marker between segments': inHeader([0xff, 0xd3]),
    'zeros before the end': before(pieces, EOI, Array(40).fill(0)),
    'a comment before the end': before(pieces, EOI, segment(0xfe, text('made by hand'))),
    'number of lines before the end': before(pieces, EOI, segment(0xdc, sizeBytes(pieces, frame))),
    'comment with markers in it': before(pieces, frame, segment(0xfe, [0xff, EOI, 0xff, SOI, 0xff, SOS])),
    'preview in a segment': before(pieces, frame, segment(0xe1, bytes.slice(0, 60_000))),
    'segment of length 0': before(pieces, frame, [0xff, 0xfe, 0, 0]),
    'segment of length 1': before(pieces, frame, [0xff, 0xe5, 0, 1]),
    'interval of no restarts': before(pieces, SOS, segment(0xdd, [0, 0])),
    'zeros behind it': join(bytes, Array(3000).fill(0)),
    'text behind it': join(bytes, text('lorem ipsum '.repeat(20))),
    'itself behind it': join(bytes, bytes),
    'half of itself behind it': join(bytes, bytes.slice(0, bytes.length / 2)),
    'a video behind it': join(bytes, video(9000, 5)),
    'FF behind it': join(bytes, [0xff]),
    'a line break behind it': join(bytes, [10]),
  })
}

function sizeBytes(pieces: readonly Piece[], frame: number): Uint8Array {
  return pieces.find(({ code }) => code === frame)!.bytes.slice(5, 7)
}

/** Something is missing, or was overwritten. */
export function damagesOf(picture: Picture): Picture[] {
  const { bytes } = picture
  const pieces = takeApart(bytes)
  const frame = frameOf(pieces)
  const pixels = startOf(pieces, SOS) + 14
  const half = bytes.slice(0, (pixels + bytes.length) >> 1)
  const at = startOf(pieces, frame)
  const frames = [0xc3, 0xc5, 0xc6, 0xc7, 0xc8, 0xcb, 0xcd, 0xce, 0xcf]
  return named(picture, {
    'no end': bytes.slice(0, -2),
    'half an end': bytes.slice(0, -1),
    'half, and a whole one': join(half, bytes),
    'half, and half': join(half, half),
    'half, and zeros': join(half, Array(4000).fill(0)),
    ...Object.fromEntries([7, 11, 17, 23].map((n) => [`half, and video ${n}`, join(half, video(9000, n))])),
    'half a header, and a whole one': join(bytes.slice(0, at + 3), bytes),
    'start twice': join([0xff, SOI], bytes),
    'no pixels': without(pieces, SOS),
    'no frame': without(pieces, frame),
    'tables alone': join([0xff, SOI], pieces.find(({ code }) => code === 0xdb)!.bytes, [0xff, EOI]),
    'frame twice': before(pieces, SOS, pieces.find(({ code }) => code === frame)!.bytes),
    'length of the frame': replaced(bytes, at + 3, bytes[at + 3]! + 1),
    '12 bits': replaced(bytes, at + 4, 12),
    '16 bits': replaced(bytes, at + 4, 16),
    'height 0': replaced(replaced(bytes, at + 5, 0), at + 6, 0),
    'width 0': replaced(replaced(bytes, at + 7, 0), at + 8, 0),
    'no component': replaced(bytes, at + 9, 0),
    ...Object.fromEntries(
      frames.map((code) => [`frame ${code.toString(16)}`, replaced(bytes, at + 1, code)]),
    ),
    'marker that nobody knows': before(pieces, SOS, segment(0x51, [1, 2, 3])),
    hierarchical: before(
      pieces,
      frame,
      segment(0xde, pieces.find(({ code }) => code === frame)!.bytes.slice(4)),
    ),
    'restart where none is': join(bytes.slice(0, pixels + 9), [0xff, 0xd0], bytes.slice(pixels + 9)),
    'start within pixels': join(bytes.slice(0, pixels + 9), [0xff, SOI], bytes.slice(pixels + 9)),
    'table of quantisation 9': replaced(bytes, startOf(pieces, 0xdb) + 4, 9),
  })
}

/** So much is needed to see that it is a picture at all. */
const LEAST_CUT = 9

/** Cut at so many places, all over the picture. */
export function cutsOf(picture: Picture, count: number): Picture[] {
  const { bytes, name } = picture
  return Array.from({ length: count }, (_, index) => {
    const length = LEAST_CUT + Math.floor(((bytes.length - LEAST_CUT - 1) * index) / count)
    return { name: `${name}: the first ${length} bytes`, bytes: bytes.slice(0, length) }
  })
}

/** Each byte of what stands before the pixels but for segments of programs, changed in one bit. */
export function flipsOf(picture: Picture): Picture[] {
  const { bytes, name } = picture
  const pieces = takeApart(bytes)
  const places: number[] = []
  let start = 0
  for (const { code, bytes: piece } of pieces.slice(0, pieces.findIndex((one) => one.code === SOS) + 1)) {
    const length = code === SOS ? 14 : piece.length
    // Of tables, what they begin with: their values are what they are.
    for (let at = 0; at < Math.min(length, 24); at++) if (code < 0xe0) places.push(start + at)
    start += piece.length
  }
  const later = places.filter((at) => at > 2)
  return later.map((at) => {
    const bit = 1 << ((at * 5) % 8)
    return { name: `${name}: bit ${bit} of byte ${at}`, bytes: replaced(bytes, at, bytes[at]! ^ bit) }
  })
}

/** The first restart marker of a number is left out, or takes another number. */
export function restartDamagesOf(picture: Picture): Picture[] {
  const { bytes } = picture
  const at = bytes.findIndex((byte, index) => byte === 0xff && bytes[index + 1] === 0xd1)
  return named(picture, {
    'a restart is missing': join(bytes.slice(0, at), bytes.slice(at + 2)),
    'a stretch is missing': join(bytes.slice(0, at), bytes.slice(bytes.indexOf(0xd2, at) - 1)),
    'a restart has another number': replaced(bytes, at + 1, 0xd6),
    'half of a scan with restarts': bytes.slice(0, at + 3),
  })
}

/** A chunk of a PNG, its checksum included, in which a function changes something. */
function changed(png: Uint8Array, name: string, change: (chunk: Buffer) => void): Uint8Array {
  const copy = Buffer.from(png)
  const nameAt = copy.indexOf(name)
  change(copy.subarray(nameAt, nameAt + 8 + copy.readUInt32BE(nameAt - 4)))
  return new Uint8Array(copy)
}

export function pngDamagesOf(picture: Picture): Picture[] {
  const { bytes } = picture
  const flipLast = (chunk: Buffer) => void (chunk[chunk.length - 1]! ^= 1)
  const flipMiddle = (chunk: Buffer) => void (chunk[chunk.length >> 1]! ^= 16)
  return named(picture, {
    'checksum of IDAT': changed(bytes, 'IDAT', flipLast),
    'checksum of IHDR': changed(bytes, 'IHDR', flipLast),
    'a byte of its pixels': changed(bytes, 'IDAT', flipMiddle),
    'a byte of its header': changed(bytes, 'IHDR', (chunk) => void (chunk[7]! ^= 2)),
    'width 0': changed(bytes, 'IHDR', (chunk) => {
      chunk.writeUInt32BE(0, 4)
      chunk.writeUInt32BE(crc(chunk.subarray(0, -4)), chunk.length - 4)
    }),
    'no end': bytes.slice(0, -12),
    'half an end': bytes.slice(0, -3),
    'no pixels': join(bytes.slice(0, 33), bytes.slice(-12)),
    'half of its pixels, and a whole one': join(bytes.slice(0, bytes.length / 2), bytes),
    'line breaks of another system': text(Buffer.from(bytes).toString('latin1').replace('\r\n', '\n')),
  })
}

export function pngOdditiesOf(picture: Picture): Picture[] {
  const { bytes } = picture
  const note = Buffer.concat([text('tEXtComment\0by hand'), Buffer.alloc(4)])
  note.writeUInt32BE(crc(note.subarray(0, -4)), note.length - 4)
  const chunk = join([0, 0, 0, note.length - 8], note)
  return named(picture, {
    'zeros behind it': join(bytes, Array(300).fill(0)),
    'itself behind it': join(bytes, bytes),
    'a comment': join(bytes.slice(0, 33), chunk, bytes.slice(33)),
    'a comment whose checksum is wrong': join(
      bytes.slice(0, 33),
      replaced(chunk, chunk.length - 1, 7),
      bytes.slice(33),
    ),
  })
}
