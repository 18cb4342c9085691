/** A submission that failed after something was sent: what became of the job, and what to type next. */
import { isSmileIdError, type SmileIdError } from '../../../errors.ts'
import type { JobRef } from '../../../job-status.ts'
import type { Exit } from '../../exit.ts'
import type { FlagValues } from '../../flags.ts'
import type { Io } from '../../io.ts'
import type { NewIds } from '../../job-input.ts'
import { nextCommand, quoteForShell } from '../../next-command.ts'
import { exitForError, type OUTPUT_FLAGS, printError } from '../../print.ts'
import type { CLIENT_FLAGS } from '../../settings.ts'
import { formatPairs } from '../../text.ts'

export interface FailureOptions {
  values: FlagValues<typeof OUTPUT_FLAGS & typeof CLIENT_FLAGS> & { retry?: boolean }
  /** Ids that were made up here, so that only this output tells them. */
  newIds: NewIds
  io: Io
  signal: AbortSignal
}

interface Advice {
  /** In place of the error's own hint. */
  hint: string | undefined
  /** Whether images arrived is unknown, so the status has to be asked first. */
  askFirst: boolean
  exit: Exit
}

/** Rethrows the error when no job can be open because of it. */
export function reportFailedSubmission(
  error: unknown,
  { user_id, job_id }: JobRef,
  { values, newIds, io, signal }: FailureOptions,
): Exit {
  const smileIdError = isSmileIdError(error) ? error : undefined
  const advice = adviceFor(smileIdError, signal)
  if (!advice) throw error
  const job = { user_id, job_id }
  if (smileIdError) printError(io, smileIdError, { json: values.json, hint: advice.hint, job })
  else io.err(`smileid: interrupted\n${advice.hint}`)

  const again = describeRepeat(newIds, { isRetry: values.retry === true })
  const pairs: Record<string, string | undefined> = { ...job, job: smileIdError?.smileJobId }
  if (advice.askFirst) {
    pairs['to ask'] = nextCommand('status', job, values)
    pairs['to go on'] = `${again}, if no images arrived`
  } else {
    pairs['to go on'] = again
  }
  io.err(formatPairs(pairs))
  return advice.exit
}

/** Says how the same command goes on with the job. */
function describeRepeat(newIds: NewIds, { isRetry }: { isRetry: boolean }): string {
  const flags = Object.entries(newIds).map(([name, id]) => `--${name.replace('_', '-')} ${quoteForShell(id)}`)
  if (!isRetry) flags.push('--retry')
  return flags.length > 0 ? `the same command with ${flags.join(' ')}` : 'the same command'
}

function adviceFor(error: SmileIdError | undefined, signal: AbortSignal): Advice | undefined {
  if (error) return adviceForError(error)
  if (!signal.aborted) return undefined
  return {
    hint: 'The job may be open, and its images may have arrived: ask.',
    askFirst: true,
    exit: 'interrupted',
  }
}

function adviceForError(error: SmileIdError): Advice | undefined {
  const { code, outcome, smileJobId } = error
  const exit = exitForError(error)
  if (smileJobId !== undefined) return adviceForOpenJob(error)
  if (code === 'job_exists') {
    return {
      hint: 'Ask for its status: only a job of your own whose images never arrived is to be gone on with.',
      askFirst: true,
      exit,
    }
  }
  if (outcome === 'unknown') return { hint: 'The job may be open, without images.', askFirst: true, exit }
  return undefined
}

function adviceForOpenJob(error: SmileIdError): Advice {
  const askFirst = error.outcome === 'unknown'
  const exit = exitForError(error) === 'fatal' ? 'fatal' : 'undecided'
  // Only errors of the upload itself: an upload address that cannot be used has a hint of its own.
  if (error.operation !== 'upload_zip') return { hint: undefined, askFirst, exit }
  const hint = askFirst
    ? 'The images may have arrived: ask before sending them again.'
    : 'The job is open without images.'
  return { hint, askFirst, exit }
}
