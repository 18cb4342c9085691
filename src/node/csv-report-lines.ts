/** The lines of a CSV report: what the report says, and the cells of the input. */
import type { BulkState } from '../bulk/outcome.ts'
import type { SmileIdInputError } from '../errors/classes.ts'
import { dataCell, safeCell } from '../rows/csv-cells.ts'
import { columnName } from '../rows/header.ts'
import { columnNamesOf, type FileRow } from '../rows/row.ts'
import { type CsvOrigin, originOf } from '../rows/table.ts'

/**
 * The members of a bulk outcome that a report needs; `{ row, state: 'invalid', error }` makes one out of what
 * `checkRows` found.
 */
export interface ReportedOutcome {
  row: Pick<FileRow, 'columns' | 'error'> & { line?: number | undefined }
  state: BulkState
  code?: string | undefined
  text?: string | undefined
  error?: { readonly code: string; readonly hint?: string | undefined; readonly message: string } | undefined
}

/**
 * The added columns. They come first, so that the cells of a line with too few or too many stay under the
 * names that they had. Their names are long, so that no input has them by chance.
 */
const ADDED = ['smileid_line', 'smileid_state', 'smileid_code', 'smileid_message']

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
  const byteOrderMark = origin?.header.before.startsWith('\ufeff') ? '\ufeff' : ''
  const delimiter = origin?.header.delimiter ?? ','
  // Without what Python on Windows adds: other readers would see an empty line after each.
  const lineEnd = origin?.header.after.replace(/^\r+\n$/, '\r\n') ?? '\n'

  return {
    header: byteOrderMark + [...ADDED, ...headerCells].join(delimiter) + lineEnd,
    line(outcome) {
      const { row, state } = outcome
      const { code, text } = explain(outcome)
      const added = [`${row.line ?? ''}`, ...[state, code, text].map(safeCell)]
      return [...added, ...inputCells(row, names)].join(delimiter) + lineEnd
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
  if (record.raw.length === names.length) {
    return record.raw.filter((_, column) => !ADDED.includes(names[column]!))
  }
  // In a line with too few or too many cells, the column of a cell is unknown, but for the first ones, which
  // an earlier report wrote.
  const firstOwn = names.findIndex((name) => !ADDED.includes(name))
  return record.raw.slice(firstOwn)
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
