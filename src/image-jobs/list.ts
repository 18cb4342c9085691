import type { DocumentImages, SelfieImages } from './input.ts'
import { inputError, issue, missing, throwIfAny, wrongType } from '../errors/issues.ts'
import type { PhotoSource } from '../photo/read.ts'
import { members } from '../input/objects.ts'
import type { InputIssue } from '../errors/codes.ts'
import { type ImageKind, IMAGE_TYPES } from '../wire/jobs.ts'

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

/**
 * Sorts the wire's list of images by kind, for `submitImageJob`.
 *
 * Throws `SmileIdInputError`, naming every entry with an unknown `image_type_id` or of a kind that comes once
 * and is there twice.
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
  const issues: InputIssue[] = []
  const images: { selfie?: PhotoSource; liveness?: PhotoSource[]; front?: PhotoSource; back?: PhotoSource } =
    {}
  if (!Array.isArray(list)) throw inputError([wrongType('images', 'must be a list')])
  for (const [index, entry] of list.entries()) {
    const { image_type_id, image } = members(entry) as Partial<ListedImage>
    const path = `images[${index}]`
    const kind = /^[0-7]$/.test(`${image_type_id}`)
      ? (Object.keys(IMAGE_TYPES) as ImageKind[]).find((name) =>
          IMAGE_TYPES[name].includes(Number(image_type_id)),
        )
      : undefined
    if (image === undefined || image === null) issues.push(missing(`${path}.image`))
    if (!kind)
      issues.push(
        issue(
          `${path}.image_type_id`,
          image_type_id === undefined ? 'missing' : 'not_allowed',
          'must be a number from 0 to 7',
        ),
      )
    else if (kind === 'liveness') (images.liveness ??= []).push(image!)
    else if (images[kind] !== undefined) issues.push(issue(path, 'duplicate', `is a second ${kind}`))
    else images[kind] = image!
  }
  throwIfAny(issues)
  return images as ImagesByKind
}
