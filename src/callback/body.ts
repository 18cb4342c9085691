/** The body of a callback: read no further than allowed, and parsed with suspicion. */
import { type JsonResult, readObject } from '../input/json.ts'
import { isObject, type Members } from '../input/objects.ts'
import { collect, utf8, view } from '../platform/bytes.ts'
import type { BodyFlaw } from './refusal.ts'

export type BodyResult = { ok: true; body: Members } | { ok: false; flaw: BodyFlaw }

/** Milliseconds for the whole body to arrive. */
const MAX_READ_MS = 30_000

export async function readBody(input: unknown, { maxBytes }: { maxBytes: number }): Promise<BodyResult> {
  try {
    if (typeof input === 'string') return fromText(input, maxBytes)
    if (input instanceof ArrayBuffer || ArrayBuffer.isView(input)) return fromBytes(view(input), maxBytes)
    if (isRequest(input)) return await fromRequest(input, maxBytes)
  } catch {
    // Broken off, read before, no UTF-8.
    return { ok: false, flaw: 'not_json' }
  }
  // Parsed by a framework, whose parser is trusted.
  return isObject(input) ? { ok: true, body: input } : { ok: false, flaw: 'not_json' }
}

/** By shape, since a polyfilled or foreign Request is no instance of the global one. */
export function isRequest(input: unknown): input is Request {
  return typeof (input as Request)?.headers?.get === 'function' && 'body' in (input as Request)
}

async function fromRequest({ headers, body }: Request, maxBytes: number): Promise<BodyResult> {
  if (Number(headers.get('content-length')) > maxBytes) return { ok: false, flaw: 'too_large' }
  if (!body) return fromText('', maxBytes)
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), MAX_READ_MS)
  try {
    const bytes = await collect(body, maxBytes, late.signal)
    if (late.signal.aborted) return { ok: false, flaw: 'too_slow' }
    return bytes ? fromBytes(bytes, maxBytes) : { ok: false, flaw: 'too_large' }
  } finally {
    clearTimeout(timer)
  }
}

/** Throws for what is no UTF-8. */
function fromBytes(bytes: Uint8Array, maxBytes: number): BodyResult {
  if (bytes.length > maxBytes) return { ok: false, flaw: 'too_large' }
  return parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
}

function fromText(text: string, maxBytes: number): BodyResult {
  // A character takes up to three bytes: only texts near the limit have to be measured.
  const mayBeTooLarge = text.length * 3 > maxBytes
  const isTooLarge = text.length > maxBytes || (mayBeTooLarge && utf8(text).length > maxBytes)
  return isTooLarge ? { ok: false, flaw: 'too_large' } : parse(text)
}

function parse(text: string): BodyResult {
  const read: JsonResult = readObject(text, { uniqueMembers: true })
  return read.ok ? { ok: true, body: read.value } : read
}
