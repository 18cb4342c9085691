/** The body of a callback: read no further than allowed, parsed with suspicion. */
import { type Bytes, collect, view } from './bytes.ts'
import { isObject } from './members.ts'

export type Refusal = 'too large' | 'too slow' | 'not JSON' | 'nested too deep' | 'has a member twice'

/** For all of it to arrive. */
const MAX_MS = 30_000

/** Real ones are some five levels deep. */
const MAX_DEPTH = 64

export async function readBody(input: unknown, maxBytes: number): Promise<string | Refusal | Record<string, unknown>> {
  if (typeof input === 'string') return input.length > maxBytes || (input.length * 3 > maxBytes && new TextEncoder().encode(input).length > maxBytes) ? 'too large' : parseBody(input)
  if (input instanceof ArrayBuffer || ArrayBuffer.isView(input)) return decode(view(input), maxBytes)
  if (isRequest(input)) {
    if (Number(input.headers.get('content-length')) > maxBytes) return 'too large'
    return input.body ? readStream(input.body, maxBytes) : decode(new Uint8Array(), maxBytes)
  }
  // Parsed by a framework: its own parser has seen to the rest.
  return isObject(input) ? input : 'not JSON'
}

async function readStream(stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<Refusal | Record<string, unknown>> {
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
    return parseBody(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return 'not JSON'
  }
}

function parseBody(text: string): Refusal | Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'not JSON' // the parser's message quotes what it read
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not JSON'
  // Of a member that stands there twice, parsers choose different ones; what one checks, another may not use.
  const kept = prune(value as Record<string, unknown>)
  if (kept === undefined) return 'nested too deep'
  return kept === countKeys(text) ? (value as Record<string, unknown>) : 'has a member twice'
}

/** In JSON that is known to be right, a text before a colon is a key. */
function countKeys(text: string): number {
  let count = 0
  for (const [, colon] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"\s*(:)?/gs)) if (colon) count++
  return count
}

/** Removes members that could reach a prototype, and counts all that were there; without recursion. */
function prune(root: object): number | undefined {
  let count = 0
  let level: object[] = [root]
  for (let depth = 0; level.length; depth++) {
    if (depth > MAX_DEPTH) return undefined
    const next: object[] = []
    for (const value of level) {
      for (const key of Object.keys(value)) {
        const child: unknown = (value as Record<string, unknown>)[key]
        if (!Array.isArray(value)) {
          count++
          if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
            delete (value as Record<string, unknown>)[key] // what was below it is still counted
          }
        }
        if (typeof child === 'object' && child) next.push(child)
      }
    }
    level = next
  }
  return count
}
