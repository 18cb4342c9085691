/** The options of what is kept in D1, and what can be wrong with them. */
import { type PaceGate, paceOptionEntries, type PaceOptions } from '../bulk/pace-input.ts'
import { throwIfAny } from '../errors/issues.ts'
import { callable, must, withMethods } from '../input/rules.ts'
import {
  check,
  issuesOf,
  objectOf,
  once,
  optional,
  type OptionalSchema,
  type Schema,
} from '../input/schema.ts'
import type { D1Like } from './d1-query.ts'

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

export interface D1PaceGate extends PaceGate {
  /** Milliseconds for which no call may go out, as last heard. */
  readonly closedForMs: number
  /** Resolves once D1 has all that was observed: to be awaited before an invocation ends. */
  flush(): Promise<void>
}

export interface D1PaceOptions extends PaceOptions {
  /** One gate each. @default 'smileid_pace' */
  table?: string | undefined
}

export const d1PaceOptions = /* @__PURE__ */ once(() =>
  objectOf<D1PaceOptions>({ table: tableName(), ...paceOptionEntries() }),
)

/** It becomes part of statements: nothing that would have to be quoted, and no table of SQLite's own. */
function tableName(): OptionalSchema<string | undefined> {
  return optional(must<string>(isTableName, 'must be a name of letters, digits and underscores'))
}

function isTableName(name: unknown): boolean {
  return typeof name === 'string' && /^[a-z]\w{0,60}$/i.test(name) && !/^sqlite_/i.test(name)
}

/**
 * The options as they are now.
 *
 * @throws {SmileIdInputError} `invalid_input`: no database, or wrong options.
 */
export function checkD1<T extends object>(db: unknown, schema: Schema<T>, options: unknown): T {
  const database = withMethods<D1Like>(['prepare'], 'must be a D1 binding')
  const { issues, value } = check(schema, options ?? {}, 'options')
  // What is not there at all is of a wrong type, too.
  throwIfAny([...issuesOf(database, db ?? null, 'db'), ...issues])
  return value
}
