/** Rows as files give them, and those that a file gives wrongly. */
import type { BackfillInput } from '../backfill/enrol.ts'
import type { SmileIdInputError } from '../errors/classes.ts'
import { inputError, issue, throwIfAny } from '../errors/issues.ts'
import { memberIssues, OBJECT, type Rule } from '../input/rules.ts'
import { photoFile } from './photo-file.ts'

/** A row of a file. What else stands in the file is in `columns`, by its name there. */
export interface FileRow extends BackfillInput {
  /** Of the file, from 1, as editors count; of a folder, the number of the file within it. */
  line: number
  columns: Record<string, string>
  /**
   * What is wrong with the line itself. Such a row has neither id nor date (both `undefined`), and its photo
   * rejects: it is reported as `'invalid'`, never sent.
   */
  error?: SmileIdInputError
}

export interface RowsOptions {
  /** Names in the file. @default user_id, user_created_at and photo */
  columns?: { [name in keyof BackfillInput]?: string | undefined } | undefined
  /**
   * The folder that photos are named in, and that none may lie outside of. @default the folder of the file
   */
  photoRoot?: string | undefined
}

export type Names = Record<keyof BackfillInput, string>

const NAMES: Names = { user_id: 'user_id', user_created_at: 'user_created_at', photo: 'photo' }

const name: Rule = [(text) => typeof text === 'string' && text, 'must be text']

// Beside the row, where nothing prints it.
const COLUMN_NAMES = /* @__PURE__ */ Symbol.for('smileid-edge.column-names')

/** Remembers what the columns of a row's source are called, for reports. */
export const withNames = (row: FileRow, names: Names): FileRow =>
  Object.defineProperty(row, COLUMN_NAMES, { value: names })

export const columnNamesOf = (row: object): Names =>
  (row as { [COLUMN_NAMES]?: Names })[COLUMN_NAMES] ?? NAMES

/** The names to look for; rejects options that are none. */
export function namesOf(options: RowsOptions): Names {
  throwIfAny([
    ...memberIssues(options, { columns: OBJECT, photoRoot: name }, 'options.'),
    ...memberIssues(
      options?.columns,
      { user_id: name, user_created_at: name, photo: name },
      'options.columns.',
    ),
  ])
  return {
    ...NAMES,
    ...Object.fromEntries(Object.entries(options?.columns ?? {}).filter(([, value]) => value !== undefined)),
  }
}

/**
 * The photo of a cell: the picture itself, by how JPEG, PNG and data URIs begin (base64 has no dot, file
 * names have one), else a path.
 */
export const photoOf = (cell: string, root: string): BackfillInput['photo'] =>
  cell === '' || /^(data:|(\/9j\/|iVBOR)[^.]*$)/.test(cell) ? cell : photoFile(cell, { root })

/** A row that can be reported, but never sent. */
export function brokenRow(
  line: number,
  columns: Record<string, string>,
  message: string,
  place = `line ${line}`,
): FileRow {
  const photo = () => {
    throw inputError([issue('photo', 'wrong_format', `is not read: ${place} ${message}`)])
  }
  // No id, rather than an empty one: two of those would be one id twice.
  const nothing = undefined as unknown as string
  return {
    user_id: nothing,
    user_created_at: nothing,
    photo,
    line,
    columns,
    error: inputError([issue(place, 'wrong_format', message)]),
  }
}

/** Can be read more than once, each time from the start. */
export const rereadable = (read: () => AsyncGenerator<FileRow>): AsyncIterable<FileRow> => ({
  [Symbol.asyncIterator]: read,
})
