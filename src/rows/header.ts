/** The header of a table: its names of columns, and what is wrong with it. */
import { cellText } from './csv.ts'
import { betterDelimiter } from './dialect.ts'
import { lineError } from './errors.ts'
import { findColumn, matchesAny, MEMBERS, type Names, proposals } from './names.ts'

/** Where the members of a row stand, by place from 0. */
type Places = Record<keyof Names, number>

export interface Header {
  columns: string[]
  places: Places
}

/**
 * The columns of a header, and where the members of a row stand among them. Names may differ in case, spaces,
 * `_`, `-` and `.`.
 *
 * @throws {SmileIdInputError} `invalid_input`: columns are missing or repeated.
 */
export function readHeader(
  columns: string[],
  { names, line, cut }: { names: Names; line: number; cut?: HeaderCut },
): Header {
  const searches = MEMBERS.map((member) => ({ member, ...findColumn(columns, names[member]) }))

  const doubtful = searches.find(({ alike }) => alike)
  if (doubtful) {
    const { member, alike } = doubtful
    const message = `has ${listNames(alike!)}: which one is ${names[member]}? Keep one of them`
    throw lineError(line, message, 'duplicate')
  }
  const missing = searches.filter(({ found }) => found === undefined).map(({ member }) => member)
  if (missing.length > 0) {
    const lacking = missing.map((member) => names[member]).join(', ')
    const cause = (cut && wrongCut(cut, names)) ?? explainMissing(columns, { names, missing })
    throw lineError(line, `lacks ${lacking}${cause}`, 'missing')
  }
  // Spreadsheets may leave many columns without a name at the end.
  const repeated = columns.filter((name, column) => name !== '' && columns.indexOf(name) < column)
  if (repeated.length > 0) {
    const message = `names columns twice: ${listNames([...new Set(repeated)])}`
    throw lineError(line, message, 'duplicate')
  }
  const places = Object.fromEntries(searches.map(({ member, found }) => [member, found])) as Places
  return { columns, places }
}

/** The name in a cell of the header of a CSV file. */
export function columnName(raw: string): string {
  return (cellText(raw) ?? raw).trim()
}

/** How a line of text was made into cells. */
export interface HeaderCut {
  /** With quotes, as in the file. */
  raw: readonly string[]
  delimiter: string
}

/** Others can be typed as they are. */
const DELIMITER_FLAGS: Readonly<Record<string, string>> = {
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'pipe',
  '~': "'~'",
}

/** Where the names would be there if the line were cut in another way. */

function wrongCut({ raw, delimiter }: HeaderCut, names: Names): string | undefined {
  const better = betterDelimiter(raw.join(delimiter), { delimiter, names: Object.values(names) })
  if (better !== undefined) {
    return `; another character stands between its cells: --delimiter ${DELIMITER_FLAGS[better] ?? better}`
  }
  const isMisquoted = raw.some((cell) => cellText(cell) === undefined)
  return isMisquoted ? '; it has quotes in wrong places: no blank may stand around them' : undefined
}

const MOST_COLUMNS = 50

/** Helps to find out why columns are missing. */
function explainMissing(
  columns: string[],
  { names, missing }: { names: Names; missing: (keyof Names)[] },
): string {
  const filled = columns.filter((column) => column !== '')
  const isTitle = filled.length === 1 && !matchesAny(filled[0]!, Object.values(names))
  if (isTitle) return '; is it the header? It has one cell: take out what stands above the header'
  if (!isHeader(columns, names)) return `; is it the header? It has ${columns.length} cells`
  return `; there are ${listNames(columns)}${proposal(columns, { names, missing })}`
}

/**
 * A line without any known name may be no header: its cells may be somebody's data, not to be quoted. But
 * data have a date, and so digits.
 */
function isHeader(columns: string[], names: Names): boolean {
  if (columns.length > MOST_COLUMNS || columns.join('').includes('\r')) return false
  const hasKnown = columns.some((column) => matchesAny(column, Object.values(names)))
  return hasKnown || columns.every((column) => !/[\d@./\\]/.test(column))
}

/** The columns that may be meant, as they are to be named. */
function proposal(columns: string[], { names, missing }: { names: Names; missing: (keyof Names)[] }): string {
  const proposed = proposals(columns, missing)
  // Other names cannot be written in the flag.
  const areWritable = proposed.every(({ column = '' }) => !/[,="'`$\\!]/.test(column))
  if (!areWritable || !proposed.some(({ column }) => column !== undefined)) {
    const map = missing.map((member) => `${member}=NAME`).join(',')
    return `. Rename columns, or say which ones are meant: --columns ${map}`
  }
  const kept = MEMBERS.filter((member) => !missing.includes(member) && names[member] !== member)
  const pairs = [
    ...kept.map((member) => `${member}=${names[member]}`),
    ...proposed.map(({ member, column = 'NAME' }) => `${member}=${column}`),
  ]
  const map = pairs.join(',')
  return `. If these are meant, rename them or add --columns ${/[^\w=,.-]/.test(map) ? `"${map}"` : map}`
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
