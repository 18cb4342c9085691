/** The results of rows as a CSV file that can be corrected and read again. */
import type { FileHandle } from 'node:fs/promises'
import type { BulkState } from '../bulk/outcome.ts'
import { throwIfAny } from '../errors/issues.ts'
import { text } from '../input/rules.ts'
import { check, listOf, objectOf, once, optional } from '../input/schema.ts'
import { type ReportedOutcome, type ReportLayout, reportLayout } from './csv-report-lines.ts'
import { pathIssues } from './path-input.ts'
import { openReplacement } from './replacement.ts'

export interface CsvReport {
  /**
   * Resolves once the line is written.
   *
   * @throws {Error} with the code of the system, such as `ENOSPC`.
   */
  add(outcome: ReportedOutcome): Promise<void>
  /**
   * Puts the report in its place, unless a line could not be written.
   *
   * @throws {Error} with the code of the system.
   */
  close(): Promise<void>
  /** Removes what was written, and leaves the earlier report in its place. Does nothing after `close()`. */
  discard(): Promise<void>
}

export interface CsvReportOptions {
  /** Only rows in these states. @default all */
  states?: readonly BulkState[] | undefined
}

const reportOptions = /* @__PURE__ */ once(() =>
  objectOf<{ states?: readonly string[] | undefined }>({
    states: optional(listOf(text(), 'must be a list')),
  }),
)

/**
 * A CSV report: the columns of the input as they are there, byte for byte, and `smileid_state`,
 * `smileid_code` and `smileid_message` (what to do) after them; if the input has been a report, the new ones
 * replace the old ones.
 *
 * Corrected, it is an input of `csvRows` for another run with the same journal. The added cells, and they
 * alone, are kept from being formulas in spreadsheets. Rows that are not from a CSV file get the columns of
 * the first one, under the names of their source: further columns of later rows are left out.
 *
 * Lines are written to `<path>.<eight random digits>.partial`, which only its owner may read, and which is
 * renamed at `close()`. So a run may read the file that it will replace, and a run that breaks off leaves
 * whole lines there, and the earlier report in its place. A file or a symbolic link that somebody else has
 * laid in the folder is neither followed nor written to.
 *
 * @throws {SmileIdInputError} `invalid_input`: the options are wrong.
 * @throws {Error} with the code of the system, before any row is sent: no file can be put at the path, or
 *   something other than a file is there.
 *
 * @example
 * ```ts
 * import { csvRows, openCsvReport } from 'smileid-edge/node'
 *
 * export async function rejectAll(file: string): Promise<void> {
 *   const report = await openCsvReport('errors.csv')
 *   for await (const row of csvRows(file))
 *     await report.add({ row, state: 'rejected', code: '0903', text: 'Photo refused' })
 *   await report.close()
 * }
 * ```
 */
export async function openCsvReport(path: string, options: CsvReportOptions = {}): Promise<CsvReport> {
  const { issues, value } = check(reportOptions(), options ?? {}, 'options')
  throwIfAny([...pathIssues(path), ...issues])
  const { states } = value
  const replacement = await openReplacement(path)
  const writer = createOrderedWriter(replacement.file)
  let layout: ReportLayout | undefined
  let ended: Promise<void> | undefined

  async function close(): Promise<void> {
    const { isComplete } = await writer.end()
    if (isComplete) await replacement.commit()
    else await replacement.leave()
  }

  async function discard(): Promise<void> {
    await writer.end()
    await replacement.discard()
  }

  return {
    async add(outcome) {
      let text = ''
      if (!layout) {
        layout = reportLayout(outcome.row)
        text = layout.header
      }
      if (!states || states.includes(outcome.state)) text += layout.line(outcome)
      if (text) await writer.write(text)
    },
    close() {
      ended ??= close()
      return ended
    },
    async discard() {
      if (!ended) await (ended = discard())
    },
  }
}

interface OrderedWriter {
  /** Writes after all texts of earlier calls. */
  write(text: string): Promise<void>
  /** Waits for all texts, and says whether all of them were written. */
  end(): Promise<{ isComplete: boolean }>
}

function createOrderedWriter(file: FileHandle): OrderedWriter {
  let isComplete = true
  /** Resolves after the latest write, also if that fails. */
  let latest = Promise.resolve()

  async function writeAfter(earlier: Promise<void>, text: string): Promise<void> {
    await earlier
    await file.writeFile(text)
  }

  return {
    write(text) {
      const written = writeAfter(latest, text)
      latest = written.catch(() => {
        isComplete = false
      })
      return written
    },
    async end() {
      await latest
      return { isComplete }
    },
  }
}
