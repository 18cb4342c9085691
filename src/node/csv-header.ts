/** The header of a CSV file: its names of columns, and what is wrong with it. */
import { cellText, type CsvRecord } from './csv.ts'
import type { Names } from './rows.ts'
import { lineError } from './text-file.ts'

/**
 * The names of the columns, in the order of the header.
 *
 * @throws {SmileIdInputError} `invalid_input`: columns are missing or repeated, or lines end with CR alone.
 */
export function columnsOf({ line, raw }: CsvRecord, names: Names): string[] {
  const columns = raw.map(columnName)

  // With CR as line ends, all lines are in the first one. A CR in quotes is part of a name.
  const endsWithCr = columns.some((name, column) => name.includes('\r') && !isQuoted(raw[column]!))
  if (endsWithCr) throw lineError(line, 'ends with CR: save the file with LF or CR LF as line ends')

  const missing = Object.values(names).filter((name) => !columns.includes(name))
  if (missing.length > 0) {
    const message = `lacks ${missing.join(', ')}${explainMissing({ raw, columns, missing })}`
    throw lineError(line, message, 'missing')
  }

  // Spreadsheets may leave many columns without a name at the end.
  const repeated = columns.filter((name, column) => name !== '' && columns.indexOf(name) < column)
  if (repeated.length > 0) {
    const message = `names columns twice: ${listNames([...new Set(repeated)])}`
    throw lineError(line, message, 'duplicate')
  }
  return columns
}

/** The name in a cell of the header. */
export function columnName(raw: string): string {
  return (cellText(raw) ?? raw).trim()
}

function isQuoted(raw: string): boolean {
  return raw.startsWith('"') && cellText(raw) !== undefined
}

/** Helps to find out why columns are missing. */
function explainMissing({
  raw,
  columns,
  missing,
}: {
  raw: string[]
  columns: string[]
  missing: string[]
}): string {
  const hasOtherSeparator = raw.length === 1 && /[;\t]/.test(raw[0]!)
  if (hasOtherSeparator) return ': cells must be separated by commas'
  // Without any known name, the line may be no header: its cells may be somebody's data, not to be quoted.
  const isHeader = missing.length < 3 && columns.length <= 50 && !columns.join('').includes('\r')
  if (isHeader) return `; there are ${listNames(columns)}`
  return `; is it the header? It has ${columns.length} cells`
}

const MAX_NAMES = 20
const MAX_NAME_LENGTH = 40

/** Names of columns for a message: only some, and cut, since what seems to be a header may be data. */
export function listNames(names: string[]): string {
  const listed = names.slice(0, MAX_NAMES).map((name) => name.slice(0, MAX_NAME_LENGTH))
  const others = names.length - listed.length
  const list = listed.join(', ')
  return others > 0 ? `${list} and ${others} more` : list
}
