/** How a row ends: what replies, errors and the journal say, read as one of seven states. */
import type { BackfillInput } from '../backfill/enrol.ts'
import type { AnySmileIdError, SmileIdApiError, SmileIdInputError } from '../errors/classes.ts'
import type { JournalEntry } from './journal.ts'
import type { BackfillResult } from '../wire/replies.ts'
import { type InterpretOptions, interpretResult } from '../result/interpret.ts'
import { apiRefusals } from '../errors/api-codes.ts'
import { withoutUndefined } from '../input/objects.ts'

/**
 * One row's end, a union over `state`; `code` and `text` are the flat columns of a report.
 *
 * `row` and `reply` hold personal data; `code`, `text` and `smileJobId` do not.
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
   * The service's ResultCode or error code, the SDK's error code without one, the for what is
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

/** What a finished call says of its row; of an outcome, the part that is not about the row itself. */
export interface Reading {
  state: 'enrolled' | 'exists' | 'rejected' | 'failed' | 'unknown'
  code?: string
  text?: string
  smileJobId?: string
  attempted?: boolean
  reply?: BackfillResult
  error?: AnySmileIdError
}

/**
 * What is not approved or refused in so many words is asked for again: a user_id that is in use then answers
 * so.
 */
export function readReply(reply: BackfillResult, codes: InterpretOptions['codes']): Reading {
  const { decision, code, text, smileJobId } = interpretResult(reply, { codes })
  return withoutUndefined({
    state: decision === 'approved' ? 'enrolled' : decision === 'rejected' ? decision : 'unknown',
    code,
    text,
    smileJobId,
    reply,
  })
}

/**
 * `'stop'`: no row would fare better; `'unclear'`: the service may have acted; `'again'`: it did not, and may
 * do so later; `'row'`: this one is refused; `'doubtful'`: refused, and nobody can tell from it whether
 * because of the row or of all that is common to the rows.
 */
export type Judgement = 'exists' | 'stop' | 'unclear' | 'again' | 'row' | 'doubtful'

export function judge(error: AnySmileIdError, existsCodes: readonly string[]): Judgement {
  if (error.name === 'SmileIdApiError' && existsCodes.includes(error.smileCode!)) return 'exists'
  if (/^(unauthorized|payment_required|not_enabled|signature_.*)$/.test(error.code)) return 'stop'
  if (error.outcome === 'unknown') return 'unclear'
  if (error.retryable || error.outcome === 'not_sent') return 'again'
  return /^(user_disabled|user_deleted|user_must_reenroll|too_large)$/.test(error.code) ? 'row' : 'doubtful'
}

/**
 * `unclear`: an earlier call may have enrolled the user, which no refusal of a later one undoes. `trusted`:
 * what is common to the rows is known to be right.
 */
export function readError(
  error: AnySmileIdError,
  judgement: Judgement,
  { unclear, trusted }: { unclear: boolean; trusted: boolean },
): Reading {
  const { smileCode, smileJobId } = error as Partial<SmileIdApiError>
  const facts = { code: smileCode ?? error.code, text: error.hint, smileJobId }
  if (judgement === 'exists') return withoutUndefined({ ...facts, state: 'exists', attempted: unclear })
  // Without a code of its own, it may be a gateway that spoke, and not the service.
  const refused =
    judgement === 'row' || (judgement === 'doubtful' && trusted && !unclear && smileCode !== undefined)
  const state = refused ? 'rejected' : unclear || error.outcome === 'unknown' ? 'unknown' : 'failed'
  return withoutUndefined({ ...facts, state, error })
}

/** Of a row that the journal knows the end of. */
export function readEntry({ state, code, smileJobId, attempted = false }: JournalEntry): Reading {
  return withoutUndefined({
    state: state === 'sending' ? 'unknown' : state,
    code,
    text: hintOf(code),
    smileJobId,
    attempted: state === 'exists' ? attempted : undefined,
  })
}

/** What to do about a code, as far as it is an error's. */
function hintOf(code: string | undefined): string | undefined {
  return code === undefined
    ? undefined
    : Object.entries(apiRefusals()).find(
        ([name, [codes]]) => name === code || codes.split(' ').includes(code),
      )?.[1][1]
}
