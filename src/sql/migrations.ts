/** The tables of all stores at once, for who makes them beforehand. */
import { oneOf } from '../input/rules.ts'
import { issuesOf, objectOf, once } from '../input/schema.ts'
import { postgres, type SqlDatabase, type SqlDialect, sqlite } from './database.ts'
import { checkOptions, checkStore, tableName } from './input.ts'
import { createQuery } from './query.ts'
import {
  countTables,
  eventTables,
  journalTables,
  paceTables,
  statementsOf,
  switchTables,
  type Table,
  tokenTables,
} from './tables.ts'

/** The names of the tables, where they are not those that the stores have by themselves. */
export interface TableNames {
  /** @default 'smileid_journal' */
  journal?: string | undefined
  /** @default 'smileid_pace' */
  pace?: string | undefined
  /** @default 'smileid_run' */
  run?: string | undefined
  /** @default 'smileid_events' */
  events?: string | undefined
  /** @default 'smileid_tokens' */
  tokens?: string | undefined
}

const tableNames = /* @__PURE__ */ once(() =>
  objectOf<TableNames>({
    journal: tableName(),
    pace: tableName(),
    run: tableName(),
    events: tableName(),
    tokens: tableName(),
  }),
)

/**
 * The statements that make all tables, as text for a migration of your own; those that are there already they
 * leave as they are.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments.
 *
 * @example
 * ```ts
 * import { migrationSql } from 'smileid-edge/sql'
 *
 * console.log(migrationSql('postgres'))
 * ```
 */
export function migrationSql(dialect: SqlDialect['name'], names: TableNames = {}): string {
  const dialects = oneOf('sqlite', 'postgres')
  const known = checkOptions(issuesOf(dialects, dialect ?? null, 'dialect'), tableNames(), names)
  return allTables(known)
    .flatMap((table) => statementsOf(table, dialect === 'sqlite' ? sqlite : postgres))
    .map((statement) => `${statement};\n`)
    .join('\n')
}

/**
 * Makes all tables now, where they are not there yet. Stores make their own at first use, so this is for a
 * database whose user may not do so later.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments.
 *
 * Errors of the database reject as they are.
 *
 * @example
 * ```ts
 * import { fromPg, migrate, type PgLike } from 'smileid-edge/sql'
 *
 * export const deploy = (pool: PgLike): Promise<void> => migrate(fromPg(pool))
 * ```
 */
export async function migrate(db: SqlDatabase, names: TableNames = {}): Promise<void> {
  const known = checkStore(db, tableNames(), names)
  await createQuery(db, allTables(known))('SELECT 1')
}

function allTables(names: TableNames): Table[] {
  const { journal = 'smileid_journal', pace = 'smileid_pace', run = 'smileid_run' } = names
  const { events = 'smileid_events', tokens = 'smileid_tokens' } = names
  return [
    ...journalTables(journal),
    ...paceTables(pace),
    ...switchTables(run),
    ...eventTables(events),
    ...countTables(events),
    ...tokenTables(tokens),
  ]
}
