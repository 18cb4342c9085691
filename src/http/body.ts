/**
 * Bodies of known length that are made piece by piece while they are sent, in the form that costs the runtime
 * at hand the least memory.
 */
import { base64Length, encodeBase64, encodeBase64Bytes } from '../platform/base64.ts'
import { type Bytes, concat, utf8, writeUtf8 } from '../platform/bytes.ts'
import { fixedLengthStream, formSentOnce, isDeno, isNodeLike, wholeBytes } from '../platform/runtime.ts'
import type { StreamWatch } from '../platform/stored-content.ts'
import { nextTask } from '../platform/time.ts'

export interface Body {
  /** None with GET. */
  body?: Bytes | Blob | ReadableStream<Uint8Array>
  /**
   * Set where the runtime would send a stream in chunks otherwise; signed uploads and gateways want the
   * length.
   */
  headers?: Record<string, string>
}

// A multiple of 3, so that pieces join without padding; 48 kB of text, since with 64 kB Node returns memory
// to the system and asks for it again.
const PIECE = 36_864

// What is joined stands in memory once more.
const MOST_JOINED = 20_000_000

/** `{…fields, [name]: base64(bytes)}`. */
export function jsonBody(
  fields: object,
  file: { name: string; bytes: Uint8Array },
  attempt: AttemptState,
): Body {
  const { name, bytes } = file
  const headText = `${JSON.stringify(fields).slice(0, -1)},${JSON.stringify(name)}:"`
  const head = utf8(headText)
  const tail = utf8('"}')
  const length = head.length + base64Length(bytes.length) + tail.length
  if (length <= wholeBytes()) {
    // Written in place: joined from pieces, it takes four times as long.
    const body = new Uint8Array(length)
    body.set(head)
    writeUtf8(`${encodeBase64(bytes)}"}`, body.subarray(head.length))
    return { body }
  }
  const source: Pieces = {
    length,
    *pieces() {
      yield head
      for (let at = 0; at < bytes.length; at += PIECE) yield encodeBase64Bytes(bytes.subarray(at, at + PIECE))
      yield tail
    },
    parts: () => [`${headText}${encodeBase64(bytes)}"}`],
  }
  return pieceBody(source, attempt)
}

export interface Pieces {
  /** Bytes of all pieces together. */
  length: number
  pieces(): Iterable<Uint8Array>
  /** The same for a Blob, where that is cheaper. */
  parts?(): BlobPart[]
  /** Instead of all these, where some of it lies in files; for runtimes whose bodies are streams. */
  stream?: ((watch: StreamWatch) => ReadableStream<Uint8Array>) | undefined
  /** Hears of each piece that a stream hands over; bodies that are no streams tell nothing. */
  onPiece?(bytes: number): void
}

/** Whether an attempt is over: what made its body stops then. */
export interface AttemptState {
  /** Counts from 1. */
  number: number
  over: boolean
}

export function pieceBody(source: Pieces, attempt: AttemptState): Body {
  const { length } = source
  if (source.stream) {
    const body = source.stream({ isOver: () => attempt.over, onPiece: source.onPiece })
    return { body, headers: { 'content-length': String(length) } }
  }
  if (length <= wholeBytes()) return { body: concat([...source.pieces()]) }

  const FixedLengthStream = fixedLengthStream()
  if (FixedLengthStream) {
    const { readable, writable } = new FixedLengthStream(length)
    // A broken connection shows in the request itself.
    pump(source, writable.getWriter(), attempt).catch(() => {})
    return { body: readable }
  }
  if (isNodeLike()) {
    return { body: streamOf(source, attempt), headers: { 'content-length': String(length) } }
  }
  // Deno and browsers would send a stream in chunks, or not at all.
  const parts = source.parts?.() ?? ([...source.pieces()] as BlobPart[])
  // Deno pauses between the parts of a Blob: one part is sent several times as fast.
  const joins = isDeno() && parts.length > 1 && length <= MOST_JOINED
  return { body: new Blob(joins ? [concat(parts as Uint8Array[])] : parts) }
}

/**
 * The same in a form that the runtime sends once: whether a request may go out again is the SDK's to decide,
 * and a lookup that went out twice is billed twice.
 */
export function sentOnce(made: Body, method: string, attempt: AttemptState): Body {
  const { body, headers } = made
  // Streams and Blobs that are made here are in the right form as they are.
  if (!(body instanceof Uint8Array)) return made
  switch (formSentOnce(method)) {
    case 'any':
      return made
    case 'blob':
      return { ...made, body: new Blob([body]) }
    case 'stream':
      return {
        body: streamOf({ length: body.length, pieces: () => [body] }, attempt),
        headers: { ...headers, 'content-length': String(body.length) },
      }
  }
}

function streamOf(source: Pieces, attempt: AttemptState): ReadableStream<Uint8Array> {
  const pieces = source.pieces()[Symbol.iterator]()
  let pulled = 0
  return new ReadableStream(
    {
      async pull(controller) {
        // As long as the socket takes more, one piece calls for the next without a pause: others want their
        // turn.
        if (++pulled % 32 === 0) await nextTask()
        // Node goes on reading what nobody wants any more.
        if (attempt.over) return controller.error(new Error('over'))
        const next = pieces.next()
        if (next.done) return controller.close()
        controller.enqueue(next.value)
        source.onPiece?.(next.value.length)
      },
    },
    { highWaterMark: 0 },
  )
}

async function pump(
  source: Pieces,
  writer: WritableStreamDefaultWriter<Uint8Array>,
  attempt: AttemptState,
): Promise<void> {
  for (const piece of source.pieces()) {
    if (attempt.over) return writer.abort()
    source.onPiece?.(piece.length)
    await writer.write(piece)
  }
  await writer.close()
}
