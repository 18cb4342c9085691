/** A sheet as rows of users. */
import { fileError } from '../../rows/errors.ts'
import { type Header, readHeader } from '../../rows/header.ts'
import { MEMBERS } from '../../rows/names.ts'
import type { RowsSettings } from '../../rows/options.ts'
import { brokenRow, type FileRow, type OpenPhoto, withNames } from '../../rows/row.ts'
import { tableRow } from '../../rows/table.ts'
import { openPackage } from './parts.ts'
import { type SheetRow, sheetRows } from './sheet.ts'
import { readWorkbook } from './workbook.ts'

export async function* sheetTable(
  path: string,
  { names, openPhoto, sheet }: RowsSettings & { sheet: string | undefined },
): AsyncGenerator<FileRow> {
  const openParts = await openPackage(path)
  const workbook = readWorkbook(openParts, sheet)
  let header: Header | undefined
  for (const rows of sheetRows(workbook)) {
    for (const row of rows) {
      if (row.cells.every((cell) => cell === undefined || cell.text.trim() === '')) continue
      if (header) {
        const { columns, places } = header
        const found = { ...names }
        for (const member of MEMBERS) found[member] = columns[places[member]]!
        yield withNames(rowOf(row, header, openPhoto), found)
      } else {
        const columns = Array.from(row.cells, (cell) => cell?.text.trim() ?? '')
        header = readHeader(columns, { names, line: row.line })
      }
    }
  }
  if (!header) throw fileError('has nothing in its sheet', 'missing')
}

function rowOf({ line, cells }: SheetRow, { columns, places }: Header, openPhoto: OpenPhoto): FileRow {
  const texts = columns.map((_, column) => cells[column]?.text ?? '')
  const named = Object.fromEntries(columns.map((name, column) => [name, texts[column]!]))
  if (cells.length > columns.length) {
    const message = `has ${cells.length} cells, the header has ${columns.length}`
    return brokenRow({ line, message, columns: named })
  }
  for (const member of MEMBERS) {
    const doubt = cells[places[member]]?.doubt
    if (doubt !== undefined) {
      const message = `has a cell that is not certain: ${columns[places[member]]} ${doubt}`
      return brokenRow({ line, message, columns: named })
    }
  }
  return tableRow(texts, { line, named, places, openPhoto })
}
