/**
 * Bulk enrolment on Cloudflare Queues, R2 and D1, which is how a run outgrows one machine, and a replay store
 * for callbacks.
 *
 * Everything takes bindings as they are and is made anew in each invocation, since bindings exist there only.
 * Why the gate is a row of D1 and no Durable Object: the run has a database already, a row needs no class in
 * the Worker and no migration, and D1, which is a single writer too, takes one small write a call, or less
 * where several wait at once.
 *
 * @module
 */
export type { BulkOutcome, BulkState } from './bulk/outcome.ts'
export type { RunState, RunSwitch } from './bulk/run-switch.ts'
export type {
  BackfillMessage,
  BatchLike,
  MessageLike,
  QueueLike,
  R2Like,
  R2ObjectLike,
} from './cloudflare/bindings.ts'
export type { D1PaceGate, D1PaceOptions } from './cloudflare/d1-input.ts'
export { createD1Journal } from './cloudflare/d1-journal.ts'
export { createD1PaceGate } from './cloudflare/d1-pace.ts'
export { createD1ReplayStore } from './cloudflare/d1-replay-store.ts'
export { createD1RunSwitch, type D1RunSwitch } from './cloudflare/d1-run-switch.ts'
export { createKvTokenStore, type KvLike } from './cloudflare/kv-token-store.ts'
export { createBackfillConsumer } from './cloudflare/queue-consumer.ts'
export type { BackfillConsumer } from './cloudflare/queue-input.ts'
export { sendBackfill } from './cloudflare/queue-send.ts'
export type { D1Like, D1StatementLike } from './sql/drivers.ts'
