/** Which of the Unicode encodings a file is in. */

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/** So many bytes at the beginning of a file tell its encoding. */
export const ENCODING_BYTES = 4

/**
 * The encoding of a file that begins with these bytes: by its byte order mark, or, in UTF-16 without one, by
 * the zero half of its first two letters. Excel's "Unicode text" and PowerShell 5 write UTF-16.
 */
export function encodingOf(head: Uint8Array): Encoding {
  const [a, b, c, d] = head
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  if (a && b === 0 && c && d === 0) return 'utf-16le'
  if (a === 0 && b && c === 0 && d) return 'utf-16be'
  return 'utf-8'
}

export interface PieceDecoder {
  /**
   * The text of the next piece; without one, of what is left at the end. A byte order mark stays in the text.
   *
   * @throws {TypeError} for bytes that are no text in this encoding.
   */
  decode(piece?: Uint8Array): string
}

/** Reads a file piece by piece. */
export function createDecoder(encoding: Encoding): PieceDecoder {
  const label = encoding === 'utf-8' ? encoding : 'utf-16le'
  const decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true })
  const swap = encoding === 'utf-16be' ? createSwapper() : undefined
  return {
    decode(piece) {
      if (!piece) return decoder.decode(swap?.rest())
      return decoder.decode(swap ? swap.next(piece) : piece, { stream: true })
    },
  }
}

/** Not every runtime decodes UTF-16 of this byte order by itself. */
function createSwapper(): { next(piece: Uint8Array): Uint8Array; rest(): Uint8Array } {
  let odd: number | undefined
  return {
    next(piece) {
      const bytes = odd === undefined ? piece.slice() : joined(odd, piece)
      odd = bytes.length % 2 ? bytes[bytes.length - 1] : undefined
      const even = bytes.subarray(0, bytes.length - (bytes.length % 2))
      for (let at = 0; at < even.length; at += 2) {
        const first = even[at]!
        even[at] = even[at + 1]!
        even[at + 1] = first
      }
      return even
    },
    rest() {
      return odd === undefined ? new Uint8Array() : Uint8Array.of(odd)
    },
  }
}

function joined(first: number, piece: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(piece.length + 1)
  bytes[0] = first
  bytes.set(piece, 1)
  return bytes
}
