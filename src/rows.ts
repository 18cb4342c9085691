/**
 * Rows of users out of files as people have them: CSV and JSON, on Web APIs alone.
 *
 * @module
 */
export { readJsonRows } from './rows/json.ts'
export type { ColumnOptions, ReadRowsOptions } from './rows/options.ts'
export type { FileRow } from './rows/row.ts'
export type { RowSource } from './rows/source.ts'
export { readCsvRows } from './rows/table.ts'
