/** The body of a callback: read no further than allowed, parsed with suspicion. */
import { type Bytes, collect, utf8, view } from '../platform/bytes.ts'
import { type Flaw, readObject } from '../input/json.ts'
import { isObject } from '../input/objects.ts'

export type Refusal = 'too large' | 'too slow' | Flaw

/** For all of it to arrive. */
const MAX_MS = 30_000

export async function readBody(
  input: unknown,
  maxBytes: number,
): Promise<string | Refusal | Record<string, unknown>> {
  if (typeof input === 'string')
    return input.length > maxBytes || (input.length * 3 > maxBytes && utf8(input).length > maxBytes)
      ? 'too large'
      : readObject(input, true)
  if (input instanceof ArrayBuffer || ArrayBuffer.isView(input)) return decode(view(input), maxBytes)
  if (isRequest(input)) {
    if (Number(input.headers.get('content-length')) > maxBytes) return 'too large'
    return input.body ? readStream(input.body, maxBytes) : decode(new Uint8Array(), maxBytes)
  }
  // Parsed by a framework: its own parser has seen to the rest.
  return isObject(input) ? input : 'not JSON'
}

async function readStream(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Refusal | Record<string, unknown>> {
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), MAX_MS)
  try {
    const bytes = await collect(stream, maxBytes, late.signal)
    return late.signal.aborted ? 'too slow' : bytes ? decode(bytes, maxBytes) : 'too large'
  } finally {
    clearTimeout(timer)
  }
}

/** By shape, since a polyfilled or foreign Request is no instance of the global one. */
export function isRequest(input: unknown): input is Request {
  return typeof (input as Request)?.headers?.get === 'function' && 'body' in (input as Request)
}

function decode(bytes: Bytes, maxBytes: number): Refusal | Record<string, unknown> {
  if (bytes.length > maxBytes) return 'too large'
  try {
    return readObject(new TextDecoder('utf-8', { fatal: true }).decode(bytes), true)
  } catch {
    return 'not JSON'
  }
}
