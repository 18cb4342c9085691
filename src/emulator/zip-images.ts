/** The images of a zip, as its info.json lists them. */
import { isObject, membersOf } from '../input/objects.ts'
import type { Bytes } from '../platform/bytes.ts'
import { fromBase64 } from './base64.ts'

export interface Image {
  image_type_id: number
  /** Of its file; empty for one that came inline. */
  name: string
  bytes: Bytes
}

export const INFO_FILE = 'info.json'

/** The kinds that come as a file; the others come inline, as base64. */
const FILE_TYPES = [0, 1, 4, 5]
const SELFIE_TYPES = [0, 2]
const CARD_FRONT_TYPES = [1, 3]

export function isSelfie({ image_type_id }: Image): boolean {
  return SELFIE_TYPES.includes(image_type_id)
}

export function isCardFront({ image_type_id }: Image): boolean {
  return CARD_FRONT_TYPES.includes(image_type_id)
}

/** The same of a list of images that is not read yet. */
export function listsCardFront(list: unknown): boolean {
  if (!Array.isArray(list)) return false
  return list.some((item) => CARD_FRONT_TYPES.includes(Number(membersOf(item).image_type_id)))
}

/** Whether it shows a document, its front or its back. */
export function isCard({ image_type_id }: Image): boolean {
  return image_type_id % 2 === 1
}

/**
 * The images that `images` lists, and what is wrong with the list. No text quotes a value. Other files are
 * passed over: apps add one about security, Python's client one for each image that comes inline.
 */
export function readImages(
  list: unknown,
  files: Map<string, Bytes>,
): { images: Image[]; problems: string[] } {
  if (!Array.isArray(list) || list.length === 0) return { images: [], problems: ['images: must be a list'] }
  const images: Image[] = []
  const problems: string[] = []
  for (const [i, item] of (list as unknown[]).entries()) {
    const { image, problems: found } = readImage(item, files)
    if (image) images.push(image)
    problems.push(...found.map((problem) => `images[${i}].${problem}`))
  }
  return { images, problems }
}

/** One item of the list; it may be read although something is wrong with it. */
interface ReadImage {
  image?: Image
  problems: string[]
}

function readImage(item: unknown, files: Map<string, Bytes>): ReadImage {
  const { image_type_id: id, file_name = '', image: base64 = '' } = isObject(item) ? item : {}
  const isText = typeof id === 'number' || typeof id === 'string'
  if (!isText || !/^[0-7]$/.test(String(id))) return { problems: ['image_type_id: must be 0 to 7'] }
  const image_type_id = Number(id)
  return FILE_TYPES.includes(image_type_id)
    ? readFileImage(image_type_id, { file_name, base64, files })
    : readInlineImage(image_type_id, { file_name, base64 })
}

function readFileImage(
  image_type_id: number,
  { file_name, base64, files }: { file_name: unknown; base64: unknown; files: Map<string, Bytes> },
): ReadImage {
  const problems: string[] = []
  if (!isEmpty(base64)) problems.push('image: must be empty where a file is meant')
  const name = file_name as string
  const bytes = name === INFO_FILE ? undefined : files.get(name)
  if (!bytes) return { problems: [...problems, 'file_name: no such file'] }
  return { image: { image_type_id, name, bytes }, problems }
}

function readInlineImage(
  image_type_id: number,
  { file_name, base64 }: { file_name: unknown; base64: unknown },
): ReadImage {
  const problems: string[] = []
  if (!isEmpty(file_name)) problems.push('file_name: must be empty where base64 is meant')
  const bytes = typeof base64 === 'string' && base64 ? fromBase64(base64) : undefined
  if (!bytes) return { problems: [...problems, 'image: must be base64'] }
  return { image: { image_type_id, name: '', bytes }, problems }
}

function isEmpty(value: unknown): boolean {
  return value === '' || value === null
}
