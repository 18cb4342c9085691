/** The little of a database that the stores ask for, and where the two dialects differ. */

/** What statements are given. */
export type SqlValue = string | number | null

/** A database, whichever driver leads to it; the `from…` functions make one of the drivers they name. */
export interface SqlDatabase {
  /** `sqlite` or `postgres` of this entry. */
  readonly dialect: SqlDialect
  /**
   * Runs one statement, as a whole or not at all, and resolves to the rows it returns. Values stand in it as
   * `?`, in their order, for SQLite, and as `$1`, `$2` for Postgres.
   */
  run(sql: string, values: readonly SqlValue[]): Promise<readonly object[]>
  /**
   * Whether it works in this thread, so that nobody gets to write while a statement runs: then entries are
   * gathered beforehand, since each statement waits for the disk. @default false
   */
  readonly blocks?: boolean
}

/** How a database writes what the stores ask for: an object each, so that no bundle has both. */
export interface SqlDialect {
  readonly name: 'sqlite' | 'postgres'
  /** The largest, and the smallest, of several values. */
  readonly max: string
  readonly min: string
  /** Milliseconds since 1970: one time for a whole statement. */
  readonly clock: string
  /** The end of a table whose key is text. */
  readonly keyedTable: string
  /** Rows whose `value` is an item of the JSON list in parameter ?1. */
  readonly items: string
  /** Makes a table that may be there, by its statements, of which several may run at once. */
  setUp(table: string, statements: readonly string[]): readonly string[]
  /** A statement as the database takes it; ours have values as `?1`, `?2`, each as often as it is needed. */
  place(sql: string, values: readonly SqlValue[]): { sql: string; values: readonly SqlValue[] }
}

const PARAMETER = /\?(\d+)/g

export const sqlite: SqlDialect = {
  name: 'sqlite',
  max: 'MAX',
  min: 'MIN',
  clock: "((julianday('now') - 2440587.5) * 86400000.0)",
  keyedTable: ' WITHOUT ROWID',
  items: 'json_each(?1)',
  setUp: (_table, statements) => statements,
  place(sql, values) {
    const inOrder = [...sql.matchAll(PARAMETER)].map(([, number]) => values[Number(number) - 1] ?? null)
    return { sql: sql.replace(PARAMETER, '?'), values: inOrder }
  },
}

export const postgres: SqlDialect = {
  name: 'postgres',
  max: 'GREATEST',
  min: 'LEAST',
  clock: 'CAST(EXTRACT(EPOCH FROM statement_timestamp()) * 1000 AS DOUBLE PRECISION)',
  keyedTable: '',
  // By way of text: a driver that is told of JSON would write it as JSON once more.
  items: 'json_array_elements(CAST(CAST(?1 AS TEXT) AS JSON)) AS item (value)',
  // It takes `IF NOT EXISTS` of two at once for an error, and asks for the right to create where there is
  // nothing to create: so it is looked first, and one after the other.
  setUp(table, statements) {
    const steps = ['PERFORM pg_advisory_xact_lock(20260108)', ...statements].map((step) => `${step};`)
    const block = `IF to_regclass('${table}') IS NULL THEN ${steps.join('\n')} END IF;`
    return [`DO $smileid$ BEGIN ${block} END $smileid$`]
  },
  place: (sql, values) => ({ sql: sql.replace(PARAMETER, '$$$1'), values }),
}

/** Member `place` of the list `value` is. */
export function itemText(place: number): string {
  return `value ->> ${place}`
}

export function itemNumber(place: number): string {
  return `CAST(value ->> ${place} AS INTEGER)`
}

/** The time of a statement: what the caller's clock says in parameter `?n`, else the database's own. */
export function timeOf(dialect: SqlDialect, parameter: string): string {
  return `COALESCE(CAST(${parameter} AS DOUBLE PRECISION), ${dialect.clock})`
}
