/** What a consumer can be made of, and what can be wrong with it. */
import { type BackfillRowOptions, rowOptionEntries } from '../bulk/input.ts'
import type { BulkOutcome } from '../bulk/outcome.ts'
import type { PaceGate } from '../bulk/pace-input.ts'
import { internalsOf } from '../client/internals.ts'
import { throwIfAny } from '../errors/issues.ts'
import { callable, must, wholeNumberFrom, withMethods } from '../input/rules.ts'
import { check, objectOf, once, optional } from '../input/schema.ts'
import type { Client } from '../signature/credentials.ts'
import type { BackfillMessage, QueueLike, R2Like } from './bindings.ts'
import type { D1PaceGate } from './d1-input.ts'
import type { RunSwitch } from '../bulk/run-switch.ts'

/**
 * What rows are sent with; `timeoutMs`, `settle`, `retryRejected`, `hideUserIds`, `existsCodes`, `codes`,
 * `timeZone` and `dateFormat` are those of `backfillRow`.
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
   * rows. @default none: the run goes on
   */
  run?: RunSwitch | undefined
  /**
   * The queue itself: rows that come back through no fault of theirs are sent anew, and use up none of their
   * deliveries. @default they are retried, which counts
   */
  queue?: QueueLike<BackfillMessage> | undefined
  /**
   * Called, and waited for, at each delivery that came to an outcome; when it fails the message comes again,
   * and it is called again.
   */
  onOutcome?: ((outcome: BulkOutcome, message: BackfillMessage) => unknown) | undefined
  /** Called for each message that a cancelled run takes off the queue; as with `onOutcome`. */
  onCancelled?: ((message: BackfillMessage) => unknown) | undefined
  /**
   * Called with the reason, and waited for, when a batch ends before its rows did. @default the consumer
   * rejects with the reason, which then stands in the Worker's log
   */
  onStop?: ((reason: unknown) => unknown) | undefined
}

const backfillConsumer = /* @__PURE__ */ once(() => {
  const { signal: _, ...rowEntries } = rowOptionEntries()
  return objectOf<BackfillConsumer>({
    client: must<Client>(isClient, 'must come from createClient'),
    photos: withMethods<R2Like>(['get'], 'must be an R2 binding'),
    ...rowEntries,
    run: optional(withMethods<RunSwitch>(['read', 'set'], 'must be a switch')),
    queue: optional(withMethods<QueueLike<BackfillMessage>>(['sendBatch'], 'must be a producer of a queue')),
    concurrency: optional(wholeNumberFrom(1)),
    onOutcome: optional(callable()),
    onCancelled: optional(callable()),
    onStop: optional(callable()),
  })
})

/** @throws {SmileIdInputError} `invalid_input`: what `setup` should not have returned. */
export function checkConsumer(consumer: BackfillConsumer): BackfillConsumer {
  const { issues, value } = check(backfillConsumer(), consumer ?? {}, 'setup')
  throwIfAny(issues)
  return value
}

function isClient(client: unknown): boolean {
  try {
    internalsOf(client)
    return true
  } catch {
    return false
  }
}
