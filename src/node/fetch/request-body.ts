/** The body of a request: sent at once, or as its stream gives it and the connection takes it. */
import type { ClientRequest } from 'node:http'
import { createPieceReader } from './piece-reader.ts'

export type RequestBody =
  | { kind: 'bytes'; bytes: Uint8Array | string; length: number }
  | { kind: 'stream'; stream: ReadableStream<Uint8Array>; length: number | undefined }
  | undefined

/** @throws {TypeError} a body of another kind than text, bytes, a Blob or a stream */
export function readBody(body: unknown): RequestBody {
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string') return { kind: 'bytes', bytes: body, length: Buffer.byteLength(body) }
  if (body instanceof ArrayBuffer) {
    return { kind: 'bytes', bytes: new Uint8Array(body), length: body.byteLength }
  }
  if (ArrayBuffer.isView(body)) {
    const bytes = new Uint8Array(body.buffer, body.byteOffset, body.byteLength)
    return { kind: 'bytes', bytes, length: bytes.length }
  }
  if (body instanceof Blob) return { kind: 'stream', stream: body.stream(), length: body.size }
  if (isStream(body)) return { kind: 'stream', stream: body, length: undefined }
  throw new TypeError('nodeFetch sends text, bytes, Blobs and streams of bytes: use fetch for other bodies.')
}

function isStream(body: unknown): body is ReadableStream<Uint8Array> {
  return typeof (body as ReadableStream).getReader === 'function'
}

export function sendBody(request: ClientRequest, body: RequestBody): void {
  if (!body) request.end()
  else if (body.kind === 'bytes') request.end(body.bytes)
  else sendStream(request, body.stream).catch((error: Error) => request.destroy(error))
}

async function sendStream(request: ClientRequest, stream: ReadableStream<Uint8Array>): Promise<void> {
  const reader = createPieceReader(stream)
  // At the end of the request, whatever ended it, nobody wants more: also while a piece is waited for.
  request.on('close', () => reader.cancel())
  // A body of another length than was said would be taken for the next request.
  Object.assign(request, { strictContentLength: true })
  for (let piece = await reader.next(); piece; piece = await reader.next()) {
    if (request.destroyed) return
    const isFull = !request.write(piece.bytes, piece.written)
    if (isFull) await drained(request)
  }
  if (!request.destroyed) request.end()
}

/** Resolves once the connection takes more, or is closed. */
function drained(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const goOn = () => {
      request.off('drain', goOn)
      request.off('close', goOn)
      resolve()
    }
    request.on('drain', goOn)
    request.on('close', goOn)
  })
}
