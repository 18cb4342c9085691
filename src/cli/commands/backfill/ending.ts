/** How a run ended: its exit, and in words. */
import type { BulkProgress } from '../../../bulk.ts'
import { isSmileIdError, type SmileIdError } from '../../../errors.ts'
import { systemCode } from '../../../platform/system-errors.ts'
import type { Exit } from '../../exit.ts'
import type { Io } from '../../io.ts'
import { exitForError, printError } from '../../print.ts'
import type { Preflight } from './preflight.ts'
import { PROGRAM } from '../../program.ts'

export interface Ending {
  exit: Exit
  text: string
  /** Whether rows are left that the run did not reach. */
  isEarly: boolean
}

/** Prints what ended the run. */
export function endingOfError(error: unknown, io: Io): Ending {
  if (isSmileIdError(error)) {
    printError(io, error, { help: `see ${PROGRAM} help backfill` })
    const text = `Stopped: ${error.message}. ${error.hint}`
    return { exit: exitForRun(error), text, isEarly: true }
  }
  const code = fileErrorCode(error)
  if (code === undefined) {
    const { name } = (error ?? {}) as Partial<Error>
    io.err(`smileid: something unforeseen ended the run: ${name ?? 'unknown'}`)
    return { exit: 'undecided', text: 'Stopped by something unforeseen.', isEarly: true }
  }
  const reason = code === 'ENOSPC' ? `${code}, the disk is full` : code
  io.err(`smileid: a file could not be written or read: ${reason}`)
  return {
    exit: 'interrupted',
    text: `Stopped: a file could not be written or read (${code}).`,
    isEarly: true,
  }
}

/** An error that is about one row ends no run, so this one is about all of them. */
function exitForRun(error: SmileIdError): Exit {
  const exit = exitForError(error)
  if (exit === 'rejected') return 'fatal'
  if (exit === 'usage') return 'undecided'
  return exit
}

/** The code of the system: of the error itself, or of the one that a journal or report wrapped. */
function fileErrorCode(error: unknown): string | undefined {
  const code = systemCode(error)?.message ?? (error as { cause?: Error } | undefined)?.cause?.message
  return code !== undefined && /^E[A-Z]+$/.test(code) ? code : undefined
}

/** How a run ended that nothing went wrong with; the first that applies. */
export function endingOfRun({ counts, done, stoppedBy }: BulkProgress, { rows, chosen }: Preflight): Ending {
  if (stoppedBy === 'stop') {
    return { exit: 'interrupted', text: 'Interrupted: the same command goes on.', isEarly: true }
  }
  if (stoppedBy === 'maxCalls') {
    const text = 'The budget of calls is used up: the same command goes on.'
    return { exit: 'limit', text, isEarly: true }
  }
  if (done !== chosen) {
    const text = `FILE has changed since it was checked: ${chosen} rows then, ${done} now.`
    return { exit: 'undecided', text, isEarly: true }
  }
  const isEarly = chosen < rows
  const repeatable = counts.failed + counts.unknown + counts.busy
  if (repeatable > 0) {
    const text = `${repeatable} rows are to be run again: the same command does.`
    return { exit: 'undecided', text, isEarly }
  }
  if (counts.rejected + counts.invalid > 0) {
    const text = 'Done, but for rows that were rejected or have problems.'
    return { exit: 'rejected', text, isEarly }
  }
  if (isEarly) {
    return { exit: 'limit', text: `The first ${chosen} of ${rows} rows are through.`, isEarly }
  }
  return { exit: 'done', text: 'All done.', isEarly }
}
