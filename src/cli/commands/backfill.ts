import type { ClientOptions } from '../../client.ts'
import { type CsvReport, openCsvReport } from '../../node.ts'
import { inputError, issue } from '../../errors/issues.ts'
import { BACKFILL_FLAGS, existsCodesOf, filesOf } from './backfill/flags.ts'
import { openJournal } from './backfill/journal.ts'
import { runJob } from './backfill/run.ts'
import { openSource } from './backfill/source.ts'
import { createTalk } from './backfill/talk.ts'
import { command } from '../command.ts'
import { checkOutput } from '../print.ts'
import { openBillingClient, openClient } from '../settings.ts'

export const backfill = command({
  summary: 'Enrol existing users with their photos, from a file or folder; can be stopped and resumed',
  operands: ['FILE'],
  flags: BACKFILL_FLAGS,
  details: `FILE is a .csv or .ndjson with user_id, user_created_at and photo (a file name), or a folder of photos named <user_id>.jpg.
All rows are checked before the first call. Ctrl-C ends the run once the calls under way are answered, a second one at once. After both, and after a crash,
the same command goes on: rows that are done are passed over, and those whose end nobody knows are asked for again.

Exit codes, the first that applies: 6 problems were found and nothing was sent; 4 or 3 an error ended the run; 5 interrupted; 7 the budget is used up;
3 rows are to be run again; 2 rows were rejected or have problems; 7 the limit was reached; 0 all done.`,
  examples: [
    'backfill users.csv --photos photos --dry-run',
    'backfill users.csv --photos photos --limit 10 --errors errors.csv',
    'backfill users.csv --photos photos --rate 5 --errors errors.csv --report report.html --env production --yes',
    'backfill photos --created-at 2021-08-12',
    'backfill errors.csv --photos photos --journal users.csv.journal.ndjson --retry-rejected',
  ],
  async run({ given, words: [input], io, stop }) {
    checkOutput(given)
    const existsCodes = existsCodesOf(given)
    let calls = 0
    const more: ClientHooks = { hooks: { onRequest: () => void calls++ } }
    const dry = given['dry-run'] === true
    // A dry run sends nothing, so it needs no leave.
    const client = await (dry ? openClient(given, io, more) : openBillingClient(given, io, more))
    const rows = await openSource(input!, given)
    const files = await filesOf(input!, given)
    const journal = await openJournal(
      files.journal,
      client,
      dry ? 'look' : given.resume ? 'resume' : 'open',
      given['hide-user-ids'] === true,
    )
    try {
      const errors = files.errors === undefined ? undefined : await openErrors(files.errors)
      const talk = createTalk(io, given, files.errors)
      if (journal?.droppedBytes)
        talk.say('the journal ended in a half-written line, which was dropped: its row is asked for again')
      return await runJob({
        given,
        existsCodes,
        io,
        stop,
        client,
        rows,
        journal,
        errors,
        files,
        talk,
        calls: () => calls,
      })
    } finally {
      await journal?.close()
    }
  },
})

type ClientHooks = Pick<ClientOptions, 'hooks'>

const openErrors = (path: string): Promise<CsvReport> =>
  openCsvReport(path, { states: ['rejected', 'invalid', 'failed', 'unknown', 'busy'] }).catch(
    (error: NodeJS.ErrnoException) => {
      throw inputError([
        issue('--errors', 'wrong_format', `cannot be written (${error.code ?? 'unknown reason'})`),
      ])
    },
  )
