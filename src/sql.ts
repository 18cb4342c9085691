/**
 * What a run and a callback handler share between machines, in a database that is there already: SQLite
 * (`node:sqlite`, better-sqlite3, libSQL, D1) or Postgres (`pg`, postgres.js), by whichever driver.
 *
 * Tables make themselves at first use; `migrationSql` prints them. Each claim is one statement, so that no
 * two workers get it, and what runs out does so by the database's clock.
 *
 * @module
 */
export type { RunState, RunSwitch, StoredRunSwitch } from './bulk/run-switch.ts'
export type { SharedPaceGate } from './bulk/shared-pace.ts'
export { postgres, type SqlDatabase, type SqlDialect, sqlite, type SqlValue } from './sql/database.ts'
export {
  type D1Like,
  type D1StatementLike,
  fromD1,
  fromLibsql,
  fromPg,
  fromPostgres,
  fromSqlite,
  type LibsqlLike,
  type PgLike,
  type PostgresLike,
  type SqliteLike,
  type SqliteStatementLike,
} from './sql/drivers.ts'
export type { SqlPaceOptions } from './sql/input.ts'
export { createSqlJournal } from './sql/journal.ts'
export { migrate, migrationSql, type TableNames } from './sql/migrations.ts'
export { createSqlPaceGate } from './sql/pace-gate.ts'
export { createSqlReplayStore } from './sql/replay-store.ts'
export { createSqlRunSwitch } from './sql/run-switch.ts'
export { createSqlTokenStore } from './sql/token-store.ts'
