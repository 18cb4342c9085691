/**
 * `sec_key = base64(RSA(hash)) + "|" + hash`, where
 * `hash = hex(SHA-256("<partner id as a number>:<timestamp>"))`, as smile_id_core 1.x and its siblings made
 * it.
 */
import { SmileIdInputError } from '../errors/classes.ts'
import type { InputIssue } from '../errors/codes.ts'
import { issue, throwIfAny } from '../errors/issues.ts'
import { encodeBase64 } from '../platform/base64.ts'
import { utf8 } from '../platform/bytes.ts'
import type { Signer, SigningKeys } from '../signature/hmac.ts'
import { partnerHash } from '../signature/partner-hash.ts'
import { encrypt, isSigned, readRsaKey, type RsaKey, unwrapped } from './rsa.ts'

export interface SecKeySigner extends Signer {
  prove(timestamp: string | number): Promise<{ timestamp: string | number; sec_key: string }>
}

/** A modulus of 8192 bits in wrapped base64, and the hash. */
const MAX_LENGTH = 1600

/**
 * Signs with the public half of an RSA key pair.
 *
 * @throws {SmileIdInputError} `invalid_input`: a partner id or keys that can make no sec_key.
 */
export function secKeySigner({ partnerId, keys }: SigningKeys): SecKeySigner {
  const rsaKeys = keys.map((key) => (typeof key === 'string' ? readRsaKey(key) : undefined))
  throwIfAny(keyIssues(partnerId, rsaKeys))
  const usableKeys = rsaKeys as RsaKey[]

  return {
    async sign() {
      const message = 'signs with sec_key, and this needs a signature'
      throw new SmileIdInputError([issue('client', 'not_allowed', message)])
    },
    async prove(timestamp) {
      const hash = await partnerHash(partnerId, timestamp)
      return { timestamp, sec_key: `${encodeBase64(encrypt(usableKeys[0]!, utf8(hash)))}|${hash}` }
    },
    // job_status carries it as `signature`, id_verification as `sec_key`, with the time as text or as a
    // number.
    read({ timestamp, signature, sec_key = signature }) {
      return { timestamp: typeof timestamp === 'number' ? `${timestamp}` : timestamp, signature: sec_key }
    },
    // Never an HMAC under the same key: that key is the public half of a pair, and no secret by nature.
    async verify(timestamp, secKey, usable = 1) {
      if (typeof secKey !== 'string' || secKey.length > MAX_LENGTH) return false
      const [cipher = '', printed, ...more] = secKey.split('|')
      const block = unwrapped(cipher)
      const hash = await partnerHash(partnerId, timestamp)
      if (more.length || printed !== hash || !block) return false
      return usableKeys.slice(0, usable).some((key) => isSigned(key, block, utf8(hash)))
    },
  }
}

function keyIssues(partnerId: string, keys: readonly (RsaKey | undefined)[]): InputIssue[] {
  const issues: InputIssue[] = []
  if (!/^\d+$/.test(partnerId)) {
    issues.push(issue('partnerId', 'wrong_format', 'must be a number, for a sec_key'))
  }
  if (!keys.every(Boolean)) {
    const message = 'must hold an RSA public key (PEM, or base64 of PEM or DER), for a sec_key'
    issues.push(issue('apiKey', 'wrong_format', message))
  }
  return issues
}
