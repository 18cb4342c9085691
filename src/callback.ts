/**
 * Callbacks that can be trusted: verified, confirmed, acted on once.
 *
 * @module
 */
export {
  type CallbackInput,
  type VerifiedCallback,
  verifyCallback,
  type VerifyCallbackOptions,
} from './callback/verify.ts'
export { type CallbackHandlerOptions, createCallbackHandler } from './callback/handler.ts'
export { createMemoryReplayStore, type ReplayStore } from './callback/replay-store.ts'
export type { JobResult, JobStatus } from './wire/replies.ts'
export type { JobRef } from './wire/jobs.ts'
export { confirmCallback, type ConfirmedCallback } from './callback/confirm.ts'
