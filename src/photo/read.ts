/** Photos from any source, checked from the outside: JPEG or PNG, whole, and not too large. */
import type { IssueCode, SmileIdInputError } from '../errors/classes.ts'
import { inputError, isInputError, issue, missing, throwIfAny } from '../errors/issues.ts'
import { base64Length, decodeBase64, encodeBase64 } from '../platform/base64.ts'
import { type Bytes, collect, view } from '../platform/bytes.ts'
import { readImageFormat } from './format.ts'
import { systemCode } from '../platform/system-errors.ts'
import { FROM_0, memberIssues } from '../input/rules.ts'
import { orAborted } from '../platform/time.ts'
import type { InputIssue } from '../errors/codes.ts'

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

export interface PhotoLimits {
  /** Of the picture itself, before base64. @default 5_000_000 */
  maxBytes?: number | undefined
  /** @default both */
  types?: readonly Photo['type'][] | undefined
  /** Pixels that the shorter side must have. @default no limit */
  minSide?: number | undefined
}

/**
 * "The image upload limit is set to 5 MB": read so that it holds for MB and MiB alike (Image-enroll README).
 */
const MAX_BYTES = 5_000_000
/**
 * From here the encoded body nears 4.5 MB, which gateways of this kind often refuse (6 MB for a synchronous
 * Lambda).
 */
const WARN_BYTES = 3_300_000

/** Photos that passed once are not walked through again. */
const passed = /* @__PURE__ */ new WeakSet<object>()

/**
 * Reads a photo from any source and checks it by its bytes, never by its name: markers and chunks are walked,
 * pixels never decoded.
 *
 * Bytes are not copied. Rejects with `SmileIdInputError`, whose issue has one of the codes `photo_empty`,
 * `photo_truncated`, `photo_format`, `photo_too_large`, or says that the source could not be read.
 *
 * @example
 * ```ts
 * import { readPhoto } from 'smileid-edge/photo'
 *
 * export async function describe(file: Blob): Promise<string> {
 *   const { type, width, height, warnings } = await readPhoto(file, { minSide: 200 })
 *   return `${type} ${width}×${height} ${warnings.join(' ')}`
 * }
 * ```
 */
export async function readPhoto(input: PhotoSource, limits: PhotoLimits = {}): Promise<Photo> {
  throwIfAny(
    memberIssues(
      limits,
      { maxBytes: FROM_0, minSide: FROM_0, types: [Array.isArray, 'must be a list'] },
      'limits.',
    ),
  )
  return read(input, limits)
}

async function read(
  input: PhotoSource,
  limits: PhotoLimits | undefined,
  signal?: AbortSignal,
): Promise<Photo> {
  const { maxBytes = MAX_BYTES, types, minSide = 0 } = limits ?? {}
  const value = await readSource(input, maxBytes, signal)
  const bytes = 'bytes' in value ? value.bytes : value
  if (bytes.length > maxBytes) throw tooLarge(maxBytes)
  const photo = 'bytes' in value && passed.has(value) ? value : inspect(bytes)
  if (types && !types.includes(photo.type)) throw refused('photo_format', `must not be ${photo.type}`)
  if (Math.min(photo.width, photo.height) < minSide)
    throw refused('wrong_format', `is smaller than ${minSide} pixels`)
  return photo
}

/**
 * For inputs with a photo among other members: the photo, or what is wrong with it, under the member's path.
 */
export async function photoOrIssues(
  path: string,
  input: unknown,
  signal: AbortSignal | undefined,
  limits?: PhotoLimits,
): Promise<Photo | InputIssue[]> {
  if (input === undefined) return [missing(path)]
  try {
    return await orAborted(() => read(input as PhotoSource, limits, signal), signal)
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (isInputError(error)) return error.issues.map((issue) => ({ ...issue, path }))
    throw error
  }
}

function refused(code: IssueCode, message: string, cause?: ErrorOptions): SmileIdInputError {
  return inputError([issue('photo', code, message)], cause)
}

function tooLarge(maxBytes: number) {
  return refused('photo_too_large', `is larger than ${maxBytes} bytes`)
}

function inspect(bytes: Bytes): Photo {
  const facts = readImageFormat(bytes)
  if ('code' in facts) throw refused(facts.code, facts.message)
  const warnings =
    bytes.length > WARN_BYTES
      ? [`In base64 it has ${base64Length(bytes.length)} characters, which a gateway may refuse.`]
      : []
  const photo: Photo = { bytes, ...facts, warnings, base64: () => encodeBase64(bytes) }
  passed.add(photo)
  return photo
}

/** What a source holds, whatever it is: nothing is looked at but its size. */
export async function readSource(
  input: PhotoSource,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Bytes | Photo> {
  try {
    return await take(
      typeof input === 'function' ? await input(signal ?? new AbortController().signal) : input,
      maxBytes,
      signal,
    )
  } catch (error) {
    if (isInputError(error)) throw error
    // The source's own message may quote a path, hence a name: only the system's code goes on.
    const cause = systemCode(error)
    throw refused(
      'missing',
      cause ? `could not be read (${cause.message})` : 'could not be read',
      cause && { cause },
    )
  }
}

async function take(
  input: PhotoInput,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Bytes | Photo> {
  if (typeof input === 'string') return fromText(input, maxBytes)
  if (typeof input !== 'object' || input === null)
    throw refused('wrong_type', 'must be bytes, a Blob, a stream or base64')
  if (input instanceof ArrayBuffer || ArrayBuffer.isView(input)) return view(input)
  if ('bytes' in input && input.bytes instanceof Uint8Array) return input as Photo
  const { ok, size, body } = input as { ok?: boolean; size?: unknown; body?: unknown }
  if (ok === false) {
    ;(body as ReadableStream | undefined)?.cancel?.().catch(() => {})
    throw refused('missing', 'could not be read')
  }
  if (typeof size === 'number' && size > maxBytes) throw tooLarge(maxBytes)
  // A Response has no size: read as a stream, it is cut off at the limit.
  const stream =
    [input, body].find((value) => typeof (value as ReadableStream)?.getReader === 'function') ??
    (Symbol.asyncIterator in input && input)
  if (stream) {
    const bytes = await collect(stream as ReadableStream<Uint8Array>, maxBytes, signal)
    if (bytes) return bytes
    throw tooLarge(maxBytes)
  }
  if ('arrayBuffer' in input && typeof input.arrayBuffer === 'function')
    return view(await input.arrayBuffer())
  throw refused('wrong_type', 'must be bytes, a Blob, a stream or base64')
}

function fromText(text: string, maxBytes: number): Bytes {
  const base64 = text.slice(/^data:[^,]{0,99};base64,/i.exec(text)?.[0].length)
  // White space (wrapped lines) is worth at most a doubling.
  if (base64.length > maxBytes * 3) throw tooLarge(maxBytes)
  const bytes =
    (base64.includes('\n') ? undefined : decodeBase64(base64)) ??
    decodeBase64(padded(base64.replace(/\s+/g, '')))
  if (bytes) return bytes
  throw refused('photo_format', 'is no base64: pass bytes instead of a path or URL')
}

function padded(base64: string): string {
  return base64.endsWith('=') ? base64 : base64.padEnd(Math.ceil(base64.length / 4) * 4, '=')
}
