/** How messages come again, and when. */
import type { BulkOutcome } from '../bulk/outcome.ts'
import type { BackfillMessage, MessageLike, QueueLike } from './bindings.ts'
import { batchesOf } from './queue-limits.ts'

/** Queues take no longer delay. */
const MAX_DELAY_S = 43_200
const BASE_MS = 5_000
const CAP_MS = 3_600_000

/** A delay as queues take it. */
export function delayed(ms: number): { delaySeconds: number } {
  return { delaySeconds: Math.min(MAX_DELAY_S, Math.max(1, Math.ceil(ms / 1000))) }
}

/** Milliseconds: some five seconds, doubled by each delivery, up to an hour. */
export function backoffMs(deliveries: number, random: () => number): number {
  const longest = Math.min(CAP_MS, BASE_MS * 2 ** (deliveries - 1))
  // Spread over the upper half, so that what failed together does not come together again.
  return longest * (0.5 + 0.5 * random())
}

/** Milliseconds until a row that is not done should come again: what error or lease ask for, or a backoff. */
export function delayMsOf(outcome: BulkOutcome, deliveries: number, random: () => number): number {
  if (outcome.state === 'busy') return outcome.retryAfterMs
  const asked = 'error' in outcome ? outcome.error?.retryAfterMs : undefined
  return asked ?? backoffMs(deliveries, random)
}

export type SendBack = (messages: readonly MessageLike<BackfillMessage>[], ms: number) => Promise<void>

/**
 * Brings messages again that come back through no fault of their rows: sent anew where there is a queue to
 * send to, since retries are counted. Each is decided on its own: not every queue lets decided messages stand
 * when a whole batch is sent back.
 */
export function createSendBack(queue: QueueLike<BackfillMessage> | undefined): SendBack {
  return async (messages, ms) => {
    for (const batch of batchesOf(messages)) {
      const wereSent = queue ? await sendAnew(queue, batch, ms) : false
      for (const message of batch) {
        if (wereSent) message.ack()
        else message.retry(delayed(ms))
      }
    }
  }
}

async function sendAnew(
  queue: QueueLike<BackfillMessage>,
  messages: readonly MessageLike<BackfillMessage>[],
  ms: number,
): Promise<boolean> {
  try {
    await queue.sendBatch(messages.map(({ body }) => ({ body, ...delayed(ms) })))
    return true
  } catch {
    return false
  }
}
