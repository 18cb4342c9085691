/** Which callbacks were acted on already, in D1. */
import type { ReplayStore } from '../callback/replay-store.ts'
import { type D1Like, ofD1 } from '../sql/drivers.ts'
import { replayStoreOptions } from '../sql/input.ts'
import { openReplayStore } from '../sql/replay-store.ts'
import { checkD1 } from './d1-input.ts'

/**
 * Keeps in D1 which events of callbacks were acted on, for all isolates; both tables make themselves.
 *
 * A claim is one statement, so that of two deliveries at once one gets it. In `<table>_counts` it keeps for a
 * minute how often callbacks came under one signed pair, as digests. What is no longer kept is swept out
 * whenever a store is first used. Make it in each invocation. Errors of D1 reject as they are, upon which
 * the handler answers 5xx and the event comes again.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments.
 *
 * @example
 * ```ts
 * import { createCallbackHandler } from 'smileid-edge/callback'
 * import { clientOptionsFromEnv, createClient } from 'smileid-edge/client'
 * import { createD1ReplayStore, type D1Like } from 'smileid-edge/cloudflare'
 *
 * export default {
 *   fetch: (request: Request, env: { DB: D1Like }) =>
 *     createCallbackHandler(createClient(clientOptionsFromEnv(env)), {
 *       replayStore: createD1ReplayStore(env.DB),
 *       onResult: ({ smileJobId }) => console.log(smileJobId),
 *     })(request),
 * }
 * ```
 */
export function createD1ReplayStore(
  db: D1Like,
  options: {
    /** @default 'smileid_events' */ table?: string | undefined
    /** Milliseconds since 1970. @default the database's own clock */ now?: (() => number) | undefined
  } = {},
): ReplayStore {
  const checked = checkD1(db, replayStoreOptions(), options)
  return openReplayStore(ofD1(db), checked)
}
