/** The tables of a JPEG (ISO/IEC 10918-1 B.2.4), as far as decoders refuse what is wrong with them. */

/** Four tables at most: of each kind, they have the numbers 0 to 3. */
const MOST_NUMBER = 3

/** Tables of a byte for precision and number, and 64 values of one or two bytes. */
export function isQuantisationSegment(data: Uint8Array): boolean {
  let at = 0
  while (at < data.length) {
    const hasTwoBytes = data[at]! > 0x0f
    if ((data[at]! & 0x0f) > MOST_NUMBER) return false
    at += hasTwoBytes ? 129 : 65
  }
  return at === data.length
}

/** Tables of a byte for class and number, 16 counts of codes by length, and a symbol for each code. */
export function isHuffmanSegment(data: Uint8Array): boolean {
  let at = 0
  while (at < data.length) {
    const isNumberRight = data[at]! < 0x20 && (data[at]! & 0x0f) <= MOST_NUMBER
    const counts = data.subarray(at + 1, at + 17)
    if (!isNumberRight || !areCodes(counts)) return false
    at += 17 + counts.reduce((sum, count) => sum + count, 0)
  }
  return at === data.length
}

/** Whether there are so many codes: of each length, one at least is left over, for longer ones or none. */
function areCodes(counts: Uint8Array): boolean {
  let free = 1
  for (const count of counts) {
    free = free * 2 - count
    if (free < 1) return false
  }
  return true
}
