/** A run, from the check before it to the reports after it. */
import type { SmileIdInputError } from '../../../errors.ts'
import { isInputError } from '../../../errors/issues.ts'
import type { Exit } from '../../exit.ts'
import { printError } from '../../print.ts'
import { describeTarget } from '../../target.ts'
import type { RunContext } from './context.ts'
import type { Ending } from './ending.ts'
import { datesOf } from './flags.ts'
import { countsOf, type Preflight, runPreflight } from './preflight.ts'
import { sendRows } from './send-rows.ts'
import { createStatistics, type RunStatistics } from './statistics.ts'
import { concludeRun } from './summary.ts'
import { createWarnings, type Warnings } from './warnings.ts'
import { PROGRAM } from '../../program.ts'

export async function runBackfill(context: RunContext): Promise<Exit> {
  const { values, io, output, journal, client } = context
  const startedAt = io.now()
  const check = await checkFile(context)
  if (!check.ok) {
    printError(io, check.error, { help: `nothing was sent; see ${PROGRAM} help backfill` })
    output.event('summary', { exit: 'preflight', issues: check.error.issues })
    return 'preflight'
  }
  const { preflight } = check
  output.event('preflight', countsOf(preflight))
  for (const line of [...check.warnings.describe(), ...preflight.hints]) output.say(line)
  output.say(describePreflight(preflight, context))
  if (context.skipped.size > 0) output.say(describeSkipped([...context.skipped]))

  const conclude = (ending: Ending, statistics: RunStatistics): Promise<Exit> =>
    concludeRun(context, { ending, preflight, statistics, startedAt })
  if (preflight.problems > 0 && !values['skip-invalid']) {
    const text = `Nothing was sent: ${preflight.problems} of ${preflight.rows} rows have problems.`
    return conclude({ exit: 'preflight', text, isEarly: false }, check.statistics)
  }
  if (preflight.warnings > 0) {
    const text =
      `Nothing was sent: ${preflight.warnings} of ${preflight.rows} rows look damaged. Mend them, or send ` +
      'them as they are with --accept-warnings.'
    return conclude({ exit: 'preflight', text, isEarly: false }, check.statistics)
  }
  if (!journal || !client || values['dry-run']) {
    const text = 'Nothing was sent: this was a dry run.'
    return conclude({ exit: 'done', text, isEarly: false }, check.statistics)
  }
  const statistics = createStatistics(io.now)
  const ending = await sendRows(context, { client, journal, preflight, statistics })
  return conclude(ending, statistics)
}

type FileCheck =
  | { ok: true; preflight: Preflight; statistics: RunStatistics; warnings: Warnings }
  | { ok: false; error: SmileIdInputError }

/** Checks all rows, also those that this run is not about. Not `ok` when the file itself cannot be read. */
async function checkFile(context: RunContext): Promise<FileCheck> {
  const { values, rows, journal, signal, output, errors, io } = context
  const statistics = createStatistics(io.now)
  const warnings = createWarnings()
  // Rows with problems that are skipped are reported by the run itself.
  const isReported = values['dry-run'] || !values['skip-invalid']
  try {
    const preflight = await runPreflight({
      rows,
      journal,
      limit: values.limit,
      hideUserIds: values['hide-user-ids'],
      retryRejected: values['retry-rejected'],
      checks: {
        ...datesOf(values),
        acceptWarnings: values['accept-warnings'],
        duplicatePhotos: values['duplicate-photos'],
      },
      signal,
      onRow: output.showChecked,
      async onProblem({ row, severity, error }) {
        if (severity === 'warning') {
          output.warning(row, error)
          warnings.add(row.line, error.issues)
        } else output.problem(row, error)
        statistics.add({ state: 'invalid', error, resumed: true })
        if (isReported || severity === 'warning') await errors?.add({ row, state: 'invalid', error })
      },
    })
    return { ok: true, preflight, statistics, warnings }
  } catch (error) {
    if (!isInputError(error)) throw error
    return { ok: false, error }
  } finally {
    output.end()
  }
}

const MOST_SKIPPED = 5

function describeSkipped(names: string[]): string {
  const others = names.length - MOST_SKIPPED
  const more = others > 0 ? ` and ${others} more` : ''
  const files = names.length === 1 ? '1 file that is' : `${names.length} files that are`
  return `${files} no photo passed over: ${names.slice(0, MOST_SKIPPED).join(', ')}${more}`
}

function describePreflight(preflight: Preflight, { values, client }: RunContext): string {
  const { rows, problems, warnings, done, toSend } = preflight
  // Nobody knows yet which of the rejected rows have changed.
  const calls = values['retry-rejected'] ? `at most ${toSend}` : `${toSend}`
  const target = client ? ` on ${describeTarget(client)}` : ', once credentials are set: there are none yet'
  const damaged = warnings > 0 ? `${warnings} that look damaged, ` : ''
  const checked = `${rows} rows, ${problems} with problems, ${damaged}${done} done before`
  return `${checked}; ${calls} calls to make${target}`
}
