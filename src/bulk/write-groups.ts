/** Entries that are written together: who writes while a write is on its way goes with the next one. */
import type { JournalEntry } from './journal.ts'

/** Characters of keys and digests to a group, some 500 kB: databases limit what they take at once. */
const MOST_CHARACTERS = 200_000
const MOST_ENTRIES = 200

interface Waiting {
  entry: JournalEntry
  resolve(written: boolean): void
  reject(reason: unknown): void
}

/**
 * A journal's `write` over one that takes several entries, of a key each, and resolves to the keys it has
 * written. When it rejects, all that went together reject. `gather` is waited for before each, so that others
 * may come along.
 */
export function createWriteGroups(
  writeAll: (entries: readonly JournalEntry[]) => Promise<ReadonlySet<string>>,
  { gather = async () => {} }: { gather?: (() => Promise<void>) | undefined } = {},
): (entry: JournalEntry) => Promise<boolean> {
  let waiting: Waiting[] = []
  let isWriting = false

  async function writeGroups(): Promise<void> {
    isWriting = true
    while (waiting.length > 0) {
      // At once for those who write without a pause in between; `gather` says for whom else.
      await gather()
      const { group, rest } = firstGroup(waiting)
      waiting = rest
      await writeGroup(group, writeAll)
    }
    isWriting = false
  }

  return (entry) =>
    new Promise((resolve, reject) => {
      waiting.push({ entry, resolve, reject })
      if (!isWriting) void writeGroups()
    })
}

async function writeGroup(
  group: readonly Waiting[],
  writeAll: Parameters<typeof createWriteGroups>[0],
): Promise<void> {
  try {
    const written = await writeAll(group.map(({ entry }) => entry))
    for (const { entry, resolve } of group) resolve(written.has(entry.key))
  } catch (reason) {
    for (const { reject } of group) reject(reason)
  }
}

/** Entries of one key stay in their order, one to a group. */
function firstGroup(waiting: readonly Waiting[]): { group: Waiting[]; rest: Waiting[] } {
  const group: Waiting[] = []
  const rest: Waiting[] = []
  const keys = new Set<string>()
  let characters = 0
  for (const one of waiting) {
    const { key, digest } = one.entry
    characters += key.length + digest.length
    const isFull = group.length > 0 && (characters > MOST_CHARACTERS || group.length >= MOST_ENTRIES)
    if (isFull || keys.has(key)) rest.push(one)
    else group.push(one)
    keys.add(key)
  }
  return { group, rest }
}
