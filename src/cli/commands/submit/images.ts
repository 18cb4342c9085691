/** Images of a job from disk: named by flags, or in its file. */
import type { InputIssue } from '../../../errors.ts'
import { SmileIdInputError } from '../../../errors/classes.ts'
import { isInputError, wrongType } from '../../../errors/issues.ts'
import type { PhotoSource } from '../../../image-jobs.ts'
import { photoFile } from '../../../node.ts'
import type { Flags, FlagValues } from '../../flags.ts'
import { isObject } from '../../job-input.ts'

export const IMAGE_FLAGS = {
  selfie: { kind: 'text', value: 'FILE', help: 'JPEG or PNG of the face' },
  liveness: {
    kind: 'text',
    many: true,
    value: 'FILE',
    help: 'a further frame of the face; once for each: --liveness 1.jpg --liveness 2.jpg',
  },
  front: { kind: 'text', value: 'FILE', help: "the document's front" },
  back: { kind: 'text', value: 'FILE', help: "the document's back" },
} as const satisfies Flags

type ImageValues = FlagValues<typeof IMAGE_FLAGS>

/**
 * Returns images by kind, as `submitImageJob` takes them, or `listed` itself when it is no object. The job's
 * file may be somebody else's text, so names in it are of files in its folder.
 */
export function collectImages(listed: unknown, values: ImageValues, folder: string): unknown {
  if (listed !== undefined && !isObject(listed)) return listed
  const images: Record<string, unknown> = {}
  for (const [kind, value] of Object.entries(listed ?? {})) {
    const isList = kind === 'liveness' && Array.isArray(value)
    images[kind] = isList ? value.map((name) => imageFile(name, folder)) : imageFile(value, folder)
  }
  for (const kind of Object.keys(IMAGE_FLAGS) as (keyof typeof IMAGE_FLAGS)[]) {
    const given = values[kind]
    if (given === undefined) continue
    images[kind] = typeof given === 'string' ? imageFile(given) : given.map((name) => imageFile(name))
  }
  return images
}

/** What is wrong with a name is reported when the image is read, with all else that is wrong with the job. */
function imageFile(name: unknown, root?: string): PhotoSource {
  if (typeof name === 'string' && name !== '') return photoFile(name, { root })
  return () => {
    throw new SmileIdInputError([wrongType('photo', 'must be the name of a file')])
  }
}

/**
 * Names issues of images by their flags, except those of images in the job's file.
 *
 * @throws {SmileIdInputError} `invalid_input`: the issues of `work`, so named.
 */
export async function imagesWithFlagNames<T>(
  work: Promise<T>,
  values: ImageValues,
  listed: unknown,
): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!isInputError(error)) throw error
    throw new SmileIdInputError(error.issues.map((issue) => nameByImageFlag(issue, values, listed)))
  }
}

function nameByImageFlag(issue: InputIssue, values: ImageValues, listed: unknown): InputIssue {
  const [, kind, index] = /^images\.(\w+)(?:\[(\d+)\])?$/.exec(issue.path) ?? []
  if (kind === undefined || !Object.hasOwn(IMAGE_FLAGS, kind)) return issue
  const isFromFlag = values[kind as keyof ImageValues] !== undefined
  const isFromFile = isObject(listed) && listed[kind] !== undefined
  if (!isFromFlag && isFromFile) return issue
  const frames = values.liveness?.length ?? 0
  const frame = index !== undefined && frames > 1 ? ` (${Number(index) + 1} of ${frames})` : ''
  return { ...issue, path: `--${kind}${frame}` }
}
