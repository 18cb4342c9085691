/** The images of a job: which there are, and what becomes of each in the zip. */
import type { SmileIdTimeoutError } from '../errors/classes.ts'
import type { InputIssue } from '../errors/codes.ts'
import { membersOf } from '../input/objects.ts'
import {
  type CheckedContent,
  type CheckStored,
  readPhotoAt,
  type ReadingOptions,
  STORED,
} from '../photo/read.ts'
import { isNodeLike } from '../platform/runtime.ts'
import { nextTask } from '../platform/time.ts'
import { IMAGE_TYPES, type ImageKind, MAX_IMAGE_BYTES } from '../wire/jobs.ts'
import { crc32 } from './crc32.ts'
import { MAX_FRAMES } from './input.ts'
import { FILE_NAMES, type ImageFile } from './info-json.ts'
import { needsCard, needsSelfie } from './needs.ts'

/** An image as the caller has it. */
export interface GivenImage {
  /** Where it stands in the input. */
  path: string
  kind: ImageKind
  /** Among the frames, from 1. */
  number?: number
  source: unknown
}

/** The images that are there or must be, in the wire's order. */
export function givenImages(job: unknown): GivenImage[] {
  const { selfie, liveness, front, back } = membersOf(membersOf(job).images)
  const images: GivenImage[] = []
  if (selfie !== undefined || needsSelfie(job)) images.push(single('selfie', selfie))
  images.push(...frames(liveness))
  if (front !== undefined || needsCard(job)) images.push(single('front', front))
  if (back !== undefined) images.push(single('back', back))
  return images
}

function single(kind: ImageKind, source: unknown): GivenImage {
  return { path: `images.${kind}`, kind, source }
}

function frames(liveness: unknown): GivenImage[] {
  const sources: unknown[] = Array.isArray(liveness) ? liveness.slice(0, MAX_FRAMES) : []
  // A hole in the list is refused as `null` is.
  return Array.from(sources, (source, index) => ({
    path: `images.liveness[${index}]`,
    kind: 'liveness',
    number: index + 1,
    source: source ?? null,
  }))
}

export interface ReadImage extends GivenImage {
  checked: CheckedContent & { ok: true }
}

/**
 * Reads all images at once. Base64, which takes time to decode, waits for a turn of the event loop each time.
 * Rejects only when aborted, with the signal's own reason.
 */
export async function readImages(
  images: readonly GivenImage[],
  options: { timeoutMs: number; signal: AbortSignal | undefined },
): Promise<{ read: ReadImage[]; issues: InputIssue[]; late: SmileIdTimeoutError | undefined }> {
  const limits = { maxBytes: MAX_IMAGE_BYTES }
  const reading: Promise<CheckedContent>[] = []
  for (const { path, source } of images) {
    if (reading.length && typeof source === 'string') await nextTask()
    const result = checkContent(path, source, { ...options, operation: 'upload', limits })
    // Awaited below, once all have begun.
    result.catch(() => {})
    reading.push(result)
  }
  const read: ReadImage[] = []
  const issues: InputIssue[] = []
  let late: SmileIdTimeoutError | undefined
  for (const [index, result] of (await Promise.all(reading)).entries()) {
    if (result.ok) read.push({ ...images[index]!, checked: result })
    else issues.push(...result.issues)
    if ('late' in result) late = result.late
  }
  return { read, issues, late }
}

/** Checks a photo of any source. Where bodies are streams, one that lies in a file stays there. */
async function checkContent(path: string, source: unknown, options: ReadingOptions): Promise<CheckedContent> {
  if (isNodeLike() && typeof source === 'function' && STORED in source) {
    const checkStored = source[STORED] as CheckStored
    return checkStored(path, options)
  }
  const reading = await readPhotoAt(path, source, options)
  if (!reading.ok) return reading
  const { bytes, type } = reading.photo
  return { ok: true, type, content: bytes, crc: await crc32(bytes) }
}

/** The images as files of the zip. */
export function imageFiles(images: readonly ReadImage[]): ImageFile[] {
  return images.map(({ kind, number, checked: { type, content, crc } }) => {
    const [imageType] = IMAGE_TYPES[kind]
    const suffix = number === undefined ? '' : `_${number}`
    const extension = type === 'image/png' ? 'png' : 'jpg'
    const name = `${FILE_NAMES[kind]}${suffix}.${extension}`
    return { image_type_id: imageType, name, bytes: content, crc }
  })
}
