/** Under which name a token is kept: a digest, since stores are read by many. */
import { encodeHex, utf8 } from '../../platform/bytes.ts'
import type { KeyCaller } from '../client/caller.ts'
import type { TokenProduct } from '../wire/shared.ts'

// Texts, not promises of them: in a Worker, a request must not wait for what another one began.
const known = /* @__PURE__ */ new WeakMap<KeyCaller, Map<string, string>>()

export async function storeKeyOf(caller: KeyCaller, product: TokenProduct | undefined): Promise<string> {
  const keys = known.get(caller) ?? new Map<string, string>()
  known.set(caller, keys)
  const scope = product ?? ''
  const made = keys.get(scope)
  if (made) return made
  const { partnerId, apiKey, sender } = caller
  const text = JSON.stringify([sender.client.baseUrl, partnerId, apiKey, scope])
  const digest = await crypto.subtle.digest('SHA-256', utf8(text))
  const key = `smileid-v3-token-${encodeHex(new Uint8Array(digest))}`
  keys.set(scope, key)
  return key
}
