/** The rows of a file, whichever kind it is of, or of a folder or zip of photos. */
import { stat } from 'node:fs/promises'
import type { InputIssue } from '../../../errors.ts'
import { SmileIdInputError } from '../../../errors/classes.ts'
import { isInputError, issue, throwIfAny } from '../../../errors/issues.ts'
import {
  checkPhotoRoot,
  csvRows,
  type FileRow,
  folderRows,
  ndjsonRows,
  type RowsOptions,
  xlsxRows,
} from '../../../node.ts'
import type { Flags, FlagValues } from '../../flags.ts'

export const INPUT_FLAGS = {
  photos: {
    kind: 'text',
    value: 'DIR',
    help:
      'the folder, or the .zip, that photos are named in, and that none may lie outside of ' +
      '(default: the folder of FILE)',
  },
  columns: {
    kind: 'text',
    value: 'MAP',
    help: 'what columns are called in FILE: user_id=id,user_created_at=joined,photo=picture',
  },
  delimiter: {
    kind: 'text',
    value: 'CHAR',
    help: 'what stands between the cells of a CSV: a character, or tab (default: found by looking)',
  },
  sheet: { kind: 'text', value: 'NAME', help: 'the sheet of an .xlsx (default: the first one)' },
  'created-at': {
    kind: 'text',
    value: 'DATE',
    help: 'with a folder or zip: when the accounts or photos were made, for all',
  },
} as const satisfies Flags

type InputValues = FlagValues<typeof INPUT_FLAGS>

/**
 * The result can be iterated again, each time from the start.
 *
 * @throws {SmileIdInputError} `invalid_input`: no file or folder of these kinds, or flags that do not fit it.
 */
export async function openInputRows(
  path: string,
  values: InputValues,
  { onSkipped }: { onSkipped?: ((name: string) => void) | undefined } = {},
): Promise<AsyncIterable<FileRow>> {
  const kind = await inputKind(path)
  if (kind === 'folder') {
    const createdAt = checkFolderFlags(values)
    return folderRows(path, { user_created_at: createdAt, onSkipped })
  }
  checkFileFlags(kind, values)
  await checkPhotos(values.photos)
  const options: RowsOptions = { columns: readColumns(values.columns), photoRoot: values.photos }
  if (kind === 'xlsx') return xlsxRows(path, { ...options, sheet: values.sheet })
  if (kind === 'json') return ndjsonRows(path, options)
  return csvRows(path, { ...options, delimiter: readDelimiter(values.delimiter) })
}

type InputKind = 'folder' | 'csv' | 'json' | 'xlsx'

async function inputKind(path: string): Promise<InputKind> {
  const facts = await stat(path).catch(({ code }: NodeJS.ErrnoException) => {
    throw new SmileIdInputError([issue('FILE', 'missing', `cannot be read (${code ?? 'unknown reason'})`)])
  })
  if (facts.isDirectory() || /\.zip$/i.test(path)) return 'folder'
  if (facts.isFile() && /\.(csv|tsv|txt)$/i.test(path)) return 'csv'
  if (facts.isFile() && /\.(ndjson|jsonl|json)$/i.test(path)) return 'json'
  if (facts.isFile() && /\.xls[xm]$/i.test(path)) return 'xlsx'
  throw new SmileIdInputError([issue('FILE', 'wrong_format', wrongKindMessage(path))])
}

function wrongKindMessage(path: string): string {
  const kinds = 'a .csv, .tsv, .xlsx, .ndjson, .jsonl or .json file, or a folder or .zip of photos'
  if (/\.(xls|xlsb|ods|numbers)$/i.test(path)) {
    return `must be ${kinds}: save the table as .xlsx, or as CSV (UTF-8)`
  }
  return `must be ${kinds}`
}

/** All rows would be wrong, each with a message of its own. */
async function checkPhotos(photos: string | undefined): Promise<void> {
  if (photos === undefined) return
  await checkPhotoRoot(photos).catch((error: unknown) => {
    if (!isInputError(error)) throw error
    throw new SmileIdInputError(error.issues.map((found) => ({ ...found, path: '--photos' })))
  })
}

const DELIMITER_NAMES: Readonly<Record<string, string>> = {
  tab: '\t',
  '\\t': '\t',
  comma: ',',
  semicolon: ';',
  pipe: '|',
}

function readDelimiter(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const delimiter = DELIMITER_NAMES[text.toLowerCase()] ?? text
  if (/^[^"\r\n\ud800-\udfff]$/.test(delimiter)) return delimiter
  throw new SmileIdInputError([
    issue('--delimiter', 'wrong_format', "must be one character, such as ';', or tab"),
  ])
}

/** Returns `--created-at`. A flag that would change nothing is a misunderstanding. */
function checkFolderFlags(values: InputValues): string {
  const stray = (['photos', 'columns', 'delimiter', 'sheet'] as const).filter(
    (name) => values[name] !== undefined,
  )
  if (stray.length > 0) {
    throw new SmileIdInputError(
      stray.map((name) =>
        issue(`--${name}`, 'not_allowed', 'is for files: a folder or zip has its photos in it'),
      ),
    )
  }
  const createdAt = values['created-at']
  if (createdAt === undefined) {
    throw new SmileIdInputError([
      issue('--created-at', 'missing', 'is missing: a folder or zip does not say when its users were made'),
    ])
  }
  return createdAt
}

function checkFileFlags(kind: InputKind, values: InputValues): void {
  const issues: InputIssue[] = []
  if (values['created-at'] !== undefined) {
    issues.push(issue('--created-at', 'not_allowed', 'is for folders and zips: a file has a column for it'))
  }
  if (values.delimiter !== undefined && kind !== 'csv') {
    issues.push(issue('--delimiter', 'not_allowed', 'is for CSV files'))
  }
  if (values.sheet !== undefined && kind !== 'xlsx') {
    issues.push(issue('--sheet', 'not_allowed', 'is for .xlsx files'))
  }
  throwIfAny(issues)
}

const COLUMN_NAMES: readonly string[] = ['user_id', 'user_created_at', 'photo']

/** Reads `user_id=id,photo=picture`. */
function readColumns(map: string | undefined): RowsOptions['columns'] {
  if (map === undefined) return undefined
  const pairs = map.split(',').map((pair) => pair.split('=').map((part) => part.trim()))
  const isEachAPair = pairs.every(
    ([name = '', column, ...rest]) => COLUMN_NAMES.includes(name) && column && rest.length === 0,
  )
  const isEachOnce = new Set(pairs.map(([name]) => name)).size === pairs.length
  if (!isEachAPair || !isEachOnce) {
    throw new SmileIdInputError([
      issue(
        '--columns',
        'wrong_format',
        `must be such as user_id=id,photo=file; the names on the left are ${COLUMN_NAMES.join(', ')}`,
      ),
    ])
  }
  return Object.fromEntries(pairs)
}

export interface ChosenRowsOptions {
  /** How many rows to take from the start. */
  count: number
  /** By place from 0: rows with a photo of an earlier one, which are not to be sent. */
  duplicatePhotos: ReadonlyMap<number, SmileIdInputError>
}

/** Yields the rows that the run is about, with what the check found out about their photos. */
export async function* chosenRows(
  rows: AsyncIterable<FileRow>,
  { count, duplicatePhotos }: ChosenRowsOptions,
): AsyncGenerator<FileRow> {
  if (count < 1) return
  let index = 0
  for await (const row of rows) {
    const error = duplicatePhotos.get(index)
    // The row itself, which nobody else has: a copy would lose the cells that it was made from.
    yield error ? Object.assign(row, { error, photo: () => Promise.reject(error) }) : row
    index++
    if (index >= count) return
  }
}
