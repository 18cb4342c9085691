/** Where the bytes of a file come from. */
import { SmileIdInputError } from '../errors/classes.ts'
import { wrongType } from '../errors/issues.ts'

/** The contents of a file. Text, bytes and a Blob can be read again, streams once. */
export type RowSource =
  string | Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>

/** Larger pieces would be copied as a whole to be decoded. */
const PIECE = 65_536

/**
 * The pieces of a source, as bytes, or as text where they have been text.
 *
 * @throws {SmileIdInputError} `invalid_input`, as it is iterated: it is none of these.
 */
export async function* piecesOf(source: RowSource): AsyncGenerator<Uint8Array | string> {
  if (typeof source === 'string') {
    for (let at = 0; at < source.length; at += PIECE) yield source.slice(at, at + PIECE)
  } else if (source instanceof Uint8Array || source instanceof ArrayBuffer) {
    const bytes = source instanceof Uint8Array ? source : new Uint8Array(source)
    for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE)
  } else if (hasMethod(source, 'stream')) {
    yield* streamPieces((source as Blob).stream() as ReadableStream<Uint8Array>)
  } else if (hasMethod(source, 'getReader')) {
    yield* streamPieces(source as ReadableStream<Uint8Array>)
  } else if (hasMethod(source, Symbol.asyncIterator)) {
    yield* source as AsyncIterable<Uint8Array>
  } else {
    const message = 'must be text, bytes, a Blob or a stream of bytes'
    throw new SmileIdInputError([wrongType('source', message)])
  }
}

function hasMethod(source: unknown, name: string | symbol): boolean {
  return typeof (source as Record<string | symbol, unknown> | null | undefined)?.[name] === 'function'
}

/** Not every runtime can iterate a stream. Whoever stops early tells the source. */
async function* streamPieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  let isDone = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      isDone = done
      if (done) return
      yield value
    }
  } finally {
    if (!isDone) void reader.cancel().catch(() => {})
  }
}
