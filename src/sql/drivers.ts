/** Databases of the drivers that people have: of each, the least that is used; the real ones fit. */
import { throwIfAny } from '../errors/issues.ts'
import { withMethods } from '../input/rules.ts'
import { issuesOf } from '../input/schema.ts'
import { postgres, type SqlDatabase, sqlite, type SqlValue } from './database.ts'

/** The least of a statement of node:sqlite and of better-sqlite3. */
export interface SqliteStatementLike {
  /** Of better-sqlite3: whether it returns rows. */
  readonly reader?: boolean
  all(...values: any[]): unknown[]
  run(...values: any[]): unknown
}

/** The least of node:sqlite's `DatabaseSync` and of better-sqlite3's `Database`. */
export interface SqliteLike {
  prepare(sql: string): SqliteStatementLike
}

/**
 * A database of `node:sqlite` or better-sqlite3. Of several processes that share the file, one waits for the
 * other only with a `timeout`, which better-sqlite3 has by itself.
 *
 * @throws {SmileIdInputError} `invalid_input`: it is none.
 */
export function fromSqlite(db: SqliteLike): SqlDatabase {
  checkDriver(db, 'prepare', "a DatabaseSync of Node's SQLite, or a database of better-sqlite3")
  return {
    dialect: sqlite,
    blocks: true,
    async run(sql, values) {
      const statement = db.prepare(sql)
      // better-sqlite3 takes `all` of a statement without rows for a mistake.
      if (statement.reader !== false) return statement.all(...values) as object[]
      statement.run(...values)
      return []
    },
  }
}

/** The least of a client of `@libsql/client`. */
export interface LibsqlLike {
  execute(statement: { sql: string; args: any[] }): Promise<{ rows: unknown[] }>
}

/**
 * A client of libSQL, as of Turso.
 *
 * @throws {SmileIdInputError} `invalid_input`: it is none.
 */
export function fromLibsql(client: LibsqlLike): SqlDatabase {
  checkDriver(client, 'execute', 'a client of @libsql/client')
  return {
    dialect: sqlite,
    blocks: true,
    async run(sql, values) {
      const { rows } = await client.execute({ sql, args: [...values] })
      return rows as object[]
    },
  }
}

/** The least of a pool, or a client, of `pg`. */
export interface PgLike {
  query(sql: string, values: any[]): Promise<{ rows: unknown[] }>
}

/**
 * A pool of `pg`. A single client does, too, as long as it is in no transaction.
 *
 * @throws {SmileIdInputError} `invalid_input`: it is none.
 */
export function fromPg(pool: PgLike): SqlDatabase {
  checkDriver(pool, 'query', 'a pool of pg')
  return {
    dialect: postgres,
    async run(sql, values) {
      const { rows } = await pool.query(sql, [...values])
      return rows as object[]
    },
  }
}

/** The least of postgres.js. */
export interface PostgresLike {
  unsafe(sql: string, values: any[]): PromiseLike<unknown[]>
}

/**
 * What `postgres()` of postgres.js returns.
 *
 * @throws {SmileIdInputError} `invalid_input`: it is none.
 */
export function fromPostgres(sql: PostgresLike): SqlDatabase {
  checkDriver(sql, 'unsafe', 'what postgres() returns')
  return {
    dialect: postgres,
    async run(text, values) {
      return (await sql.unsafe(text, [...values])) as object[]
    },
  }
}

/** The least of a statement of D1; the real one fits. */
export interface D1StatementLike {
  bind(...values: unknown[]): D1StatementLike
  all(): Promise<{ results: unknown[] }>
}

/** The least of a D1 binding; the real one fits. */
export interface D1Like {
  prepare(sql: string): D1StatementLike
}

/**
 * A binding of D1.
 *
 * @throws {SmileIdInputError} `invalid_input`: it is none.
 */
export function fromD1(db: D1Like): SqlDatabase {
  checkDriver(db, 'prepare', 'a D1 binding')
  return ofD1(db)
}

/** The same, of a binding that was checked. */
export function ofD1(db: D1Like): SqlDatabase {
  return {
    dialect: sqlite,
    async run(sql: string, values: readonly SqlValue[]) {
      const { results } = await db
        .prepare(sql)
        .bind(...values)
        .all()
      return results as object[]
    },
  }
}

function checkDriver(driver: unknown, method: string, what: string): void {
  throwIfAny(issuesOf(withMethods([method], `must be ${what}`), driver ?? null, 'db'))
}
