/** Runs the statements of a store, whose tables make themselves. */
import type { SqlDatabase, SqlValue } from './database.ts'
import { setupOf, type Table } from './tables.ts'

/** Values stand in the text as `?1`, `?2`. */
export interface Statement {
  sql: string
  values?: readonly SqlValue[]
}

/** Runs one statement, which the database does as a whole or not at all. */
export type Query = <Row>(sql: string, ...values: SqlValue[]) => Promise<Row[]>

/**
 * Makes the tables and runs `first` before the first statement, once; when that fails, the next statement
 * tries it again.
 */
export function createQuery(
  db: SqlDatabase,
  tables: readonly Table[],
  first: readonly Statement[] = [],
): Query {
  let ready: Promise<void> | undefined

  async function run<Row>(statement: Statement): Promise<Row[]> {
    // They are written indented.
    const placed = db.dialect.place(statement.sql.trim(), statement.values ?? [])
    return (await db.run(placed.sql, placed.values)) as Row[]
  }

  async function setUp(): Promise<void> {
    const setup = tables.flatMap((table) => setupOf(table, db.dialect)).map((sql) => ({ sql }))
    try {
      for (const statement of [...setup, ...first]) await run(statement)
    } catch (error) {
      ready = undefined
      throw error
    }
  }

  return async (sql, ...values) => {
    ready ??= setUp()
    await ready
    return run({ sql, values })
  }
}
