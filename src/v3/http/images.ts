/** The images of a submission: read, checked by their bytes, and made parts of its form. */
import type { RequestOptions } from '../../client/internals.ts'
import type { SmileIdTimeoutError } from '../../errors/classes.ts'
import type { InputIssue } from '../../errors/codes.ts'
import { missing, wrongType } from '../../errors/issues.ts'
import type { Part } from '../../http/multipart.ts'
import type { Members } from '../../input/objects.ts'
import { anything } from '../../input/rules.ts'
import { check, listOf, once } from '../../input/schema.ts'
import { type Photo, type PhotoReading, readPhotoAt } from '../../photo/read.ts'
import { nextTask } from '../../platform/time.ts'
import type { V3Operation } from '../../wire/v3-operations.ts'
import { MAX_REQUEST_BYTES } from './size.ts'

export const JPEG = ['image/jpeg'] as const
export const JPEG_OR_PNG = ['image/jpeg', 'image/png'] as const

const LEAST_FRAMES = 6
const MOST_FRAMES = 8

/** An image as the caller has it. */
export interface GivenImage {
  /** The name of its part. */
  name: string
  /** Where it stands in the input. */
  path: string
  source: unknown
  types: readonly Photo['type'][]
}

export interface GivenImages {
  images: GivenImage[]
  /** What is wrong with them before they are read. */
  issues: InputIssue[]
}

interface ImageRule {
  types: readonly Photo['type'][]
  isOptional?: boolean
}

/** By the name of the member. */
export type ImageRules = Readonly<Record<string, ImageRule>>

/** A face, and that it is alive. */
export const SELFIE_IMAGES = {
  selfie_image: { types: JPEG },
  liveness_images: { types: JPEG },
} as const

/** The images of these members, in this order; `liveness_images` are frames. */
export function imagesIn(given: Members, rules: ImageRules): GivenImages {
  const found: GivenImages = { images: [], issues: [] }
  for (const [name, { types, isOptional }] of Object.entries(rules)) {
    const source = given[name]
    if (source === undefined && isOptional) continue
    if (source === undefined) found.issues.push(missing(name))
    else if (name === 'liveness_images') addFrames(found, source)
    else found.images.push({ name, path: name, source, types })
  }
  return found
}

const FRAMES_MESSAGE = `must be a list of ${LEAST_FRAMES} to ${MOST_FRAMES} frames`

const frames = /* @__PURE__ */ once(() => listOf(anything<unknown>(), FRAMES_MESSAGE))

function addFrames({ images, issues }: GivenImages, sources: unknown): void {
  const name = 'liveness_images'
  const list = check(frames(), sources, name)
  issues.push(...list.issues)
  if (list.issues.length) return
  const { length } = list.value
  if (length < LEAST_FRAMES || length > MOST_FRAMES) issues.push(wrongType(name, FRAMES_MESSAGE))
  for (const [index, source] of list.value.slice(0, MOST_FRAMES).entries()) {
    // A hole in the list is refused as `null` is.
    images.push({ name, path: `${name}[${index}]`, source: source ?? null, types: JPEG })
  }
}

export interface ReadImages {
  parts: Part[]
  /** Of all parts together. */
  bytes: number
  issues: InputIssue[]
  /** Reading took too long: nothing is known of one of them. */
  late: SmileIdTimeoutError | undefined
}

/**
 * Reads all at once; base64, which takes time to decode, waits for a turn of the event loop each time.
 *
 * Rejects only when aborted, with the signal's own reason.
 */
export async function readImages(
  images: readonly GivenImage[],
  options: Pick<RequestOptions, 'signal'> & { operation: V3Operation; timeoutMs: number },
): Promise<ReadImages> {
  const reading: Promise<PhotoReading>[] = []
  for (const { path, source, types } of images) {
    if (reading.length && typeof source === 'string') await nextTask()
    const limits = { maxBytes: MAX_REQUEST_BYTES, types }
    const result = readPhotoAt(path, source, { ...options, limits })
    // Awaited below, once all have begun.
    result.catch(() => {})
    reading.push(result)
  }
  const read: ReadImages = { parts: [], bytes: 0, issues: [], late: undefined }
  for (const [index, result] of (await Promise.all(reading)).entries()) {
    if (result.ok) {
      read.parts.push(partOf(images[index]!, { photo: result.photo, index }))
      read.bytes += result.photo.bytes.length
    } else {
      read.issues.push(...result.issues)
      if ('late' in result) read.late = result.late
    }
  }
  return read
}

/** What the caller's files are called is not told. */
function partOf({ name }: GivenImage, { photo, index }: { photo: Photo; index: number }): Part {
  const { type, bytes } = photo
  const extension = type === 'image/png' ? 'png' : 'jpg'
  return { name, value: { fileName: `image_${index + 1}.${extension}`, type, bytes } }
}
