/** Tokens of v3's server calls in Redis. */
import type { TokenStore } from '../client/v3-options.ts'
import { checkRedis, type RedisDatabase } from './database.ts'
import { keyOptions } from './input.ts'
import { createScript } from './script.ts'

/** Longer than any token lives, by whichever clock. */
const KEEP_MS = 86_400_000

const DROP = `
local known = redis.call('GET', KEYS[1])
if known and string.match(known, ' (.*)') == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`

/**
 * Keeps tokens of v3 in Redis, so that processes that live shortly need not ask for one each.
 *
 * A token is a credential until it expires, and stands there as it is: who can read Redis can use it.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments.
 *
 * @example
 * ```ts
 * import { clientOptionsFromEnv, createClient } from 'smileid-edge/client'
 * import { createRedisTokenStore, fromUpstash } from 'smileid-edge/redis'
 *
 * export const clientOf = (env: Record<string, string>, upstash: { url: string; token: string }) =>
 *   createClient({
 *     ...clientOptionsFromEnv(env),
 *     v3: { tokenStore: createRedisTokenStore(fromUpstash(upstash)) },
 *   })
 * ```
 */
export function createRedisTokenStore(
  redis: RedisDatabase,
  options: { /** What keys begin with. @default 'smileid:tokens' */ key?: string | undefined } = {},
): TokenStore {
  const { key: prefix = 'smileid:tokens' } = checkRedis(redis, keyOptions(), options)
  const drop = createScript(redis, DROP)
  return {
    async get(key) {
      const text = (await redis.command(['GET', `${prefix}:${key}`])) as string | null
      if (text === null) return undefined
      const space = text.indexOf(' ')
      return { token: text.slice(space + 1), expiresAt: Number(text.slice(0, space)) }
    },
    async set(key, { token, expiresAt }) {
      await redis.command(['SET', `${prefix}:${key}`, `${expiresAt} ${token}`, 'PX', String(KEEP_MS)])
    },
    async drop(key, token) {
      await drop([`${prefix}:${key}`], [token])
    },
  }
}
