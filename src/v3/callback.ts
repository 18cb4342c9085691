/**
 * Callbacks of v3 that can be trusted: verified, confirmed, acted on once; and had sent again.
 *
 * @module
 */
export { createMemoryReplayStore, type ReplayStore } from '../callback/replay-store.ts'
export { confirmCallback } from './callback/confirm.ts'
export type { ConfirmedCallback, VerifiedCallback } from './callback/event.ts'
export { createCallbackHandler } from './callback/handler.ts'
export type { CallbackHandlerOptions, CallbackInput, VerifyCallbackOptions } from './callback/input.ts'
export { replayCallback } from './callback/replay.ts'
export { verifyCallback } from './callback/verify.ts'
export type { TokenClaims, TokenClient, TokenMember, V3Client } from './wire/clients.ts'
export type { Antifraud, Product, Reason, Result, VerdictStatus } from './wire/results.ts'
export type { Accepted, JobId, PartnerParams, TokenProduct } from './wire/shared.ts'
