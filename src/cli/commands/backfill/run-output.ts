/** What a run prints while it goes: events for scripts, or the first lines of each kind for people. */
import type { BulkOutcome, BulkProgress, BulkWaiting } from '../../../bulk.ts'
import type { SmileIdInputError } from '../../../errors.ts'
import type { FileRow } from '../../../node.ts'
import type { Io } from '../../io.ts'
import { createProgressLine, describeServer, type ProgressLine } from './progress.ts'

export interface RunOutput extends Pick<ProgressLine, 'show' | 'showChecked' | 'end'> {
  /** For people alone. */
  say(line: string): void
  /** For scripts alone. */
  event(name: string, members: Readonly<Record<string, unknown>>): void
  problem(row: FileRow, error: SmileIdInputError): void
  /** A row that looks damaged. */
  warning(row: FileRow, error: SmileIdInputError): void
  outcome(outcome: BulkOutcome<FileRow>): void
}

/** `errorsFile` is where all rows with problems can be found. */
export function createRunOutput(
  io: Io,
  { json, full }: { json?: boolean; full?: boolean },
  errorsFile: string | undefined,
): RunOutput {
  const progress = createProgressLine(io)

  function say(line: string): void {
    if (!json) progress.say(line)
  }

  function event(name: string, members: Readonly<Record<string, unknown>>): void {
    if (json) io.out(JSON.stringify({ event: name, ...members }))
  }

  let waitsFor: BulkWaiting | undefined

  /** Says once that the run waits, and once that it goes on. */
  function sayWaiting({ waiting }: BulkProgress): void {
    if (waiting && !waitsFor) {
      event('waiting', { ...waiting })
      say(
        `${describeServer(waiting)} cannot be reached: waiting for it; one row is tried now and then, ` +
          'and the run goes on by itself',
      )
    }
    if (waitsFor && !waiting) {
      event('connected', { host: waitsFor.host })
      say(`${waitsFor.host} can be reached again`)
    }
    waitsFor = waiting
  }

  const moreLines =
    errorsFile === undefined
      ? 'more are not shown: --errors FILE keeps them all'
      : `more are not shown: ${errorsFile} has them all`
  const sayProblem = limitLines(say, moreLines)
  const sayOutcome = limitLines(say, moreLines)
  return {
    show(current) {
      sayWaiting(current)
      progress.show(current)
    },
    showChecked: progress.showChecked,
    end: progress.end,
    say,
    event,
    problem(row, error) {
      event('problem', { line: row.line, issues: error.issues })
      sayProblem(row.error ? error.message : `line ${row.line}: ${error.message}`)
    },
    warning(row, error) {
      event('warning', { line: row.line, issues: error.issues })
    },
    outcome(outcome) {
      event('row', rowEvent(outcome, { full }))
      const { row, state, code, text } = outcome
      const cause = 'error' in outcome ? outcome.error?.cause : undefined
      const systemCode = cause instanceof Error ? cause.message : undefined
      if (isWorthALine(outcome)) {
        sayOutcome(`line ${row.line}: ${[state, code, systemCode, text].filter(Boolean).join(' ')}`)
      }
    },
  }
}

const MAX_LINES = 20

/** Passes on the first lines, and says once that there are more. */
function limitLines(say: (line: string) => void, moreLines: string): (line: string) => void {
  let count = 0
  return (line) => {
    count++
    if (count <= MAX_LINES) say(line)
    else if (count === MAX_LINES + 1) say(moreLines)
  }
}

function rowEvent(outcome: BulkOutcome<FileRow>, { full }: { full?: boolean | undefined }) {
  const { row, state, code, text, smileJobId, attempts, resumed } = outcome
  const members = { line: row.line, state, code, text, smileJobId, attempts, resumed }
  if (!full) return members
  const reply = 'reply' in outcome ? outcome.reply : undefined
  return { ...members, user_id: row.user_id, reply }
}

/** An earlier run, or the check, printed what it found already. */
function isWorthALine({ state, resumed }: BulkOutcome<FileRow>): boolean {
  if (state === 'enrolled' || state === 'exists' || state === 'invalid') return false
  return !(resumed && state === 'rejected')
}
