/** What can be wrong with a binding of D1. */
import type { SharedPaceGate } from '../bulk/shared-pace.ts'
import { withMethods } from '../input/rules.ts'
import { issuesOf, type Schema } from '../input/schema.ts'
import type { SqlPaceOptions } from '../sql/input.ts'
import { checkOptions } from '../sql/input.ts'

export interface D1PaceGate extends SharedPaceGate {}

export interface D1PaceOptions extends SqlPaceOptions {}

/**
 * The options as they are now.
 *
 * @throws {SmileIdInputError} `invalid_input`: no database, or wrong options.
 */
export function checkD1<T extends object>(db: unknown, schema: Schema<T>, options: unknown): T {
  const database = withMethods(['prepare'], 'must be a D1 binding')
  // What is not there at all is of a wrong type, too.
  return checkOptions(issuesOf(database, db ?? null, 'db'), schema, options)
}
