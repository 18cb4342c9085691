/** The row that a message stands for, and how it comes again. */
import type { BackfillInput } from '../backfill/enrol.ts'
import { type BulkOutcome } from '../bulk/outcome.ts'
import { SmileIdNetworkError } from '../errors/classes.ts'
import { inputError, issue } from '../errors/issues.ts'
import { systemCode } from '../platform/system-errors.ts'
import type { BackfillMessage, MessageLike, QueueLike, R2Like } from './bindings.ts'
import { isKey } from './queue-send.ts'
import { withoutUndefined } from '../input/objects.ts'

export interface QueueRow {
  row: BackfillInput
  /** What came of the row, with a bucket that failed told apart from a photo that is not there. */
  outcome(outcome: BulkOutcome): BulkOutcome
}

/** The photo is read when its turn comes. */
export function rowOf(message: BackfillMessage, photos: R2Like): QueueRow {
  let failure: SmileIdNetworkError | undefined
  const failed = (error: unknown): never => {
    failure = new SmileIdNetworkError({
      code: 'network_error',
      operation: 'backfill_users',
      outcome: 'not_sent',
      retryable: true,
      attempts: 0,
      hint: 'R2 could not be read: try again later.',
      cause: systemCode(error),
    })
    throw failure
  }
  async function photo() {
    const object = await photos.get(message.photo).catch(failed)
    if (!object) throw inputError([issue('photo', 'missing', 'is not in the bucket')])
    return withoutUndefined({ size: object.size, arrayBuffer: () => object.arrayBuffer().catch(failed) })
  }
  // Neither what is no key nor what is no object may pass for a photo.
  const key: unknown = Object(message).photo
  return {
    row:
      typeof message === 'object' && message !== null
        ? { ...message, photo: isKey(key) ? photo : (undefined as never) }
        : message,
    outcome: ({ ...outcome }) =>
      failure && outcome.state === 'invalid'
        ? { ...outcome, state: 'failed', code: failure.code, text: failure.hint, error: failure }
        : outcome,
  }
}

/** Queues take no longer delay. */
const MAX_DELAY_S = 43_200
const BASE_S = 5
const CAP_S = 3_600

/** A delay as queues take it. */
export function later(ms: number): { delaySeconds: number } {
  return { delaySeconds: Math.min(MAX_DELAY_S, Math.max(1, Math.ceil(ms / 1000))) }
}

export type SendBack = (messages: readonly MessageLike<BackfillMessage>[], ms: number) => Promise<void>

/**
 * For what is no fault of the rows: sent anew where that is possible, since retries are counted, and else one
 * by one, since not every queue lets decided messages stand when all are sent back.
 */
export function createSendBack(queue: QueueLike<BackfillMessage> | undefined): SendBack {
  return async (messages, ms) => {
    const sent = await queue?.sendBatch(messages.map(({ body }) => ({ body, ...later(ms) }))).then(
      () => true,
      () => false,
    )
    for (const message of messages) {
      if (sent) message.ack()
      else message.retry(later(ms))
    }
  }
}

/**
 * Milliseconds until a row that is not done should come again: what error or lease ask for, else some five
 * seconds, doubled by each delivery, up to an hour.
 */
export function delayOf(outcome: BulkOutcome, attempts: number, random: () => number): number {
  if (outcome.state === 'busy') return outcome.retryAfterMs
  const asked = 'error' in outcome ? outcome.error?.retryAfterMs : undefined
  return asked ?? backoff(attempts, random)
}

/** Spread over the upper half, so that what failed together does not come together again. */
export function backoff(attempts: number, random: () => number): number {
  return Math.min(CAP_S, BASE_S * 2 ** (attempts - 1)) * (500 + 500 * random())
}
