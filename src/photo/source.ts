/** The bytes of a photo out of whatever a caller has: bytes, a Blob, a stream, base64, or a function. */
import type { InputIssue } from '../errors/codes.ts'
import { isInputError, issue } from '../errors/issues.ts'
import { onAbort } from '../platform/abort.ts'
import { decodeBase64 } from '../platform/base64.ts'
import { type Bytes, collect, view } from '../platform/bytes.ts'
import { attempt, isArrayBuffer } from '../platform/realms.ts'
import { systemCode } from '../platform/system-errors.ts'

/** A photo that passed. */
export interface Photo {
  readonly bytes: Bytes
  readonly type: 'image/jpeg' | 'image/png'
  /** In pixels, as the header says. */
  readonly width: number
  readonly height: number
  /** What may go wrong at the service, one sentence each; empty mostly. */
  readonly warnings: readonly string[]
  /** Standard base64 with padding, without a `data:` prefix. */
  base64(): string
}

/**
 * Text is base64 or a data URI; a path or URL is refused. The last form fits Blob, File, Response,
 * R2ObjectBody and BunFile.
 */
export type PhotoInput =
  | Photo
  | string
  | ArrayBuffer
  | ArrayBufferView
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | { arrayBuffer(): Promise<ArrayBuffer> }

/** The lazy form is called when the photo's turn comes. Both fit wherever a photo is asked for. */
export type PhotoSource = PhotoInput | ((signal: AbortSignal) => PhotoInput | Promise<PhotoInput>)

/** What a source holds, not looked at but for its size; or what is wrong with it, under the path `photo`. */
export type SourceResult =
  | { ok: true; value: Bytes | Photo }
  /** `cause` holds the system's code and nothing else. */
  | { ok: false; issues: readonly InputIssue[]; cause?: Error | undefined }

export interface SourceLimits {
  maxBytes: number
  /** Stops the source. @default one that never aborts */
  signal?: AbortSignal | undefined
}

/** Whether it is read at once, and so by no source that could stall. */
export function isAtHand(source: unknown): boolean {
  if (typeof source === 'function') return false
  if (typeof source !== 'object' || source === null) return true
  return ArrayBuffer.isView(source) || isPhoto(source) || isArrayBuffer(source)
}

export async function readSource(source: PhotoSource, limits: SourceLimits): Promise<SourceResult> {
  try {
    if (typeof source !== 'function') return await take(source, limits)
    const { signal = new AbortController().signal } = limits
    const input = await source(signal)
    if (!signal.aborted) return await take(input, limits)
    // It came too late.
    stop(input)
    return unreadable()
  } catch (error) {
    // A function of the caller's that found the input wrong, such as a photo file that is not there.
    if (isInputError(error)) return { ok: false, issues: error.issues }
    return unreadable(error)
  }
}

export function tooLarge(maxBytes: number): SourceResult & { ok: false } {
  return refuse(issue('photo', 'photo_too_large', `is larger than ${maxBytes} bytes`))
}

function refuse(...issues: InputIssue[]): SourceResult & { ok: false } {
  return { ok: false, issues }
}

/** The source's own message may quote a path, hence a name: only the system's code goes on. */
function unreadable(error?: unknown): SourceResult & { ok: false } {
  const cause = systemCode(error)
  const message = cause ? `could not be read (${cause.message})` : 'could not be read'
  return { ok: false, issues: [issue('photo', 'missing', message)], cause }
}

async function take(input: PhotoInput, { maxBytes, signal }: SourceLimits): Promise<SourceResult> {
  if (typeof input === 'string') return fromText(input, maxBytes)
  if (typeof input !== 'object' || input === null) return ofNoKnownType()
  if (ArrayBuffer.isView(input)) return { ok: true, value: view(input) }
  if (isPhoto(input)) return { ok: true, value: input }
  if (isArrayBuffer(input)) return { ok: true, value: view(input) }

  const { ok, size, body } = input as { ok?: unknown; size?: unknown; body?: unknown }
  if (ok === false) {
    // A Response of an error.
    stop(input)
    return unreadable()
  }
  if (typeof size === 'number' && size > maxBytes) return tooLarge(maxBytes)
  const stream = streamOf(input, body)
  if (stream) {
    const bytes = await collectUntil(signal, stream, maxBytes)
    return bytes ? { ok: true, value: bytes } : tooLarge(maxBytes)
  }
  if ('arrayBuffer' in input && typeof input.arrayBuffer === 'function') {
    return { ok: true, value: view(await input.arrayBuffer()) }
  }
  return ofNoKnownType()
}

/** As `collect`, which does not end an iterable with the signal; of it, the iterable hears at once. */
async function collectUntil(
  signal: AbortSignal | undefined,
  source: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<Bytes | undefined> {
  if (isStream(source)) return collect(source, maxBytes, (stop) => onAbort(signal, stop))
  const iterator = source[Symbol.asyncIterator]()
  const stopListening = onAbort(signal, () => endIterator(iterator))
  try {
    return await collect({ [Symbol.asyncIterator]: () => iterator }, maxBytes)
  } finally {
    stopListening()
  }
}

/** Tells a source that nobody reads it any more, and does not wait for what it says. */
function stop(input: unknown): void {
  if (typeof input !== 'object' || input === null) return
  const stream = streamOf(input, (input as { body?: unknown }).body)
  if (!stream) return
  if (isStream(stream)) stream.cancel().catch(() => {})
  else endIterator(stream[Symbol.asyncIterator]())
}

function endIterator(iterator: AsyncIterator<Uint8Array>): void {
  Promise.resolve(iterator.return?.()).catch(() => {})
}

/** Not `instanceof`: what another realm made (a frame, a vm, a test environment) is of its own class. */
function isPhoto(input: object): input is Photo {
  return attempt(() => 'bytes' in input && ArrayBuffer.isView(input.bytes)) ?? false
}

function ofNoKnownType(): SourceResult {
  return refuse(issue('photo', 'wrong_type', 'must be bytes, a Blob, a stream or base64'))
}

/** A Response has no size: read as a stream, it is cut off at the limit. */
function streamOf(
  input: object,
  body: unknown,
): ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | undefined {
  if (isStream(input)) return input
  if (isStream(body)) return body
  return Symbol.asyncIterator in input ? (input as AsyncIterable<Uint8Array>) : undefined
}

function isStream(value: unknown): value is ReadableStream<Uint8Array> {
  return typeof (value as ReadableStream | undefined | null)?.getReader === 'function'
}

/** Base64, also wrapped, without padding, or in a data URI. */
function fromText(text: string, maxBytes: number): SourceResult {
  const prefix = /^data:[^,]{0,99};base64,/i.exec(text)?.[0] ?? ''
  const base64 = text.slice(prefix.length)
  // White space (wrapped lines) is worth at most a doubling.
  if (base64.length > maxBytes * 3) return tooLarge(maxBytes)
  const asGiven = base64.includes('\n') ? undefined : decodeBase64(base64)
  if (asGiven) return { ok: true, value: asGiven }

  const trimmed = base64.trim()
  if (/[ \t]/.test(trimmed) && !isInLines(trimmed)) {
    const cure = 'in a form, encode + as %2B, or send it as JSON'
    return refuse(issue('photo', 'photo_format', `is base64 with blanks, as where + was lost: ${cure}`))
  }
  const value = decodeBase64(padded(trimmed.replace(/\s+/g, '')))
  if (value) return { ok: true, value }
  return refuse(issue('photo', 'photo_format', 'is no base64: pass bytes instead of a path or URL'))
}

/** Shorter ones, nobody wraps. */
const LEAST_LINE = 60

/**
 * Whether the white space is that of wrapped lines, be they indented or joined by blanks: all as long as the
 * first, but for the last. A + that a form made a blank would stand elsewhere, and what was left without it
 * would be another picture.
 */
function isInLines(text: string): boolean {
  const length = text.search(/\s/)
  if (length < LEAST_LINE || length % 4 !== 0) return false
  // More pieces than that are not so long.
  const lines = text.split(/\s+/, Math.ceil(text.length / length))
  const last = lines.pop() ?? ''
  return lines.length > 1 && last.length <= length && lines.every((line) => line.length === length)
}

function padded(base64: string): string {
  return base64.endsWith('=') ? base64 : base64.padEnd(Math.ceil(base64.length / 4) * 4, '=')
}
