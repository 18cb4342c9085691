/** The journal of a bulk run in D1. */
import type { Journal } from '../bulk/journal.ts'
import { type D1Like, ofD1 } from '../sql/drivers.ts'
import { tableOptions } from '../sql/input.ts'
import { openJournal } from '../sql/journal.ts'
import { checkD1 } from './d1-input.ts'

/**
 * Keeps a bulk run in D1: a row for each user in `table`, and in `<table>_scope` the environment, the partner
 * and the key of the digests; both make themselves.
 *
 * An entry is compared and set in one statement, so that consumers without number may share the journal. It
 * holds no photo and no name. What it says can be asked in SQL:
 * `SELECT state, count(*) FROM smileid_journal GROUP BY state`. `entries()` comes in order of keys. Make it
 * in each invocation: it costs two small statements. Errors of D1 reject as they are.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments.
 *
 * @example
 * ```ts
 * import { type BulkOutcome, backfillRow } from 'smileid-edge/bulk'
 * import { type Client } from 'smileid-edge/client'
 * import { createD1Journal, type D1Like } from 'smileid-edge/cloudflare'
 *
 * export const enrol = (
 *   client: Client,
 *   env: { DB: D1Like },
 *   user_id: string,
 *   photo: Blob,
 * ): Promise<BulkOutcome> =>
 *   backfillRow(
 *     client,
 *     { user_id, user_created_at: '2021-08-12', photo },
 *     { journal: createD1Journal(env.DB) },
 *   )
 * ```
 */
export function createD1Journal(
  db: D1Like,
  options: { /** @default 'smileid_journal' */ table?: string | undefined } = {},
): Journal {
  const checked = checkD1(db, tableOptions(), options)
  return openJournal(ofD1(db), checked)
}
