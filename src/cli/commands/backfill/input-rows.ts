/** The rows of a CSV or NDJSON file or of a folder of photos. */
import { stat } from 'node:fs/promises'
import type { SmileIdInputError } from '../../../errors.ts'
import { inputError, issue } from '../../../errors/issues.ts'
import { csvRows, type FileRow, folderRows, ndjsonRows, type RowsOptions } from '../../../node.ts'
import type { Flags, Given } from '../../args.ts'

export const SOURCE_FLAGS = {
  photos: {
    kind: 'text',
    value: 'DIR',
    help: 'the folder that photos are named in, and that none may lie outside of (default: the folder of FILE)',
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

const NAMES = ['user_id', 'user_created_at', 'photo'] as const

/** Can be iterated again, each time from the start. */
export async function openSource(
  path: string,
  given: Given<typeof SOURCE_FLAGS>,
): Promise<AsyncIterable<FileRow>> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw inputError([issue('FILE', 'missing', `cannot be read (${error.code ?? 'unknown reason'})`)])
  })
  const kind = facts.isDirectory()
    ? 'folder'
    : /\.csv$/i.test(path)
      ? 'csv'
      : /\.(ndjson|jsonl)$/i.test(path)
        ? 'ndjson'
        : undefined
  const { photos, columns, 'created-at': created } = given
  if (!kind || (!facts.isFile() && kind !== 'folder'))
    throw inputError([
      issue('FILE', 'wrong_format', 'must be a .csv, .ndjson or .jsonl file, or a folder of photos'),
    ])
  // Each kind has flags of its own: one that would change nothing is a misunderstanding.
  const stray = Object.entries(
    kind === 'folder' ? { '--photos': photos, '--columns': columns } : { '--created-at': created },
  ).filter(([, value]) => value !== undefined)
  if (stray.length)
    throw inputError(
      stray.map(([name]) =>
        issue(
          name,
          'not_allowed',
          kind === 'folder'
            ? 'is for files: a folder has its photos in it'
            : 'is for folders: a file has a column for it',
        ),
      ),
    )
  if (kind === 'folder') {
    if (created === undefined)
      throw inputError([
        issue('--created-at', 'missing', 'is missing: a folder does not say when its users were made'),
      ])
    return folderRows(path, { user_created_at: created })
  }
  const options: RowsOptions = { columns: columnsOf(columns), photoRoot: photos }
  return kind === 'csv' ? csvRows(path, options) : ndjsonRows(path, options)
}

function columnsOf(map: string | undefined): RowsOptions['columns'] {
  if (map === undefined) return undefined
  const pairs = map.split(',').map((pair) => pair.split('=').map((part) => part.trim()))
  const right =
    pairs.every(([name, column, ...rest]) => NAMES.includes(name as 'photo') && column && !rest.length) &&
    new Set(pairs.map(([name]) => name)).size === pairs.length
  if (!right)
    throw inputError([
      issue(
        '--columns',
        'wrong_format',
        `must be such as user_id=id,photo=file; the names on the left are ${NAMES.join(', ')}`,
      ),
    ])
  return Object.fromEntries(pairs)
}

/** The first so many, as they were found: a row with a photo that another one has is not sent. */
export async function* chosenRows(
  rows: AsyncIterable<FileRow>,
  chosen: number,
  twins: ReadonlyMap<number, SmileIdInputError>,
): AsyncGenerator<FileRow> {
  let index = 0
  if (chosen < 1) return
  for await (const row of rows) {
    const error = twins.get(index)
    yield error ? { ...row, error, photo: () => Promise.reject(error) } : row
    if (++index >= chosen) return
  }
}
