/** Tokens of v3's server calls in Workers KV. */
import type { KeptToken, TokenStore } from '../client/v3-options.ts'
import { throwIfAny } from '../errors/issues.ts'
import { filledText, withMethods } from '../input/rules.ts'
import { check, issuesOf, objectOf, once, optional } from '../input/schema.ts'

/** The least of a KV namespace; the real one fits. */
export interface KvLike {
  get(key: string): Promise<string | null>
  put(key: string, value: string, options?: { expirationTtl?: number }): Promise<void>
  delete(key: string): Promise<void>
}

interface KvOptions {
  prefix?: string | undefined
}

const kvOptions = /* @__PURE__ */ once(() => objectOf<KvOptions>({ prefix: optional(filledText()) }))

/** Seconds: longer than any token lives, by whichever clock. */
const KEEP_S = 86_400

/**
 * Keeps tokens of v3 in Workers KV, so that isolates need not ask for one each.
 *
 * KV is slow to forget: a token that was refused may be read for another minute, which costs a request for a
 * new one each time and no more. A token is a credential until it expires, and stands there as it is: who can
 * read the namespace can use it.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong arguments.
 *
 * @example
 * ```ts
 * import { clientOptionsFromEnv, createClient } from 'smileid-edge/client'
 * import { createKvTokenStore, type KvLike } from 'smileid-edge/cloudflare'
 *
 * export const clientOf = (env: { TOKENS: KvLike }) =>
 *   createClient({ ...clientOptionsFromEnv(env), v3: { tokenStore: createKvTokenStore(env.TOKENS) } })
 * ```
 */
export function createKvTokenStore(
  kv: KvLike,
  options: { /** What keys begin with. @default 'smileid:tokens' */ prefix?: string | undefined } = {},
): TokenStore {
  const { issues, value } = check(kvOptions(), options ?? {}, 'options')
  const namespace = withMethods(['get', 'put', 'delete'], 'must be a KV namespace')
  throwIfAny([...issuesOf(namespace, kv ?? null, 'kv'), ...issues])
  const { prefix = 'smileid:tokens' } = value

  async function read(key: string): Promise<KeptToken | undefined> {
    const text = await kv.get(`${prefix}:${key}`)
    return text === null ? undefined : (JSON.parse(text) as KeptToken)
  }

  return {
    get: read,
    async set(key, { token, expiresAt }) {
      const text = JSON.stringify({ token, expiresAt })
      await kv.put(`${prefix}:${key}`, text, { expirationTtl: KEEP_S })
    },
    async drop(key, token) {
      const kept = await read(key)
      if (kept?.token === token) await kv.delete(`${prefix}:${key}`)
    },
  }
}
