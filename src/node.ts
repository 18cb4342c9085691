/**
 * What needs a file system or a server: Node, Bun and Deno.
 *
 * @module
 */
export { type CsvReport, type CsvReportOptions, openCsvReport } from './node/csv-report.ts'
export type { ReportedOutcome } from './node/csv-report-lines.ts'
export { csvRows } from './node/csv-rows.ts'
export { createEmulatorServer, type EmulatorServer, type FetchHandler } from './node/emulator-server.ts'
export { type FileJournal, openFileJournal } from './node/file-journal.ts'
export { folderRows } from './node/folder-rows.ts'
export { ndjsonRows } from './node/ndjson-rows.ts'
export { photoFile } from './node/photo-file.ts'
export type { FileRow, RowsOptions } from './node/rows.ts'
