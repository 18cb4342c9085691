/** Sends the rows of a run, and says how it ended. */
import { backfillUsers, type BulkOutcome } from '../../../bulk.ts'
import type { Client } from '../../../client.ts'
import { isInputError } from '../../../errors/issues.ts'
import type { FileJournal, FileRow } from '../../../node.ts'
import type { RunContext } from './context.ts'
import { type Ending, endingOfError, endingOfRun } from './ending.ts'
import { datesOf } from './flags.ts'
import { chosenRows } from './input-rows.ts'
import type { Preflight } from './preflight.ts'
import type { RunStatistics } from './statistics.ts'

export interface SendRowsOptions {
  client: Client
  journal: FileJournal
  preflight: Preflight
  /** Counts the outcomes. */
  statistics: RunStatistics
}

export async function sendRows(
  context: RunContext,
  { client, journal, preflight, statistics }: SendRowsOptions,
): Promise<Ending> {
  const { io, signal, output } = context
  const onAbort = () => {
    output.say('ending once the calls under way are answered; Ctrl-C again ends at once')
  }
  signal.addEventListener('abort', onAbort, { once: true })
  const run = startRun(context, { client, journal, preflight })
  try {
    for await (const outcome of run) await recordOutcome(outcome, context, statistics)
  } catch (error) {
    // Whatever it was, the journal has all that was sent.
    output.end()
    return endingOfError(error, io)
  } finally {
    signal.removeEventListener('abort', onAbort)
    output.end()
  }
  return endingOfRun(run.progress, preflight)
}

function startRun(
  { values, existsCodes, signal, rows, output }: RunContext,
  { client, journal, preflight }: Omit<SendRowsOptions, 'statistics'>,
) {
  const { chosen: count, duplicatePhotos } = preflight
  return backfillUsers(client, chosenRows(rows, { count, duplicatePhotos }), {
    ...datesOf(values),
    journal,
    stop: signal,
    total: count,
    concurrency: values.concurrency,
    ratePerSecond: values.rate,
    maxCalls: values['max-calls'],
    breaker: { maxWaitMs: values['max-wait'] },
    retryRejected: values['retry-rejected'],
    hideUserIds: values['hide-user-ids'],
    existsCodes,
    onProgress: output.show,
  })
}

async function recordOutcome(
  outcome: BulkOutcome<FileRow>,
  { errors, output }: RunContext,
  statistics: RunStatistics,
): Promise<void> {
  const { row } = outcome
  // What is wrong with the line itself says more than what its empty row lacks.
  const reported = row.error ? { ...outcome, error: row.error } : outcome
  const error = 'error' in reported ? reported.error : undefined
  output.outcome(outcome)
  statistics.add({ ...reported, error: isInputError(error) ? error : undefined })
  await errors?.add(reported)
}
