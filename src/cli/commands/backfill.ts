/** `smileid backfill`: enrols existing users from a file or folder. */
import { SmileIdInputError } from '../../errors/classes.ts'
import { issue } from '../../errors/issues.ts'
import { type CsvReport, openCsvReport } from '../../node.ts'
import { command } from '../command.ts'
import { checkOutput } from '../print.ts'
import { BACKFILL_FLAGS, checkDateFlags, chooseFiles, readExistsCodes } from './backfill/flags.ts'
import { openInputRows } from './backfill/input-rows.ts'
import { openJournal } from './backfill/journal.ts'
import { findOwner } from './backfill/owner.ts'
import { createRunOutput } from './backfill/run-output.ts'
import { runBackfill } from './backfill/run.ts'

export const backfill = command({
  summary: 'Enrol existing users with their photos, from a file or folder; can be stopped and resumed',
  operands: ['FILE'],
  flags: BACKFILL_FLAGS,
  details: [
    'FILE is a .csv, .tsv, .xlsx, .ndjson or .json with user_id, user_created_at and photo (a file name, ' +
      'or the picture itself in base64 or hex), or a folder or .zip of photos named <user_id>.jpg.',
    'All rows are checked before the first call. Ctrl-C ends the run once the calls under way are ' +
      'answered, a second one at once. After both, and after a crash,',
    'the same command goes on: rows that are done are passed over, and those whose end nobody knows are ' +
      'asked for again.',
    'Rows that look damaged stop the run before it begins, as those with problems do: an id is used once, ' +
      'for ever.',
    '',
    'Exit codes, the first that applies: 6 problems were found and nothing was sent; 4 or 3 an error ended ' +
      'the run; 5 interrupted; 7 the budget is used up;',
    '3 rows are to be run again; 2 rows were rejected or have problems; 7 the limit was reached; ' +
      '0 all done.',
  ],
  examples: [
    'backfill users.csv --photos photos --dry-run',
    'backfill users.csv --photos photos --limit 10 --errors errors.csv',
    'backfill users.csv --photos photos --rate 5 --errors errors.csv --report report.html ' +
      '--env production --yes',
    'backfill users.csv --photos photos.zip --dry-run',
    'backfill photos --created-at 2021-08-12',
    'backfill errors.csv --photos photos --journal users.csv.journal.ndjson --retry-rejected',
  ],
  async run({ values, positionals: [input], io, signal }) {
    checkOutput(values)
    const existsCodes = readExistsCodes(values)
    checkDateFlags(values)
    let requests = 0
    const hooks = { onRequest: () => void requests++ }
    // People are told with what the check found, scripts beside the events.
    const owner = await findOwner(values, io, { hooks, namesTarget: values.json === true })
    const skipped = new Set<string>()
    const rows = await openInputRows(input!, values, { onSkipped: (name) => skipped.add(name) })
    const files = await chooseFiles(input!, values)
    const journal = await openJournal({
      path: files.journal,
      owner,
      mode: journalMode(values),
      hideUserIds: values['hide-user-ids'] === true,
    })
    let errors: CsvReport | undefined
    try {
      if (files.errors !== undefined) errors = await openErrors(files.errors)
      const output = createRunOutput(io, values, files.errors)
      if (journal?.droppedBytes) {
        output.say('the journal ended in a half-written line, which was dropped: its row is asked for again')
      }
      return await runBackfill({
        values,
        existsCodes,
        io,
        signal,
        client: owner.client,
        rows,
        skipped,
        journal,
        errors,
        files,
        output,
        requestCount: () => requests,
      })
    } finally {
      await journal?.close()
      // The report of a run that reached its end is in its place by now.
      await errors?.discard()
    }
  },
})

function journalMode(values: { 'dry-run'?: boolean; resume?: boolean }): 'look' | 'resume' | 'open' {
  if (values['dry-run']) return 'look'
  return values.resume ? 'resume' : 'open'
}

async function openErrors(path: string): Promise<CsvReport> {
  try {
    return await openCsvReport(path, { states: ['rejected', 'invalid', 'failed', 'unknown', 'busy'] })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new SmileIdInputError([
      issue('--errors', 'wrong_format', `cannot be written (${code ?? 'unknown reason'})`),
    ])
  }
}
