/** What a failed call says about its row, and about all others. */
import type { AnySmileIdError } from '../errors/classes.ts'
import type { SmileIdErrorCode } from '../errors/codes.ts'

/**
 * What an error says, in the order in which it is asked:
 *
 * | judgement    | error                                       | what it means                        |
 * | ------------ | ------------------------------------------- | ------------------------------------ |
 * | `'exists'`   | Smile ID's code is one of `existsCodes`     | the user_id is in use                |
 * | `'stop'`     | one of {@link STOPPING_CODES}               | no row would fare better             |
 * | `'unclear'`  | its outcome is `'unknown'`                  | the service may have acted           |
 * | `'again'`    | it is retryable, or nothing was sent        | the service did not, and may do so   |
 * | `'row'`      | one of {@link ROW_CODES}                    | this row is refused                  |
 * | `'doubtful'` | any other (`invalid_request`, `api_error`)  | this row is refused, or all would be |
 */
export type Judgement = 'exists' | 'stop' | 'unclear' | 'again' | 'row' | 'doubtful'

const STOPPING_CODES: readonly SmileIdErrorCode[] = [
  'unauthorized',
  'payment_required',
  'not_enabled',
  'signature_missing',
  'signature_mismatch',
]

const ROW_CODES: readonly SmileIdErrorCode[] = [
  'user_disabled',
  'user_deleted',
  'user_must_reenroll',
  'too_large',
]

/** Judges an error by the table of {@link Judgement}. */
export function judge(error: AnySmileIdError, existsCodes: readonly string[]): Judgement {
  const smileCode = error.name === 'SmileIdApiError' ? error.smileCode : undefined
  if (smileCode !== undefined && existsCodes.includes(smileCode)) return 'exists'
  if (STOPPING_CODES.includes(error.code)) return 'stop'
  if (error.outcome === 'unknown') return 'unclear'
  if (error.retryable || error.outcome === 'not_sent') return 'again'
  if (ROW_CODES.includes(error.code)) return 'row'
  return 'doubtful'
}

/**
 * What a call says of the way to the server: `'answered'` by whatever is there, `'none'` where it provably
 * reached nobody, `'unclear'` where no answer came.
 */
export type Contact = 'answered' | 'none' | 'unclear'

/** By the error of a call that went out; a reply has none. */
export function contactOf(error: AnySmileIdError | undefined): Contact {
  if (error?.code !== 'network_error' && error?.code !== 'request_timeout') return 'answered'
  return error.code === 'network_error' && error.outcome === 'not_sent' ? 'none' : 'unclear'
}
