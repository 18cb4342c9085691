/** How a row ends: in one of seven states. */
import type { BackfillInput, CheckedEnrolment } from '../backfill/input.ts'
import { type AnySmileIdError, type SmileIdApiError, SmileIdInputError } from '../errors/classes.ts'
import type { InputIssue } from '../errors/codes.ts'
import { issue } from '../errors/issues.ts'
import type { BackfillResult } from '../wire/replies.ts'
import type { Reading } from './reading.ts'

/**
 * One row's end, a union over `state`; `code` and `text` are the flat columns of a report.
 *
 * `row` and `reply` hold personal data; `code`, `text` and `smileJobId` do not. In JSON, as logs, queues and
 * workflow engines keep it, an outcome has neither `row` nor `reply` nor `error`, but `user_id`, unless ids
 * are hidden.
 */
export type BulkOutcome<R extends BackfillInput = BackfillInput> = {
  /** As it was given, further columns too. */
  row: R
  /** Its place among the rows, from 0. */
  index: number
  /** Calls made for this row in all runs so far. */
  attempts: number
  /** Known from the journal: nothing was sent now. */
  resumed: boolean
  /**
   * The service's ResultCode or error code, the SDK's error code without one, the issue's for what is
   * invalid.
   */
  code?: string
  text?: string
  smileJobId?: string
} & (
  | { state: 'enrolled'; reply?: BackfillResult }
  /**
   * The user_id is in use. `attempted`: an earlier call of this journal, whose end is not known, may be what
   * enrolled the user.
   */
  | { state: 'exists'; attempted: boolean }
  /** The service looked and said no. */
  | { state: 'rejected'; reply?: BackfillResult; error?: SmileIdApiError }
  /** Not sent: mend the row. */
  | { state: 'invalid'; error: SmileIdInputError }
  /** Nothing happened at the service; the next run takes the row again. */
  | { state: 'failed'; error: AnySmileIdError }
  /** The service may have acted; the next run settles it. */
  | { state: 'unknown'; reply?: BackfillResult; error?: AnySmileIdError }
  /** Another worker has it; milliseconds until its lease is over. */
  | { state: 'busy'; retryAfterMs: number }
)

export type BulkState = BulkOutcome['state']

/** A row, and its place among the rows, from 0. */
export interface PlacedRow<R extends BackfillInput> {
  row: R
  index: number
}

/** A row with its members as they were read, the only time. */
export interface ReadRow<R extends BackfillInput> extends PlacedRow<R> {
  given: CheckedEnrolment
}

/** How a call, or what the journal knows of earlier ones, ends a row. */
export function outcomeOf<R extends BackfillInput>(
  { row, index }: PlacedRow<R>,
  history: { attempts: number; resumed: boolean },
  reading: Reading,
): BulkOutcome<R> {
  return { row, index, ...history, ...reading } as BulkOutcome<R>
}

export function invalidOutcome<R extends BackfillInput>(
  { row, index }: PlacedRow<R>,
  issues: readonly InputIssue[],
  { attempts }: { attempts: number },
): BulkOutcome<R> {
  const error = new SmileIdInputError(issues)
  const { code } = issues[0]!
  return { row, index, attempts, resumed: false, state: 'invalid', code, text: error.message, error }
}

/**
 * The outcome, with what it says in JSON: a processor that returns it must not bring a whole photo into its
 * queue. `userId` is what it may say of whose row it was.
 */
export function withJson<O extends BulkOutcome<any>>(outcome: O, userId: string | undefined): O {
  const value = (): object => {
    const members: Record<string, unknown> = { user_id: userId, ...outcome }
    for (const name of ['row', 'reply', 'error']) delete members[name]
    return members
  }
  // Not enumerable: copies and comparisons see what they saw before.
  return Object.defineProperty(outcome, 'toJSON', { value, configurable: true })
}

/** What is wrong with a row whose user_id an earlier row of the same source has. */
export function duplicateUserId(): InputIssue {
  return issue('user_id', 'duplicate', 'is that of an earlier row')
}
