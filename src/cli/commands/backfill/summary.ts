/** Writes the reports of a run that has ended, and prints its summary. */
import { rename } from 'node:fs/promises'
import { openReplacement } from '../../../node/replacement.ts'
import type { Exit } from '../../exit.ts'
import type { Io } from '../../io.ts'
import { formatPairs } from '../../text.ts'
import type { RunContext } from './context.ts'
import type { Ending } from './ending.ts'
import { countsOf, type Preflight } from './preflight.ts'
import { reportPage } from './report.ts'
import { type RunStatistics, STATES } from './statistics.ts'

export interface Conclusion {
  ending: Ending
  preflight: Preflight
  statistics: RunStatistics
  /** Milliseconds since 1970. */
  startedAt: number
}

/** Only now do the reports replace those of the run before. */
export async function concludeRun(context: RunContext, conclusion: Conclusion): Promise<Exit> {
  const { ending, preflight, statistics } = conclusion
  const { values, output } = context
  // A run that ended early knows only a part of the rows that have to be mended.
  if (ending.isEarly) await keepPreviousErrors(context)
  const hasErrors = await closeErrors(context)
  const hasReport = await writeReport(context, conclusion)
  output.event('summary', {
    exit: ending.exit,
    ending: ending.text,
    counts: statistics.counts,
    resumed: statistics.resumed,
    calls: context.requestCount(),
    ...countsOf(preflight),
  })
  if (!values.json) printSummary(context, conclusion, { hasErrors, hasReport })
  return ending.exit
}

/** Whether nothing was sent: then the numbers are those of the check. */
function isDry({ values }: RunContext, { ending }: Conclusion): boolean {
  return ending.exit === 'preflight' || values['dry-run'] === true
}

async function keepPreviousErrors({ files, output }: RunContext): Promise<void> {
  if (files.errors === undefined) return
  try {
    await rename(files.errors, `${files.errors}.before`)
  } catch {
    return // there was none
  }
  output.say(`what ${files.errors} held before is now ${files.errors}.before`)
}

/** Whether there is a report of errors now. */
async function closeErrors({ errors, io }: RunContext): Promise<boolean> {
  if (!errors) return false
  try {
    await errors.close()
    return true
  } catch (error) {
    printUnwritten(io, '--errors', error)
    return false
  }
}

/** Whether there is an HTML report now. */
async function writeReport(context: RunContext, conclusion: Conclusion): Promise<boolean> {
  const { io, client, files } = context
  if (files.report === undefined) return false
  const page = reportPage({
    ending: conclusion.ending.text,
    target: client && { environment: client.environment, host: new URL(client.baseUrl).host },
    startedAt: conclusion.startedAt,
    endedAt: io.now(),
    preflight: conclusion.preflight,
    statistics: conclusion.statistics,
    requests: context.requestCount(),
    isDry: isDry(context, conclusion),
  })
  try {
    await writeWhole(files.report, page)
    return true
  } catch (error) {
    printUnwritten(io, '--report', error)
    return false
  }
}

/** Writes a file of which others see all or nothing, and which only its owner may read. */
async function writeWhole(path: string, text: string): Promise<void> {
  const replacement = await openReplacement(path)
  try {
    await replacement.file.writeFile(text)
    await replacement.commit()
  } catch (error) {
    await replacement.discard()
    throw error
  }
}

function printUnwritten(io: Io, flag: string, error: unknown): void {
  const { code } = error as NodeJS.ErrnoException
  io.err(`smileid: ${flag} could not be written (${code ?? 'unknown reason'})`)
}

function printSummary(
  context: RunContext,
  conclusion: Conclusion,
  { hasErrors, hasReport }: { hasErrors: boolean; hasReport: boolean },
): void {
  const { values, io, files } = context
  const { rejected, invalid } = conclusion.statistics.counts
  const numbers = isDry(context, conclusion)
    ? describeCheck(conclusion.preflight)
    : describeRun(context, conclusion)
  const errors = hasErrors ? files.errors : undefined
  const report = hasReport ? files.report : undefined
  io.out(formatPairs({ ...numbers, errors, report }))
  io.out(conclusion.ending.text)
  if (hasErrors && rejected + invalid > 0) {
    const command = `${files.errors} can be mended, and run with --journal ${files.journal}`
    const needsRetry = rejected > 0 && !values['retry-rejected']
    io.out(needsRetry ? `${command} --retry-rejected` : command)
  }
}

function describeCheck(preflight: Preflight): Record<string, unknown> {
  const { rows, problems, warnings, done, toSend } = preflight
  return {
    rows,
    problems,
    'look damaged': warnings || undefined,
    'done before': done,
    'calls to make': toSend,
  }
}

function describeRun(context: RunContext, { statistics }: Conclusion): Record<string, unknown> {
  const numbers: Record<string, unknown> = {}
  for (const state of STATES) {
    if (statistics.counts[state] > 0) numbers[state] = statistics.counts[state]
  }
  if (statistics.resumed > 0) numbers['done before'] = statistics.resumed
  numbers.calls = context.requestCount()
  numbers.journal = context.files.journal
  return numbers
}
