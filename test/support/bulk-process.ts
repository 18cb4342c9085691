/**
 * node bulk-process.mjs <settings as JSON>: one bulk run over a CSV file, which can be killed and started
 * again; every outcome is a line of the report at once.
 *
 * Ends with 3 when a refusal that was damaged came before any success: it may concern all rows, so the run
 * stops.
 */
import { openSync, writeSync } from 'node:fs'
import { backfillUsers } from 'smileid-edge/bulk'
import { createClient } from 'smileid-edge/client'
import { createEmulator } from 'smileid-edge/emulator'
import { isSmileIdError } from 'smileid-edge/errors'
import { csvRows, openFileJournal } from 'smileid-edge/node'

export interface ProcessSettings {
  baseUrl: string
  csv: string
  journal: string
  report: string
  concurrency: number
  timeoutMs: number
  /** How far the clock is put forward: past the leases that the run before left. */
  aheadMs: number
}

export interface ReportLine {
  index: number
  state: string
  code?: string
  attempted?: boolean
  resumed: boolean
}

const {
  baseUrl,
  csv,
  journal: path,
  report,
  concurrency,
  timeoutMs,
  aheadMs,
} = JSON.parse(process.argv[2]!) as ProcessSettings
const { partnerId, apiKey } = createEmulator().clientOptions
const client = createClient({
  partnerId,
  apiKey,
  environment: 'sandbox',
  baseUrl,
  timeoutMs,
  now: () => Date.now() + aheadMs,
})
const journal = await openFileJournal(path)
const lines = openSync(report, 'a')
try {
  // So many faults trip the breaker now and then; its pause is made short.
  for await (const outcome of backfillUsers(client, csvRows(csv), {
    journal,
    concurrency,
    breaker: { pauseMs: 100 },
  })) {
    const { index, state, code, resumed } = outcome
    const line: ReportLine = {
      index,
      state,
      ...(code !== undefined && { code }),
      ...(outcome.state === 'exists' && { attempted: outcome.attempted }),
      resumed,
    }
    writeSync(lines, `${JSON.stringify(line)}\n`)
  }
} catch (error) {
  if (!isSmileIdError(error, 'api_error')) throw error
  process.exitCode = 3
}
await journal.close()
