/** The store that everybody has who names no other. */
import type { KeptToken, TokenStore } from '../../client/v3-options.ts'

/** Of as many partners: for each there is one, or one a product. */
const MOST_TOKENS = 1_000

/** In the order in which they were kept. */
const tokens = /* @__PURE__ */ new Map<string, KeptToken>()

export const memory: TokenStore = {
  get: async (key) => tokens.get(key),
  async set(key, token) {
    tokens.delete(key)
    tokens.set(key, token)
    const [oldest] = tokens.keys()
    if (tokens.size > MOST_TOKENS) tokens.delete(oldest!)
  },
  async drop(key, token) {
    if (tokens.get(key)?.token === token) tokens.delete(key)
  },
}
