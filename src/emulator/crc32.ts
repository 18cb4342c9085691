/** CRC-32 as zip and PNG have it (RFC 1952 §8). */
const TABLE = /* @__PURE__ */ Uint32Array.from({ length: 256 }, (_, byte) => remainderOf(byte))

function remainderOf(byte: number): number {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) {
    const isOdd = (remainder & 1) === 1
    remainder >>>= 1
    if (isOdd) remainder ^= 0xedb88320
  }
  return remainder
}

export function crc32(bytes: ArrayLike<number>): number {
  let crc = ~0
  for (let i = 0; i < bytes.length; i++) {
    const entry = TABLE[(crc ^ bytes[i]!) & 255]!
    crc = (crc >>> 8) ^ entry
  }
  return ~crc >>> 0
}
