/**
 * The service's own way to the signature: HMAC built from plain SHA-256 after RFC 2104, shared with nothing
 * of the SDK, so that a mistake of the SDK's signer does not pass here.
 */

/** Bytes of a block of SHA-256. */
const BLOCK = 64

export async function serviceSignature(
  partnerId: string,
  apiKey: string,
  timestamp: string,
): Promise<string> {
  const mac = await hmacSha256(apiKey, `${timestamp}${partnerId}sid_request`)
  return btoa(String.fromCharCode(...mac))
}

export async function hmacSha256(keyText: string, messageText: string): Promise<number[]> {
  const message = utf8(messageText)
  let key = utf8(keyText)
  if (key.length > BLOCK) key = await sha256(key)
  const padded = Array.from({ length: BLOCK }, (_, i) => key[i] ?? 0)
  const inner = await sha256([...padded.map((byte) => byte ^ 0x36), ...message])
  return sha256([...padded.map((byte) => byte ^ 0x5c), ...inner])
}

/** The half of a sec_key that needs no key: seen alone as the signature of a job without a zip. */
export async function bareHash(partnerId: string, timestamp: string): Promise<string> {
  return sha256Hex(new TextEncoder().encode(`${Number(partnerId)}:${timestamp}`))
}

export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

async function sha256(bytes: number[]): Promise<number[]> {
  return [...new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)))]
}

function utf8(text: string): number[] {
  return [...new TextEncoder().encode(text)]
}
