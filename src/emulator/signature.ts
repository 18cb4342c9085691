/**
 * The service's own way to the signature: HMAC built from plain SHA-256 after RFC 2104, shared with nothing
 * of the SDK, so that a mistake of the SDK's signer does not pass here.
 */
const ascii = (text: string) => [...new TextEncoder().encode(text)]
const sha256 = async (bytes: number[]) => [
  ...new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))),
]

export async function serviceSignature(
  partnerId: string,
  apiKey: string,
  timestamp: string,
): Promise<string> {
  let key = ascii(apiKey)
  if (key.length > 64) key = await sha256(key)
  const padded = Array.from({ length: 64 }, (_, i) => key[i] ?? 0)
  const inner = await sha256([
    ...padded.map((byte) => byte ^ 0x36),
    ...ascii(timestamp),
    ...ascii(partnerId),
    ...ascii('sid_request'),
  ])
  const mac = await sha256([...padded.map((byte) => byte ^ 0x5c), ...inner])
  return btoa(mac.map((byte) => String.fromCharCode(byte)).join(''))
}

export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}

/** The half of a sec_key that needs no key: seen alone as the signature of a job without a zip. */
export const bareHash = async (partnerId: string, timestamp: string): Promise<string> =>
  sha256Hex(new TextEncoder().encode(`${Number(partnerId)}:${timestamp}`))
