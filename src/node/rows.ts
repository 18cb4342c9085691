/** Options of all files with rows. */
import { throwIfAny } from '../errors/issues.ts'
import { check, objectOf, once, optional } from '../input/schema.ts'
import { type ColumnOptions, columnEntries, name, namesOf, type RowsSettings } from '../rows/options.ts'
import { pathIssues } from './path-input.ts'
import { dirname } from 'node:path'
import { photoFile } from './photo-file.ts'

export interface RowsOptions extends ColumnOptions {
  /**
   * The folder, or the .zip, that photos are named in, and that none may lie outside of.
   * @default the folder of the file
   */
  photoRoot?: string | undefined
}

const rowsOptions = /* @__PURE__ */ once(() =>
  objectOf<RowsOptions>({ ...columnEntries(), photoRoot: optional(name()) }),
)

/**
 * What to look for in a file, and where its photos lie.
 *
 * @throws {SmileIdInputError} `invalid_input`: the options are wrong.
 */
export function checkRowsOptions(path: string, options: unknown): RowsSettings {
  const { issues, value } = check(rowsOptions(), options ?? {}, 'options')
  throwIfAny([...pathIssues(path), ...issues])
  const { columns, delimiter, photoRoot = dirname(path) } = value
  const names = namesOf(columns)
  return { names, delimiter, openPhoto: (photo) => photoFile(photo, { root: photoRoot }) }
}
