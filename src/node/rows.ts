/** Rows as files give them, and rows in place of lines that are wrong. */
import type { BackfillInput } from '../backfill/input.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { issue, throwIfAny } from '../errors/issues.ts'
import { must } from '../input/rules.ts'
import { check, objectOf, once, optional } from '../input/schema.ts'
import { pathIssues } from './path-input.ts'
import { photoFile } from './photo-file.ts'

/** A row of a file. Everything else that the file says is in `columns`, by its name there. */
export interface FileRow extends BackfillInput {
  /** The line in the file, from 1, as editors count; in a folder, the number of the file. */
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

/** What the members of a row are called in a file. */
export type Names = Record<keyof BackfillInput, string>

const DEFAULT_NAMES: Names = { user_id: 'user_id', user_created_at: 'user_created_at', photo: 'photo' }

/** The name of a column or a folder. */
const name = () => must<string>((text) => typeof text === 'string' && text !== '', 'must be text')

const rowsOptions = /* @__PURE__ */ once(() =>
  objectOf<RowsOptions>({
    columns: optional(
      objectOf<NonNullable<RowsOptions['columns']>>({
        user_id: optional(name()),
        user_created_at: optional(name()),
        photo: optional(name()),
      }),
    ),
    photoRoot: optional(name()),
  }),
)

// Beside the row, where nothing prints it. Registered, so that the ESM and CJS copies share it.
const COLUMN_NAMES = /* @__PURE__ */ Symbol.for('smileid-edge.column-names')

/** Remembers with a row what the columns of its file are called, for reports. */
export function withNames(row: FileRow, names: Names): FileRow {
  return Object.defineProperty(row, COLUMN_NAMES, { value: names })
}

/** What the columns of a row's file are called. */
export function columnNamesOf(row: object): Names {
  return (row as { [COLUMN_NAMES]?: Names })[COLUMN_NAMES] ?? DEFAULT_NAMES
}

/**
 * The names to look for in a file, and where its photos lie.
 *
 * @throws {SmileIdInputError} `invalid_input`: the options are wrong.
 */
export function checkRowsOptions(
  path: unknown,
  options: unknown,
): { names: Names; photoRoot: string | undefined } {
  const { issues, value } = check(rowsOptions(), options ?? {}, 'options')
  throwIfAny([...pathIssues(path), ...issues])
  const { user_id, user_created_at, photo } = value.columns ?? {}
  return {
    names: {
      user_id: user_id ?? DEFAULT_NAMES.user_id,
      user_created_at: user_created_at ?? DEFAULT_NAMES.user_created_at,
      photo: photo ?? DEFAULT_NAMES.photo,
    },
    photoRoot: value.photoRoot,
  }
}

/** How data URIs and the base64 of JPEG and PNG begin. Base64 has no dot, names of files have one. */
const PICTURE = /^(data:|(\/9j\/|iVBOR)[^.]*$)/

/** The photo of a cell, which holds the picture itself or its path. */
export function photoOf(cell: string, root: string): BackfillInput['photo'] {
  return cell === '' || PICTURE.test(cell) ? cell : photoFile(cell, { root })
}

/** A row in place of a line that is wrong: it can be reported, but never sent. */
export function brokenRow({
  line,
  place = `line ${line}`,
  message,
  columns,
}: {
  line: number
  /** The path of the issue. @default the line */
  place?: string
  message: string
  columns: Record<string, string>
}): FileRow {
  const photo = () => {
    throw new SmileIdInputError([issue('photo', 'wrong_format', `is not read: ${place} ${message}`)])
  }
  // Not an empty text: two rows with one would have the same id.
  const nothing = undefined as unknown as string
  const error = new SmileIdInputError([issue(place, 'wrong_format', message)])
  return { user_id: nothing, user_created_at: nothing, photo, line, columns, error }
}

/** An iterable that reads its file from the start each time it is iterated. */
export function rereadable(read: () => AsyncGenerator<FileRow>): AsyncIterable<FileRow> {
  return { [Symbol.asyncIterator]: read }
}
