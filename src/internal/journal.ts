/** What a bulk run remembers of its rows, and what keeps it. */
import type { Environment } from './tables.ts'

/** `'sending'` is written before each call; with its lease in the past it is what a crash leaves: settled, never sent as new. */
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
  /** HMAC-SHA256 over date and photo under the journal's own key, in hex: tells equal rows from changed ones, and nothing else. */
  digest: string
  /** Result or error code. */
  code?: string
  smileJobId?: string
}

export interface JournalScope {
  environment: Environment
  partnerId: string
}

export interface Journal {
  /** Ties the journal to one environment and partner at its first use, refuses any other later; resolves to the key of its digests, as text. */
  bind(scope: JournalScope): Promise<string>
  /** The latest entry of this key. */
  read(key: string): Promise<JournalEntry | undefined>
  /** Durable once resolved. False, and nothing written, unless `rev` is one above the latest: no two workers send one row. */
  write(entry: JournalEntry): Promise<boolean>
  /** The latest entry of each key. */
  entries(): AsyncIterable<JournalEntry>
}
