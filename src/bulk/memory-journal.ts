/** A journal in memory. */
import { SmileIdInputError } from '../errors/classes.ts'
import { withoutUndefined } from '../input/objects.ts'
import { createJournalIndex } from './journal-index.ts'
import { type Journal, type JournalEntry, otherScope } from './journal.ts'
import { createPackedTexts } from './packed-texts.ts'

/**
 * Makes a journal in memory, some 200 bytes a row, for tests and for runs that need not survive their
 * process: after a crash, there is no record of what was sent.
 *
 * @example
 * ```ts
 * import { backfillUsers, createMemoryJournal } from 'smileid-edge/bulk'
 * import { createClient } from 'smileid-edge/client'
 * import { createEmulator, samplePhoto } from 'smileid-edge/emulator'
 *
 * const client = createClient(createEmulator().clientOptions)
 * const rows = [{ user_id: 'u1', user_created_at: '2021-08-12', photo: samplePhoto() }]
 * for await (const outcome of backfillUsers(client, rows, { journal: createMemoryJournal() }))
 *   console.log(outcome.state) // enrolled
 * ```
 */
export function createMemoryJournal(): Journal {
  const index = createJournalIndex()
  const texts = createPackedTexts()
  const secret = crypto.randomUUID()
  let owner: string | undefined

  function read(key: string): JournalEntry | undefined {
    const place = index.offset(key)
    const entry = place === undefined ? undefined : unpacked(texts.read(place))
    return entry?.key === key ? entry : undefined
  }

  return {
    async bind({ environment, partnerId, hideUserIds = false }) {
      const scope = `${environment}:${partnerId}:${hideUserIds}`
      owner ??= scope
      if (owner !== scope) throw new SmileIdInputError([otherScope()])
      return secret
    },
    read: async (key) => read(key),
    async write(entry) {
      const { key, rev } = entry
      if (rev !== index.rev(key) + 1) return false
      index.set(key, { rev, offset: texts.write(packed(entry), index.offset(key)) })
      return true
    },
    async *entries() {
      for (const place of index.offsets()) {
        const { key } = unpacked(texts.read(place))
        // It may have been replaced meanwhile.
        yield read(key)!
      }
    },
  }
}

/** The members of an entry by their places, since their names would take as much as they do. */
function packed(entry: JournalEntry): string {
  const { key, rev, state, at, leaseUntil, attempts, digest, code, smileJobId, attempted } = entry
  return JSON.stringify([key, rev, state, at, attempts, digest, leaseUntil, code, smileJobId, attempted])
}

function unpacked(text: string): JournalEntry {
  // JSON has null for what is missing.
  const members: unknown[] = JSON.parse(text).map((member: unknown) => member ?? undefined)
  const [key, rev, state, at, attempts, digest, leaseUntil, code, smileJobId, attempted] = members
  const entry = { key, rev, state, at, attempts, digest, leaseUntil, code, smileJobId, attempted }
  return withoutUndefined(entry) as JournalEntry
}
