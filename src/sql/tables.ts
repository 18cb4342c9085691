/** The tables of the stores: made at first use, by `migrate`, or from the statements of `migrationSql`. */
import type { SqlDialect } from './database.ts'

/** A table, as it is made where it is not there yet. */
export interface Table {
  name: string
  columns: string
  /** Its key is text, which stands first. */
  isKeyed: boolean
  /** A column that rows are also found by. */
  index?: string
}

/** There is one row. */
const ONE_ROW = 'id INTEGER PRIMARY KEY CHECK (id = 1)'

export function journalTables(name: string): Table[] {
  const entries = `
    key TEXT PRIMARY KEY,
    rev INTEGER NOT NULL,
    state TEXT NOT NULL,
    at TEXT NOT NULL,
    lease_until TEXT,
    attempts INTEGER NOT NULL,
    digest TEXT NOT NULL,
    code TEXT,
    smile_job_id TEXT,
    attempted INTEGER`
  const scope = `
    ${ONE_ROW},
    environment TEXT NOT NULL,
    partner_id TEXT NOT NULL,
    digest_key TEXT NOT NULL,
    hides_ids INTEGER NOT NULL`
  return [
    { name, columns: entries, isKeyed: true },
    { name: `${name}_scope`, columns: scope, isKeyed: false },
  ]
}

/**
 * One row, made with the rate to begin with. In it:
 *
 * | column         | meaning                                                     |
 * | -------------- | ----------------------------------------------------------- |
 * | `rate`         | calls a second that may go out                              |
 * | `slot`         | the first time that is not given to a call yet              |
 * | `granted`      | where the times begin that were given last                  |
 * | `closed_until` | no call goes out before                                     |
 * | `cut_at`       | when a 429 last halved the rate                             |
 * | `strikes`      | 429s without a success in between                           |
 * | `seen`         | calls that went out since `since`: the pace as it really was |
 */
export function paceTables(name: string): Table[] {
  const columns = `
    ${ONE_ROW},
    rate DOUBLE PRECISION NOT NULL,
    granted DOUBLE PRECISION NOT NULL DEFAULT 0,
    slot DOUBLE PRECISION NOT NULL DEFAULT 0,
    closed_until DOUBLE PRECISION NOT NULL DEFAULT 0,
    cut_at DOUBLE PRECISION NOT NULL DEFAULT 0,
    strikes INTEGER NOT NULL DEFAULT 0,
    seen DOUBLE PRECISION NOT NULL DEFAULT 0,
    since DOUBLE PRECISION NOT NULL DEFAULT 0`
  return [{ name, columns, isKeyed: false }]
}

export function switchTables(name: string): Table[] {
  const columns = `
    ${ONE_ROW},
    state TEXT NOT NULL,
    reason TEXT`
  return [{ name, columns, isKeyed: false }]
}

export function eventTables(name: string): Table[] {
  const columns = `
    event_id TEXT PRIMARY KEY,
    done INTEGER NOT NULL,
    until DOUBLE PRECISION NOT NULL,
    claim TEXT`
  return [{ name, columns, isKeyed: true, index: 'until' }]
}

export function countTables(name: string): Table[] {
  const columns = `
    key TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    until DOUBLE PRECISION NOT NULL`
  return [{ name: `${name}_counts`, columns, isKeyed: true }]
}

export function tokenTables(name: string): Table[] {
  const columns = `
    key TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    expires_at DOUBLE PRECISION NOT NULL`
  return [{ name, columns, isKeyed: true }]
}

/** The statements that make a table, each as often as one likes. */
export function statementsOf({ name, columns, isKeyed, index }: Table, dialect: SqlDialect): string[] {
  const body = columns.trim().replace(/\n\s+/g, '\n  ')
  const end = isKeyed ? dialect.keyedTable : ''
  const create = `CREATE TABLE IF NOT EXISTS ${name} (\n  ${body}\n)${end}`
  if (!index) return [create]
  return [create, `CREATE INDEX IF NOT EXISTS ${name}_${index} ON ${name} (${index})`]
}

/** What a store runs before it is first used. */
export function setupOf(table: Table, dialect: SqlDialect): readonly string[] {
  return dialect.setUp(table.name, statementsOf(table, dialect))
}
