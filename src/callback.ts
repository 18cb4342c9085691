/**
 * Callbacks that can be trusted: verified, confirmed, acted on once.
 *
 * @module
 */
export { type CallbackInput, type ConfirmedCallback, confirmCallback, type VerifiedCallback, verifyCallback, type VerifyCallbackOptions } from './internal/callback.ts'
export { type CallbackHandlerOptions, createCallbackHandler } from './internal/callback-handler.ts'
export { createMemoryReplayStore, type ReplayStore } from './internal/replay-store.ts'
export type { JobRef } from './internal/errors.ts'
export type { JobResult, JobStatus } from './internal/replies.ts'
