/** A run whose journal goes away midway, and the one that goes on with what is left. */
import { backfillUsers, type BulkOutcome, type Journal } from 'smileid-edge/bulk'
import { expect } from 'vitest'
import { start } from './emulated.ts'
import { rows } from './rows.ts'

const ROWS = 60
/** The call during which it happens. */
const MIDWAY = 20
/** Past all leases. */
const LATER_MS = 600_000

/** `happens` is done while the service has a call. */
export async function interruptedRun(
  journal: Journal,
  happens: () => Promise<void>,
  { concurrency = 4 }: { concurrency?: number } = {},
) {
  let sent = 0
  const started = start(
    {},
    {
      async fetch(url, init) {
        if (++sent === MIDWAY) await happens()
        return started.emulator.fetch(new Request(url, init))
      },
    },
  )
  const run = async () => {
    const outcomes: BulkOutcome[] = []
    const error = await (async () => {
      for await (const outcome of backfillUsers(started.client, rows(ROWS), {
        journal,
        concurrency,
      }))
        outcomes.push(outcome)
    })().catch((reason: unknown) => reason)
    return { outcomes, error }
  }
  const first = await run()
  // What was begun is told to its end, and nothing new is begun.
  expect(first.outcomes.map(({ state }) => state)).toEqual(Array.from({ length: sent }, () => 'enrolled'))
  expect(sent).toBeLessThan(MIDWAY + concurrency)
  return {
    error: first.error,
    /** Rows that the first run enrolled. */
    enrolled: sent,
    /** The next run, once all leases are over: how many rows ended in which way. */
    async goOn() {
      await started.emulator.advance(LATER_MS)
      const { outcomes, error } = await run()
      expect(error).toBeUndefined()
      expect(rows(ROWS).filter(({ user_id }) => !started.emulator.isEnrolled(user_id))).toEqual([])
      const count = (is: (outcome: BulkOutcome) => boolean) => outcomes.filter(is).length
      return {
        calls: sent - first.outcomes.length,
        new: count(({ state, resumed }) => state === 'enrolled' && !resumed),
        known: count(({ state, resumed }) => state === 'enrolled' && resumed),
        settled: count((outcome) => outcome.state === 'exists' && outcome.attempted),
        exist: count((outcome) => outcome.state === 'exists' && !outcome.attempted),
      }
    },
    rows: ROWS,
  }
}
