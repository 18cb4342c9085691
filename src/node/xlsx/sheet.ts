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

/** The rows of a sheet in batches. */
export function* sheetRows({ sheet, texts, formats, isFrom1904 }: Workbook): Generator<SheetRow[]> {
  let rows: SheetRow[] = []
  let row: SheetRow = { line: 0, cells: [] }
  let column = NO_COLUMN
  let cell: Record<string, string> = {}
  let text = ''
  let isValue = false
  let isSpoken = false

  function endCell(): void {
    const value = cellText()
    if (value !== undefined && column < MOST_COLUMNS) row.cells[column] = value
  }

  function cellText(): NumberText | undefined {
    if (text === '') return undefined
    const { t: type = 'n', s: style = '0' } = cell
    if (type === 's') return { text: texts[Number(text)] ?? '' }
    if (type === 'b') return { text: text === '1' ? 'TRUE' : 'FALSE' }
    if (type === 'd') return { text: text.replace(/T00:00:00(\.0+)?$/, '') }
    if (type !== 'n') return { text: plainText(text) }
    return numberText(text, formats[Number(style)] ?? 'General', isFrom1904)
  }

  const steps = readXml(sheet, {
    open(name, attributes) {
      if (name === 'row') {
        row = { line: Number(attributes.r) || row.line + 1, cells: [] }
        column = NO_COLUMN
      } else if (name === 'c') {
        cell = attributes
        text = ''
        column = columnOf(attributes.r) ?? column + 1
      } else if (name === 'rPh') {
        isSpoken = true
      } else {
        isValue = (name === 'v' || name === 't') && !isSpoken
      }
    },
    text(piece) {
      if (isValue) text += piece
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

/** The place of column `AB` in `AB12`, from 0. */
function columnOf(reference: string | undefined): number | undefined {
  const [letters] = /^[A-Z]{1,3}/i.exec(reference ?? '') ?? []
  if (!letters) return undefined
  let place = 0
  for (const letter of letters.toUpperCase()) place = place * 26 + letter.charCodeAt(0) - 64
  return place - 1
}
