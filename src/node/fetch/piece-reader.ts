/** The pieces of a body; those that fill memory of ours use it again. */

interface Piece {
  bytes: Uint8Array
  /** To be called once the system has taken the bytes. */
  written(error?: Error | null): void
}

export interface PieceReader {
  /** `undefined` at the end, and after `cancel`. */
  next(): Promise<Piece | undefined>
  cancel(): void
}

const PIECE_BYTES = 262_144
/** What many uploads at once need is more, and given back. */
const MOST_FREE = 8

const free: ArrayBuffer[] = []

export function createPieceReader(stream: ReadableStream<Uint8Array>): PieceReader {
  const filling = fillingReader(stream)
  return filling ? fillingPieces(filling) : givenPieces(stream.getReader())
}

/** Of a stream that fills the memory that it is given; others refuse to have such a reader. */
function fillingReader(stream: ReadableStream<Uint8Array>): ReadableStreamBYOBReader | undefined {
  try {
    return stream.getReader({ mode: 'byob' })
  } catch (error) {
    if (stream.locked) throw error
    return undefined
  }
}

function givenPieces(reader: ReadableStreamDefaultReader<Uint8Array>): PieceReader {
  return {
    async next() {
      const { done, value } = await reader.read()
      return done ? undefined : { bytes: value, written() {} }
    },
    cancel: () => void reader.cancel().catch(() => {}),
  }
}

function fillingPieces(reader: ReadableStreamBYOBReader): PieceReader {
  return {
    async next() {
      const memory = free.pop() ?? new ArrayBuffer(PIECE_BYTES)
      const { done, value } = await reader.read(new Uint8Array(memory))
      if (done) {
        if (value) keep(value.buffer)
        return undefined
      }
      // What failed to be written may still be read by the system.
      return { bytes: value, written: (error) => void (error || keep(value.buffer)) }
    },
    cancel: () => void reader.cancel().catch(() => {}),
  }
}

function keep(memory: ArrayBuffer): void {
  if (free.length < MOST_FREE) free.push(memory)
}
