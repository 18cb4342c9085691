/** A submission that broke off: what became of the job, and what to type next. */
import { isSmileIdError, type SmileIdError } from '../../../errors.ts'
import type { JobRef } from '../../../job-status.ts'
import type { Given } from '../../args.ts'
import type { Exit } from '../../exit.ts'
import { type Io, lines } from '../../io.ts'
import { nextCommand, shellWord } from '../../next.ts'
import { exitOf, type OUTPUT_FLAGS, printError } from '../../print.ts'
import type { CLIENT_FLAGS } from '../../settings.ts'

export interface Circumstances {
  given: Given<typeof OUTPUT_FLAGS & typeof CLIENT_FLAGS> & { retry?: boolean }
  /** Ids that nobody knows but from what is printed here. */
  made: Readonly<Record<string, string>>
  io: Io
  stop: AbortSignal
}

interface Trouble {
  hint: string | undefined
  /** Whether images arrived is not known: to be asked first. */
  ask: boolean
  exit: Exit
}

/** After something was sent. Rejects with the error itself where no job can be open by it. */
export function brokenOff(
  error: unknown,
  { user_id, job_id }: JobRef,
  { given, made, io, stop }: Circumstances,
): Exit {
  const known = isSmileIdError(error) ? error : undefined
  const trouble = known ? troubleOf(known) : stop.aborted ? INTERRUPTED : undefined
  if (!trouble) throw error
  const { hint, ask, exit } = trouble
  const ref = { user_id, job_id }
  if (known) printError(io, known, given.json, '', { hint, ...ref })
  else io.err(`smileid: interrupted\n${hint}`)
  const flags = [
    ...Object.entries(made).map(([name, id]) => `--${name.replace('_', '-')} ${shellWord(id)}`),
    ...(given.retry ? [] : ['--retry']),
  ].join(' ')
  const again = `the same command${flags && ` with ${flags}`}`
  io.err(
    lines({
      ...ref,
      job: known?.smileJobId,
      ...(ask
        ? { 'to ask': nextCommand('status', ref, given), 'to go on': `${again}, if no images arrived` }
        : { 'to go on': again }),
    }),
  )
  return exit
}

const INTERRUPTED: Trouble = {
  hint: 'The job may be open, and its images may have arrived: ask.',
  ask: true,
  exit: 'interrupted',
}

function troubleOf(error: SmileIdError): Trouble | undefined {
  const { code, operation, outcome, smileJobId } = error
  const exit = exitOf(error)
  if (smileJobId !== undefined) {
    const ask = outcome === 'unknown'
    const hint = ask
      ? 'The images may have arrived: ask before sending them again.'
      : 'The job is open without images.'
    // An upload address that cannot be used has a hint of its own.
    return {
      hint: operation === 'upload_zip' ? hint : undefined,
      ask,
      exit: exit === 'fatal' ? exit : 'undecided',
    }
  }
  if (code === 'job_exists')
    return {
      hint: 'Ask for its status: only a job of your own whose images never arrived is to be gone on with.',
      ask: true,
      exit,
    }
  return outcome === 'unknown' ? { hint: 'The job may be open, without images.', ask: true, exit } : undefined
}
