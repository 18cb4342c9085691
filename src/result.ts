/**
 * What a reply means: codes, Actions and texts as one decision.
 *
 * @module
 */
export type { Decision, Verdict } from './result/codes.ts'
export {
  interpretResult,
  known,
  resultOf,
  type Interpretation,
  type InterpretOptions,
} from './result/interpret.ts'
export type { JobRef, PartnerParams } from './wire/jobs.ts'
export type {
  ActionName,
  ActionValue,
  AmlResult,
  AnyResult,
  BackfillResult,
  BusinessResult,
  IdFields,
  IdResult,
  JobResult,
  JobStatus,
  ResultCode,
  SignedReply,
} from './wire/replies.ts'
