/** The lines of a CSV report: the cells of the input, and those that the report adds. */
import type { BulkState } from '../bulk/outcome.ts'
import type { SmileIdInputError } from '../errors/classes.ts'
import { columnName } from './csv-header.ts'
import { type CsvOrigin, originOf } from './csv-rows.ts'
import { cellText, dataCell, safeCell } from './csv.ts'
import { columnNamesOf, type FileRow } from './rows.ts'

/**
 * The members of a bulk outcome that a report needs; `{ row, state: 'invalid', error }` makes one out of what
 * `checkRows` found.
 */
export interface ReportedOutcome {
  row: Pick<FileRow, 'columns' | 'error'>
  state: BulkState
  code?: string | undefined
  text?: string | undefined
  error?: { readonly code: string; readonly hint?: string | undefined; readonly message: string } | undefined
}

/** The added columns, after those of the input. Their names are long, so that no input has them by chance. */
const ADDED = ['smileid_state', 'smileid_code', 'smileid_message']

export interface ReportLayout {
  /** The first line, its end included. */
  header: string
  /** The line of an outcome, its end included. */
  line(outcome: ReportedOutcome): string
}

/** The layout of a report whose first row is this one. */
export function reportLayout(firstRow: ReportedOutcome['row']): ReportLayout {
  const origin = originOf(firstRow)
  const names = origin ? [] : sourceNames(firstRow)
  const headerCells = origin ? headerCellsOf(origin) : names.map(dataCell)
  const byteOrderMark = origin?.header.before ?? ''
  const lineEnd = origin?.header.after ?? '\n'

  return {
    header: byteOrderMark + [...headerCells, ...ADDED].join(',') + lineEnd,
    line(outcome) {
      const { code, text } = explain(outcome)
      const added = [outcome.state, code, text].map(safeCell)
      return [...inputCells(outcome.row, names), ...added].join(',') + lineEnd
    },
  }
}

/** The names of the columns of a row that is not from a CSV file. */
function sourceNames(row: ReportedOutcome['row']): string[] {
  const names = new Set([...Object.values(columnNamesOf(row)), ...Object.keys(row.columns)])
  return [...names].filter((name) => !ADDED.includes(name))
}

/** The cells of the input, raw as there if it is a CSV file. */
function inputCells(row: ReportedOutcome['row'], names: string[]): string[] {
  const origin = originOf(row)
  if (origin) return recordCellsOf(origin)
  return names.map((name) => {
    const text = Object.hasOwn(row.columns, name) ? row.columns[name]! : ''
    return dataCell(text)
  })
}

function headerCellsOf({ header }: CsvOrigin): string[] {
  return header.raw.filter((cell) => !ADDED.includes(columnName(cell)))
}

/** The raw cells of a record without those that an earlier report added. */
function recordCellsOf({ header, record }: CsvOrigin): string[] {
  const names = header.raw.map(columnName)
  if (record.raw.length === names.length)
    return record.raw.filter((_, column) => !ADDED.includes(names[column]!))
  // In a line with too few or too many cells, the column of a cell is unknown. But if an earlier report has
  // added cells, they are the last ones.
  return hasReportedCells(record.raw, names) ? record.raw.slice(0, -ADDED.length) : record.raw
}

function hasReportedCells(raw: string[], names: string[]): boolean {
  if (!names.includes(ADDED[0]!) || raw.length <= ADDED.length) return false
  const [state, code] = raw.slice(-ADDED.length).map(cellText)
  return state === 'invalid' && code === 'wrong_format'
}

/** The code of an outcome, and what to do about it. */
function explain({ row, code, text, error }: ReportedOutcome): { code: string; text: string } {
  // If the line itself is wrong, everything else that is wrong with the row follows from that.
  if (row.error) return { code: row.error.issues[0]!.code, text: row.error.message }
  const issues = (error as Partial<SmileIdInputError> | undefined)?.issues
  const errorText = issues ? error?.message : error?.hint
  return {
    code: code ?? issues?.[0]?.code ?? error?.code ?? '',
    text: text ?? errorText ?? '',
  }
}
