/** What a reply, an error or the journal says of a row: how the row ends, and what a report tells of it. */
import { hintOf } from '../errors/api-codes.ts'
import type { AnySmileIdError } from '../errors/classes.ts'
import { withoutUndefined } from '../input/objects.ts'
import type { Decision } from '../result/codes.ts'
import { interpret, type InterpretOptions } from '../result/interpret.ts'
import type { BackfillResult } from '../wire/replies.ts'
import type { JournalEntry } from './journal.ts'
import type { Judgement } from './judgement.ts'

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
