/** The options of what is kept in a database, and what can be wrong with them. */
import { paceOptionEntries, type PaceOptions } from '../bulk/pace-input.ts'
import type { InputIssue } from '../errors/codes.ts'
import { throwIfAny } from '../errors/issues.ts'
import { callable, must } from '../input/rules.ts'
import {
  check,
  issuesOf,
  objectOf,
  once,
  optional,
  type OptionalSchema,
  type Schema,
} from '../input/schema.ts'
import type { SqlDatabase } from './database.ts'

export interface TableOptions {
  table?: string | undefined
}

export const tableOptions = /* @__PURE__ */ once(() => objectOf<TableOptions>({ table: tableName() }))

export interface ReplayStoreOptions extends TableOptions {
  now?: (() => number) | undefined
}

export const replayStoreOptions = /* @__PURE__ */ once(() =>
  objectOf<ReplayStoreOptions>({ table: tableName(), now: optional(callable()) }),
)

export interface SqlPaceOptions extends PaceOptions {
  /** One gate each. @default 'smileid_pace' */
  table?: string | undefined
  /**
   * Milliseconds since 1970, by one clock for all who share the gate. @default the database's own clock, by
   * which those whose clocks differ agree
   */
  now?: (() => number) | undefined
}

export const sqlPaceOptions = /* @__PURE__ */ once(() =>
  objectOf<SqlPaceOptions>({ table: tableName(), ...paceOptionEntries() }),
)

/** It becomes part of statements: nothing that would have to be quoted, and no table of SQLite's own. */
export function tableName(): OptionalSchema<string | undefined> {
  return optional(must<string>(isTableName, 'must be a name of letters, digits and underscores'))
}

function isTableName(name: unknown): boolean {
  // Postgres has names of 63 characters at most, the longest ending of ours, `_counts`, included.
  return typeof name === 'string' && /^[a-z]\w{0,60}$/i.test(name) && !/^sqlite_/i.test(name)
}

/**
 * The options as they are now.
 *
 * @throws {SmileIdInputError} `invalid_input`: no database, or wrong options.
 */
export function checkStore<T extends object>(db: unknown, schema: Schema<T>, options: unknown): T {
  return checkOptions(issuesOf(database(), db ?? null, 'db'), schema, options)
}

/** The same, with what is wrong with the database, as its own kind has it. */
export function checkOptions<T extends object>(
  databaseIssues: readonly InputIssue[],
  schema: Schema<T>,
  options: unknown,
): T {
  const { issues, value } = check(schema, options ?? {}, 'options')
  throwIfAny([...databaseIssues, ...issues])
  return value
}

const isDatabase = ({ dialect, run }: SqlDatabase): boolean =>
  typeof dialect.place === 'function' && typeof run === 'function'

const database = /* @__PURE__ */ once(() =>
  must<SqlDatabase>(isDatabase, 'must be a database of smileid-edge/sql, such as fromPg(pool)'),
)
