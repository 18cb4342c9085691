/** Images of a job from disk: named by flags, or in its file. */
import type { PhotoSource } from '../../../image-jobs.ts'
import { inputError, isInputError, wrongType } from '../../../errors/issues.ts'
import { members } from '../../../input/objects.ts'
import { photoFile } from '../../../node.ts'
import type { Flags, Given } from '../../args.ts'

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

type GivenImages = Given<typeof IMAGE_FLAGS>

/**
 * By kind, as `submitImageJob` takes them. Names in the job's file are of files in its folder: they may be
 * somebody else's text.
 */
export function imagesOf(
  listed: unknown,
  { selfie, liveness, front, back }: GivenImages,
  folder: string,
): unknown {
  const named = members(listed)
  if (listed !== undefined && named !== listed) return listed
  const fromFile = (name: unknown) => fromDisk(name, folder)
  const images = Object.entries(named).map(([kind, value]) => [
    kind,
    kind === 'liveness' && Array.isArray(value) ? value.map(fromFile) : fromFile(value),
  ])
  const typed = {
    selfie: selfie && fromDisk(selfie),
    liveness: liveness?.map((name) => fromDisk(name)),
    front: front && fromDisk(front),
    back: back && fromDisk(back),
  }
  return {
    ...Object.fromEntries(images),
    ...Object.fromEntries(Object.entries(typed).filter(([, image]) => image)),
  }
}

/** Names issues of images by their flags, but for what stands in the job's file. */
export async function imagesAsTyped<T>(work: Promise<T>, given: GivenImages, listed: unknown): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!isInputError(error)) throw error
    throw inputError(
      error.issues.map((issue) => {
        const [, kind, index] = /^images\.(\w+)(?:\[(\d+)\])?$/.exec(issue.path) ?? []
        if (
          !kind ||
          !Object.hasOwn(IMAGE_FLAGS, kind) ||
          (given[kind as keyof GivenImages] === undefined && members(listed)[kind] !== undefined)
        )
          return issue
        const frames = given.liveness?.length ?? 0
        return {
          ...issue,
          path: `--${kind}${index !== undefined && frames > 1 ? ` (${Number(index) + 1} of ${frames})` : ''}`,
        }
      }),
    )
  }
}

/**
 * What is wrong with a name is said when the image's turn comes, beside all else that is wrong with the job.
 */
const fromDisk = (name: unknown, root?: string): PhotoSource =>
  typeof name === 'string' && name
    ? photoFile(name, { root })
    : () => {
        throw inputError([wrongType('photo', 'must be the name of a file')])
      }
