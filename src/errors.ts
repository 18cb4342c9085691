/**
 * The errors of the SDK: the caller's mistakes, found before anything is sent, and what the world did.
 *
 * @module
 */
export {
  type AnySmileIdError,
  type ApiCode,
  type ErrorWithCode,
  isSmileIdError,
  type IssueCode,
  type Operation,
  type Outcome,
  type SignatureCode,
  SmileIdApiError,
  SmileIdError,
  type SmileIdErrorCode,
  SmileIdInputError,
  SmileIdNetworkError,
  SmileIdSignatureError,
  SmileIdTimeoutError,
} from './errors/classes.ts'
export type { InputIssue } from './errors/codes.ts'
export type { JobRef } from './wire/jobs.ts'
