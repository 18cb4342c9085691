/** Bytes: collected from streams up to a limit, joined, viewed without a copy, and made from text. */

/** Uint8Array over a plain ArrayBuffer in TypeScript 5.4 to 7, so that `new Response(bytes)` compiles. */
export type Bytes = ReturnType<typeof Uint8Array.of>

/** Calls `stop` when nobody wants the rest, unless the returned function was called before. */
export type Interruption = (stop: () => void) => () => void

/**
 * All pieces of a source as one, or `undefined` if they have more bytes than the limit. Then the source is
 * told to stop; so it is when `interrupted` says so, a stream at once, and an iterable never.
 *
 * However small the pieces are, no more than twice the limit is held.
 *
 * @throws {TypeError} for a piece that holds no bytes
 */
export function collect(
  source: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>,
  limit: number,
  interrupted?: Interruption,
): Promise<Bytes | undefined> {
  const buffer = createBuffer(limit)
  return 'getReader' in source ? readAll(source, buffer, interrupted) : takeAll(source, buffer)
}

export interface GrowingBuffer {
  /** Copies a piece, whose memory its source may use again; false for one that is too much. */
  add(piece: unknown): boolean
  /** What was added, in no more than twice the memory. */
  bytes(): Bytes
}

/** To begin with, if more than one piece comes. */
const LEAST_ROOM = 16_384
/** Few steps: what is outgrown stays in memory until it is collected. */
const GROWTH = 4

/** One buffer that grows: to keep the pieces would cost some hundred bytes for each, be it of one byte. */
export function createBuffer(limit: number): GrowingBuffer {
  let buffer: Bytes = new Uint8Array()
  let size = 0

  function makeRoom(end: number): void {
    const wanted = Math.max(end, size * GROWTH, LEAST_ROOM)
    const larger: Bytes = new Uint8Array(Math.min(limit, wanted))
    larger.set(buffer.subarray(0, size))
    buffer = larger
  }

  return {
    add(piece) {
      if (!ArrayBuffer.isView(piece)) throw new TypeError('no bytes')
      const end = size + piece.byteLength
      if (end > limit) return false
      const bytes = piece instanceof Uint8Array ? piece : view(piece)
      if (size === 0) {
        // It may well be all.
        buffer = new Uint8Array(bytes)
      } else {
        if (end > buffer.length) makeRoom(end)
        buffer.set(bytes, size)
      }
      size = end
      return true
    },
    bytes: () => (size * 2 > buffer.length ? buffer.subarray(0, size) : buffer.slice(0, size)),
  }
}

async function takeAll(pieces: AsyncIterable<Uint8Array>, buffer: GrowingBuffer): Promise<Bytes | undefined> {
  for await (const piece of pieces) {
    if (!buffer.add(piece)) return undefined
  }
  return buffer.bytes()
}

/** By its reader, since a ReadableStream is not iterable in every runtime. */
async function readAll(
  stream: ReadableStream<Uint8Array>,
  buffer: GrowingBuffer,
  interrupted: Interruption | undefined,
): Promise<Bytes | undefined> {
  const reader = stream.getReader()
  // Not awaited: a source that never answers must not delay the caller.
  const cancel = () => void reader.cancel().catch(() => {})
  const stopListening = interrupted?.(cancel)
  let isOver = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      isOver = done
      if (done) return buffer.bytes()
      if (!buffer.add(value)) return undefined
    }
  } finally {
    stopListening?.()
    if (!isOver) cancel()
  }
}

/** A new array with all pieces in a row. */
export function concat(pieces: readonly Uint8Array[]): Bytes {
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const all = new Uint8Array(size)
  let end = 0
  for (const piece of pieces) {
    all.set(piece, end)
    end += piece.length
  }
  return all
}

/** The bytes themselves, not a copy, unless they are in shared memory. */
export function view(data: ArrayBuffer | ArrayBufferView): Bytes {
  if (!ArrayBuffer.isView(data)) return new Uint8Array(data)
  const bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength)
  // Not instanceof: the buffer may come from another realm.
  const isShared = Object.prototype.toString.call(data.buffer) !== '[object ArrayBuffer]'
  return isShared ? Uint8Array.from(bytes) : bytes
}

/** One for all: to make one takes as long as to encode a short text. */
const encoder = /* @__PURE__ */ new TextEncoder()

export function utf8(text: string): Bytes {
  return encoder.encode(text)
}

/** Writes a text at the beginning of `target`, which has room for it; how many bytes it takes. */
export function writeUtf8(text: string, target: Uint8Array): number {
  return encoder.encodeInto(text, target).written
}

/** One byte for each character of a text whose characters are bytes, as `atob` gives it (WHATWG Infra). */
export function isomorphicEncode(text: string): Bytes {
  // A photo has millions of characters, for which `Uint8Array.from` with a function takes ten times as long.
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

export function encodeHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
