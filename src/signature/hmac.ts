/**
 * `signature = base64(HMAC-SHA256(api_key, timestamp ‖ partner_id ‖ "sid_request"))`, without separators; the
 * key is UTF-8 text, never base64-decoded.
 */
import { type Bytes, isomorphicEncode, utf8 } from '../platform/bytes.ts'

/** What signs and verifies. The keys themselves stay in the closures. */
export interface Signer {
  sign(timestamp: string): Promise<string>
  /** Whether one of the first `usable` keys made it. @default 1: the key that signs */
  verify(timestamp: string, signature: string, usable?: number): Promise<boolean>
  /** What a body carries instead of `timestamp` and `signature`, where another way of signing does. */
  prove?(timestamp: string | number): Promise<Record<string, string | number>>
  /** Where that way's replies carry what is to be verified. */
  read?(received: Record<string, unknown>): { timestamp?: unknown; signature?: unknown }
}

/** Makes a signer of the partner id and the keys, in this order; the first key signs. */
export type Auth = (texts: readonly string[]) => Signer

/** Whose signatures, and with which keys; the first key signs. */
export interface SigningKeys {
  partnerId: string
  keys: readonly string[]
}

const ALGORITHM = { name: 'HMAC', hash: 'SHA-256' }

export function hmacSigner({ partnerId, keys }: SigningKeys): Signer {
  // The imported keys are kept, not the promises of them: in a Worker, a request must not wait for what
  // another request began.
  const imported: CryptoKey[] = []

  async function importKey(index: number): Promise<CryptoKey> {
    const bytes = utf8(keys[index]!)
    const key = await crypto.subtle.importKey('raw', bytes, ALGORITHM, false, ['sign', 'verify'])
    imported[index] = key
    return key
  }

  const message = (timestamp: string) => utf8(`${timestamp}${partnerId}sid_request`)

  return {
    async sign(timestamp) {
      const key = imported[0] ?? (await importKey(0))
      const mac = await crypto.subtle.sign('HMAC', key, message(timestamp))
      return btoa(String.fromCharCode(...new Uint8Array(mac)))
    },
    async verify(timestamp, signature, usable = 1) {
      const mac = decodeCanonical(signature)
      if (!mac) return false
      // Keys that were replaced verify what was sent before; the newest are the most likely.
      for (let index = 0; index < usable; index++) {
        const key = imported[index] ?? (await importKey(index))
        if (await crypto.subtle.verify('HMAC', key, mac, message(timestamp))) return true
      }
      return false
    },
  }
}

/** The bytes of canonical base64; `undefined` for any other text, so that a signature has one form only. */
function decodeCanonical(base64: string): Bytes | undefined {
  try {
    const chars = atob(base64)
    if (btoa(chars) !== base64) return undefined
    return isomorphicEncode(chars)
  } catch {
    return undefined
  }
}
