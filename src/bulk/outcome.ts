/** How a row ends, in one of seven states, and what a reply, an error or the journal says of that. */
import type { BackfillInput, CheckedEnrolment } from '../backfill/input.ts'
import { hintOf } from '../errors/api-codes.ts'
import { type AnySmileIdError, type SmileIdApiError, SmileIdInputError } from '../errors/classes.ts'
import type { InputIssue } from '../errors/codes.ts'
import { issue } from '../errors/issues.ts'
import { withoutUndefined } from '../input/objects.ts'
import type { Decision } from '../result/codes.ts'
import { interpret, type InterpretOptions } from '../result/interpret.ts'
import type { BackfillResult } from '../wire/replies.ts'
import type { JournalEntry } from './journal.ts'
import type { Judgement } from './judgement.ts'

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
  { attempts, resumed }: { attempts: number; resumed: boolean },
  reading: Reading,
): BulkOutcome<R> {
  return { row, index, attempts, resumed, ...reading } as BulkOutcome<R>
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

/** Of an outcome, the part that is not about the row itself. */
export interface Reading {
  state: 'enrolled' | 'exists' | 'rejected' | 'failed' | 'unknown'
  code?: string
  text?: string
  smileJobId?: string
  attempted?: boolean
  reply?: BackfillResult
  error?: AnySmileIdError
}

/** What a signed reply says. */
export function readReply(reply: BackfillResult, codes: InterpretOptions['codes']): Reading {
  const { decision, code, text, smileJobId } = interpret(reply, codes)
  return withoutUndefined({ state: stateOf(decision), code, text, smileJobId, reply })
}

function stateOf(decision: Decision): Reading['state'] {
  if (decision === 'approved') return 'enrolled'
  if (decision === 'rejected') return 'rejected'
  // It is asked for again: a user_id that is in use by then answers so.
  return 'unknown'
}

/** What is known beside an error. */
export interface Circumstances {
  /** An earlier call may have enrolled the user, which no refusal of a later one undoes. */
  unclear: boolean
  /** What is common to the rows, such as credentials and environment, is known to be right. */
  trusted: boolean
}

/**
 * What an error says of its row:
 *
 * | judgement                                           | `unclear` | state                          |
 * | --------------------------------------------------- | --------- | ------------------------------ |
 * | `'exists'`                                          | either    | `'exists'`, `attempted` as `unclear` |
 * | `'row'`                                             | either    | `'rejected'`                   |
 * | `'doubtful'` with Smile ID's code, while `trusted`  | false     | `'rejected'`                   |
 * | `'doubtful'` otherwise                              | false     | `'failed'`                     |
 * | `'again'`                                           | false     | `'failed'`                     |
 * | `'stop'`: refused                                   | false     | `'failed'`                     |
 * | `'stop'`: a signature that fails                    | either    | `'unknown'`                    |
 * | `'unclear'`                                         | either    | `'unknown'`                    |
 * | `'doubtful'`, `'again'`, `'stop'`                   | true      | `'unknown'`                    |
 */
export function readError(
  error: AnySmileIdError,
  judgement: Judgement,
  { unclear, trusted }: Circumstances,
): Reading {
  const smileCode = error.name === 'SmileIdApiError' ? error.smileCode : undefined
  const facts = { code: smileCode ?? error.code, text: error.hint, smileJobId: error.smileJobId }
  if (judgement === 'exists') return withoutUndefined({ ...facts, state: 'exists', attempted: unclear })
  const refused =
    judgement === 'row' ||
    // Without a code of its own, it may be a gateway that spoke, and not the service.
    (judgement === 'doubtful' && trusted && !unclear && smileCode !== undefined)
  if (refused) return withoutUndefined({ ...facts, state: 'rejected', error })
  const state = unclear || error.outcome === 'unknown' ? 'unknown' : 'failed'
  return withoutUndefined({ ...facts, state, error })
}

/** What the journal says of a row whose end it knows. */
export function readEntry({ state, code, smileJobId, attempted = false }: JournalEntry): Reading {
  return withoutUndefined({
    state: state === 'sending' ? 'unknown' : state,
    code,
    text: code === undefined ? undefined : hintOf(code),
    smileJobId,
    attempted: state === 'exists' ? attempted : undefined,
  })
}
