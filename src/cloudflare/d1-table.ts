import { throwIfAny, wrongType } from '../errors/issues.ts'
import { CALLABLE, memberIssues, type Rule } from '../input/rules.ts'
import type { InputIssue } from '../errors/codes.ts'

/** The least of a statement of D1; the real one fits. */
export interface D1StatementLike {
  bind(...values: unknown[]): D1StatementLike
  all(): Promise<{ results: unknown[] }>
}

/** The least of a D1 binding; the real one fits. */
export interface D1Like {
  prepare(sql: string): D1StatementLike
}

export interface TableOptions {
  table?: string | undefined
}

/** Runs one statement, which D1 does as a whole or not at all; values stand in it as `?1`, `?2`. */
export type Query = <Row>(sql: string, ...values: (string | number | null)[]) => Promise<Row[]>

const RULES: Readonly<Record<string, Rule>> = {
  table: [
    (name) => typeof name === 'string' && /^[a-z]\w{0,60}$/i.test(name) && !/^sqlite_/i.test(name),
    'must be a name of letters, digits and underscores',
  ],
}

/** Time from outside, for tests. */
export const NOW: Readonly<Record<string, Rule>> = { now: CALLABLE }

export function checkTable(
  db: D1Like,
  options: TableOptions,
  more: Readonly<Record<string, Rule>> = {},
): void {
  const issues: InputIssue[] = memberIssues(options, { ...RULES, ...more }, 'options.')
  if (typeof (db as Partial<D1Like> | undefined)?.prepare !== 'function')
    issues.unshift(wrongType('db', 'must be a D1 binding'))
  throwIfAny(issues)
}

/** Makes what is not there before the first statement, once; what failed is tried again by the next. */
export function createQuery(
  db: D1Like,
  make: readonly (readonly [sql: string, ...values: (string | number | null)[]])[],
): Query {
  let made: Promise<void> | undefined
  const run: Query = async <Row>(sql: string, ...values: (string | number | null)[]) =>
    (
      await db
        .prepare(sql)
        .bind(...values)
        .all()
    ).results as Row[]
  async function makeAll(): Promise<void> {
    for (const statement of make) await run(...statement)
  }
  return async (sql, ...values) => {
    await (made ??= makeAll().catch((error: unknown) => {
      made = undefined
      throw error
    }))
    return run(sql, ...values)
  }
}
