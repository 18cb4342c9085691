/** The journal of a bulk run in a database. */
import {
  type Journal,
  type JournalEntry,
  type JournalScope,
  lostEntries,
  otherScope,
} from '../bulk/journal.ts'
import { createWriteGroups } from '../bulk/write-groups.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { withoutUndefined } from '../input/objects.ts'
import { encodeBase64 } from '../platform/base64.ts'
import { nextTurn } from '../platform/time.ts'
import { type SqlDialect, itemNumber, itemText, type SqlDatabase } from './database.ts'
import { checkStore, type TableOptions, tableOptions } from './input.ts'
import { createQuery, type Query } from './query.ts'
import { journalTables } from './tables.ts'

/**
 * Entries to a page: some 300 kB, and a million entries within the thousand statements that D1 allows an
 * invocation.
 */
const PAGE = 1000

/**
 * Keeps a bulk run in a database: a row for each user in `table`, and in `<table>_scope` the environment, the
 * partner and the key of the digests; both make themselves.
 *
 * An entry is compared and set in one statement, so that workers without number may share the journal; those
 * who write at once go together in one statement. It holds no photo and no name. What it says can be asked in
 * SQL: `SELECT state, count(*) FROM smileid_journal GROUP BY state`. `entries()` comes in order of keys.
 * Errors of the database reject as they are; a write rejects when the journal that was bound is gone.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments. `bind` rejects so for another environment or
 *   partner, and `write` where the journal has lost what it knew.
 *
 * @example
 * ```ts
 * import { type BackfillInput, backfillUsers, type Rows } from 'smileid-edge/bulk'
 * import { type Client } from 'smileid-edge/client'
 * import { createSqlJournal, fromPg, type PgLike } from 'smileid-edge/sql'
 *
 * export async function enrolAll(client: Client, rows: Rows<BackfillInput>, pool: PgLike): Promise<number> {
 *   const journal = createSqlJournal(fromPg(pool))
 *   let enrolled = 0
 *   for await (const { state } of backfillUsers(client, rows, { journal }))
 *     if (state === 'enrolled') enrolled++
 *   return enrolled
 * }
 * ```
 */
export function createSqlJournal(
  db: SqlDatabase,
  options: { /** @default 'smileid_journal' */ table?: string | undefined } = {},
): Journal {
  return openJournal(db, checkStore(db, tableOptions(), options))
}

/** The same, of arguments that were checked. */
export function openJournal(db: SqlDatabase, { table = 'smileid_journal' }: TableOptions): Journal {
  const query = createQuery(db, journalTables(table))
  const insert = insertEntries(table, db.dialect)
  let owner: Promise<ScopeRow> | undefined
  let boundKey: string | null = null

  async function findOwner(scope: Required<JournalScope>): Promise<ScopeRow> {
    try {
      return await claimScope(query, table, scope)
    } catch (error) {
      // The next one tries again.
      owner = undefined
      throw error
    }
  }

  const gather = db.blocks ? nextTurn : undefined

  async function writeAll(entries: readonly JournalEntry[]): Promise<ReadonlySet<string>> {
    const rows = await query<{ key: string }>(insert, JSON.stringify(entries.map(valuesOf)), boundKey)
    if (rows.length < entries.length) await checkScopeIsThere()
    return new Set(rows.map(({ key }) => key))
  }

  /** Where nothing is written because the journal is another one by now, no row may be sent. */
  async function checkScopeIsThere(): Promise<void> {
    if (boundKey === null) return
    const [scope] = await query<ScopeRow>(selectScope(table))
    if (scope?.digest_key !== boundKey) throw new SmileIdInputError([lostEntries()])
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
      boundKey = known.digest_key
      return known.digest_key
    },
    async read(key) {
      const [row] = await query<EntryRow>(`SELECT ${COLUMNS.join(', ')} FROM ${table} WHERE key = ?1`, key)
      return row && entryOf(row)
    },
    write: createWriteGroups(writeAll, { gather }),
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

const COLUMNS = [
  'key',
  'rev',
  'state',
  'at',
  'lease_until',
  'attempts',
  'digest',
  'code',
  'smile_job_id',
  'attempted',
] as const

const NUMBERS: readonly string[] = ['rev', 'attempts', 'attempted']

/** In the order of COLUMNS. */
function valuesOf(entry: JournalEntry): (string | number | null)[] {
  const { key, rev, state, at, leaseUntil = null, attempts, digest, code = null, smileJobId = null } = entry
  const attempted = entry.attempted === undefined ? null : Number(entry.attempted)
  return [key, rev, state, at, leaseUntil, attempts, digest, code, smileJobId, attempted]
}

/**
 * Writes the entries of the list ?1 whose `rev` is one above the latest, as long as the journal has ?2 as the
 * key of its digests, and returns their keys.
 *
 * One that comes first at the same moment is seen by the second condition alone. In order of keys, so that no
 * two statements wait for each other.
 */
function insertEntries(table: string, dialect: SqlDialect): string {
  const values = COLUMNS.map((name, i) => (NUMBERS.includes(name) ? itemNumber(i) : itemText(i)))
  const changes = COLUMNS.slice(1).map((name) => `${name} = excluded.${name}`)
  const [key, rev] = values
  const isBound = `EXISTS (SELECT 1 FROM ${table}_scope WHERE digest_key = CAST(?2 AS TEXT))`
  return `
    INSERT INTO ${table} (${COLUMNS.join(', ')})
    SELECT ${values.join(', ')} FROM ${dialect.items}
    WHERE (CAST(?2 AS TEXT) IS NULL OR ${isBound})
      AND (${rev} = 1 OR EXISTS (SELECT 1 FROM ${table} AS known WHERE known.key = ${key}))
    ORDER BY 1
    ON CONFLICT (key) DO UPDATE SET ${changes.join(', ')}
    WHERE ${table}.rev = excluded.rev - 1
    RETURNING key`
}

function selectPage(table: string): string {
  return `SELECT ${COLUMNS.join(', ')} FROM ${table} WHERE key > ?1 ORDER BY key LIMIT ${PAGE}`
}

function selectScope(table: string): string {
  return `SELECT environment, partner_id, digest_key, hides_ids FROM ${table}_scope`
}

/** The scope that the journal belongs to: the first one that was bound. */
async function claimScope(
  query: Query,
  table: string,
  { environment, partnerId, hideUserIds }: Required<JournalScope>,
): Promise<ScopeRow> {
  const [known] = await query<ScopeRow>(selectScope(table))
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
  const [claimed] = await query<ScopeRow>(selectScope(table))
  return claimed!
}

function entryOf(row: EntryRow): JournalEntry {
  const { lease_until, smile_job_id, code, attempted, ...entry } = row
  return withoutUndefined({
    ...entry,
    // Some drivers can be told to give whole numbers as bigint.
    rev: Number(row.rev),
    attempts: Number(row.attempts),
    leaseUntil: lease_until ?? undefined,
    code: code ?? undefined,
    smileJobId: smile_job_id ?? undefined,
    attempted: attempted === null ? undefined : Number(attempted) === 1,
  })
}
