/** CRC-32 (ISO 3309) in plain JavaScript, for where the runtime has none. */

type Tables = [Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array, Int32Array]

let tables: Tables | undefined

/** Eight bytes at a time ("slicing-by-8"), from the checksum of what was before. */
export function crc32ByTables(bytes: Uint8Array, start: number): number {
  tables ??= makeTables()
  const [table0, table1, table2, table3, table4, table5, table6, table7] = tables
  let crc = ~start
  let at = 0
  for (const last = bytes.length - 8; at <= last; at += 8) {
    crc ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
    crc =
      table7[crc & 255]! ^
      table6[(crc >>> 8) & 255]! ^
      table5[(crc >>> 16) & 255]! ^
      table4[crc >>> 24]! ^
      table3[bytes[at + 4]!]! ^
      table2[bytes[at + 5]!]! ^
      table1[bytes[at + 6]!]! ^
      table0[bytes[at + 7]!]!
  }
  for (; at < bytes.length; at++) crc = table0[(crc ^ bytes[at]!) & 255]! ^ (crc >>> 8)
  return ~crc >>> 0
}

/** The polynomial, its bits reversed. */
const POLYNOMIAL = 0xedb88320

/** The table of a number has what a byte does to the checksum that many bytes later. */
function makeTables(): Tables {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = (crc & 1) === 1
      crc >>>= 1
      if (isOdd) crc ^= POLYNOMIAL
    }
    return crc
  })
  const made = [first]
  for (let index = 1; index < 8; index++) {
    made.push(made[index - 1]!.map((crc) => first[crc & 255]! ^ (crc >>> 8)))
  }
  return made as Tables
}
