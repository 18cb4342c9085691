import { describe, expect, it } from 'vitest'
import type { JournalEntry } from '../../../src/bulk/journal.ts'
import { createMemoryJournal } from '../../../src/bulk/memory-journal.ts'

const AT = '2026-01-02T03:04:05.678Z'

function claim(key: string, rev = 1): JournalEntry {
  return { key, rev, state: 'sending', at: AT, leaseUntil: AT, attempts: rev, digest: '0'.repeat(32) }
}

function end(key: string, rev: number, more: Partial<JournalEntry> = {}): JournalEntry {
  return { key, rev, state: 'enrolled', at: AT, attempts: rev - 1, digest: 'f'.repeat(32), ...more }
}

async function all(journal: ReturnType<typeof createMemoryJournal>): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = []
  for await (const entry of journal.entries()) entries.push(entry)
  return entries
}

describe('a memory journal', () => {
  it('gives back what was written, however much longer or shorter each entry of a key is', async () => {
    const journal = createMemoryJournal()
    const sizes = [0, 5, 40, 200, 70_000, 300_000, 3]
    const latest = new Map<string, JournalEntry>()
    for (const key of ['plain', 'José 😀', 'half \ud83d', '"quotes"\\', 'long'.repeat(20_000)]) {
      expect(await journal.write(claim(key))).toBe(true)
      for (const [index, size] of sizes.entries()) {
        const entry = end(key, index + 2, { code: 'ü'.repeat(size), smileJobId: '7'.repeat(size) })
        expect(await journal.write(entry)).toBe(true)
        latest.set(key, entry)
        for (const [known, written] of latest) expect(await journal.read(known)).toEqual(written)
      }
    }
    expect(new Set(await all(journal))).toEqual(new Set(latest.values()))
  })

  it('keeps members apart that are missing, false and empty', async () => {
    const journal = createMemoryJournal()
    const entries = [
      end('none', 1),
      end('false', 1, { state: 'exists', attempted: false }),
      end('true', 1, { state: 'exists', attempted: true, code: '' }),
    ]
    for (const entry of entries) await journal.write(entry)
    expect(await all(journal)).toStrictEqual(entries)
  })

  it('yields the latest entry of a key that moves while its entries are read', async () => {
    const journal = createMemoryJournal()
    await journal.write(claim('a'))
    await journal.write(claim('b'))
    const entries = journal.entries()[Symbol.asyncIterator]()
    expect((await entries.next()).value).toEqual(claim('a'))
    const longer = end('b', 2, { smileJobId: '1'.repeat(500) })
    await journal.write(longer)
    expect((await entries.next()).value).toEqual(longer)
    expect((await entries.next()).done).toBe(true)
  })
})
