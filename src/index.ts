/**
 * Everything that runs on the server side of every runtime; each part is an entry of its own, too.
 *
 * @module
 */
export { type ActionName, type ActionValue, type AnyResult, type BackfillInput, type BackfillResult, backfillUser, type ResultCode, type SignedReply } from './backfill.ts'
export {
  type CallEvent, type CallLimits, type Client, type ClientOptions, clientOptionsFromEnv, createClient, type Environment, type FetchLike, type Hooks, type PreviousKey, type RequestOptions,
} from './client.ts'
export {
  type AnySmileIdError, type ApiCode, type ErrorWithCode, type InputIssue, isSmileIdError, type IssueCode, type JobRef, type Operation, type Outcome,
  type SignatureCode, SmileIdApiError, SmileIdError, type SmileIdErrorCode, SmileIdInputError, SmileIdNetworkError, SmileIdSignatureError, SmileIdTimeoutError,
} from './errors.ts'
export { type Bytes, type Photo, type PhotoInput, type PhotoLimits, type PhotoSource, readPhoto } from './photo.ts'
export { confirmSignature, type ConfirmOptions, type Credentials, generateSignature, type SignOptions } from './signature.ts'
