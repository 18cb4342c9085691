/**
 * What a reply means: codes, Actions and texts as one decision.
 *
 * @module
 */
export type {
  ActionName, ActionValue, AmlResult, AnyResult, BackfillResult, BusinessResult, IdFields, IdResult, JobResult, JobStatus, ResultCode, SignedReply,
} from './internal/replies.ts'
export type { JobRef } from './internal/errors.ts'
export type { PartnerParams } from './internal/id-input.ts'
export { type Interpretation, type InterpretOptions, interpretResult, known, resultOf } from './internal/result.ts'
export type { Decision, Verdict } from './internal/result-codes.ts'
