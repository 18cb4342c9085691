/**
 * `signature = base64(HMAC-SHA256(api_key, timestamp ‖ partner_id ‖ "sid_request"))`, without separators; the
 * key is UTF-8 text, never base64-decoded.
 */
import { utf8 } from '../platform/bytes.ts'

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

/** Makes a signer of the partner id and the keys. */
export type Auth = (texts: readonly string[]) => Signer

/** Takes the partner id and the keys. */
export function hmacSigner(texts: readonly string[]): Signer {
  // The imported keys are kept, not the promises of them: in a Worker, a request must not wait for what
  // another request began.
  const imported: CryptoKey[] = []
  const key = async (index: number) =>
    (imported[index] ??= await crypto.subtle.importKey(
      'raw',
      utf8(texts[index]!),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign', 'verify'],
    ))
  const message = (timestamp: string) => utf8(timestamp + texts[0] + 'sid_request')
  return {
    sign: async (timestamp) =>
      btoa(
        String.fromCharCode(
          ...new Uint8Array(await crypto.subtle.sign('HMAC', await key(1), message(timestamp))),
        ),
      ),
    async verify(timestamp, signature, usable = 1) {
      try {
        const mac = atob(signature)
        // Back and forth: only canonical base64 comes out as it went in.
        for (; usable && btoa(mac) === signature; usable--) {
          if (
            await crypto.subtle.verify(
              'HMAC',
              await key(usable),
              new Uint8Array(mac.length).map((_, at) => mac.charCodeAt(at)),
              message(timestamp),
            )
          )
            return true
        }
      } catch {} // atob's, for what is no base64
      return false
    },
  }
}
