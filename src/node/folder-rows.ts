/** Rows from a folder of photos. */
import { opendir } from 'node:fs/promises'
import { parse } from 'node:path'
import { type BackfillInput, wireDate } from '../backfill/input.ts'
import { throwIfAny } from '../errors/issues.ts'
import { membersOf } from '../input/objects.ts'
import { callable } from '../input/rules.ts'
import { check, elsewhere, once, openObjectOf, optional } from '../input/schema.ts'
import { hasFourDigitYear, timeOf } from '../platform/realms.ts'
import { pathIssues } from './path-input.ts'
import { photoFile } from './photo-file.ts'
import { brokenRow, type FileRow, rereadable } from '../rows/row.ts'
import { isZipName, listZip } from './photo-zip.ts'
import { fileError } from '../rows/errors.ts'
import { readError } from './text-file.ts'

export interface FolderRowsOptions {
  /** The same for all. */
  user_created_at: BackfillInput['user_created_at']
  /** Called with the name of each file that is passed over, in each iteration. @default not called */
  onSkipped?: ((name: string) => void) | undefined
}

/**
 * The photos of a folder, or of a .zip, each named after its user: `<user_id>.jpg`, `.jpeg` or `.png`. Can be
 * iterated again.
 *
 * They are read as they are asked for, in the order of the file system: sorting would have to hold all names
 * first. Hidden files, and those that systems put there (`Thumbs.db`, `desktop.ini`), are passed over; other
 * files and folders become rows with `error`, which are never sent.
 *
 * @throws {SmileIdInputError} `invalid_input`, as it is iterated: the folder or zip cannot be read.
 *
 * @example
 * ```ts
 * import { folderRows } from 'smileid-edge/node'
 *
 * export const rows = folderRows('photos', { user_created_at: '2021-08-12' })
 * ```
 */
export function folderRows(path: string, options: FolderRowsOptions): AsyncIterable<FileRow> {
  return rereadable(async function* () {
    const { issues, value } = check(folderOptions(), membersOf(options), 'options')
    throwIfAny([...pathIssues(path), ...issues])
    const { user_created_at, onSkipped } = value
    let line = 0
    for await (const name of namesIn(path)) {
      if (isOfSystem(name)) {
        onSkipped?.(name)
        continue
      }
      line++
      yield rowOf(name, { line, folder: path, user_created_at })
    }
  })
}

/** The date is looked at row by row. */
const folderOptions = /* @__PURE__ */ once(() =>
  openObjectOf<FolderRowsOptions>({
    user_created_at: elsewhere(),
    onSkipped: optional(callable<(name: string) => void>()),
  }),
)

/** Hidden files, and those that Windows and Macs put into folders of pictures. */
function isOfSystem(name: string): boolean {
  return name.startsWith('.') || /^(thumbs\.db|ehthumbs.*\.db|desktop\.ini|icon\r|__MACOSX)$/i.test(name)
}

async function* namesIn(folder: string): AsyncGenerator<string> {
  const zip = isZipName(folder) ? await listZip(folder).catch(throwReadError) : undefined
  if (zip && !zip.ok) throw fileError(zip.wrong)
  if (zip) {
    yield* zip.names
    return
  }
  try {
    for await (const { name } of await opendir(folder)) yield name
  } catch (error) {
    throwReadError(error)
  }
}

function throwReadError(error: unknown): never {
  throw readError(error)
}

function rowOf(
  name: string,
  {
    line,
    folder,
    user_created_at,
  }: { line: number; folder: string; user_created_at: BackfillInput['user_created_at'] },
): FileRow {
  const columns = { user_created_at: dateText(user_created_at), photo: name }
  const { name: user_id, ext } = parse(name)
  if (!/^\.(jpe?g|png)$/i.test(ext)) {
    const message = 'is named neither .jpg, .jpeg nor .png'
    return brokenRow({ line, place: `file ${line}`, message, columns })
  }
  return {
    user_id,
    user_created_at,
    photo: photoFile(name, { root: folder }),
    line,
    columns: { user_id, ...columns },
  }
}

/** The date as a file would have it; empty for what is no date, which the checks of every row report. */
function dateText(date: unknown): string {
  if (typeof date === 'string') return date
  const ms = timeOf(date)
  return ms !== undefined && hasFourDigitYear(ms) ? wireDate(new Date(ms)) : ''
}
