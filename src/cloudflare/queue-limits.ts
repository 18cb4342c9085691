/**
 * What queues take: https://developers.cloudflare.com/queues/platform/limits/ says 128 KB a message, and 100
 * messages or 256 KB to a batch, where KB are 1000 bytes and a message has some 100 of its own.
 */
import { utf8 } from '../platform/bytes.ts'

export const MAX_BATCH_MESSAGES = 100
export const MAX_BATCH_BYTES = 256_000
export const MAX_MESSAGE_BYTES = 128_000
const OVERHEAD_BYTES = 100

/** The size of a message with this body; `undefined` when it cannot be sent as JSON. */
export function messageBytes(body: unknown): number | undefined {
  try {
    // `undefined` for an object whose toJSON says so.
    const text: string | undefined = JSON.stringify(body)
    return text === undefined ? undefined : utf8(text).length + OVERHEAD_BYTES
  } catch {
    return undefined
  }
}

/** Cuts a list into as few batches as the queue takes. */
export function batchesOf<T extends { body: unknown }>(messages: readonly T[]): T[][] {
  const batches: T[][] = []
  let bytes = Infinity
  for (const message of messages) {
    // What another producer sent in a form of its own is at most as large as a message may be.
    const added = messageBytes(message.body) ?? MAX_MESSAGE_BYTES
    const batch = batches.at(-1)
    if (batch && batch.length < MAX_BATCH_MESSAGES && bytes + added <= MAX_BATCH_BYTES) {
      batch.push(message)
      bytes += added
    } else {
      batches.push([message])
      bytes = added
    }
  }
  return batches
}
