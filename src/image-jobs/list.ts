/** The wire's list of images, sorted by kind. */
import type { InputIssue } from '../errors/codes.ts'
import { issue, missing, throwIfAny } from '../errors/issues.ts'
import { membersOf } from '../input/objects.ts'
import { anything } from '../input/rules.ts'
import { check, elsewhere, listOf, once, openObjectOf } from '../input/schema.ts'
import type { PhotoSource } from '../photo/read.ts'
import { isArray } from '../platform/realms.ts'
import { IMAGE_TYPES, type ImageKind } from '../wire/jobs.ts'
import type { DocumentImages, SelfieImages } from './input.ts'

export interface ListedImage {
  /**
   * 0 to 7, as a number or as text: selfie (0, 2), ID card front (1, 3) and back (5, 7), liveness (4, 6).
   * Here it does not matter which of the two.
   */
  image_type_id: number | string
  image: PhotoSource
}

/** Typed as if all that a job needs were there: whether it is, `submitImageJob` sees. */
export type ImagesByKind = SelfieImages & DocumentImages

const listedImages = /* @__PURE__ */ once(() => listOf(anything(), 'must be a list'))

const listedImage = /* @__PURE__ */ once(() =>
  openObjectOf<Partial<ListedImage>>({ image_type_id: elsewhere(), image: elsewhere() }),
)

interface FoundImages {
  selfie?: PhotoSource
  liveness?: PhotoSource[]
  front?: PhotoSource
  back?: PhotoSource
}

/**
 * Sorts the wire's list of images by kind, for `submitImageJob`.
 *
 * @throws {SmileIdInputError} `invalid_input`: names every entry with an unknown `image_type_id` or of a kind
 * that comes once and is there twice.
 *
 * @see https://docs.usesmileid.com/further-reading/faqs/what-are-the-image-types-i-can-upload-to-smile-id
 *
 * @example
 * ```ts
 * import { imagesByKind } from 'smileid-edge/image-jobs'
 *
 * export const images = (selfie: string, frames: string[]) =>
 *   imagesByKind([
 *     { image_type_id: 2, image: selfie },
 *     ...frames.map((image) => ({ image_type_id: '6', image })),
 *   ])
 * ```
 */
export function imagesByKind(list: readonly ListedImage[]): ImagesByKind {
  const checked = check(listedImages(), list ?? null, 'images')
  const { issues } = checked
  const images: FoundImages = {}
  for (const [index, entry] of (isArray(checked.value) ? checked.value : []).entries()) {
    const path = `images[${index}]`
    const { image_type_id, image } = check(listedImage(), membersOf(entry), path).value
    const kind = kindOf(image_type_id)
    const isMissing = image === undefined || image === null
    if (isMissing) issues.push(missing(`${path}.image`))
    if (!kind) issues.push(typeIssue(`${path}.image_type_id`, image_type_id))
    if (isMissing || !kind) continue
    if (kind === 'liveness') {
      images.liveness ??= []
      images.liveness.push(image)
    } else if (images[kind] !== undefined) {
      issues.push(issue(path, 'duplicate', `is a second ${kind}`))
    } else {
      images[kind] = image
    }
  }
  throwIfAny(issues)
  return images as ImagesByKind
}

function kindOf(imageType: unknown): ImageKind | undefined {
  const isPlain = typeof imageType === 'number' || typeof imageType === 'string'
  if (!isPlain || !/^[0-7]$/.test(String(imageType))) return undefined
  const kinds = Object.keys(IMAGE_TYPES) as ImageKind[]
  return kinds.find((kind) => IMAGE_TYPES[kind].includes(Number(imageType)))
}

function typeIssue(path: string, imageType: unknown): InputIssue {
  const message = 'must be a number from 0 to 7'
  return issue(path, imageType === undefined ? 'missing' : 'not_allowed', message)
}
