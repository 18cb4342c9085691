/**
 * The errors of the SDK: the caller's mistakes, found before anything is sent, and what the world did.
 *
 * @module
 */
export {
  isSmileIdError,
  SmileIdApiError,
  SmileIdError,
  SmileIdInputError,
  SmileIdNetworkError,
  SmileIdSignatureError,
  SmileIdTimeoutError,
  type AnySmileIdError,
  type ApiCode,
  type ErrorWithCode,
  type IssueCode,
  type Operation,
  type Outcome,
  type SignatureCode,
  type SmileIdErrorCode,
} from './errors/classes.ts'
export type { InputIssue } from './errors/codes.ts'
export type { JobRef } from './wire/jobs.ts'
