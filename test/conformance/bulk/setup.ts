/** What tests of bulk runs begin with. */
import {
  type BackfillInput,
  type BulkOutcome,
  createMemoryJournal,
  type Journal,
  type JournalEntry,
} from 'smileid-edge/bulk'
import type { ClientOptions } from 'smileid-edge/client'
import type { EmulatorOptions } from 'smileid-edge/emulator'
import { start } from '../../support/emulated'

/** A journal beside them, and what it has of a user. */
export function startBulk(options?: EmulatorOptions, more: Partial<ClientOptions> = {}) {
  const { emulator, client, now } = start(options, more)
  const journal = createMemoryJournal()
  return {
    emulator,
    client,
    now,
    journal,
    latest: (user_id: string) => journal.read(`sandbox:085:${user_id}`),
  }
}

/** All outcomes, and what the loop ended with. */
export async function drain<R extends BackfillInput>(
  run: AsyncIterable<BulkOutcome<R>>,
): Promise<{ outcomes: BulkOutcome<R>[]; error: any }> {
  const outcomes: BulkOutcome<R>[] = []
  try {
    for await (const outcome of run) outcomes.push(outcome)
  } catch (error) {
    return { outcomes, error }
  }
  return { outcomes, error: undefined }
}

export const states = async (run: AsyncIterable<BulkOutcome>) => {
  const { outcomes, error } = await drain(run)
  if (error) throw error
  return outcomes
    .sort((a, b) => a.index - b.index)
    .map(({ row: { user_id }, state, attempts, resumed, code }) =>
      [user_id, state, attempts, resumed, code].join(' '),
    )
}

/** A journal through which every entry can be seen, and held up, before it is written. */
export const watched = (journal: Journal, before: (entry: JournalEntry) => unknown): Journal => ({
  ...journal,
  write: async (entry) => (await before(entry), journal.write(entry)),
})
