/** The journal of a bulk run in D1. */
import { type Journal, type JournalEntry, type JournalScope, otherScope } from '../bulk/journal.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { withoutUndefined } from '../input/objects.ts'
import { encodeBase64 } from '../platform/base64.ts'
import { checkD1, tableOptions } from './d1-input.ts'
import { createQuery, type D1Like, type D1Value, type Query, type Statement } from './d1-query.ts'

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
  const { table = 'smileid_journal' } = checkD1(db, tableOptions(), options)
  const query = createQuery(db, createTables(table))
  let owner: Promise<ScopeRow> | undefined

  async function findOwner(scope: Required<JournalScope>): Promise<ScopeRow> {
    try {
      return await claimScope(query, table, scope)
    } catch (error) {
      // The next one tries again.
      owner = undefined
      throw error
    }
  }

  return {
    async bind({ environment, partnerId, hideUserIds = false }) {
      owner ??= findOwner({ environment, partnerId, hideUserIds })
      const known = await owner
      const isSame =
        known.environment === environment &&
        known.partner_id === partnerId &&
        Boolean(known.hides_ids) === hideUserIds
      if (!isSame) throw new SmileIdInputError([otherScope()])
      return known.digest_key
    },
    async read(key) {
      const [row] = await query<EntryRow>(`SELECT ${COLUMNS} FROM ${table} WHERE key = ?1`, key)
      return row && entryOf(row)
    },
    async write(entry) {
      const written = await query(insertEntry(table), ...valuesOf(entry))
      return written.length === 1
    },
    async *entries() {
      let after = ''
      let page: EntryRow[]
      do {
        page = await query<EntryRow>(selectPage(table), after)
        for (const row of page) yield entryOf(row)
        after = page.at(-1)?.key ?? after
      } while (page.length === PAGE)
    },
  }
}

interface ScopeRow {
  environment: string
  partner_id: string
  digest_key: string
  hides_ids: number
}

interface EntryRow {
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

function createTables(table: string): Statement[] {
  const entries = `
    CREATE TABLE IF NOT EXISTS ${table} (
      key TEXT PRIMARY KEY,
      rev INTEGER NOT NULL,
      state TEXT NOT NULL,
      at TEXT NOT NULL,
      lease_until TEXT,
      attempts INTEGER NOT NULL,
      digest TEXT NOT NULL,
      code TEXT,
      smile_job_id TEXT,
      attempted INTEGER
    ) WITHOUT ROWID`
  const scope = `
    CREATE TABLE IF NOT EXISTS ${table}_scope (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      environment TEXT NOT NULL,
      partner_id TEXT NOT NULL,
      digest_key TEXT NOT NULL,
      hides_ids INTEGER NOT NULL
    )`
  return [{ sql: entries }, { sql: scope }]
}

/** In the order of COLUMNS. Writes nothing, and returns no row, unless `rev` is one above the latest. */
function insertEntry(table: string): string {
  return `
    INSERT OR REPLACE INTO ${table} (${COLUMNS})
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
    WHERE ?2 = 1 + COALESCE((SELECT rev FROM ${table} WHERE key = ?1), 0)
    RETURNING rev`
}

function valuesOf(entry: JournalEntry): D1Value[] {
  const { key, rev, state, at, leaseUntil = null, attempts, digest, code = null, smileJobId = null } = entry
  const attempted = entry.attempted === undefined ? null : Number(entry.attempted)
  return [key, rev, state, at, leaseUntil, attempts, digest, code, smileJobId, attempted]
}

function selectPage(table: string): string {
  return `SELECT ${COLUMNS} FROM ${table} WHERE key > ?1 ORDER BY key LIMIT ${PAGE}`
}

/** The scope that the journal belongs to: the first one that was bound. */
async function claimScope(
  query: Query,
  table: string,
  { environment, partnerId, hideUserIds }: Required<JournalScope>,
): Promise<ScopeRow> {
  const select = `SELECT environment, partner_id, digest_key, hides_ids FROM ${table}_scope`
  const [known] = await query<ScopeRow>(select)
  if (known) return known
  const digestKey = encodeBase64(crypto.getRandomValues(new Uint8Array(32)))
  await query(
    `INSERT INTO ${table}_scope VALUES (1, ?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING`,
    environment,
    partnerId,
    digestKey,
    Number(hideUserIds),
  )
  // Of two that come first at once, one wins, and both read what it wrote.
  const [claimed] = await query<ScopeRow>(select)
  return claimed!
}

function entryOf({ lease_until, smile_job_id, code, attempted, ...entry }: EntryRow): JournalEntry {
  return withoutUndefined({
    ...entry,
    leaseUntil: lease_until ?? undefined,
    code: code ?? undefined,
    smileJobId: smile_job_id ?? undefined,
    attempted: attempted === null ? undefined : attempted === 1,
  })
}
