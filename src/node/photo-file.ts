/** Photos from disk. */
import { readFile, realpath, stat } from 'node:fs/promises'
import { resolve, sep } from 'node:path'
import type { IssueCode, SmileIdInputError } from '../errors/classes.ts'
import { inputError, issue } from '../errors/issues.ts'
import { systemCode } from '../platform/system-errors.ts'
import type { PhotoSource } from '../photo/read.ts'

/**
 * A photo that is read from disk when its turn comes.
 *
 * With `root`, a path that leads out of that folder, also by a symbolic link, is refused: paths in a CSV are
 * somebody else's text.
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
    const file = options.root === undefined ? path : await within(options.root, path)
    const facts = await stat(file)
    // A pipe would be waited for without end.
    if (!facts.isFile()) throw refused('wrong_type', 'is no file')
    // The size comes first, so that a file that is too large is never read. Bytes serve as well as the buffer
    // that they lie in.
    return { size: facts.size, arrayBuffer: () => readFile(file, { signal }) as Promise<any> }
  }
}

/** The file itself, without links; what leads out of the root is refused without a word on where to. */
async function within(root: string, path: string): Promise<string> {
  if (path.includes('\0') || (path.includes('\\') && sep === '/'))
    throw refused('not_allowed', 'must be a path with / between folders')
  // By its text first: whether there is such a file elsewhere is nobody's business.
  const named = inside(resolve(root), resolve(root, path))
  try {
    const [folder, file] = await Promise.all([realpath(root), realpath(named)])
    return inside(folder, file)
  } catch (error) {
    throw (await folderProblem(root)) ?? error
  }
}

function inside(folder: string, file: string): string {
  if (!file.startsWith(folder.endsWith(sep) ? folder : folder + sep))
    throw refused('not_allowed', 'lies outside of the photo folder')
  return file
}

/** Asked only when a photo could not be found: the folder may be what is wrong, for all photos alike. */
async function folderProblem(root: string): Promise<SmileIdInputError | undefined> {
  try {
    return (await stat(root)).isDirectory()
      ? undefined
      : refused('wrong_type', 'is not read: the photo folder is no folder')
  } catch (error) {
    return refused(
      'missing',
      `is not read: the photo folder could not be opened (${systemCode(error)?.message ?? 'unknown'})`,
    )
  }
}

const refused = (code: IssueCode, message: string): SmileIdInputError =>
  inputError([issue('photo', code, message)])
