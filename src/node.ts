/**
 * What needs a file system or a server: Node, Bun and Deno.
 *
 * @module
 */
export type { ReportedOutcome } from './node/csv-report-lines.ts'
export { openCsvReport, type CsvReport, type CsvReportOptions } from './node/csv-report.ts'
export { csvRows } from './node/csv-rows.ts'
export {
  createEmulatorServer,
  type EmulatorServer,
  type EmulatorServerOptions,
  type FetchHandler,
} from './node/emulator-server.ts'
export { nodeFetch } from './node/node-fetch.ts'
export { openFileJournal, type FileJournal } from './node/file-journal.ts'
export { folderRows, type FolderRowsOptions } from './node/folder-rows.ts'
export { ndjsonRows } from './node/ndjson-rows.ts'
export { toNodeHandler, type NodeHandlerOptions } from './node/node-handler.ts'
export { photoFile, type PhotoFileOptions } from './node/photo-file.ts'
export { checkPhotoRoot } from './node/photo-root.ts'
export type { RowsOptions } from './node/rows.ts'
export { xlsxRows, type XlsxRowsOptions } from './node/xlsx-rows.ts'
export type { FileRow } from './rows/row.ts'
