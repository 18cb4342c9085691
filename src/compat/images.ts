/** The old list of images, as files of the zip. */
import type { Bytes } from '../platform/bytes.ts'
import { crc32 } from '../image-jobs/crc32.ts'
import { FILE_NAMES, type ImageFile } from '../image-jobs/info-json.ts'
import { inputError, isInputError, issue, missing, throwIfAny } from '../errors/issues.ts'
import { type PhotoSource, readSource } from '../photo/read.ts'
import { members } from '../input/objects.ts'
import type { InputIssue } from '../errors/codes.ts'
import { type ImageKind, IMAGE_TYPES } from '../wire/jobs.ts'

/** JPEG or PNG in base64, as no path begins. */
const ENCODED = /^(data:|\/9j\/|iVBORw0KGgo)/

/**
 * Reads every image and gives it a name of its own. Nothing is looked at but whether there is something: what
 * the original sent is sent.
 *
 * `readFile` is for paths, which stand under the types that are files, as text.
 */
export async function readImages(
  list: readonly unknown[],
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<ImageFile[]> {
  const issues: InputIssue[] = []
  const files: ImageFile[] = []
  for (const [index, entry] of list.entries()) {
    const { image_type_id, image } = members(entry)
    const path = `image_details[${index}]`
    const given = typeof image_type_id === 'string' ? Number(image_type_id || NaN) : image_type_id
    if (!Number.isInteger(given))
      issues.push(
        issue(
          `${path}.image_type_id`,
          image_type_id === undefined ? 'missing' : 'wrong_type',
          'must be a number from 0 to 7',
        ),
      )
    try {
      const [kind, types] =
        Object.entries(IMAGE_TYPES).find(([, both]) => both.includes(given as number)) ?? []
      const isPath = typeof image === 'string' && types?.[0] === given && !ENCODED.test(image)
      const bytes = await bytesOf(isPath ? () => readFile(image) : image)
      const number =
        files.filter(({ name }) => name.startsWith(kind ? FILE_NAMES[kind as ImageKind] : 'image')).length + 1
      files.push({
        // Of what is inline in the original, the file's own type.
        image_type_id: types?.[0] ?? (given as number),
        bytes,
        crc: await crc32(bytes),
        name: `${kind ? FILE_NAMES[kind as ImageKind] : 'image'}${number > 1 ? `_${number}` : ''}.${bytes[0] === 0x89 ? 'png' : 'jpg'}`,
      })
    } catch (error) {
      if (!isInputError(error)) throw error
      issues.push(...error.issues.map((issue) => ({ ...issue, path: `${path}.image` })))
    }
  }
  throwIfAny(issues)
  return files
}

async function bytesOf(source: unknown): Promise<Bytes> {
  const absent = source === undefined || source === null || source === ''
  if (absent) throw inputError([missing('image')])
  const read = await readSource(source as PhotoSource, Infinity)
  const bytes = 'bytes' in read ? read.bytes : read
  if (!bytes.length) throw inputError([issue('image', 'photo_empty', 'is empty')])
  return bytes
}
