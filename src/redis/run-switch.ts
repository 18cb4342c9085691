/** Whether a run goes on, in one hash of Redis. */
import { checkRunState, type RunState, type StoredRunSwitch } from '../bulk/run-switch.ts'
import { checkRedis, type RedisDatabase } from './database.ts'
import { keyOptions } from './input.ts'
import { createScript } from './script.ts'

/** At once: a pause that a person sets meanwhile must keep its own reason. */
const NOTE = `
local state = redis.call('HGET', KEYS[1], 'state') or 'running'
if state == 'running' then redis.call('HSET', KEYS[1], 'reason', ARGV[1]) end
return 1
`

/**
 * Pauses, resumes and cancels a run on queues from wherever Redis can be reached.
 *
 * `'paused'`: rows under way finish, others come back later; a consumer sets it itself, with the reason, when
 * something is refused to all rows. `'cancelled'`: messages are taken off the queue without a call. Whatever
 * was set before, `set('running')` goes on with what is in the queue still. Errors of Redis reject as they
 * are.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments; `set` rejects so for other states.
 *
 * @example
 * ```ts
 * import { createRedisRunSwitch, fromIoredis, type IoredisLike } from 'smileid-edge/redis'
 *
 * export const pause = (redis: IoredisLike): Promise<void> =>
 *   createRedisRunSwitch(fromIoredis(redis)).set('paused')
 * ```
 */
export function createRedisRunSwitch(
  redis: RedisDatabase,
  options: { /** @default 'smileid:run' */ key?: string | undefined } = {},
): StoredRunSwitch {
  const { key = 'smileid:run' } = checkRedis(redis, keyOptions(), options)
  const note = createScript(redis, NOTE)
  return {
    async read() {
      const state = (await redis.command(['HGET', key, 'state'])) as RunState | null
      return state ?? 'running'
    },
    async reason() {
      const reason = (await redis.command(['HGET', key, 'reason'])) as string | null
      return reason || undefined
    },
    async set(state, reason = '') {
      checkRunState(state)
      await redis.command(['HSET', key, 'state', state, 'reason', reason])
    },
    async note(reason = '') {
      await note([key], [reason])
    },
  }
}
