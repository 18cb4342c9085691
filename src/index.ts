/**
 * Everything that runs on the server side of every runtime; each part is an entry of its own, too.
 * Not in here, and to be imported by their entries: `bulk`, `cloudflare`, `compat`, `emulator`, `legacy`, `node` and `smart-selfie`.
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
export {
  type AddressJob, type AmlJob, type BusinessInfo, type BusinessJob, type BvnConsent, chooseBvnMode, compareUserInfo, confirmBvnOtp, type ConsentInformation, type Country, getProductsConfig,
  getValidDocuments, type IdInfo, type IdJob, type IdType, type IdTypeFields, type PartnerParams, type ProductsConfig, type RequiredIdFields, resetIdNumberRateLimit, screenAml,
  startBvnConsent, submitAddress, submitBasicKyc, submitBusiness, submitId, type SubmittedJob, type ValidDocument, verifyBasicKyc, verifyBusiness, verifyId, type VerifyOptions, type WithCallback,
} from './id-verification.ts'
export {
  type DocumentImages, type DocumentJob, type Enrolment, type ImageJob, type ImageJobParts, type ImageJobType, imagesByKind, type ImagesByKind, JOB_TYPE, type ListedImage, type Reopening, type SelfieImages,
  submitImageJob, type SubmitOptions, type SubmittedImageJob, type UploadProgress, type WithConsent,
} from './image-jobs.ts'
export { type DecidedJob, getJobStatus, type JobQuery, waitForJob, watchJob, type WatchOptions } from './job-status.ts'
export { type Bytes, type Photo, type PhotoInput, type PhotoLimits, type PhotoSource, readPhoto } from './photo.ts'
export { signedRequest, type SignedRequestOptions } from './request.ts'
export {
  type ActionName, type ActionValue, type AmlResult, type AnyResult, type BackfillResult, type BusinessResult, type Decision, type IdFields, type IdResult, type Interpretation, type InterpretOptions, interpretResult, type JobResult,
  type JobStatus, known, type ResultCode, resultOf, type SignedReply, type Verdict,
} from './result.ts'
export {
  describeIdType, getServices, idNumberFormat, listCountries, listIdTypes, requiredFields, type ServiceIdType, type Services, type ServicesOptions, validateIdInfo,
  type ValidateOptions, validatePartnerParams,
} from './services.ts'
export { confirmSignature, type ConfirmOptions, type Credentials, generateSignature, type SignOptions } from './signature.ts'
export { createWebToken, type WebProduct, type WebTokenInput } from './web-token.ts'
