/**
 * What a reply means: codes, Actions and texts as one decision.
 *
 * @module
 */
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
export {
  type Interpretation,
  type InterpretOptions,
  interpretResult,
  known,
  resultOf,
} from './result/interpret.ts'
export type { Decision, Verdict } from './result/codes.ts'
export type { JobRef, PartnerParams } from './wire/jobs.ts'
