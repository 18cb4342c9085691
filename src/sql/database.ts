/** The little of a database that the stores ask for, and where the two dialects differ. */

/** What statements are given. */
export type SqlValue = string | number | null

/** A database, whichever driver leads to it; the `from…` functions make one of the drivers they name. */
export interface SqlDatabase {
  readonly dialect: 'sqlite' | 'postgres'
  /**
   * Runs one statement, as a whole or not at all, and resolves to the rows it returns. Values stand in it as
   * `?`, in their order, for SQLite, and as `$1`, `$2` for Postgres.
   */
  run(sql: string, values: readonly SqlValue[]): Promise<readonly object[]>
}

export type Dialect = SqlDatabase['dialect']

interface Words {
  /** The largest, and the smallest, of several values. */
  max: string
  min: string
  /** Milliseconds since 1970: one time for a whole statement. */
  clock: string
  /** The end of a table whose key is text. */
  keyedTable: string
  /** Rows whose `value` is an item of the JSON list in parameter ?1. */
  items: string
}

export const WORDS: Record<Dialect, Words> = {
  sqlite: {
    max: 'MAX',
    min: 'MIN',
    clock: "((julianday('now') - 2440587.5) * 86400000.0)",
    keyedTable: ' WITHOUT ROWID',
    items: 'json_each(?1)',
  },
  postgres: {
    max: 'GREATEST',
    min: 'LEAST',
    clock: 'CAST(EXTRACT(EPOCH FROM statement_timestamp()) * 1000 AS DOUBLE PRECISION)',
    keyedTable: '',
    // By way of text: a driver that is told of JSON would write it as JSON once more.
    items: 'json_array_elements(CAST(CAST(?1 AS TEXT) AS JSON)) AS item (value)',
  },
}

/** Member `place` of the list `value` is. */
export function itemText(place: number): string {
  return `value ->> ${place}`
}

export function itemNumber(place: number): string {
  return `CAST(value ->> ${place} AS INTEGER)`
}

/** The time of a statement: what the caller's clock says in parameter `?n`, else the database's own. */
export function timeOf(dialect: Dialect, parameter: string): string {
  return `COALESCE(CAST(${parameter} AS DOUBLE PRECISION), ${WORDS[dialect].clock})`
}

/** A statement as its database takes it; ours have values as `?1`, `?2`, each as often as it is needed. */
export function placeValues(
  dialect: Dialect,
  sql: string,
  values: readonly SqlValue[],
): { sql: string; values: readonly SqlValue[] } {
  const parameter = /\?(\d+)/g
  // They are written indented.
  const text = sql.trim()
  if (dialect === 'postgres') return { sql: text.replace(parameter, '$$$1'), values }
  const inOrder = [...text.matchAll(parameter)].map(([, number]) => values[Number(number) - 1] ?? null)
  return { sql: text.replace(parameter, '?'), values: inOrder }
}
