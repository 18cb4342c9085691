/** When the next call may go out: one gate for all workers, in one hash of Redis. */
import { LEAST_RATE, LEAST_SPAN_MS, MAX_PAUSE_MS, PAUSE_MS, SAME_EVENT_MS } from '../bulk/pace-rules.ts'
import {
  createSharedPaceGate,
  type PaceLedger,
  type PaceState,
  type SharedPaceGate,
  UNLIMITED,
} from '../bulk/shared-pace.ts'
import { checkRedis, type RedisDatabase } from './database.ts'
import { type RedisPaceOptions, redisPaceOptions } from './input.ts'
import { CLOCK, createScript } from './script.ts'

/** Calls are counted over so many milliseconds: then the count and its time are halved. */
const SPAN_MS = 10_000

/** The hash, with its time as ARGV[1] and the greatest rate as ARGV[2]; they follow bulk/pace-rules.ts. */
const BEGIN = `${CLOCK}
local now = clock(ARGV[1])
local ceiling = tonumber(ARGV[2])
local names = {'rate', 'granted', 'slot', 'closedUntil', 'cutAt', 'strikes', 'seen', 'since'}
local gate = {}
local values = redis.call('HMGET', KEYS[1], unpack(names))
for i, name in ipairs(names) do gate[name] = tonumber(values[i] or 0) end
if gate.rate == 0 then gate.rate = ceiling end
`

const END = `
for name, value in pairs(gate) do redis.call('HSET', KEYS[1], name, exact(value)) end
return {exact(now), exact(gate.granted), exact(gate.slot), exact(gate.closedUntil)}
`

/** Gives times to ARGV[3] calls, unless they would begin more than ARGV[4] from now; raises by ARGV[5]. */
const GRANT = `${BEGIN}
local calls = tonumber(ARGV[3])
local raise = tonumber(ARGV[5])
local first = math.max(gate.slot, gate.closedUntil, now)
if first > now + tonumber(ARGV[4]) then return false end
if now - math.max(gate.slot, gate.since) > ${SPAN_MS} then
  gate.seen = 0
  gate.since = now
elseif now - gate.since > ${SPAN_MS} then
  gate.seen = gate.seen / 2
  gate.since = (gate.since + now) / 2
end
gate.seen = gate.seen + calls
gate.granted = first
gate.slot = first + calls * 1000 / math.min(gate.rate, ceiling)
gate.rate = math.min(ceiling, gate.rate + raise)
if raise > 0 then gate.strikes = 0 end
${END}`

/** From ARGV[5] ago, closes for ARGV[4], or, after a 429 (ARGV[3]) without it, for the rules' pause. */
const CLOSE = `${BEGIN}
local isLimited = ARGV[3] == '1'
local at = now - tonumber(ARGV[5])
if isLimited and at >= math.max(gate.closedUntil, gate.cutAt + ${SAME_EVENT_MS}) then
  local observed = gate.seen * 1000 / math.max(${LEAST_SPAN_MS}, at - gate.since)
  local before = math.min(gate.rate, ceiling, math.max(1, observed))
  gate.rate = math.max(math.min(${LEAST_RATE}, ceiling), before / 2)
  gate.strikes = gate.strikes + 1
  gate.cutAt = at
end
local pause = tonumber(ARGV[4])
if not pause then
  pause = isLimited and math.min(${MAX_PAUSE_MS}, ${PAUSE_MS} * 2 ^ math.max(0, gate.strikes - 1)) or 0
end
gate.closedUntil = math.max(gate.closedUntil, at + pause)
${END}`

const READ = `${BEGIN}${END}`

/**
 * Makes the gate that all workers share: it paces as `createPaceGate` does, but its rate, its pauses and
 * whose turn it is stand in Redis.
 *
 * Those who wait at once in one worker are given their times together, by one script. A 429, or
 * `Retry-After`, closes it for all as soon as it is written; calls that have their time already look once
 * more before they go. All give the same `ratePerSecond`. Errors of Redis reject as they are.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments.
 *
 * @example
 * ```ts
 * import { createRedisPaceGate, fromNodeRedis, type NodeRedisLike } from 'smileid-edge/redis'
 *
 * export const gateOf = (client: NodeRedisLike) =>
 *   createRedisPaceGate(fromNodeRedis(client), { ratePerSecond: 5 })
 * ```
 */
export function createRedisPaceGate(redis: RedisDatabase, options: RedisPaceOptions = {}): SharedPaceGate {
  const checked = checkRedis(redis, redisPaceOptions(), options)
  return createSharedPaceGate(openLedger(redis, checked), checked)
}

function openLedger(
  redis: RedisDatabase,
  { key = 'smileid:pace', ratePerSecond: ceiling = UNLIMITED, now }: RedisPaceOptions,
): PaceLedger {
  const [read, grant, close] = [READ, GRANT, CLOSE].map((text) => {
    const run = createScript(redis, text)
    return async (...values: (string | number)[]) =>
      stateOf(await run([key], [now?.() ?? '', ceiling, ...values]))
  }) as [Step, Step, Step]
  return {
    read: async () => (await read())!,
    grant: ({ calls, horizonMs, raise }) => grant(calls, horizonMs, raise),
    close: async ({ ageMs, limited, retryAfterMs = '' }) =>
      (await close(Number(limited), retryAfterMs, ageMs))!,
  }
}

type Step = (...values: (string | number)[]) => Promise<PaceState | undefined>

function stateOf(reply: unknown): PaceState | undefined {
  if (!Array.isArray(reply)) return undefined
  const [now, granted, slot, closedUntil] = reply.map(Number) as [number, number, number, number]
  return { now, granted, slot, closedUntil }
}
