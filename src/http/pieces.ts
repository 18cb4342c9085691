/** Bytes that are sent one after the other, none of them copied but for small ones. */
import { concat } from '../platform/bytes.ts'
import type { Pieces } from './body.ts'

/**
 * Bytes of a piece at most. Each piece costs Node's streams some 50 µs: large ones, which are not copied, pay
 * off. It is also how far a progress report jumps.
 */
const PIECE_BYTES = 524_288
/** What has fewer bytes is sent together with its neighbours. */
const SMALL_BYTES = 16_384

export function piecesOf(parts: readonly Uint8Array[]): Pieces {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  return { length, pieces: () => pieces(parts), parts: () => [...parts] as BlobPart[] }
}

function* pieces(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  let small: Uint8Array[] = []
  for (const part of parts) {
    if (part.length < SMALL_BYTES) {
      small.push(part)
      continue
    }
    if (small.length) yield concat(small)
    small = []
    for (let at = 0; at < part.length; at += PIECE_BYTES) yield part.subarray(at, at + PIECE_BYTES)
  }
  if (small.length) yield concat(small)
}
