/** Rows from a sheet of Excel. */
import { throwIfAny } from '../errors/issues.ts'
import { check, objectOf, once, optional } from '../input/schema.ts'
import { columnEntries, name } from '../rows/options.ts'
import { type FileRow, rereadable } from '../rows/row.ts'
import { checkRowsOptions, type RowsOptions } from './rows.ts'

export interface XlsxRowsOptions extends Omit<RowsOptions, 'delimiter'> {
  /** The name of the sheet. @default the first one that is not hidden */
  sheet?: string | undefined
}

const xlsxOptions = /* @__PURE__ */ once(() =>
  objectOf<XlsxRowsOptions>({
    columns: columnEntries().columns,
    photoRoot: optional(name()),
    sheet: optional(name()),
  }),
)

/**
 * The rows of a sheet of an .xlsx file. Can be iterated again; the file is read as a whole, its rows one
 * after the other.
 *
 * Columns are named and photos found as by `csvRows`; `line` is the number that the sheet shows. Dates become
 * text such as `2021-08-12` or `2021-08-12 15:14:43`, without a zone, which sheets do not have. Numbers
 * become the text that the cell shows where that is certain: whole numbers, also with leading zeros by a
 * format such as `00000`. A row is given with `error`, and never sent, where one of its three cells is a
 * number in another format, one of more than 15 digits, of which Excel keeps no more, or a formula that the
 * program that wrote it (pandas, for one) has not calculated.
 *
 * @throws {SmileIdInputError} `invalid_input`, as it is iterated: the file cannot be read, is no .xlsx, is
 *   protected by a password, has no such sheet, lacks columns or has one twice; or the options are wrong.
 *
 * @example
 * ```ts
 * import { xlsxRows } from 'smileid-edge/node'
 *
 * export const rows = xlsxRows('users.xlsx', { sheet: 'Customers', photoRoot: 'photos' })
 * ```
 */
export function xlsxRows(path: string, options: XlsxRowsOptions = {}): AsyncIterable<FileRow> {
  return rereadable(async function* () {
    const { issues, value } = check(xlsxOptions(), options ?? {}, 'options')
    throwIfAny(issues)
    const { sheet, ...others } = value
    const settings = checkRowsOptions(path, others)
    // Loaded by those alone who have such files.
    const { sheetTable } = await import('./xlsx/table.ts')
    yield* sheetTable(path, { ...settings, sheet })
  })
}
