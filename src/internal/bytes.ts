/** Bytes out of every kind of source, read no further than a limit. */

/** Uint8Array over a plain ArrayBuffer in TypeScript 5.4 to 7, so that `new Response(bytes)` compiles. */
export type Bytes = ReturnType<typeof Uint8Array.of>

/** All pieces as one; `undefined` once they pass the limit, and the source is told to stop. */
export async function collect(source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>, limit: number): Promise<Bytes | undefined> {
  const pieces: Bytes[] = []
  let size = 0
  for await (const piece of 'getReader' in source ? chunks(source) : source) {
    if (!ArrayBuffer.isView(piece)) throw new TypeError('no bytes')
    size += piece.byteLength
    if (size > limit) return undefined
    pieces.push(view(piece))
  }
  if (pieces.length === 1) return pieces[0]!
  const all = new Uint8Array(size)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.byteLength
  }
  return all
}

// Not every runtime iterates a ReadableStream by itself.
async function* chunks(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  let done = false
  try {
    for (;;) {
      const next = await reader.read()
      if ((done = next.done)) return
      yield next.value!
    }
  } finally {
    // Not awaited: a source that never answers must not hold up the refusal.
    if (!done) reader.cancel().catch(() => {})
  }
}

/** The bytes themselves, not a copy, unless they sit in shared memory. */
export function view(data: ArrayBuffer | ArrayBufferView): Bytes {
  if (!ArrayBuffer.isView(data)) return new Uint8Array(data)
  const bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength)
  return Object.prototype.toString.call(data.buffer) === '[object ArrayBuffer]' ? bytes : Uint8Array.from(bytes)
}

export const encodeHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
