/** The Worker whose queue the tests fill; what its consumer is made of is up to them. */
import { type BackfillConsumer, createBackfillConsumer } from 'smileid-edge/cloudflare'
import type { Env } from './bindings'

export const consumer: { setup: ((env: Env) => BackfillConsumer) | undefined } = { setup: undefined }

export default {
  queue: createBackfillConsumer((env: Env) => consumer.setup!(env)),
}
