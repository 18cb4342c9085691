/** The little of a Redis that the stores ask for, and the clients that lead to one. */
import { throwIfAny } from '../errors/issues.ts'
import { callable, must, withMethods } from '../input/rules.ts'
import { check, issuesOf, objectOf, once, optional, type Schema } from '../input/schema.ts'
import { attempt } from '../platform/realms.ts'

/** A Redis, whichever client leads to it; the `from…` functions make one of the clients they name. */
export interface RedisDatabase {
  /** Sends one command, such as `['GET', 'key']`, and resolves to its reply; rejects with its error. */
  command(parts: readonly string[]): Promise<unknown>
}

/** The least of a client of node-redis (`redis`, `@redis/client`); the real one fits. */
export interface NodeRedisLike {
  sendCommand(parts: any): Promise<unknown>
}

/**
 * A connected client of node-redis.
 *
 * @throws {SmileIdInputError} `invalid_input`: it is none.
 */
export function fromNodeRedis(client: NodeRedisLike): RedisDatabase {
  checkClient(client, 'sendCommand', 'a client of node-redis')
  return { command: (parts) => client.sendCommand([...parts]) }
}

/** The least of a client of ioredis; the real one fits. */
export interface IoredisLike {
  call(command: string, ...parts: any[]): Promise<unknown>
}

/**
 * A client of ioredis.
 *
 * @throws {SmileIdInputError} `invalid_input`: it is none.
 */
export function fromIoredis(client: IoredisLike): RedisDatabase {
  checkClient(client, 'call', 'a client of ioredis')
  return { command: ([name, ...parts]) => client.call(name!, ...parts) }
}

function checkClient(client: unknown, method: string, what: string): void {
  throwIfAny(issuesOf(withMethods([method], `must be ${what}`), client ?? null, 'client'))
}

export interface UpstashOptions {
  /** As Upstash names it, `UPSTASH_REDIS_REST_URL`. */
  url: string
  /** `UPSTASH_REDIS_REST_TOKEN`. */
  token: string
  /** @default the global one */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
}

const upstashOptions = /* @__PURE__ */ once(() =>
  objectOf<UpstashOptions>({
    url: must<string>(isAddress, 'must be a URL of https'),
    token: must<string>(isToken, 'must be the token of the REST API'),
    fetch: optional(callable()),
  }),
)

function isAddress(url: unknown): boolean {
  const parsed = attempt(() => new URL(url as string))
  const isLocal = parsed?.hostname === 'localhost' || parsed?.hostname === '127.0.0.1'
  return parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLocal)
}

function isToken(token: unknown): boolean {
  return typeof token === 'string' && /^[!-~]+$/.test(token)
}

/**
 * A Redis of Upstash by its REST API, which needs nothing but `fetch` and so runs on the edge.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong options.
 *
 * @example
 * ```ts
 * import { fromUpstash } from 'smileid-edge/redis'
 *
 * export const redisOf = (env: { UPSTASH_REDIS_REST_URL: string; UPSTASH_REDIS_REST_TOKEN: string }) =>
 *   fromUpstash({ url: env.UPSTASH_REDIS_REST_URL, token: env.UPSTASH_REDIS_REST_TOKEN })
 * ```
 */
export function fromUpstash(options: UpstashOptions): RedisDatabase {
  const { issues, value } = check(upstashOptions(), options ?? null, 'options')
  throwIfAny(issues)
  const { url, token } = value
  const send = value.fetch ?? ((to, init) => fetch(to, init))
  return {
    async command(parts) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const response = await send(url, { method: 'POST', headers, body: JSON.stringify(parts) })
      const reply = (await response.json().catch(() => ({}))) as { result?: unknown; error?: unknown }
      if (response.ok && 'result' in reply) return reply.result
      throw new Error(typeof reply.error === 'string' ? reply.error : `Redis answered ${response.status}`)
    },
  }
}

/** @throws {SmileIdInputError} `invalid_input`: no Redis, or wrong options. */
export function checkRedis<T extends object>(redis: unknown, schema: Schema<T>, options: unknown): T {
  const database = withMethods(
    ['command'],
    'must be a Redis of smileid-edge/redis, such as fromIoredis(client)',
  )
  const { issues, value } = check(schema, options ?? {}, 'options')
  throwIfAny([...issuesOf(database, redis ?? null, 'redis'), ...issues])
  return value
}
