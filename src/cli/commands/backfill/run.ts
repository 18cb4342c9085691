/** A run from the look before it to the report after it. */
import { rename, writeFile } from 'node:fs/promises'
import { backfillUsers, type BulkProgress } from '../../../bulk.ts'
import type { Client } from '../../../client.ts'
import { isSmileIdError } from '../../../errors.ts'
import { isInputError } from '../../../errors/issues.ts'
import { systemCode } from '../../../platform/system-errors.ts'
import type { CsvReport, FileJournal, FileRow } from '../../../node.ts'
import type { Given } from '../../args.ts'
import type { Exit } from '../../exit.ts'
import { type Io, lines } from '../../io.ts'
import { exitOf, printError } from '../../print.ts'
import type { BACKFILL_FLAGS, Files } from './flags.ts'
import { type Preflight, preflight } from './preflight.ts'
import { reportPage } from './report.ts'
import { chosenRows } from './source.ts'
import type { Talk } from './talk.ts'
import { createTally, STATES, type Tally } from './tally.ts'

/** How a run ended, and in words. */
interface Ending {
  exit: Exit
  text: string
  /** Before all of its rows did. */
  early?: boolean
}

export interface Job {
  given: Given<typeof BACKFILL_FLAGS>
  existsCodes: string[] | undefined
  io: Io
  stop: AbortSignal
  client: Client
  rows: AsyncIterable<FileRow>
  /** None for a dry run that has nothing to go on with. */
  journal: FileJournal | undefined
  errors: CsvReport | undefined
  files: Files
  talk: Talk
  /** Requests sent so far. */
  calls(): number
}

export async function runJob(job: Job): Promise<Exit> {
  const { given, io, client, talk, journal } = job
  const started = io.now()
  const tally = createTally(io.now)
  let found: Preflight
  try {
    found = await look(job, tally)
  } catch (error) {
    if (!isInputError(error)) throw error
    printError(io, error, false, 'nothing was sent; see smileid help backfill')
    talk.event('summary', { exit: 'preflight', issues: error.issues })
    return 'preflight'
  }
  const conclude = (ending: Ending, told: Tally) => tell(job, { ending, found, tally: told, started })
  const at = `${client.environment} (${new URL(client.baseUrl).host})`
  talk.event('preflight', countsOf(found))
  talk.say(
    `${found.rows} rows, ${found.problems} with problems, ${found.done} done before; ${given['retry-rejected'] ? 'at most ' : ''}${found.toSend} calls to make on ${at}`,
  )
  const blocked = found.problems > 0 && !given['skip-invalid']
  if (blocked)
    return conclude(
      { exit: 'preflight', text: `Nothing was sent: ${found.problems} of ${found.rows} rows have problems.` },
      tally,
    )
  if (!journal || given['dry-run'])
    return conclude({ exit: 'done', text: 'Nothing was sent: this was a dry run.' }, tally)
  const run = createTally(io.now)
  return conclude(await send(job, journal, found, run), run)
}

/** All rows, also those that this run is not about. */
async function look(
  { given, client, rows, journal, stop, talk, errors }: Job,
  tally: Tally,
): Promise<Preflight> {
  const found = preflight(client, rows, journal, {
    limit: given.limit,
    hideUserIds: given['hide-user-ids'],
    retryRejected: given['retry-rejected'],
    duplicatePhotos: given['duplicate-photos'],
    signal: stop,
    onRow: talk.checked,
    async onProblem({ row, error }) {
      talk.problem(row, error)
      tally.add({ state: 'invalid', error, resumed: true })
      // The run reports them itself.
      if (given['dry-run'] || !given['skip-invalid']) await errors?.add({ row, state: 'invalid', error })
    },
  })
  return found.finally(talk.end)
}

async function send(
  { given, existsCodes, io, stop, client, rows, errors, talk }: Job,
  journal: FileJournal,
  found: Preflight,
  tally: Tally,
): Promise<Ending> {
  const onStop = () => talk.say('ending once the calls under way are answered; Ctrl-C again ends at once')
  stop.addEventListener('abort', onStop, { once: true })
  const run = backfillUsers(client, chosenRows(rows, found.chosen, found.twins), {
    journal,
    stop,
    total: found.chosen,
    concurrency: given.concurrency,
    ratePerSecond: given.rate,
    maxCalls: given['max-calls'],
    retryRejected: given['retry-rejected'],
    hideUserIds: given['hide-user-ids'],
    existsCodes,
    onProgress: talk.show,
  })
  try {
    for await (const outcome of run) {
      const { row } = outcome
      // What is wrong with the line itself says more than what its empty row lacks.
      const told = row.error ? { ...outcome, error: row.error } : outcome
      talk.outcome(outcome)
      tally.add({ ...told, error: 'error' in told && isInputError(told.error) ? told.error : undefined })
      await errors?.add(told)
    }
  } catch (error) {
    return stopped(io, error, talk)
  } finally {
    stop.removeEventListener('abort', onStop)
    talk.end()
  }
  return endOf(run.progress, found)
}

/** What is said of a check: how many rows, and none of them. */
const countsOf = ({ rows, chosen, problems, done, toSend }: Preflight): Omit<Preflight, 'twins'> => ({
  rows,
  chosen,
  problems,
  done,
  toSend,
})

/** Whatever it was, the journal has all that was sent. */
function stopped(io: Io, error: unknown, talk: Talk): Ending {
  talk.end()
  if (isSmileIdError(error)) {
    printError(io, error, false, 'see smileid help backfill')
    const exit = exitOf(error)
    // What one row is refused for ends no run: this was refused for all.
    return {
      exit: exit === 'rejected' ? 'fatal' : exit === 'usage' ? 'undecided' : exit,
      text: `Stopped: ${error.message}. ${error.hint}`,
      early: true,
    }
  }
  const code = systemCode(error)?.message ?? (error as { cause?: Error }).cause?.message
  if (!code || !/^E[A-Z]+$/.test(code)) {
    io.err(`smileid: something unforeseen ended the run: ${(error as Error | undefined)?.name ?? 'unknown'}`)
    return { exit: 'undecided', text: 'Stopped by something unforeseen.', early: true }
  }
  io.err(
    `smileid: a file could not be written or read: ${code}${code === 'ENOSPC' ? ', the disk is full' : ''}`,
  )
  return { exit: 'interrupted', text: `Stopped: a file could not be written or read (${code}).`, early: true }
}

function endOf({ counts, done, stoppedBy }: BulkProgress, { rows, chosen }: Preflight): Ending {
  const again = counts.failed + counts.unknown + counts.busy
  const early = chosen < rows
  if (stoppedBy === 'stop')
    return { exit: 'interrupted', text: 'Interrupted: the same command goes on.', early: true }
  if (stoppedBy === 'maxCalls')
    return { exit: 'limit', text: 'The budget of calls is used up: the same command goes on.', early: true }
  if (done !== chosen)
    return {
      exit: 'undecided',
      text: `FILE has changed since it was checked: ${chosen} rows then, ${done} now.`,
      early: true,
    }
  if (again)
    return { exit: 'undecided', text: `${again} rows are to be run again: the same command does.`, early }
  if (counts.rejected + counts.invalid)
    return { exit: 'rejected', text: 'Done, but for rows that were rejected or have problems.', early }
  return early
    ? { exit: 'limit', text: `The first ${chosen} of ${rows} rows are through.`, early }
    : { exit: 'done', text: 'All done.' }
}

/** Only now do the reports take the place of those of the run before. */
async function tell(
  { given, io, client, files, errors, talk, calls }: Job,
  {
    ending: { exit, text, early },
    found,
    tally,
    started,
  }: { ending: Ending; found: Preflight; tally: Tally; started: number },
): Promise<Exit> {
  const { counts } = tally
  const unwritten =
    (flag: string) =>
    (error: NodeJS.ErrnoException): false => (
      io.err(`smileid: ${flag} could not be written (${error.code ?? 'unknown reason'})`),
      false
    )
  // What a run that ended early has to tell is not all there is to mend.
  if (files.errors !== undefined && early)
    await rename(files.errors, `${files.errors}.before`).then(
      () => talk.say(`what ${files.errors} held before is now ${files.errors}.before`),
      () => {},
    )
  const kept = errors && (await errors.close().then(() => true, unwritten('--errors')))
  const dry = exit === 'preflight' || given['dry-run'] === true
  let told = false
  if (files.report !== undefined) {
    const page = reportPage({
      ending: text,
      environment: client.environment,
      host: new URL(client.baseUrl).host,
      started,
      ended: io.now(),
      preflight: found,
      tally,
      calls: calls(),
      dry,
    })
    const file = files.report
    told = await writeFile(`${file}.partial`, page)
      .then(() => rename(`${file}.partial`, file))
      .then(() => true, unwritten('--report'))
  }
  talk.event('summary', {
    exit,
    ending: text,
    counts,
    resumed: tally.resumed,
    calls: calls(),
    ...countsOf(found),
  })
  if (given.json) return exit
  const states = Object.fromEntries(
    STATES.filter((state) => counts[state] > 0).map((state) => [state, counts[state]]),
  )
  const known = dry
    ? { rows: found.rows, problems: found.problems, 'done before': found.done, 'calls to make': found.toSend }
    : { ...states, 'done before': tally.resumed || undefined, calls: calls(), journal: files.journal }
  io.out(
    lines({ ...known, errors: kept ? files.errors : undefined, report: told ? files.report : undefined }),
  )
  io.out(text)
  if (kept && counts.rejected + counts.invalid > 0)
    io.out(
      `${files.errors} can be mended, and run with --journal ${files.journal}${counts.rejected && !given['retry-rejected'] ? ' --retry-rejected' : ''}`,
    )
  return exit
}
