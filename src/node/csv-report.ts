/** What became of rows, as a CSV file that can be mended and fed back in. */
import { open, rename, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { BulkState } from '../bulk/outcome.ts'
import type { SmileIdInputError } from '../errors/classes.ts'
import { throwIfAny } from '../errors/issues.ts'
import { memberIssues } from '../input/rules.ts'
import { cellText, dataCell, safeCell } from './csv.ts'
import { type CsvOrigin, originOf } from './csv-rows.ts'
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

/** In this order, after the columns of the input; long enough to be nobody's own. */
const ADDED = ['smileid_state', 'smileid_code', 'smileid_message']

/**
 * A CSV report: the columns of the input as they are there, byte for byte, and `smileid_state`,
 * `smileid_code` and `smileid_message` (what to do) after them; of a report that is read again, these give
 * way to the new ones.
 *
 * Mended, it is an input of `csvRows` and goes on with the same journal. The added cells, and they alone, are
 * kept from being formulas in spreadsheets. Rows that are not from a CSV file get the columns of the first
 * one, under the names of their source: what later rows have beside them is left out.
 *
 * Lines are written to `<path>.partial`, which is renamed at `close()`: a run may read the very file that it
 * will replace, and what breaks off leaves whole lines there, and the report of the run before in its place.
 * Rejects with the system's error, before any row is sent, where no file can be put, or where something other
 * than a file is.
 *
 * @example
 * ```ts
 * import { csvRows, openCsvReport } from 'smileid-edge/node'
 *
 * export async function rejectAll(file: string): Promise<void> {
 *   const report = await openCsvReport('errors.csv')
 *   for await (const row of csvRows(file))
 *     await report.add({ row, state: 'rejected', code: '0903', text: 'Photo refused' })
 *   await report.close()
 * }
 * ```
 */
export async function openCsvReport(path: string, options: CsvReportOptions = {}): Promise<CsvReport> {
  throwIfAny(memberIssues(options, { states: [Array.isArray, 'must be a list'] }, 'options.'))
  const states = options?.states
  await checkPlace(path)
  const file = await open(`${path}.partial`, 'w', 0o600)
  let columns: Columns | undefined
  // One line after the other, whoever else adds one meanwhile.
  let last: Promise<unknown> = Promise.resolve()
  let whole = true
  let closed: Promise<void> | undefined
  const write = (text: string) => {
    const written = last.then(() => file.writeFile(text))
    last = written.catch(() => (whole = false))
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
    close: () =>
      (closed ??= last.then(async () => {
        try {
          await file.sync()
        } finally {
          await file.close()
        }
        if (whole) await rename(`${path}.partial`, path)
      })),
  }
}

/** At the end, when all calls are made, would be late to find it out. */
async function checkPlace(path: string): Promise<void> {
  const facts = await stat(resolve(path)).catch(() => undefined)
  if (facts && !facts.isFile())
    throw Object.assign(new Error('the place of the report is taken by something that is no file'), {
      code: facts.isDirectory() ? 'EISDIR' : 'EEXIST',
    })
}

interface Columns {
  header: string
  line(outcome: ReportedOutcome): string
}

function columnsOf(row: ReportedOutcome['row']): Columns {
  const origin = originOf(row)
  const names = origin
    ? []
    : [...new Set([...Object.values(columnNamesOf(row)), ...Object.keys(row.columns)])].filter(
        (name) => !ADDED.includes(name),
      )
  const end = origin?.header.after ?? '\n'
  const header = origin ? own({ ...origin, record: origin.header }) : names.map(dataCell)
  return {
    header: (origin?.header.before ?? '') + [...header, ...ADDED].join(',') + end,
    line({ row, state, code, text, error }) {
      const from = originOf(row)
      const cells = from
        ? own(from)
        : names.map((name) => dataCell(Object.hasOwn(row.columns, name) ? row.columns[name]! : ''))
      return [...cells, ...[state, ...told(row.error, { code, text, error })].map(safeCell)].join(',') + end
    },
  }
}

/** Code and message. */
function told(
  wrong: SmileIdInputError | undefined,
  { code, text, error }: Pick<ReportedOutcome, 'code' | 'text' | 'error'>,
): [string, string] {
  // With the line itself wrong, all else that is wrong with the row follows from that.
  if (wrong) return [wrong.issues[0]!.code, wrong.message]
  const issues = (error as Partial<SmileIdInputError> | undefined)?.issues
  return [
    code ?? issues?.[0]?.code ?? error?.code ?? '',
    text ?? (issues ? error!.message : error?.hint) ?? '',
  ]
}

/** The cells of the input's own. */
function own({ header, record: { raw } }: CsvOrigin): string[] {
  const names = header.raw.map(nameOf)
  if (raw.length === names.length) return raw.filter((_, column) => !ADDED.includes(names[column]!))
  // In such a line no cell is known by its place; but one that an earlier report had ends as that left it.
  const [state, code] = raw.slice(-ADDED.length).map(cellText)
  const reported =
    names.includes(ADDED[0]!) && raw.length > ADDED.length && state === 'invalid' && code === 'wrong_format'
  return reported ? raw.slice(0, -ADDED.length) : raw
}

const nameOf = (cell: string): string => (cellText(cell) ?? cell).trim()
