/**
 * Which partner a request is from, and how the service signs what it says: with an HMAC, or the old way, with
 * a sec_key.
 */
import type { Credentials } from '../client.ts'
import { SmileIdInputError } from '../errors/classes.ts'
import { issue } from '../errors/issues.ts'
import type { Bytes } from '../platform/bytes.ts'
import { fromBase64 } from './base64.ts'
import type { Choices } from './choices.ts'
import type { PartnerAuth } from './model.ts'
import { decrypt, encryptWithPrivateKey, type PrivateKey, privateKeyBytes, readPrivateKey } from './rsa.ts'
import { bareHash, serviceSignature } from './signature.ts'

/** A partner that the emulator knows: the SDK's credentials, and what the service has to them. */
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
  /** Where results of v3 go that no request says: the default of the portal. @default none */
  callbackUrl?: string | undefined
}

interface KnownPartner {
  apiKey: string | undefined
  /** Read when it is needed first; rejects for bytes that are no RSA key. */
  privateKey(): Promise<PrivateKey | undefined>
}

export function createPartnerAuth(
  partners: readonly EmulatorPartner[],
  { now, maxSignatureAgeMs }: { now: () => number } & Pick<Choices, 'maxSignatureAgeMs'>,
): PartnerAuth {
  const known = new Map(partners.map((partner, index) => [partner.partnerId, readPartner(partner, index)]))

  function isRecent(timestamp: unknown): boolean {
    return maxSignatureAgeMs === Infinity || Math.abs(now() - timeOf(timestamp)) <= maxSignatureAgeMs
  }

  return {
    async authenticate(claimedId, { timestamp, signature, sec_key }) {
      const partnerId = claimedId as string
      const partner = known.get(partnerId)
      if (partner?.apiKey === undefined || !isRecent(timestamp)) return undefined
      if (signature === undefined && sec_key !== undefined) {
        return (await isSecKey(sec_key, { partnerId, partner, timestamp })) ? 'sec_key' : undefined
      }
      if (typeof timestamp !== 'string') return undefined
      const expected = await serviceSignature(partnerId, partner.apiKey, timestamp)
      return signature === expected ? 'signature' : undefined
    },

    async sign(body, { partnerId, timestamp, scheme = 'signature', field = 'signature', apiKey }) {
      const partner = known.get(partnerId)
      if (scheme === 'signature') {
        const signature = await serviceSignature(partnerId, apiKey ?? partner!.apiKey!, `${timestamp}`)
        return { ...body, signature, timestamp }
      }
      const hash = await bareHash(partnerId, `${timestamp}`)
      const privateKey = await partner?.privateKey()
      if (!privateKey) return { ...body, [field]: hash, timestamp }
      // A forger has no private key; a wrong text stands for what another key would encrypt.
      const encrypted = apiKey === undefined ? hash : await bareHash(partnerId, apiKey)
      return { ...body, [field]: `${encryptWithPrivateKey(privateKey, encrypted)}|${hash}`, timestamp }
    },
  }
}

/** Whether a sec_key, encrypted hash and hash with a bar between them, is this partner's. */
async function isSecKey(
  secKey: unknown,
  { partnerId, partner, timestamp }: { partnerId: string; partner: KnownPartner; timestamp: unknown },
): Promise<boolean> {
  if (!/^\d+$/.test(partnerId) || typeof secKey !== 'string') return false
  const isTimestamp = typeof timestamp === 'number' || (typeof timestamp === 'string' && timestamp !== '')
  if (!isTimestamp) return false
  const parts = secKey.split('|')
  const [encrypted = '', givenHash] = parts
  const hash = await bareHash(partnerId, `${timestamp}`)
  // Ruby wraps its base64, the line before the bar included.
  const block = fromBase64(encrypted.replace(/\s/g, ''))
  if (parts.length !== 2 || givenHash !== hash || !block?.length) return false
  const privateKey = await partner.privateKey()
  return !privateKey || decrypt(privateKey, block) === hash
}

function readPartner({ apiKey, privateKey }: EmulatorPartner, index: number): KnownPartner {
  const pkcs8 = privateKey === undefined ? undefined : pkcs8Of(privateKey, index)
  let read: PrivateKey | undefined
  return {
    apiKey: [apiKey].flat()[0],
    async privateKey() {
      if (pkcs8 && !read) read = await readKey(pkcs8, index)
      return read
    },
  }
}

function pkcs8Of(text: string, index: number): Bytes {
  const bytes = privateKeyBytes(text)
  if (!bytes?.length) throw wrongPrivateKey(index)
  return bytes
}

async function readKey(pkcs8: Bytes, index: number): Promise<PrivateKey> {
  try {
    return await readPrivateKey(pkcs8)
  } catch {
    throw wrongPrivateKey(index)
  }
}

function wrongPrivateKey(index: number): SmileIdInputError {
  const path = `partners[${index}].privateKey`
  return new SmileIdInputError([
    issue(path, 'wrong_format', 'must be an RSA key in PKCS #8, as PEM or base64'),
  ])
}

/** Seconds and milliseconds, as numbers or digits, beside ISO 8601 and the like; NaN for what is none. */
function timeOf(timestamp: unknown): number {
  const text = String(timestamp)
  if (/^\d+$/.test(text)) return text.length <= 11 ? Number(text) * 1000 : Number(text)
  // Date alone would read what names no zone as a time of this machine.
  const withoutZone = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/.exec(text)
  return Date.parse(withoutZone ? `${withoutZone[1]}T${withoutZone[2]}Z` : text)
}
