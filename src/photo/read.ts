/** Photos from any source, checked from the outside: JPEG or PNG, whole, and not too large. */
import { SmileIdInputError, SmileIdTimeoutError } from '../errors/classes.ts'
import type { InputIssue } from '../errors/codes.ts'
import { issue, missing, throwIfAny } from '../errors/issues.ts'
import { numberFrom, oneOf } from '../input/rules.ts'
import { check, listOf, objectOf, once, optional } from '../input/schema.ts'
import { base64Length, encodeBase64 } from '../platform/base64.ts'
import type { Bytes } from '../platform/bytes.ts'
import { createCutoff } from '../platform/cutoff.ts'
import type { Part } from '../platform/stored-content.ts'
import type { Operation } from '../wire/endpoints.ts'
import { readImageFormat } from './format.ts'
import {
  type Photo,
  type PhotoSource,
  readAtHand,
  readSource,
  type SourceResult,
  tooLarge,
} from './source.ts'

export type { Photo, PhotoInput, PhotoSource } from './source.ts'

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

const photoLimits = /* @__PURE__ */ once(() =>
  objectOf<PhotoLimits>({
    maxBytes: optional(numberFrom(0)),
    types: optional(listOf(oneOf('image/jpeg', 'image/png'), 'must be a list')),
    minSide: optional(numberFrom(0)),
  }),
)

/**
 * A photo that passed, or everything that is wrong with it; `cause` holds the system's code and nothing else.
 */
type PhotoResult =
  { ok: true; photo: Photo } | { ok: false; issues: readonly InputIssue[]; cause?: Error | undefined }

/** Photos that passed once are not walked through again. */
const passed = /* @__PURE__ */ new WeakSet<object>()

/**
 * Reads a photo from any source and checks it by its bytes, never by its name: markers and chunks are walked,
 * pixels never decoded.
 *
 * Bytes are not copied.
 *
 * @throws {SmileIdInputError} `invalid_input`: its issue has one of the codes `photo_empty`,
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
  const { issues, value } = check(photoLimits(), limits ?? {}, 'limits')
  throwIfAny(issues)
  const result = await read(input, value)
  if (!result.ok) throw new SmileIdInputError(result.issues, result.cause)
  return result.photo
}

export interface ReadingOptions {
  /** That the photo is read for. */
  operation: Operation
  /** Milliseconds until the source is told to stop. */
  timeoutMs: number
  signal?: AbortSignal | undefined
  limits?: PhotoLimits
}

/** `late`: reading took too long, and so nothing is known of the photo. */
export type PhotoReading =
  PhotoResult | { ok: false; issues: readonly InputIssue[]; late: SmileIdTimeoutError }

/** Of a source whose photo lies in a file: checks it there, and leaves it there. */
export const STORED = /* @__PURE__ */ Symbol('stored photo')

export type CheckStored = (path: string, options: ReadingOptions) => Promise<CheckedContent>

/** What is to be sent of a photo that passed, and its CRC-32; else everything that is wrong with it. */
export type CheckedContent =
  { ok: true; type: Photo['type']; content: Part; crc: number } | Exclude<PhotoReading, { ok: true }>

/**
 * For inputs with a photo among other members: what is wrong stands under the member's path.
 *
 * Rejects only when aborted, with the signal's own reason.
 */
export async function readPhotoAt(
  path: string,
  input: unknown,
  options: ReadingOptions,
): Promise<PhotoReading> {
  if (input === undefined) return { ok: false, issues: [missing(path)] }
  const source = input as PhotoSource
  const { signal, limits = {} } = options
  const atHand = readAtHand(source, { maxBytes: maxBytesOf(limits) })
  const result = atHand ? checked(atHand, limits) : await readInTime(source, options)
  if (result.ok || 'late' in result) return result
  signal?.throwIfAborted()
  return { ok: false, issues: result.issues.map((one) => ({ ...one, path })) }
}

async function readInTime(source: PhotoSource, options: ReadingOptions): Promise<PhotoReading> {
  const { operation, timeoutMs, signal, limits = {} } = options
  const cutoff = createCutoff(timeoutMs, signal)
  try {
    // A source that is deaf to the signal must not hold the caller up.
    const end = await Promise.race([read(source, limits, cutoff.signal), cutoff.reached])
    if (end === 'abort') throw signal?.reason
    return end === 'timeout' ? { ok: false, issues: [], late: tookTooLong(operation) } : end
  } finally {
    cutoff.release()
  }
}

function tookTooLong(operation: Operation): SmileIdTimeoutError {
  return new SmileIdTimeoutError({
    code: 'request_timeout',
    operation,
    outcome: 'not_sent',
    retryable: true,
    attempts: 0,
    hint: 'The photo was not read in time: see to its source, or raise timeoutMs.',
  })
}

async function read(source: PhotoSource, limits: PhotoLimits, signal?: AbortSignal): Promise<PhotoResult> {
  return checked(await readSource(source, { maxBytes: maxBytesOf(limits), signal }), limits)
}

function maxBytesOf({ maxBytes = MAX_BYTES }: PhotoLimits): number {
  return maxBytes
}

/** What a source held, looked at. */
function checked(taken: SourceResult, limits: PhotoLimits): PhotoResult {
  const maxBytes = maxBytesOf(limits)
  const { types, minSide = 0 } = limits
  if (!taken.ok) return taken
  const { value } = taken
  const bytes = 'bytes' in value ? value.bytes : value
  if (bytes.length > maxBytes) return tooLarge(maxBytes)

  const inspected =
    'bytes' in value && passed.has(value) ? ({ ok: true, photo: value } as const) : inspect(bytes)
  if (!inspected.ok) return inspected
  const { photo } = inspected
  if (types && !types.includes(photo.type)) return refuse('photo_format', `must not be ${photo.type}`)
  if (Math.min(photo.width, photo.height) < minSide) {
    return refuse('wrong_format', `is smaller than ${minSide} pixels`)
  }
  return inspected
}

function refuse(code: InputIssue['code'], message: string): PhotoResult & { ok: false } {
  return { ok: false, issues: [issue('photo', code, message)] }
}

function inspect(bytes: Bytes): PhotoResult {
  const format = readImageFormat(bytes)
  if (!format.ok) return refuse(format.code, format.message)
  const { type, width, height } = format
  const photo: Photo = {
    bytes,
    type,
    width,
    height,
    warnings: warningsOf(bytes),
    base64: () => encodeBase64(bytes),
  }
  passed.add(photo)
  return { ok: true, photo }
}

function warningsOf(bytes: Bytes): string[] {
  if (bytes.length <= WARN_BYTES) return []
  return [`In base64 it has ${base64Length(bytes.length)} characters, which a gateway may refuse.`]
}
