/** What a consumer can be made of. */
import type { BulkOutcome } from '../bulk/outcome.ts'
import type { RunSwitch } from './d1-run-switch.ts'
import type { D1PaceGate } from './d1-pace.ts'
import type { PaceGate } from '../bulk/pace.ts'
import type { R2Like, QueueLike, BackfillMessage } from './bindings.ts'
import type { Client } from '../signature/credentials.ts'
import { has, rowRules, whole, type BackfillRowOptions } from '../bulk/options.ts'
import { internalsOf } from '../client/internals.ts'
import { missing, throwIfAny } from '../errors/issues.ts'
import { CALLABLE, memberIssues, type Rule } from '../input/rules.ts'

function rules(): Record<string, Rule> {
  const { signal: _, ...row } = rowRules()
  return {
    ...row,
    client: [isClient, 'must come from createClient'],
    photos: [has('get'), 'must be an R2 binding'],
    run: [has('read', 'set'), 'must be a switch'],
    queue: [has('sendBatch'), 'must be a producer of a queue'],
    concurrency: whole(1),
    onOutcome: CALLABLE,
    onCancelled: CALLABLE,
    onStop: CALLABLE,
  }
}

export function checkConsumer(consumer: BackfillConsumer): BackfillConsumer {
  const given = Object(consumer) as Partial<BackfillConsumer>
  const absent = (['client', 'photos', 'journal'] as const).filter((name) => given[name] === undefined)
  throwIfAny([...absent.map((name) => missing(`setup.${name}`)), ...memberIssues(given, rules(), 'setup.')])
  return consumer
}

function isClient(client: unknown): boolean {
  try {
    return !!internalsOf(client)
  } catch {
    return false
  }
}

/**
 * What rows are sent with; `timeoutMs`, `settle`, `retryRejected`, `hideUserIds`, `existsCodes` and `codes`
 * are those of `backfillRow`.
 */
export interface BackfillConsumer extends Omit<BackfillRowOptions, 'signal' | 'pace'> {
  client: Client
  /** Where the photos lie. */
  photos: R2Like
  /** The gate that all consumers share: `createD1PaceGate`. @default none */
  pace?: PaceGate | D1PaceGate | undefined
  /** Rows of a batch under way at once, and so photos in memory. @default 4 */
  concurrency?: number | undefined
  /**
   * Looked at before each row, and set to `'paused'`, with the reason, by a refusal that is common to all
   * rows. @default none, the run goes on
   */
  run?: RunSwitch | undefined
  /**
   * The queue itself: rows that come back through no fault of theirs are sent anew, and use up none of their
   * deliveries. @default they are retried, which counts
   */
  queue?: QueueLike<BackfillMessage> | undefined
  /**
   * Told, and waited for, at each delivery that came to an outcome; when it fails the message comes again,
   * and it is told again.
   */
  onOutcome?: ((outcome: BulkOutcome, message: BackfillMessage) => unknown) | undefined
  /** Told of each message that a cancelled run takes off the queue; as with `onOutcome`. */
  onCancelled?: ((message: BackfillMessage) => unknown) | undefined
  /**
   * Told, and waited for, when a batch ends before its rows did, and why. @default the consumer rejects with
   * the reason, which then stands in the Worker's log
   */
  onStop?: ((reason: unknown) => unknown) | undefined
}
