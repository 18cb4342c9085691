/**
 * Who a request is from, and how the service signs what it says: with an HMAC, or the old way, with a
 * sec_key.
 */
import type { Credentials } from '../client.ts'
import type { Bytes } from '../platform/bytes.ts'
import { inputError } from '../errors/issues.ts'
import { fromBase64 } from './photo-check.ts'
import { open, type PrivateKey, privateKeyBytes, readPrivateKey, seal } from './rsa.ts'
import type { Choices, Proofs } from './model.ts'
import { bareHash, serviceSignature } from './signature.ts'

export interface EmulatorPartner extends Credentials {
  /**
   * The service's half of the RSA key pair whose other half is `apiKey` (base64 of PEM or DER): PKCS #8, as
   * PEM or base64.
   *
   * With it, a sec_key must have been encrypted under `apiKey`, and replies to it are made so that
   * `secKeyAuth()` believes them. Without it, of a sec_key nothing is checked but its two parts and the hash,
   * and replies carry a bare hash, which is believed of jobs without a zip alone.
   */
  privateKey?: string | undefined
}

export function createProofs(
  partners: readonly EmulatorPartner[],
  now: () => number,
  choices: Pick<Choices, 'maxSignatureAgeMs'>,
): Proofs {
  const known = new Map(
    partners.map(({ partnerId, apiKey, privateKey }, index) => [
      partnerId,
      { index, apiKey: [apiKey].flat()[0]!, pkcs8: pkcs8Of(privateKey, index) },
    ]),
  )
  const privateKeys = new Map<string, PrivateKey>()

  async function privateKeyOf(partnerId: string): Promise<PrivateKey | undefined> {
    const { pkcs8, index = 0 } = known.get(partnerId) ?? {}
    if (pkcs8 && !privateKeys.has(partnerId))
      privateKeys.set(
        partnerId,
        await readPrivateKey(pkcs8).catch(() => {
          throw noPrivateKey(index)
        }),
      )
    return privateKeys.get(partnerId)
  }

  const isYoung = (timestamp: unknown) =>
    choices.maxSignatureAgeMs === Infinity || Math.abs(now() - timeOf(timestamp)) <= choices.maxSignatureAgeMs

  async function isSecKey(partnerId: string, timestamp: unknown, text: unknown): Promise<boolean> {
    if (
      !/^\d+$/.test(partnerId) ||
      typeof text !== 'string' ||
      !(typeof timestamp === 'number' || (typeof timestamp === 'string' && timestamp))
    )
      return false
    const [cipher = '', printed, ...more] = text.split('|')
    const hash = await bareHash(partnerId, `${timestamp}`)
    // Ruby wraps its base64, the line before the bar included.
    const block = fromBase64(cipher.replace(/\s/g, ''))
    if (more.length || printed !== hash || !block?.length) return false
    const privateKey = await privateKeyOf(partnerId)
    return !privateKey || open(privateKey, block) === hash
  }

  return {
    async provenBy(partnerId, { timestamp, signature, sec_key }) {
      const { apiKey } = known.get(partnerId as string) ?? {}
      if (apiKey === undefined || !isYoung(timestamp)) return undefined
      if (signature === undefined && sec_key !== undefined)
        return (await isSecKey(partnerId as string, timestamp, sec_key)) ? 'sec_key' : undefined
      return typeof timestamp === 'string' &&
        signature === (await serviceSignature(partnerId as string, apiKey, timestamp))
        ? 'signature'
        : undefined
    },
    async sign(partnerId, body, timestamp, { scheme = 'signature', field = 'signature', apiKey } = {}) {
      if (scheme === 'signature')
        return {
          ...body,
          signature: await serviceSignature(
            partnerId,
            apiKey ?? known.get(partnerId)!.apiKey,
            `${timestamp}`,
          ),
          timestamp,
        }
      const hash = await bareHash(partnerId, `${timestamp}`)
      const privateKey = await privateKeyOf(partnerId)
      // A forger has no private key: what he lets it write is something else.
      const sealed =
        privateKey && seal(privateKey, apiKey === undefined ? hash : await bareHash(partnerId, apiKey))
      return { ...body, [field]: sealed ? `${sealed}|${hash}` : hash, timestamp }
    },
  }
}

function pkcs8Of(text: string | undefined, index: number): Bytes | undefined {
  const bytes = text === undefined ? undefined : privateKeyBytes(text)
  if (text !== undefined && !bytes?.length) throw noPrivateKey(index)
  return bytes
}

const noPrivateKey = (index: number) =>
  inputError([
    {
      path: `partners[${index}].privateKey`,
      code: 'wrong_format',
      message: 'must be an RSA key in PKCS #8, as PEM or base64',
    },
  ])

/** Seconds and milliseconds, as numbers or digits, beside ISO 8601; NaN for what is none. */
function timeOf(timestamp: unknown): number {
  if (!/^\d+$/.test(`${timestamp as string}`)) return Date.parse(timestamp as string)
  return Number(timestamp) * (Number(timestamp) < 1e11 ? 1000 : 1)
}
