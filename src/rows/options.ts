/** What can be said about a file with rows. */
import type { BackfillInput } from '../backfill/input.ts'
import type { InputIssue } from '../errors/codes.ts'
import { callable, must, wellFormed } from '../input/rules.ts'
import { check, objectOf, once, optional } from '../input/schema.ts'
import type { PhotoSource } from '../photo/source.ts'
import { DEFAULT_NAMES, type Names } from './names.ts'
import type { OpenPhoto } from './row.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { issue, throwIfAny } from '../errors/issues.ts'

export interface ColumnOptions {
  /**
   * Names in the file, whatever their case, spaces, `_`, `-` and `.`.
   *
   * @default user_id, user_created_at and photo
   */
  columns?: { [name in keyof BackfillInput]?: string | undefined } | undefined
  /** What stands between cells of a CSV: one character. @default found by looking, or as `sep=` says */
  delimiter?: string | undefined
}

export interface ReadRowsOptions extends ColumnOptions {
  /** Gives the photo that a cell names. @default such photos are refused when they are read */
  openPhoto?: ((name: string) => PhotoSource) | undefined
}

/** The name of a column or a folder. */
export const name = () => must<string>((text) => typeof text === 'string' && text !== '', 'must be text')

export const columnEntries = () => ({
  columns: optional(
    objectOf<NonNullable<ColumnOptions['columns']>>({
      user_id: optional(name()),
      user_created_at: optional(name()),
      photo: optional(name()),
    }),
  ),
  delimiter: optional(
    wellFormed<string>(
      (text) => typeof text === 'string' && /^[^"\r\n\ud800-\udfff]$/.test(text),
      'must be one character, such as ; or a tab',
    ),
  ),
})

const readRowsOptions = /* @__PURE__ */ once(() =>
  objectOf<ReadRowsOptions>({ ...columnEntries(), openPhoto: optional(callable<OpenPhoto>()) }),
)

export interface RowsSettings {
  names: Names
  delimiter: string | undefined
  openPhoto: OpenPhoto
}

/** @throws {SmileIdInputError} `invalid_input`: the options are wrong. */
export function checkReadOptions(options: unknown): RowsSettings {
  const { issues, value } = check(readRowsOptions(), options ?? {}, 'options')
  throwIfAny(issues as InputIssue[])
  const { columns, delimiter, openPhoto = notOpened } = value
  return { names: namesOf(columns), delimiter, openPhoto }
}

export function namesOf(columns: ColumnOptions['columns']): Names {
  return {
    user_id: columns?.user_id ?? DEFAULT_NAMES.user_id,
    user_created_at: columns?.user_created_at ?? DEFAULT_NAMES.user_created_at,
    photo: columns?.photo ?? DEFAULT_NAMES.photo,
  }
}

function notOpened(): PhotoSource {
  return () => {
    throw new SmileIdInputError([
      issue('photo', 'wrong_type', 'names a file: give openPhoto, which opens it'),
    ])
  }
}
