/**
 * The errors of the SDK: the caller's mistakes, found before anything is sent, and what the world did.
 *
 * @module
 */
export {
  type AnySmileIdError, type ApiCode, type ErrorWithCode, type InputIssue, isSmileIdError, type IssueCode, type JobRef, type Operation, type Outcome,
  type SignatureCode, SmileIdApiError, SmileIdError, type SmileIdErrorCode, SmileIdInputError, SmileIdNetworkError, SmileIdSignatureError, SmileIdTimeoutError,
} from './errors/classes.ts'
