/** What became of rows, as a CSV file that can be mended and fed back in. */
import { open, rename } from 'node:fs/promises'
import type { BulkState } from '../internal/bulk-outcome.ts'
import type { SmileIdInputError } from '../internal/errors.ts'
import { inputError } from '../internal/input-error.ts'
import { memberIssues } from '../internal/options.ts'
import { cellText, dataCell, safeCell } from './csv.ts'
import { type CsvOrigin, originOf } from './csv-rows.ts'
import type { FileRow } from './rows.ts'

/** The members of a bulk outcome that a report needs; `{ row, state: 'invalid', error }` makes one out of what `checkRows` found. */
export interface ReportedOutcome {
  row: Pick<FileRow, 'columns' | 'error'>
  state: BulkState
  code?: string | undefined
  text?: string | undefined
  error?: { readonly code: string; readonly hint: string; readonly message: string } | undefined
}

export interface CsvReport {
  /** Resolves once the line is written. */
  add(outcome: ReportedOutcome): Promise<void>
  /** Puts the report in its place, unless a line could not be written. */
  close(): Promise<void>
}

export interface CsvReportOptions {
  /** Only rows in these states. @default all */
  states?: readonly BulkState[] | undefined
}

/** In this order, after the columns of the input. */
const ADDED = ['state', 'code', 'message']

/**
 * A CSV report: the columns of the input as they are there, byte for byte, and `state`, `code` and `message` (what to do) after them.
 *
 * Mended, it is an input of `csvRows` and goes on with the same journal. The added cells, and they alone, are kept from being formulas
 * in spreadsheets. Rows that are not from a CSV file get the columns of the first one.
 *
 * Lines are written to `<path>.partial`, which is renamed at `close()`: a run may read the very file that it will replace, and what
 * breaks off leaves whole lines there, and the report of the run before in its place.
 *
 * @example
 * ```ts
 * import { csvRows, openCsvReport } from 'smileid-edge/node'
 *
 * export async function rejectAll(file: string): Promise<void> {
 *   const report = await openCsvReport('errors.csv')
 *   for await (const row of csvRows(file)) await report.add({ row, state: 'rejected', code: '0903', text: 'Photo refused' })
 *   await report.close()
 * }
 * ```
 */
export async function openCsvReport(path: string, options: CsvReportOptions = {}): Promise<CsvReport> {
  const issues = memberIssues(options, { states: [Array.isArray, 'must be a list'] }, 'options')
  if (issues.length) throw inputError(issues)
  const states = options?.states
  const file = await open(`${path}.partial`, 'w', 0o600)
  let columns: Columns | undefined
  // One line after the other, whoever else adds one meanwhile.
  let last: Promise<unknown> = Promise.resolve()
  let whole = true
  let closed: Promise<void> | undefined
  const write = (text: string) => {
    const written = last.then(() => file.writeFile(text))
    last = written.catch(() => whole = false)
    return written
  }
  return {
    async add(outcome) {
      let text = ''
      if (!columns) {
        columns = columnsOf(outcome.row)
        text = columns.header
      }
      if (!states || states.includes(outcome.state)) text += columns.line(outcome)
      if (text) await write(text)
    },
    close: () => closed ??= last.then(async () => {
      try {
        await file.sync()
      } finally {
        await file.close()
      }
      if (whole) await rename(`${path}.partial`, path)
    }),
  }
}

interface Columns {
  header: string
  line(outcome: ReportedOutcome): string
}

function columnsOf(row: ReportedOutcome['row']): Columns {
  const origin = originOf(row)
  const names = origin ? [] : [...new Set(['user_id', 'user_created_at', 'photo', ...Object.keys(row.columns)])]
  const end = origin?.header.after ?? '\n'
  const header = origin ? own(origin, origin.header.raw) : names.map(dataCell)
  return {
    header: (origin?.header.before ?? '') + [...header, ...ADDED].join(',') + end,
    line({ row, state, code, text, error: given }) {
      // With the line itself wrong, all else that is wrong with the row follows from that.
      const error = row.error ?? given
      const from = originOf(row)
      const cells = from ? own(from, from.record.raw) : names.map((name) => dataCell(row.columns[name] ?? ''))
      return [...cells, ...[state, row.error?.issues[0]!.code ?? code ?? given?.code ?? '', error ? advice(error) : text ?? ''].map(safeCell)].join(',') + end
    },
  }
}

// A report that is read again has the added columns from before: they give way to the new ones.
const own = ({ header }: CsvOrigin, raw: string[]): string[] => (header.raw.slice(-ADDED.length).map(cellText).join() === ADDED.join() ? raw.slice(0, -ADDED.length) : raw)

const advice = (error: NonNullable<ReportedOutcome['error']>): string => ((error as SmileIdInputError).issues ? error.message : error.hint)
