/** The Worker whose queues the tests fill; what their consumers are made of is up to them. */
import {
  type BackfillConsumer,
  type BackfillMessage,
  type BatchLike,
  createBackfillConsumer,
} from 'smileid-edge/cloudflare'
import type { Env } from './bindings'

interface TestQueue {
  setup?: (env: Env) => BackfillConsumer
  /** How often each message came, as the platform counts. */
  deliveries: number[]
  consume: (batch: BatchLike<BackfillMessage>, env: Env) => Promise<void>
}

/** One for each test, since messages may come again when their test is over. */
export const queues = { rows: testQueue(), 'unpaid-rows': testQueue() }

function testQueue(): TestQueue {
  const queue: TestQueue = {
    deliveries: [],
    consume: createBackfillConsumer((env: Env) => queue.setup!(env)),
  }
  return queue
}

export default {
  queue(batch: BatchLike<BackfillMessage> & { queue: keyof typeof queues }, env: Env): Promise<void> {
    const { deliveries, consume } = queues[batch.queue]
    deliveries.push(...batch.messages.map(({ attempts }) => attempts))
    return consume(batch, env)
  },
}
