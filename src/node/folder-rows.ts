/** Rows out of a folder of photos. */
import { opendir } from 'node:fs/promises'
import { parse } from 'node:path'
import { type BackfillInput, wireDate } from '../backfill/enrol.ts'
import { systemCode } from '../platform/system-errors.ts'
import { photoFile } from './photo-file.ts'
import { brokenRow, type FileRow, rereadable } from './rows.ts'
import { fileError } from './text-file.ts'

/**
 * The photos of a folder, each named after its user: `<user_id>.jpg`, `.jpeg` or `.png`. Can be iterated
 * again.
 *
 * Read as they are asked for, in the order of the file system: sorting would have to hold all names first.
 * Hidden files are skipped; other files and folders become rows with `error`, which are never sent. Rejects
 * with `invalid_input` for a folder that cannot be read.
 *
 * @example
 * ```ts
 * import { folderRows } from 'smileid-edge/node'
 *
 * export const rows = folderRows('photos', { user_created_at: '2021-08-12' })
 * ```
 */
export function folderRows(
  path: string,
  options: { /** The same for all. */ user_created_at: BackfillInput['user_created_at'] },
): AsyncIterable<FileRow> {
  return rereadable(async function* () {
    const user_created_at = options?.user_created_at
    const date = dateText(user_created_at)
    let line = 0
    try {
      for await (const { name } of await opendir(path)) {
        if (name.startsWith('.')) continue
        line++
        const { name: user_id, ext } = parse(name)
        if (!/^\.(jpe?g|png)$/i.test(ext))
          yield brokenRow(
            line,
            { user_created_at: date, photo: name },
            'is named neither .jpg, .jpeg nor .png',
            `file ${line}`,
          )
        else
          yield {
            user_id,
            user_created_at,
            photo: photoFile(name, { root: path }),
            line,
            columns: { user_id, user_created_at: date, photo: name },
          }
      }
    } catch (error) {
      const cause = systemCode(error)
      throw cause ? fileError(`could not be read (${cause.message})`, 'missing', { cause }) : error
    }
  })
}

/** As a file would have it. What is no date is left to the checks of every row. */
const dateText = (date: unknown): string =>
  date instanceof Date
    ? date.getTime() < Infinity
      ? wireDate(date)
      : ''
    : typeof date === 'string'
      ? date
      : ''
