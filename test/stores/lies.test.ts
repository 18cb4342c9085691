/** Stores that lie: what the contract says of them, and what a run does that meets one. */
import { backfillRow, createMemoryJournal, type Journal, type JournalEntry } from 'smileid-edge/bulk'
import type { ReplayStore } from 'smileid-edge/callback'
import { type StoreCase, testJournal, testReplayStore } from 'smileid-edge/store-contract'
import { expect, it } from 'vitest'
import { keptInMemory } from '../conformance/stores.ts'
import { start } from '../support/emulated.ts'
import { interruptedRun } from '../support/interrupted-run.ts'
import { row } from '../support/rows.ts'

const turn = () => new Promise((resolve) => setTimeout(resolve))

async function brokenCases(cases: readonly StoreCase[]): Promise<string[]> {
  const broken: string[] = []
  for (const { name, run } of cases) await run().catch(() => broken.push(name))
  return broken
}

/** As it is often written: get, compare, set. */
function comparing(): Journal {
  const journal = createMemoryJournal()
  const latest = new Map<string, JournalEntry>()
  return {
    ...journal,
    read: async (key) => latest.get(key),
    async write(entry) {
      const known = latest.get(entry.key)
      await turn()
      if (entry.rev !== (known?.rev ?? 0) + 1) return false
      latest.set(entry.key, entry)
      return true
    },
    async *entries() {
      yield* latest.values()
    },
  }
}

it('the contract finds a journal that gets, compares and sets, and nothing else in it', async () => {
  expect(await brokenCases(testJournal(keptInMemory(comparing)))).toEqual([
    'gives a row to one of those who claim it at once',
  ])
})

it('the contract finds each mistake of a journal', async () => {
  const mistakes: Record<string, (journal: Journal) => Partial<Journal>> = {
    'binds to anybody': () => ({ bind: async () => 'k'.repeat(32) }),
    'takes any rev': (journal) => ({
      write: async (entry) => (
        await journal.write({ ...entry, rev: ((await journal.read(entry.key))?.rev ?? 0) + 1 }),
        true
      ),
    }),
    'forgets the code': (journal) => ({ write: (entry) => journal.write({ ...entry, code: '0' }) }),
    'lists nothing': () => ({ async *entries() {} }),
    'goes by time': (journal) => ({
      async write(entry) {
        const known = await journal.read(entry.key)
        return (!known || known.at <= entry.at) && journal.write(entry)
      },
    }),
  }
  for (const [mistake, change] of Object.entries(mistakes)) {
    const make = () => {
      const journal = createMemoryJournal()
      return { ...journal, ...change(journal) }
    }
    expect(await brokenCases(testJournal(keptInMemory(make))), mistake).not.toEqual([])
  }
  // One that forgets with its process.
  expect(await brokenCases(testJournal(() => createMemoryJournal()))).toContain(
    'knows after a crash what was written before',
  )
})

it('the contract finds each mistake of a replay store', async () => {
  type Known = Map<string, { state: 'busy' | 'done'; until: number; owner: string | undefined }>
  /** Right, but for what `flaw` names. */
  const make =
    (flaw: string) =>
    (now: () => number): ReplayStore => {
      const events: Known = new Map()
      const current = (id: string) => {
        const known = events.get(id)
        return known && (flaw === 'never runs out' || known.until > now()) ? known : undefined
      }
      return {
        async claim(id, leaseMs, owner) {
          const known = current(id)
          if (flaw === 'is not atomic') await turn()
          if (known) return flaw === 'takes done for busy' ? 'busy' : known.state
          events.set(id, { state: 'busy', until: now() + leaseMs, owner })
          return 'claimed'
        },
        async complete(id, keepMs, owner) {
          const known = current(id)
          const isOthers = owner !== undefined && known !== undefined && known.owner !== owner
          if (!isOthers || flaw === 'lets others complete')
            events.set(id, { state: 'done', until: now() + keepMs, owner })
        },
        async release(id, owner) {
          const known = events.get(id)
          const isOwn = known?.state === 'busy' && known.owner === owner
          if (owner === undefined || isOwn || flaw === 'lets others release') events.delete(id)
        },
      }
    }
  const broken = async (flaw: string) =>
    (await brokenCases(testReplayStore(keptInMemory(make(flaw))))).length > 0
  expect(await broken('none')).toBe(false)
  for (const flaw of [
    'is not atomic',
    'never runs out',
    'takes done for busy',
    'lets others complete',
    'lets others release',
  ])
    expect(await broken(flaw), flaw).toBe(true)
})

it('a run ends once its journal has forgotten what it was told', async () => {
  const journal = createMemoryJournal()
  let forgotten = false
  const forgetful: Journal = {
    ...journal,
    read: async (key) => (forgotten ? undefined : journal.read(key)),
    write: async (entry) => (forgotten ? entry.rev === 1 : journal.write(entry)),
  }
  const run = await interruptedRun(forgetful, async () => void (forgotten = true))
  expect(run.error).toMatchObject({ code: 'invalid_input', issues: [{ path: 'options.journal' }] })
  expect(String(run.error)).toContain('does not have what was written to it')
})

it('a journal that gives a row to two is found out by the one who ends later', async () => {
  const { client, emulator } = start()
  const honest = createMemoryJournal()
  const lying: Journal = { ...honest, write: async (entry) => (await honest.write(entry)) || entry.rev === 1 }
  const ends = await Promise.allSettled([1, 2].map(() => backfillRow(client, row('u1'), { journal: lying })))
  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const { reason } = ends.find((end) => end.status === 'rejected')!
  expect(String(reason)).toContain('gave one row to two workers at once')
  expect(emulator.isEnrolled('u1')).toBe(true)
})
