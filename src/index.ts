/**
 * Everything that runs on the server side of every runtime; each part is an entry of its own, too.
 *
 * @module
 */
export { type BackfillInput, backfillUser } from './backfill.ts'
export {
  type CallbackHandlerOptions, type CallbackInput, type ConfirmedCallback, confirmCallback, createCallbackHandler, createMemoryReplayStore, type ReplayStore,
  type VerifiedCallback, verifyCallback, type VerifyCallbackOptions,
} from './callback.ts'
export {
  type CallEvent, type CallLimits, type Client, type ClientOptions, clientOptionsFromEnv, createClient, type Environment, type FetchLike, type Hooks, type PreviousKey, type RequestOptions,
} from './client.ts'
export {
  type AnySmileIdError, type ApiCode, type ErrorWithCode, type InputIssue, isSmileIdError, type IssueCode, type JobRef, type Operation, type Outcome,
  type SignatureCode, SmileIdApiError, SmileIdError, type SmileIdErrorCode, SmileIdInputError, SmileIdNetworkError, SmileIdSignatureError, SmileIdTimeoutError,
} from './errors.ts'
export { type DecidedJob, getJobStatus, type JobQuery, waitForJob, watchJob, type WatchOptions } from './job-status.ts'
export { type Bytes, type Photo, type PhotoInput, type PhotoLimits, type PhotoSource, readPhoto } from './photo.ts'
export {
  type ActionName, type ActionValue, type AnyResult, type BackfillResult, type Decision, type IdFields, type Interpretation, type InterpretOptions, interpretResult, type JobResult,
  type JobStatus, known, type ResultCode, resultOf, type SignedReply, type Verdict,
} from './result.ts'
export { confirmSignature, type ConfirmOptions, type Credentials, generateSignature, type SignOptions } from './signature.ts'
