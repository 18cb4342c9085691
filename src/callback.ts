/**
 * Callbacks that can be trusted: verified, confirmed, acted on once.
 *
 * @module
 */
export { confirmCallback } from './callback/confirm.ts'
export type { ConfirmedCallback, VerifiedCallback } from './callback/event.ts'
export { createCallbackHandler } from './callback/handler.ts'
export type { CallbackHandlerOptions, CallbackInput, VerifyCallbackOptions } from './callback/input.ts'
export { createMemoryReplayStore, type ReplayStore } from './callback/replay-store.ts'
export { verifyCallback } from './callback/verify.ts'
export type { JobRef } from './wire/jobs.ts'
export type { JobResult, JobStatus } from './wire/replies.ts'
