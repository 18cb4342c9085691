/** Photos from disk. */
import { readFile, realpath } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import { inputError } from '../internal/input-error.ts'
import type { PhotoSource } from '../internal/photo.ts'

/**
 * A photo that is read from disk when its turn comes.
 *
 * With `root`, a path that leads out of that folder, also by a symbolic link, is refused: paths in a CSV are somebody else's text.
 *
 * @example
 * ```ts
 * import { photoFile } from 'smileid-edge/node'
 * import { readPhoto } from 'smileid-edge/photo'
 *
 * export const portrait = (name: string) => readPhoto(photoFile(name, { root: 'photos' }))
 * ```
 */
export function photoFile(path: string, options: { root?: string | undefined } = {}): PhotoSource {
  return async (signal) => {
    const file = resolve(options.root ?? '.', path)
    if (options.root !== undefined) {
      const [root, real] = await Promise.all([realpath(options.root), realpath(file)])
      if (!real.startsWith(root.endsWith(sep) ? root : root + sep)) throw inputError([{ path: 'photo', code: 'not_allowed', message: 'lies outside of the photo folder' }])
    }
    return readFile(file, { signal })
  }
}
