/** The cells of a sheet, row by row. */
import { numberText, type NumberText } from './formats.ts'
import { readXml } from './parts.ts'
import { plainText, type Workbook } from './workbook.ts'

export interface SheetRow {
  /** The number that the sheet shows. */
  line: number
  /** By column; where nothing stands, there may be no cell. */
  cells: (NumberText | undefined)[]
}

const NO_COLUMN = -1
/** XFD */
const MOST_COLUMNS = 16_384

const NOT_CALCULATED =
  'is a formula that was not calculated yet: open the file in a spreadsheet, and save it again'

/** The rows of a sheet in batches. */
export function* sheetRows(workbook: Workbook): Generator<SheetRow[]> {
  let rows: SheetRow[] = []
  let row: SheetRow = { line: 0, cells: [] }
  let column = NO_COLUMN
  let cell: Cell = { attributes: {}, text: '', isFormula: false }
  let isValue = false
  let isSpoken = false

  function endCell(): void {
    const value = cellText(cell, workbook)
    if (value !== undefined && column < MOST_COLUMNS) row.cells[column] = value
  }

  const steps = readXml(workbook.sheet, {
    open(name, attributes) {
      if (name === 'row') {
        row = { line: Number(attributes.r) || row.line + 1, cells: [] }
        column = NO_COLUMN
      } else if (name === 'c') {
        cell = { attributes, text: '', isFormula: false }
        column = columnOf(attributes.r) ?? column + 1
      } else if (name === 'f') {
        cell.isFormula = true
      } else if (name === 'rPh') {
        isSpoken = true
      } else {
        isValue = (name === 'v' || name === 't') && !isSpoken
      }
    },
    text(piece) {
      if (isValue) cell.text += piece
    },
    close(name) {
      isValue = false
      if (name === 'rPh') isSpoken = false
      if (name === 'c') endCell()
      if (name === 'row') rows.push(row)
    },
  })
  for (const _ of steps) {
    yield rows
    rows = []
  }
}

/** A cell as the file has it. */
interface Cell {
  attributes: Record<string, string>
  text: string
  isFormula: boolean
}

function cellText(
  { attributes, text, isFormula }: Cell,
  { texts, formats, isFrom1904, isUncalculated }: Workbook,
): NumberText | undefined {
  const { t: type = 'n', s: style = '0' } = attributes
  // A text may be empty.
  const hasNoNumber = text === '' && type === 'n'
  if (isFormula && (isUncalculated || hasNoNumber)) return { text, doubt: NOT_CALCULATED }
  if (text === '') return undefined
  if (type === 's') return { text: texts[Number(text)] ?? '' }
  if (type === 'b') return { text: text === '1' ? 'TRUE' : 'FALSE' }
  if (type === 'd') return { text: text.replace(/T00:00:00(\.0+)?$/, '') }
  if (type !== 'n') return { text: plainText(text) }
  return numberText(text, formats[Number(style)] ?? 'General', isFrom1904)
}

/** The place of column `AB` in `AB12`, from 0. */
function columnOf(reference: string | undefined): number | undefined {
  const [letters] = /^[A-Z]{1,3}/i.exec(reference ?? '') ?? []
  if (!letters) return undefined
  let place = 0
  for (const letter of letters.toUpperCase()) place = place * 26 + letter.charCodeAt(0) - 64
  return place - 1
}
