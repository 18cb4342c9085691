/** Which callbacks were acted on already, in Redis. */
import type { ReplayStore } from '../callback/replay-store.ts'
import { checkRedis, type RedisDatabase } from './database.ts'
import { replayStoreOptions } from './input.ts'
import { CLOCK, createScript } from './script.ts'

/** Gives the event to ARGV[3] for ARGV[2] milliseconds, unless it is taken. */
const CLAIM = `${CLOCK}
local now = clock(ARGV[1])
local known = redis.call('HMGET', KEYS[1], 'until', 'state')
if known[1] and tonumber(known[1]) > now then return known[2] end
redis.call('HSET', KEYS[1], 'until', exact(now + ARGV[2]), 'state', 'busy', 'owner', ARGV[3])
redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[2] + ARGV[4]))
return 'claimed'
`

/** Marks the event as done for ARGV[2] milliseconds, unless an owner other than ARGV[3] has it. */
const COMPLETE = `${CLOCK}
local now = clock(ARGV[1])
local known = redis.call('HMGET', KEYS[1], 'until', 'owner')
local isTaken = known[1] and tonumber(known[1]) > now
if ARGV[3] ~= '' and isTaken and known[2] ~= ARGV[3] then return 0 end
redis.call('HSET', KEYS[1], 'until', exact(now + ARGV[2]), 'state', 'done', 'owner', '')
redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[2] + ARGV[4]))
return 1
`

/** Forgets the event, if owner ARGV[1] has a claim on it; without an owner, in any case. */
const RELEASE = `
local known = redis.call('HMGET', KEYS[1], 'owner', 'state')
if ARGV[1] == '' or (known[1] == ARGV[1] and known[2] == 'busy') then redis.call('DEL', KEYS[1]) end
return 1
`

/** Counts one more; a new window is ARGV[2] milliseconds long. */
const COUNT = `${CLOCK}
local now = clock(ARGV[1])
local known = redis.call('HMGET', KEYS[1], 'until', 'count')
local ends = tonumber(known[1] or 0)
-- A window that ends later than a new one was opened before the clock was set back.
if ends <= now or ends > now + ARGV[2] then
  redis.call('HSET', KEYS[1], 'until', exact(now + ARGV[2]), 'count', 0)
  redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[2] + ARGV[3]))
end
return redis.call('HINCRBY', KEYS[1], 'count', 1)
`

/** Redis forgets later than the store does by as much as the caller's clock may be off. */
const DAY_MS = 86_400_000

/**
 * Keeps in Redis which events of callbacks were acted on, for all who share it; what need not be kept any
 * more expires.
 *
 * A claim is one script, so that of two deliveries at once one gets it, and runs out by Redis' clock, so that
 * clocks of servers may differ. Each event has a key of its own; how often callbacks came under one signed
 * pair is counted for a minute, as digests. Errors of Redis reject as they are, upon which the handler
 * answers 5xx and the event comes again.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments.
 *
 * @example
 * ```ts
 * import { createCallbackHandler } from 'smileid-edge/callback'
 * import { type Client } from 'smileid-edge/client'
 * import { createRedisReplayStore, fromUpstash } from 'smileid-edge/redis'
 *
 * export const handlerOf = (client: Client, upstash: { url: string; token: string }) =>
 *   createCallbackHandler(client, {
 *     replayStore: createRedisReplayStore(fromUpstash(upstash)),
 *     onResult: ({ smileJobId }) => console.log(smileJobId),
 *   })
 * ```
 */
export function createRedisReplayStore(
  redis: RedisDatabase,
  options: {
    /** What keys begin with. @default 'smileid:events' */ key?: string | undefined
    /** Milliseconds since 1970. @default Redis' own clock */ now?: (() => number) | undefined
  } = {},
): ReplayStore {
  const { key = 'smileid:events', now } = checkRedis(redis, replayStoreOptions(), options)
  const claim = createScript(redis, CLAIM)
  const complete = createScript(redis, COMPLETE)
  const release = createScript(redis, RELEASE)
  const count = createScript(redis, COUNT)
  const given = () => now?.() ?? ''
  const spareMs = now ? DAY_MS : 0
  const event = (id: string) => [`${key}:${id}`]
  return {
    async claim(eventId, leaseMs, owner = crypto.randomUUID()) {
      const state = await claim(event(eventId), [given(), leaseMs, owner, spareMs])
      return state as 'claimed' | 'busy' | 'done'
    },
    async complete(eventId, keepMs, owner = '') {
      await complete(event(eventId), [given(), keepMs, owner, spareMs])
    },
    async release(eventId, owner = '') {
      await release(event(eventId), [owner])
    },
    async count(keys, windowMs) {
      // One at a time: those of one script would have to lie on one machine of a cluster.
      const one = (name: string) => count([`${key}_counts:${name}`], [given(), windowMs, spareMs])
      return (await Promise.all(keys.map(one))).map(Number)
    },
  }
}
