/** The rows of a CSV or NDJSON file, or of a folder of photos. */
import { stat } from 'node:fs/promises'
import { SmileIdInputError } from '../../../errors/classes.ts'
import { issue } from '../../../errors/issues.ts'
import { csvRows, type FileRow, folderRows, ndjsonRows, type RowsOptions } from '../../../node.ts'
import type { Flags, FlagValues } from '../../flags.ts'

export const INPUT_FLAGS = {
  photos: {
    kind: 'text',
    value: 'DIR',
    help:
      'the folder that photos are named in, and that none may lie outside of ' +
      '(default: the folder of FILE)',
  },
  columns: {
    kind: 'text',
    value: 'MAP',
    help: 'what columns are called in FILE: user_id=id,user_created_at=joined,photo=picture',
  },
  'created-at': {
    kind: 'text',
    value: 'DATE',
    help: 'with a folder: when the accounts or photos were made, for all',
  },
} as const satisfies Flags

type InputValues = FlagValues<typeof INPUT_FLAGS>

/**
 * The result can be iterated again, each time from the start.
 *
 * @throws {SmileIdInputError} `invalid_input`: no file or folder of these kinds, or flags that do not fit it.
 */
export async function openInputRows(path: string, values: InputValues): Promise<AsyncIterable<FileRow>> {
  const kind = await inputKind(path)
  if (kind === 'folder') {
    const createdAt = checkFolderFlags(values)
    return folderRows(path, { user_created_at: createdAt })
  }
  checkFileFlags(values)
  const options: RowsOptions = { columns: readColumns(values.columns), photoRoot: values.photos }
  return kind === 'csv' ? csvRows(path, options) : ndjsonRows(path, options)
}

async function inputKind(path: string): Promise<'folder' | 'csv' | 'ndjson'> {
  const facts = await stat(path).catch(({ code }: NodeJS.ErrnoException) => {
    throw new SmileIdInputError([issue('FILE', 'missing', `cannot be read (${code ?? 'unknown reason'})`)])
  })
  if (facts.isDirectory()) return 'folder'
  if (facts.isFile() && /\.csv$/i.test(path)) return 'csv'
  if (facts.isFile() && /\.(ndjson|jsonl)$/i.test(path)) return 'ndjson'
  throw new SmileIdInputError([
    issue('FILE', 'wrong_format', 'must be a .csv, .ndjson or .jsonl file, or a folder of photos'),
  ])
}

/** Returns `--created-at`. A flag that would change nothing is a misunderstanding. */
function checkFolderFlags(values: InputValues): string {
  const stray = (['photos', 'columns'] as const).filter((name) => values[name] !== undefined)
  if (stray.length > 0) {
    throw new SmileIdInputError(
      stray.map((name) => issue(`--${name}`, 'not_allowed', 'is for files: a folder has its photos in it')),
    )
  }
  const createdAt = values['created-at']
  if (createdAt === undefined) {
    throw new SmileIdInputError([
      issue('--created-at', 'missing', 'is missing: a folder does not say when its users were made'),
    ])
  }
  return createdAt
}

function checkFileFlags(values: InputValues): void {
  if (values['created-at'] === undefined) return
  throw new SmileIdInputError([
    issue('--created-at', 'not_allowed', 'is for folders: a file has a column for it'),
  ])
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
    yield error ? { ...row, error, photo: () => Promise.reject(error) } : row
    index++
    if (index >= count) return
  }
}
