/** Statements of D1, and the tables they need. */

/** The least of a statement of D1; the real one fits. */
export interface D1StatementLike {
  bind(...values: unknown[]): D1StatementLike
  all(): Promise<{ results: unknown[] }>
}

/** The least of a D1 binding; the real one fits. */
export interface D1Like {
  prepare(sql: string): D1StatementLike
}

export type D1Value = string | number | null

/** Values stand in the text as `?1`, `?2`. */
export interface Statement {
  sql: string
  values?: readonly D1Value[]
}

/** Runs one statement, which D1 does as a whole or not at all. */
export type Query = <Row>(sql: string, ...values: D1Value[]) => Promise<Row[]>

/** Runs `setup` before the first statement, once; when it fails, the next statement tries it again. */
export function createQuery(db: D1Like, setup: readonly Statement[]): Query {
  let ready: Promise<void> | undefined

  async function run<Row>(sql: string, values: readonly D1Value[]): Promise<Row[]> {
    // They are written indented.
    const statement = db.prepare(sql.trim()).bind(...values)
    const { results } = await statement.all()
    return results as Row[]
  }

  async function runSetup(): Promise<void> {
    try {
      for (const { sql, values = [] } of setup) await run(sql, values)
    } catch (error) {
      ready = undefined
      throw error
    }
  }

  return async (sql, ...values) => {
    ready ??= runSetup()
    await ready
    return run(sql, values)
  }
}
