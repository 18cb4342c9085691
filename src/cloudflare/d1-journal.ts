/** The journal of a bulk run in D1. */
import { encodeBase64 } from '../platform/base64.ts'
import { checkTable, createQuery, type D1Like, type TableOptions } from './d1-table.ts'
import { inputError, issue } from '../errors/issues.ts'
import type { Journal, JournalEntry } from '../bulk/journal.ts'
import { withoutUndefined } from '../input/objects.ts'

interface Row {
  key: string
  rev: number
  state: JournalEntry['state']
  at: string
  lease_until: string | null
  attempts: number
  digest: string
  code: string | null
  smile_job_id: string | null
  attempted: number | null
}

const COLUMNS = 'key, rev, state, at, lease_until, attempts, digest, code, smile_job_id, attempted'
/**
 * Entries to a page: some 300 kB, and a million entries within the thousand statements that D1 allows an
 * invocation.
 */
const PAGE = 1000

/**
 * Keeps a bulk run in D1: a row for each user in `table`, and in `<table>_scope` the environment, the partner
 * and the key of the digests; both make themselves.
 *
 * An entry is compared and set in one statement, so that consumers without number may share the journal. It
 * holds no photo and no name. What it says can be asked in SQL:
 * `SELECT state, count(*) FROM smileid_journal GROUP BY state`. `entries()` comes in order of keys. Make it
 * in each invocation: it costs two small statements. Throws `SmileIdInputError` for wrong arguments; errors
 * of D1 reject as they are.
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
  checkTable(db, options satisfies TableOptions)
  const { table = 'smileid_journal' } = options ?? {}
  const query = createQuery(db, [
    [
      `CREATE TABLE IF NOT EXISTS ${table} (key TEXT PRIMARY KEY, rev INTEGER NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL, lease_until TEXT, attempts INTEGER NOT NULL, digest TEXT NOT NULL, code TEXT, smile_job_id TEXT, attempted INTEGER) WITHOUT ROWID`,
    ],
    [
      `CREATE TABLE IF NOT EXISTS ${table}_scope (id INTEGER PRIMARY KEY CHECK (id = 1), environment TEXT NOT NULL, partner_id TEXT NOT NULL, digest_key TEXT NOT NULL, hides_ids INTEGER NOT NULL)`,
    ],
  ])
  let scope:
    Promise<{ environment: string; partner_id: string; digest_key: string; hides_ids: number }> | undefined

  async function claimScope(environment: string, partnerId: string, hidesIds: boolean) {
    const found = () =>
      query<Awaited<NonNullable<typeof scope>>>(
        `SELECT environment, partner_id, digest_key, hides_ids FROM ${table}_scope`,
      )
    const [known] = await found()
    if (known) return known
    // Of two that come first at once, one wins, and both read what it wrote.
    await query(
      `INSERT INTO ${table}_scope VALUES (1, ?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING`,
      environment,
      partnerId,
      encodeBase64(crypto.getRandomValues(new Uint8Array(32))),
      Number(hidesIds),
    )
    return (await found())[0]!
  }

  return {
    async bind({ environment, partnerId, hideUserIds = false }) {
      const owner = await (scope ??= claimScope(environment, partnerId, hideUserIds).catch(
        (error: unknown) => {
          scope = undefined
          throw error
        },
      ))
      if (
        owner.environment !== environment ||
        owner.partner_id !== partnerId ||
        !!owner.hides_ids !== hideUserIds
      ) {
        throw inputError([
          issue(
            'options.journal',
            'not_allowed',
            'belongs to another environment or partner, or was begun with another hideUserIds',
          ),
        ])
      }
      return owner.digest_key
    },
    async read(key) {
      const [row] = await query<Row>(`SELECT ${COLUMNS} FROM ${table} WHERE key = ?1`, key)
      return row && entryOf(row)
    },
    async write({
      key,
      rev,
      state,
      at,
      leaseUntil = null,
      attempts,
      digest,
      code = null,
      smileJobId = null,
      attempted,
    }) {
      const written = await query(
        `INSERT OR REPLACE INTO ${table} (${COLUMNS}) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 WHERE ?2 = 1 + COALESCE((SELECT rev FROM ${table} WHERE key = ?1), 0) RETURNING rev`,
        key,
        rev,
        state,
        at,
        leaseUntil,
        attempts,
        digest,
        code,
        smileJobId,
        attempted === undefined ? null : Number(attempted),
      )
      return written.length === 1
    },
    async *entries() {
      for (let after = '', more = true; more;) {
        const page = await query<Row>(
          `SELECT ${COLUMNS} FROM ${table} WHERE key > ?1 ORDER BY key LIMIT ${PAGE}`,
          after,
        )
        for (const row of page) yield entryOf(row)
        more = page.length === PAGE
        after = page.at(-1)?.key ?? after
      }
    },
  }
}

function entryOf({ lease_until, smile_job_id, code, attempted, ...entry }: Row): JournalEntry {
  return withoutUndefined({
    ...entry,
    leaseUntil: lease_until ?? undefined,
    code: code ?? undefined,
    smileJobId: smile_job_id ?? undefined,
    attempted: attempted === null ? undefined : attempted === 1,
  })
}
