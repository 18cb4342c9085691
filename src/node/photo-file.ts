/** Photos that are read from files. */
import { readFile, realpath, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import type { IssueCode } from '../errors/classes.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'
import type { PhotoSource } from '../photo/read.ts'
import { systemCode } from '../platform/system-errors.ts'

/**
 * A photo that is read from its file when its turn comes.
 *
 * With `root`, a path that leads out of that folder, also by a symbolic link, is refused: the paths in a CSV
 * file are text that somebody else wrote.
 *
 * @throws {SmileIdInputError} `invalid_input`, when the photo is read: the path leads out of `root`, leads to
 *   no file, or cannot be read.
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
    const { root } = options
    const file = root === undefined ? path : await resolveWithin(root, path)
    const facts = await stat(file)
    // To read a pipe could take for ever.
    if (!facts.isFile()) throw photoError('wrong_type', 'is no file')
    return {
      // Checked first, so that a file that is too large is never read.
      size: facts.size,
      // The type of `PhotoSource` asks for an ArrayBuffer, but takes these bytes as well.
      arrayBuffer: () => readFile(file, { signal }) as Promise<any>,
    }
  }
}

/** The path of the file itself, links resolved. An error does not say where a link leads. */
async function resolveWithin(root: string, path: string): Promise<string> {
  const hasBackslash = path.includes('\\') && sep === '/'
  if (hasBackslash || path.includes('\0'))
    throw photoError('not_allowed', 'must be a path with / between folders')
  const resolved = resolve(root, path)
  // Checked before links are resolved: nobody may find out which files exist outside of the folder.
  checkInside(resolve(root), resolved)
  try {
    const [folder, file] = await Promise.all([realpath(root), realpath(resolved)])
    checkInside(folder, file)
    return file
  } catch (error) {
    throw (await folderError(root)) ?? error
  }
}

function checkInside(folder: string, file: string): void {
  const prefix = folder.endsWith(sep) ? folder : folder + sep
  if (!file.startsWith(prefix)) throw photoError('not_allowed', 'lies outside of the photo folder')
}

/** What is wrong with the folder itself, and so with all of its photos. */
async function folderError(root: string): Promise<SmileIdInputError | undefined> {
  try {
    const facts = await stat(root)
    if (facts.isDirectory()) return undefined
    return photoError('wrong_type', 'is not read: the photo folder is no folder')
  } catch (error) {
    const reason = systemCode(error)?.message ?? 'unknown'
    return photoError('missing', `is not read: the photo folder could not be opened (${reason})`)
  }
}

function photoError(code: IssueCode, message: string): SmileIdInputError {
  return new SmileIdInputError([issue('photo', code, message)])
}
