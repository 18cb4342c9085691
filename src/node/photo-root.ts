/** Whether photos can be read from a folder or a zip at all. */
import { stat } from 'node:fs/promises'
import type { InputIssue } from '../errors/codes.ts'
import { issue, throwIfAny } from '../errors/issues.ts'
import { systemCode } from '../platform/system-errors.ts'
import { pathIssues } from './path-input.ts'
import { isZipName, listZip } from './photo-zip.ts'

/**
 * Looks once at the folder or .zip that photos are named in, since each photo would say the same of it.
 *
 * @throws {SmileIdInputError} `invalid_input`, about `photoRoot`: it is no folder and no whole zip.
 *
 * @example
 * ```ts
 * import { checkPhotoRoot, csvRows } from 'smileid-edge/node'
 *
 * export async function openRows(photoRoot: string) {
 *   await checkPhotoRoot(photoRoot)
 *   return csvRows('users.csv', { photoRoot })
 * }
 * ```
 */
export async function checkPhotoRoot(photoRoot: string): Promise<void> {
  throwIfAny(pathIssues(photoRoot).map((found) => ({ ...found, path: 'photoRoot' })))
  throwIfAny(await rootIssues(photoRoot))
}

async function rootIssues(root: string): Promise<InputIssue[]> {
  try {
    const facts = await stat(root)
    if (facts.isDirectory()) return []
    if (!isZipName(root)) {
      return [
        issue('photoRoot', 'wrong_type', 'is no folder, and not named .zip: give the one with the photos'),
      ]
    }
    const zip = await listZip(root)
    return !zip || zip.ok ? [] : [issue('photoRoot', 'wrong_format', zip.wrong)]
  } catch (error) {
    const cause = systemCode(error)
    if (!cause) throw error
    return [issue('photoRoot', 'missing', `is no folder or zip that can be opened (${cause.message})`)]
  }
}
