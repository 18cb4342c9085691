/**
 * What a run and a callback handler share between machines, in Redis: by node-redis, ioredis or the REST API
 * of Upstash, which needs `fetch` alone. Redis 5 or newer, Valkey, or what speaks like them.
 *
 * What must happen at once is a script in Lua, and what runs out does so by Redis' clock.
 *
 * @module
 */
export type { RunState, RunSwitch, StoredRunSwitch } from './bulk/run-switch.ts'
export type { SharedPaceGate } from './bulk/shared-pace.ts'
export {
  fromIoredis,
  fromNodeRedis,
  fromUpstash,
  type IoredisLike,
  type NodeRedisLike,
  type RedisDatabase,
  type UpstashOptions,
} from './redis/database.ts'
export type { RedisPaceOptions } from './redis/input.ts'
export { createRedisJournal } from './redis/journal.ts'
export { createRedisPaceGate } from './redis/pace-gate.ts'
export { createRedisReplayStore } from './redis/replay-store.ts'
export { createRedisRunSwitch } from './redis/run-switch.ts'
export { createRedisTokenStore } from './redis/token-store.ts'
