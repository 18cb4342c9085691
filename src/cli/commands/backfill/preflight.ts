/** The look at a whole file before the first call. */
import { checkRows } from '../../../bulk.ts'
import type { Client } from '../../../client.ts'
import type { SmileIdInputError } from '../../../errors.ts'
import { bindJournal } from '../../../bulk/digest.ts'
import { internalsOf } from '../../../client/internals.ts'
import type { FileJournal, FileRow } from '../../../node.ts'

export interface Preflight {
  /** In the whole file. */
  rows: number
  /** Of these, the rows that the run is about. */
  chosen: number
  problems: number
  /** Rows that the journal knows the end of. */
  done: number
  /** Rows that would be sent. */
  toSend: number
  /** By place in the file, what only a look at all rows finds, and the run would not. */
  twins: Map<number, SmileIdInputError>
}

interface Problem {
  row: FileRow
  error: SmileIdInputError
}

export interface PreflightOptions {
  /** The run is about the first so many rows; all are checked. */
  limit?: number | undefined
  hideUserIds?: boolean | undefined
  /** A rejected row counts as one that would be sent. */
  retryRejected?: boolean | undefined
  duplicatePhotos?: boolean | undefined
  signal: AbortSignal
  /** After so many rows. */
  onRow(rows: number): void
  onProblem(problem: Problem): Promise<void>
}

/** Rows that are done keep their peace, though their photo is gone by now. */
export async function preflight(
  client: Client,
  rows: AsyncIterable<FileRow>,
  journal: FileJournal | undefined,
  {
    limit = Infinity,
    hideUserIds = false,
    retryRejected,
    duplicatePhotos,
    signal,
    onRow,
    onProblem,
  }: PreflightOptions,
): Promise<Preflight> {
  const found: Preflight = { rows: 0, chosen: 0, problems: 0, done: 0, toSend: 0, twins: new Map() }
  const digests = journal && (await bindJournal(internalsOf(client), journal, hideUserIds))
  const isDone = async ({ user_id, error }: FileRow) => {
    if (!digests || error || typeof user_id !== 'string') return false
    const state = (await journal.read(await digests.keyOf(user_id)))?.state
    return state === 'enrolled' || state === 'exists' || (state === 'rejected' && !retryRejected)
  }
  /** Of the row that is looked at: rows come one after the other. */
  let current = { done: false, counts: false }
  async function* counted(): AsyncGenerator<FileRow> {
    for await (const row of rows) {
      current = { done: await isDone(row), counts: found.rows++ < limit }
      if (current.counts) {
        found.chosen++
        found[current.done ? 'done' : 'toSend']++
      }
      yield row
      onRow(found.rows)
    }
  }
  for await (const { row, index, error } of checkRows(counted(), { photos: true, duplicatePhotos, signal })) {
    if (current.done && error.issues.every(({ path }) => path === 'photo')) continue
    found.problems++
    if (error.issues.some(({ path, code }) => path === 'photo' && code === 'duplicate'))
      found.twins.set(index, error)
    if (current.counts) found[current.done ? 'done' : 'toSend']--
    await onProblem({ row, error: row.error ?? error })
  }
  return found
}
