/** Checks a whole file before the first call. */
import { checkRows, type CheckOptions, type RowProblem } from '../../../bulk.ts'
import { bindJournal } from '../../../bulk/digest.ts'
import type { SmileIdInputError } from '../../../errors.ts'
import type { FileJournal, FileRow } from '../../../node.ts'
import { createDateColumn } from './date-column.ts'

export interface Preflight {
  /** In the whole file. */
  rows: number
  /** Of these, the rows that the run is about. */
  chosen: number
  problems: number
  /** Rows that would be sent, and look damaged. */
  warnings: number
  /** Rows that the journal knows the end of. */
  done: number
  /** Rows that would be sent. */
  toSend: number
  /** By place in the file from 0: only a look at all rows finds them, the run would not. */
  duplicatePhotos: Map<number, SmileIdInputError>
  /** What the dates look like as a whole, and the flag for it. */
  hints: string[]
}

/** How many rows are what: a preflight without the rows themselves. */
export type PreflightCounts = Omit<Preflight, 'duplicatePhotos' | 'hints'>

export function countsOf({ rows, chosen, problems, warnings, done, toSend }: Preflight): PreflightCounts {
  return { rows, chosen, problems, warnings, done, toSend }
}

export interface PreflightOptions {
  rows: AsyncIterable<FileRow>
  /** One that is bound. */
  journal: FileJournal | undefined
  /** The run is about the first so many rows; all are checked. @default Infinity */
  limit?: number | undefined
  /** @default false */
  hideUserIds?: boolean | undefined
  /** Whether a rejected row counts as one that would be sent. @default false */
  retryRejected?: boolean | undefined
  /** How rows are checked. */
  checks: Omit<CheckOptions, 'photos' | 'signal'>
  signal: AbortSignal
  /** Called after each row, with the number of rows so far. */
  onRow(rows: number): void
  onProblem(problem: Omit<RowProblem<FileRow>, 'index'>): Promise<void>
}

/** A row that is done is no problem, even if its photo is gone by now. */
export async function runPreflight(options: PreflightOptions): Promise<Preflight> {
  const { rows, limit = Infinity, checks, signal, onRow, onProblem } = options
  const dates = createDateColumn()
  const isDone = await journalLookup(options)
  const result: Preflight = {
    rows: 0,
    chosen: 0,
    problems: 0,
    warnings: 0,
    done: 0,
    toSend: 0,
    duplicatePhotos: new Map(),
    hints: [],
  }

  async function* countRows(): AsyncGenerator<FileRow> {
    for await (const row of rows) {
      const isChosen = result.rows < limit
      result.rows++
      if (isChosen) {
        result.chosen++
        result[(await isDone(row)) ? 'done' : 'toSend']++
      }
      yield row
      onRow(result.rows)
    }
  }

  const problems = checkRows(countRows(), { ...checks, photos: true, signal })
  for await (const { row, index, severity, error } of problems) {
    // Asked again, since rows are read ahead of the one with the problem, and problems are few.
    const isRowDone = await isDone(row)
    if (severity === 'warning') {
      // What is enrolled cannot be saved any more.
      if (isRowDone) continue
      result.warnings++
      await onProblem({ row, severity, error })
      continue
    }
    const isOnlyPhoto = error.issues.every(({ path }) => path === 'photo')
    if (isRowDone && isOnlyPhoto) continue
    result.problems++
    if (error.issues.some(({ path }) => path === 'user_created_at')) dates.add(row.user_created_at)
    if (error.issues.some(({ path, code }) => path === 'photo' && code === 'duplicate')) {
      result.duplicatePhotos.set(index, error)
    }
    if (index < limit) result[isRowDone ? 'done' : 'toSend']--
    await onProblem({ row, severity, error: row.error ?? error })
  }
  result.hints = dates.hints()
  return result
}

/** Returns a function that says whether the journal knows the end of a row. */
async function journalLookup({
  journal,
  hideUserIds = false,
  retryRejected = false,
}: PreflightOptions): Promise<(row: FileRow) => Promise<boolean>> {
  if (!journal?.scope) return async () => false
  const digests = await bindJournal(journal, { ...journal.scope, hideUserIds })
  return async ({ user_id, error }) => {
    if (error || typeof user_id !== 'string') return false
    const entry = await journal.read(await digests.keyOf(user_id))
    if (entry?.state === 'rejected') return !retryRejected
    return entry?.state === 'enrolled' || entry?.state === 'exists'
  }
}
