/** Rows as files give them, and rows in place of lines that are wrong. */
import type { BackfillInput } from '../backfill/input.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'
import type { PhotoSource } from '../photo/source.ts'
import { DEFAULT_NAMES, type Names } from './names.ts'
import { pictureOf } from './picture-cell.ts'

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

/** The photo of a name. */
export type OpenPhoto = (name: string) => PhotoSource

/** The photo of a cell, which holds the picture itself or its name. */
export function photoOf(cell: string, openPhoto: OpenPhoto): PhotoSource {
  return pictureOf(cell) ?? openPhoto(cell)
}

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
export function rereadable<T>(read: () => AsyncGenerator<T>): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: read }
}
