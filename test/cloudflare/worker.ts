/** The Worker whose queue the tests fill; what its consumer is made of is up to them. */
import {
  type BackfillConsumer,
  type BackfillMessage,
  type BatchLike,
  createBackfillConsumer,
} from 'smileid-edge/cloudflare'
import type { Env } from './bindings'

export const consumer: { setup: ((env: Env) => BackfillConsumer) | undefined } = { setup: undefined }

/** How often each message came, as the platform counts. */
export const deliveries: number[] = []

const consume = /* @__PURE__ */ createBackfillConsumer((env: Env) => consumer.setup!(env))

export default {
  queue(batch: BatchLike<BackfillMessage>, env: Env): Promise<void> {
    deliveries.push(...batch.messages.map(({ attempts }) => attempts))
    return consume(batch, env)
  },
}
