/** A JSON body with one large base64 member, in the form that costs the runtime at hand the least memory. */
import { base64Length, encodeBase64, encodeBase64Bytes } from './base64.ts'
import { isNodeLike, isWorkerd } from './runtime.ts'

export interface Body {
  /** None with GET. */
  body?: BodyInit
  /** Set where the runtime would send a stream in chunks otherwise; signed uploads and gateways want the length. */
  headers?: Record<string, string>
}

// A multiple of 3, so that pieces join without padding; 48 kB of text, since with 64 kB Node returns memory to the system and asks for it again.
const PIECE = 36_864
// Below this, setting a stream up costs more than it saves.
const SMALL = 131_072

/** `{…fields, [name]: base64(bytes)}` as a request body; the base64 is made piece by piece, while it is sent. */
export function jsonBody(fields: object, name: string, bytes: Uint8Array): Body {
  const encoder = new TextEncoder()
  const head = encoder.encode(`${JSON.stringify(fields).slice(0, -1)},${JSON.stringify(name)}:"`)
  const tail = encoder.encode('"}')
  const length = head.length + base64Length(bytes.length) + tail.length

  if (length > SMALL && isWorkerd()) {
    const { readable, writable } = new FixedLengthStream!(length)
    // A broken connection shows in the request itself.
    pump(pieces(head, bytes, tail), writable.getWriter()).catch(() => {})
    return { body: readable }
  }
  if (length > SMALL && isNodeLike()) return { body: streamOf(pieces(head, bytes, tail)), headers: { 'content-length': String(length) } }
  // Deno and browsers would send a stream in chunks, or not at all; the text's pieces are never joined here.
  if (length > SMALL) return { body: new Blob([head, encodeBase64(bytes), tail]) }

  const body = new Uint8Array(length)
  let at = 0
  for (const piece of pieces(head, bytes, tail)) {
    body.set(piece, at)
    at += piece.length
  }
  return { body }
}

function* pieces(head: Uint8Array, bytes: Uint8Array, tail: Uint8Array): Generator<Uint8Array> {
  yield head
  for (let at = 0; at < bytes.length; at += PIECE) yield encodeBase64Bytes(bytes.subarray(at, at + PIECE))
  yield tail
}

function streamOf(source: Iterator<Uint8Array>): ReadableStream<Uint8Array> {
  let pulled = 0
  return new ReadableStream({
    async pull(controller) {
      // As long as the socket takes more, one piece calls for the next without a pause: others want their turn.
      if (++pulled % 32 === 0) await new Promise((resolve) => setTimeout(resolve))
      const next = source.next()
      if (next.done) controller.close()
      else controller.enqueue(next.value)
    },
  }, { highWaterMark: 0 })
}

async function pump(source: Iterable<Uint8Array>, writer: WritableStreamDefaultWriter<Uint8Array>): Promise<void> {
  for (const piece of source) await writer.write(piece)
  await writer.close()
}
