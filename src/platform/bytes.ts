/** Bytes out of every kind of source, read no further than a limit. */

/** Uint8Array over a plain ArrayBuffer in TypeScript 5.4 to 7, so that `new Response(bytes)` compiles. */
export type Bytes = ReturnType<typeof Uint8Array.of>

/**
 * All pieces as one; `undefined` once they pass the limit. The source is told to stop then, and a stream also
 * by the signal.
 */
export async function collect(
  source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  limit: number,
  signal?: AbortSignal,
): Promise<Bytes | undefined> {
  const pieces: Bytes[] = []
  let size = 0
  const take = (piece: Uint8Array) => {
    if (!ArrayBuffer.isView(piece)) throw new TypeError('no bytes')
    size += piece.byteLength
    return size <= limit && pieces.push(view(piece))
  }
  if ('getReader' in source) {
    // Not every runtime iterates a ReadableStream by itself.
    const reader = source.getReader()
    // Not awaited: a source that never answers must not hold up the refusal.
    const cancel = () => void reader.cancel().catch(() => {})
    signal?.addEventListener?.('abort', cancel)
    let done = false
    try {
      for (;;) {
        const next = await reader.read()
        if ((done = next.done)) break
        if (!take(next.value!)) return undefined
      }
    } finally {
      signal?.removeEventListener?.('abort', cancel)
      if (!done) cancel()
    }
  } else for await (const piece of source) if (!take(piece)) return undefined
  return pieces.length === 1 ? pieces[0]! : concat(pieces)
}

export function concat(pieces: readonly Uint8Array[]): Bytes {
  const all = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

/** The bytes themselves, not a copy, unless they sit in shared memory. */
export function view(data: ArrayBuffer | ArrayBufferView): Bytes {
  if (!ArrayBuffer.isView(data)) return new Uint8Array(data)
  const bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength)
  return Object.prototype.toString.call(data.buffer) === '[object ArrayBuffer]'
    ? bytes
    : Uint8Array.from(bytes)
}

export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text)
}

export function encodeHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
