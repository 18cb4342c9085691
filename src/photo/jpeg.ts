/** The outside of a JPEG: markers from the first to the picture's own end, never pixels. */
import { searchable } from '../platform/node-buffer.ts'
import { isHuffmanSegment, isQuantisationSegment } from './jpeg-tables.ts'
import { type FormatProblem, type FormatResult, isBroken, isCutOff, isNotTaken } from './format-result.ts'

const PREFIX = 0xff
const HUFFMAN_TABLES = 0xc4
const RESTART_0 = 0xd0
const RESTART_7 = 0xd7
const START_OF_IMAGE = 0xd8
const END_OF_IMAGE = 0xd9
const START_OF_SCAN = 0xda
const QUANTISATION_TABLES = 0xdb
const RESTART_INTERVAL = 0xdd
/** Baseline, extended and progressive; the last two with arithmetic coding. */
const FRAMES = [0xc0, 0xc1, 0xc2, 0xc9, 0xca]
/** Lossless, hierarchical, JPEG-LS: what decoders of photos do not read. */
const UNREAD = [0xc3, 0xc5, 0xc6, 0xc7, 0xcb, 0xcd, 0xce, 0xcf, 0xde, 0xdf, 0xf7]
/** Conditioning of arithmetic coding, the number of lines once more, comments; so are APP0 to APP15. */
const IGNORED = [0xcc, 0xdc, 0xfe]

interface Frame {
  width: number
  height: number
  /** The numbers of its components. */
  components: Uint8Array
}

/** What was met so far. */
interface Seen {
  frame?: Frame
  /** Where the pixels begin. */
  firstScan?: number
  hasRestarts: boolean
}

/**
 * ISO/IEC 10918-1 annex B, taken as libjpeg takes it: bytes between segments that belong to nothing are
 * passed over. What follows the picture's own end (previews, depth maps, videos) is not looked at.
 */
export function readJpeg(given: Uint8Array): FormatResult {
  const bytes = searchable(given)
  const seen: Seen = { hasRestarts: false }
  let at = nextMarker(bytes, 2)
  while (at !== -1) {
    const marker = bytes[at]!
    if (marker === END_OF_IMAGE) return wholeAt(bytes, at, seen)
    if (marker === START_OF_IMAGE) return isCutOff('is cut off: another picture begins within it')
    if (isRestart(marker)) {
      at = nextMarker(bytes, at + 1)
      continue
    }
    // A length below two counts as two: no byte of what follows belongs to it.
    const end = at + 1 + Math.max(2, uint16(bytes, at + 1))
    if (end > bytes.length) break
    const problem = isIgnored(marker) ? undefined : readSegment(marker, bytes.subarray(at + 3, end), seen)
    // Behind the first pixels, no marker but the usual ones is to be: there, the picture was overwritten.
    if (problem) return seen.firstScan === undefined ? problem : isCutOff()
    if (marker === START_OF_SCAN) {
      seen.firstScan ??= end
      at = endOfScan(bytes, end, seen)
    } else at = nextMarker(bytes, end)
  }
  return isCutOff()
}

/** Where the code of the next marker stands: behind FF, and neither FF nor 00. -1: nowhere. */
function nextMarker(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(PREFIX, from)
  while (at !== -1) {
    while (bytes[at] === PREFIX) at++
    if (at === bytes.length) return -1
    if (bytes[at] !== 0) return at
    at = bytes.indexOf(PREFIX, at + 1)
  }
  return -1
}

/** The first marker behind a scan; -1 also where a restart is missing, and so are pixels. */
function endOfScan(bytes: Uint8Array, from: number, { hasRestarts }: Seen): number {
  let expected = RESTART_0
  let at = nextMarker(bytes, from)
  while (at !== -1 && isRestart(bytes[at]!)) {
    if (!hasRestarts || bytes[at] !== expected) return -1
    expected = expected === RESTART_7 ? RESTART_0 : expected + 1
    at = nextMarker(bytes, at + 1)
  }
  return at
}

function isRestart(marker: number): boolean {
  return marker >= RESTART_0 && marker <= RESTART_7
}

function wholeAt(bytes: Uint8Array, at: number, { frame, firstScan }: Seen): FormatResult {
  if (!frame || firstScan === undefined) return isBroken('JPEG')
  // Of all videos behind half a picture, one in 250 has something like this end as its first marker.
  const isLast = at + 1 === bytes.length
  if (!isLast && hasVideo(bytes.subarray(firstScan, at))) {
    return isCutOff('is cut off: a video begins within it')
  }
  return { ok: true, type: 'image/jpeg', width: frame.width, height: frame.height }
}

const LETTER_F = 0x66
const LETTERS_FT = 0x6674
const LETTERS_YP = 0x7970

/** Videos and HEIC begin with a box of the name `ftyp`. */
function hasVideo(bytes: Uint8Array): boolean {
  let at = bytes.indexOf(LETTER_F)
  while (at !== -1) {
    if (uint16(bytes, at) === LETTERS_FT && uint16(bytes, at + 2) === LETTERS_YP) return true
    at = bytes.indexOf(LETTER_F, at + 1)
  }
  return false
}

/** What is wrong with a segment; of one that is right, what matters goes into `seen`. */
function readSegment(marker: number, data: Uint8Array, seen: Seen): FormatProblem | undefined {
  if (FRAMES.includes(marker)) return readFrame(data, seen)
  if (UNREAD.includes(marker)) return isRare('lossless or hierarchical')
  if (marker === RESTART_INTERVAL) {
    seen.hasRestarts = uint16(data, 0) > 0
    return undefined
  }
  return isWellFormed(marker, data, seen) ? undefined : isBroken('JPEG')
}

function isIgnored(marker: number): boolean {
  return (marker & 0xf0) === 0xe0 || IGNORED.includes(marker)
}

function isWellFormed(marker: number, data: Uint8Array, seen: Seen): boolean {
  if (marker === HUFFMAN_TABLES) return isHuffmanSegment(data)
  if (marker === QUANTISATION_TABLES) return isQuantisationSegment(data)
  return marker === START_OF_SCAN && isScanHeader(data, seen.frame)
}

function isRare(kind: string): FormatProblem {
  return isNotTaken(`is a ${kind} JPEG, which few programs read: save it as a usual one`)
}

/** Precision, height, width, number of components; three bytes for each. */
function readFrame(data: Uint8Array, seen: Seen): FormatProblem | undefined {
  const [precision] = data
  if (precision === 12) return isRare('12-bit')
  const height = uint16(data, 1)
  const width = uint16(data, 3)
  const count = data[5]
  const isRight = precision === 8 && height && width && count && data.length === 6 + 3 * count
  if (!isRight || seen.frame) return isBroken('JPEG')
  seen.frame = { width, height, components: data.filter((_, index) => index >= 6 && index % 3 === 0) }
  return undefined
}

/** Number of components; for each its number and its tables; three bytes of what of them the scan has. */
function isScanHeader(data: Uint8Array, frame: Frame | undefined): boolean {
  const [count = 0] = data
  if (!frame || count < 1 || count > 4 || data.length !== 4 + 2 * count) return false
  return data.subarray(1, -3).every((byte, index) => index % 2 === 1 || frame.components.includes(byte))
}

function uint16(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 8) | bytes[at + 1]!
}
