/**
 * `sec_key = base64(RSA(hash)) + "|" + hash`, where
 * `hash = hex(SHA-256("<partner id as a number>:<timestamp>"))`, as smile_id_core 1.x and its siblings made
 * it.
 */
import { encodeBase64 } from '../platform/base64.ts'
import { utf8 } from '../platform/bytes.ts'
import type { Signer } from '../signature/hmac.ts'
import { inputError, issue, throwIfAny } from '../errors/issues.ts'
import { partnerHash } from '../signature/partner-hash.ts'
import { encrypt, isSigned, readRsaKey, type RsaKey, unwrapped } from './rsa.ts'
import type { InputIssue } from '../errors/codes.ts'

export interface SecKeySigner extends Signer {
  prove(timestamp: string | number): Promise<{ timestamp: string | number; sec_key: string }>
}

/** A modulus of 8192 bits in wrapped base64, and the hash. */
const MAX_LENGTH = 1600

/** Takes the partner id and the keys; throws for what can make no sec_key. */
export function secKeySigner([partnerId = '', ...apiKeys]: readonly string[]): SecKeySigner {
  const keys = apiKeys.map(readRsaKey)
  const issues: InputIssue[] = []
  if (!/^\d+$/.test(partnerId))
    issues.push(issue('partnerId', 'wrong_format', 'must be a number, for a sec_key'))
  if (!keys.every(Boolean))
    issues.push(
      issue(
        'apiKey',
        'wrong_format',
        'must hold an RSA public key (PEM, or base64 of PEM or DER), for a sec_key',
      ),
    )
  throwIfAny(issues)

  return {
    async sign() {
      throw inputError([issue('client', 'not_allowed', 'signs with sec_key, and this needs a signature')])
    },
    async prove(timestamp) {
      const hash = await partnerHash(partnerId, timestamp)
      return { timestamp, sec_key: `${encodeBase64(encrypt(keys[0]!, utf8(hash)))}|${hash}` }
    },
    // job_status carries it as `signature`, id_verification as `sec_key`, with the time as text or as a
    // number.
    read({ timestamp, signature, sec_key = signature }) {
      return { timestamp: typeof timestamp === 'number' ? `${timestamp}` : timestamp, signature: sec_key }
    },
    // Never an HMAC under the same key: that key is the public half of a pair, and no secret by nature.
    async verify(timestamp, text, usable = 1) {
      if (typeof text !== 'string' || text.length > MAX_LENGTH) return false
      const [cipher = '', printed, ...more] = text.split('|')
      const block = unwrapped(cipher)
      const hash = await partnerHash(partnerId, timestamp)
      return (
        more.length === 0 &&
        printed === hash &&
        block !== undefined &&
        (keys as RsaKey[]).slice(0, usable).some((key) => isSigned(key, block, utf8(hash)))
      )
    },
  }
}
