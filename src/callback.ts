/**
 * Callbacks that can be trusted: verified, confirmed, acted on once.
 *
 * @module
 */
export { verifyCallback } from './callback/verify.ts'
export { confirmCallback } from './callback/confirm.ts'
export { createCallbackHandler } from './callback/handler.ts'
export { createMemoryReplayStore, type ReplayStore } from './callback/replay-store.ts'
export type { CallbackHandlerOptions, CallbackInput, VerifyCallbackOptions } from './callback/input.ts'
export type { ConfirmedCallback, VerifiedCallback } from './callback/event.ts'
export type { JobRef } from './wire/jobs.ts'
export type { JobResult, JobStatus } from './wire/replies.ts'
