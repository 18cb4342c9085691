/** What a bulk run remembers of its rows. */
import type { InputIssue } from '../errors/codes.ts'
import { issue } from '../errors/issues.ts'
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
   * Whether keys hold the HMAC of user_ids. Both kinds in one journal would send each user twice.
   * @default false
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
  /**
   * Whether entries of this key that were written may be lost, as by a power cut: then its row is settled,
   * not sent as new. A journal without it loses nothing.
   */
  mayHaveLost?(key: string): boolean
  /** The latest entry of each key. */
  entries(): AsyncIterable<JournalEntry>
}

/** What is wrong with a journal that is tied to another scope. */
export function otherScope(): InputIssue {
  const message = 'belongs to another environment or partner, or was begun with another hideUserIds'
  return issue('options.journal', 'not_allowed', message)
}

/** What is wrong with a journal that does not have what was written to it. */
export function lostEntries(): InputIssue {
  const message =
    'does not have what was written to it: the run stops, since its rows could be sent again; bring the' +
    ' journal back from where it is kept, or begin a new one, whose first calls find who is enrolled'
  return issue('options.journal', 'not_allowed', message)
}

/** What is wrong with a journal that lets two workers have a row at once. */
export function givenTwice(): InputIssue {
  const message =
    'gave one row to two workers at once, or their clocks differ by more than a minute: hold the journal to' +
    ' testJournal of smileid-edge/store-contract'
  return issue('options.journal', 'not_allowed', message)
}
