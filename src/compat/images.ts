/** The old list of images, as files of the zip. */
import type { InputIssue } from '../errors/codes.ts'
import { issue, missing, throwIfAny } from '../errors/issues.ts'
import { crc32 } from '../image-jobs/crc32.ts'
import { FILE_NAMES, type ImageFile } from '../image-jobs/info-json.ts'
import { membersOf } from '../input/objects.ts'
import { type PhotoSource, readSource, type SourceResult } from '../photo/source.ts'
import type { Bytes } from '../platform/bytes.ts'
import { IMAGE_TYPES, type ImageKind } from '../wire/jobs.ts'

type ReadFile = (path: string) => Promise<Uint8Array>

/** How JPEG and PNG begin in base64, and no path does. */
const ENCODED = /^(data:|\/9j\/|iVBORw0KGgo)/

/** The first byte of a PNG. */
const PNG = 0x89

/**
 * Reads every image and gives it a name of its own. Nothing is looked at but whether there is something: what
 * the original sent is sent.
 *
 * `readFile` is for paths, which stand under the types that are files, as text.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed.
 */
export async function readImages(list: readonly unknown[], readFile: ReadFile): Promise<ImageFile[]> {
  const issues: InputIssue[] = []
  const files: ImageFile[] = []
  const counts = new Map<string, number>()
  for (const [index, entry] of list.entries()) {
    const { image_type_id, image } = membersOf(entry)
    const path = `image_details[${index}]`
    const id = typeof image_type_id === 'string' ? Number(image_type_id || NaN) : image_type_id
    if (!Number.isInteger(id)) issues.push(wrongTypeId(path, image_type_id))
    const type = imageTypeOf(id as number)
    const read = await readBytes(image, { isFile: type.isFile, readFile })
    if (!read.ok) {
      issues.push(...read.issues.map((one) => ({ ...one, path: `${path}.image` })))
      continue
    }
    const { bytes } = read
    const number = (counts.get(type.name) ?? 0) + 1
    counts.set(type.name, number)
    files.push({
      image_type_id: type.fileId,
      bytes,
      crc: await crc32(bytes),
      name: fileName(type.name, number, bytes),
    })
  }
  throwIfAny(issues)
  return files
}

function wrongTypeId(path: string, id: unknown): InputIssue {
  const code = id === undefined ? 'missing' : 'wrong_type'
  return issue(`${path}.image_type_id`, code, 'must be a number from 0 to 7')
}

interface ImageType {
  /** How names of its files begin. */
  name: string
  /** `image_type_id` as a file of the zip, also of what the original sent inline. */
  fileId: number
  /** Whether text may be a path. */
  isFile: boolean
}

function imageTypeOf(id: number): ImageType {
  for (const kind of Object.keys(IMAGE_TYPES) as ImageKind[]) {
    const [file, inline] = IMAGE_TYPES[kind]
    if (id === file || id === inline) return { name: FILE_NAMES[kind], fileId: file, isFile: id === file }
  }
  return { name: 'image', fileId: id, isFile: false }
}

/** `selfie.jpg`, `selfie_2.jpg` */
function fileName(name: string, number: number, bytes: Bytes): string {
  const suffix = number > 1 ? `_${number}` : ''
  const extension = bytes[0] === PNG ? 'png' : 'jpg'
  return `${name}${suffix}.${extension}`
}

type BytesResult = { ok: true; bytes: Bytes } | { ok: false; issues: readonly InputIssue[] }

async function readBytes(
  image: unknown,
  { isFile, readFile }: { isFile: boolean; readFile: ReadFile },
): Promise<BytesResult> {
  if (image === undefined || image === null || image === '') return { ok: false, issues: [missing('image')] }
  const isPath = isFile && typeof image === 'string' && !ENCODED.test(image)
  const source = isPath ? () => readFile(image) : (image as PhotoSource)
  const read: SourceResult = await readSource(source, { maxBytes: Infinity })
  if (!read.ok) return read
  const bytes = 'bytes' in read.value ? read.value.bytes : read.value
  if (!bytes.length) return { ok: false, issues: [issue('image', 'photo_empty', 'is empty')] }
  return { ok: true, bytes }
}
