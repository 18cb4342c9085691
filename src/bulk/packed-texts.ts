/** Many short texts, each of which may be replaced, as bytes in large blocks. */
import { writeUtf8 } from '../platform/bytes.ts'

/**
 * As objects or strings, a hundred thousand texts take several times the memory, the collector of garbage
 * walks through all of them, and those that are dropped keep the memory between the others from being freed.
 */
export interface PackedTexts {
  /** Where the text stands now: in the place of the one before, if it fits there. */
  write(text: string, before: number | undefined): number
  /** What was written there; also one that was replaced elsewhere since. */
  read(place: number): string
}

const BLOCK_BYTES = 65_536
/** Of each text: its length and the room for it, 32 bits each. */
const HEAD_BYTES = 8
/** UTF-8 takes at most so many bytes for a unit of a string. */
const BYTES_PER_UNIT = 3

interface Block {
  bytes: Uint8Array
  heads: DataView
  used: number
}

export function createPackedTexts(): PackedTexts {
  const decoder = new TextDecoder()
  const blocks: Block[] = []
  let scratch = new Uint8Array(1024)

  /** A place is the number of the block, times the size of blocks, and the byte in it. */
  function at(place: number): { block: Block; start: number } {
    return { block: blocks[Math.floor(place / BLOCK_BYTES)]!, start: place % BLOCK_BYTES }
  }

  function encode(text: string): Uint8Array {
    const most = text.length * BYTES_PER_UNIT
    if (scratch.length < most) scratch = new Uint8Array(most)
    return scratch.subarray(0, writeUtf8(text, scratch))
  }

  function blockFor(length: number): Block {
    const latest = blocks.at(-1)
    if (latest && latest.used + length <= latest.bytes.length) return latest
    // A longer text has a block of its own.
    const bytes = new Uint8Array(Math.max(BLOCK_BYTES, length))
    const block = { bytes, heads: new DataView(bytes.buffer), used: 0 }
    blocks.push(block)
    return block
  }

  function append(encoded: Uint8Array): number {
    const { length } = encoded
    const block = blockFor(HEAD_BYTES + length)
    const start = block.used
    block.used += HEAD_BYTES + length
    block.heads.setUint32(start, length)
    block.heads.setUint32(start + 4, length)
    block.bytes.set(encoded, start + HEAD_BYTES)
    return (blocks.length - 1) * BLOCK_BYTES + start
  }

  return {
    write(text, before) {
      const encoded = encode(text)
      if (before === undefined) return append(encoded)
      const { block, start } = at(before)
      if (encoded.length > block.heads.getUint32(start + 4)) return append(encoded)
      block.heads.setUint32(start, encoded.length)
      block.bytes.set(encoded, start + HEAD_BYTES)
      return before
    },
    read(place) {
      const { block, start } = at(place)
      const begin = start + HEAD_BYTES
      return decoder.decode(block.bytes.subarray(begin, begin + block.heads.getUint32(start)))
    },
  }
}
