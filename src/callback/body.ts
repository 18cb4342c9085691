/** The body of a callback: read no further than allowed, and parsed with suspicion. */
import { type JsonResult, readObject } from '../input/json.ts'
import { copyAsJson } from '../input/json-copy.ts'
import { isObject, type Members } from '../input/objects.ts'
import { collect, utf8, view } from '../platform/bytes.ts'
import { attempt, isArrayBuffer } from '../platform/realms.ts'
import type { BodyFlaw, BodyLoss } from './refusal.ts'

export type BodyResult =
  | { ok: true; body: Members }
  /** The sender's doing. */
  | { ok: false; flaw: BodyFlaw }
  /** Ours, or the connection's. */
  | { ok: false; loss: BodyLoss }

export interface BodyLimits {
  maxBytes: number
  /** Milliseconds for the whole body to arrive. @default 30_000 */
  maxReadMs?: number
}

export async function readBody(input: unknown, limits: BodyLimits): Promise<BodyResult> {
  const { maxBytes } = limits
  try {
    if (typeof input === 'string') return fromText(input, maxBytes)
    if (isRequest(input)) return await fromRequest(input, limits)
    if (ArrayBuffer.isView(input) || isArrayBuffer(input)) return fromBytes(view(input), maxBytes)
  } catch {
    // A Request whose members throw is none that a sender made.
    return { ok: false, loss: 'body_broken' }
  }
  // Parsed by a framework, whose parser is trusted.
  const copied = copyAsJson(input)
  return copied.ok && isObject(copied.value)
    ? { ok: true, body: copied.value }
    : { ok: false, flaw: 'not_json' }
}

/** By shape, since a polyfilled or foreign Request is no instance of the global one. */
export function isRequest(input: unknown): input is Request {
  return (
    attempt(() => typeof (input as Request).headers.get === 'function' && 'body' in (input as Request)) ??
    false
  )
}

async function fromRequest({ headers, body, bodyUsed }: Request, limits: BodyLimits): Promise<BodyResult> {
  const { maxBytes } = limits
  if (bodyUsed) return { ok: false, loss: 'body_used' }
  if (body?.locked) return { ok: false, loss: 'body_locked' }
  if (Number(headers.get('content-length')) > maxBytes) return { ok: false, flaw: 'too_large' }
  return body ? fromStream(body, limits) : fromText('', maxBytes)
}

async function fromStream(
  stream: ReadableStream<Uint8Array>,
  { maxBytes, maxReadMs = 30_000 }: BodyLimits,
): Promise<BodyResult> {
  let isLate = false
  try {
    const bytes = await collect(stream, maxBytes, (stop) => {
      const timer = setTimeout(() => {
        isLate = true
        stop()
      }, maxReadMs)
      return () => clearTimeout(timer)
    })
    if (isLate) return { ok: false, flaw: 'too_slow' }
    return bytes ? fromBytes(bytes, maxBytes) : { ok: false, flaw: 'too_large' }
  } catch {
    return { ok: false, loss: 'body_broken' }
  }
}

function fromBytes(bytes: Uint8Array, maxBytes: number): BodyResult {
  if (bytes.length > maxBytes) return { ok: false, flaw: 'too_large' }
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { ok: false, flaw: 'not_json' }
  }
  return parse(text)
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
