/** Everything that a run works with. */
import type { Client } from '../../../client.ts'
import type { CsvReport, FileJournal, FileRow } from '../../../node.ts'
import type { Io } from '../../io.ts'
import type { BackfillValues, Files } from './flags.ts'
import type { RunOutput } from './run-output.ts'

export interface RunContext {
  values: BackfillValues
  existsCodes: string[] | undefined
  io: Io
  signal: AbortSignal
  /** Absent for a dry run without credentials. */
  client: Client | undefined
  rows: AsyncIterable<FileRow>
  /** Names of files in a folder that are no photos, and no problem. */
  skipped: ReadonlySet<string>
  /** Absent for a dry run when there is no journal yet. */
  journal: FileJournal | undefined
  /** The report of rows that did not end well. */
  errors: CsvReport | undefined
  files: Files
  output: RunOutput
  /** The number of requests sent so far. */
  requestCount(): number
}
