/** What a bulk run remembers of its rows, and what keeps it. */
import { inputError, issue } from '../errors/issues.ts'
import type { Environment } from '../wire/endpoints.ts'

/**
 * `'sending'` is written before each call; with its lease in the past it is what a crash leaves: settled,
 * never sent as new.
 */
export type RowState = 'sending' | 'enrolled' | 'exists' | 'rejected' | 'failed' | 'unknown'

/** Holds no photo and no name; the one identifier of a person is `user_id` within `key` (or its HMAC). */
export interface JournalEntry {
  /** `environment:partner:user_id` */
  key: string
  /** Counts the entries of this key, from 1. */
  rev: number
  state: RowState
  /** ISO 8601 */
  at: string
  /** ISO 8601, with `'sending'`. */
  leaseUntil?: string
  /** Calls made for this row in all runs so far, the one about to be made included. */
  attempts: number
  /**
   * HMAC-SHA256 over date and photo under the journal's own key, its first 128 bits in hex: tells equal rows
   * from changed ones, and nothing else.
   */
  digest: string
  /** Result or error code. */
  code?: string
  smileJobId?: string
  /**
   * With `'exists'`: an earlier call of this journal, whose end is not known, may be what enrolled the user.
   */
  attempted?: boolean
}

export interface JournalScope {
  environment: Environment
  partnerId: string
  /**
   * Whether keys hold the HMAC of user_ids. Both kinds in one journal would send each user twice. @default
   * false
   */
  hideUserIds?: boolean
}

export interface Journal {
  /**
   * Ties the journal to one environment, partner and kind of key at its first use, refuses any other later;
   * resolves to the key of its digests, as text.
   */
  bind(scope: JournalScope): Promise<string>
  /** The latest entry of this key. */
  read(key: string): Promise<JournalEntry | undefined>
  /**
   * Survives this process once resolved. False, and nothing written, unless `rev` is one above the latest: no
   * two workers send one row.
   */
  write(entry: JournalEntry): Promise<boolean>
  /** The latest entry of each key. */
  entries(): AsyncIterable<JournalEntry>
}

/**
 * Keeps what a run did in this process, some 1 kB a row, for tests and for runs that need not survive it:
 * after a crash, nobody knows what was sent.
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
  // As text: an object for each row would take more.
  const latest = new Map<string, string>()
  const secret = crypto.randomUUID()
  let owner: string | undefined
  const read = (key: string) =>
    latest.has(key) ? ({ key, ...JSON.parse(latest.get(key)!) } as JournalEntry) : undefined
  return {
    async bind({ environment, partnerId, hideUserIds = false }) {
      const scope = `${environment}:${partnerId}:${hideUserIds}`
      if ((owner ??= scope) !== scope)
        throw inputError([
          issue(
            'options.journal',
            'not_allowed',
            'belongs to another environment or partner, or was begun with another hideUserIds',
          ),
        ])
      return secret
    },
    read: async (key) => read(key),
    async write({ key, ...entry }) {
      if (entry.rev !== (read(key)?.rev ?? 0) + 1) return false
      latest.set(key, JSON.stringify(entry))
      return true
    },
    async *entries() {
      for (const key of latest.keys()) yield read(key)!
    },
  }
}
