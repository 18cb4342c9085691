import { SmileIdInputError } from './errors/classes.ts'
import { issue, wrongType } from './errors/issues.ts'
import { type SecKeySigner, secKeySigner } from './legacy/sec-key.ts'
import { attempt, hasFourDigitYear, timeOf } from './platform/realms.ts'
import {
  type Client,
  type Credentials,
  hiddenIn,
  identityOf,
  keysIn,
  readCredentials,
} from './signature/credentials.ts'
import type { Auth } from './signature/hmac.ts'

export type { Client, Credentials } from './signature/credentials.ts'
export type { Auth, Signer } from './signature/hmac.ts'

export interface SecKeyOptions {
  /**
   * A Date becomes a number of milliseconds; a number (seconds or milliseconds) or text is hashed, and
   * returned, as it is.
   *
   * @default now in milliseconds, as smile-identity-core 1.x and Java did; Python, Ruby and PHP took whole
   * seconds
   */
  timestamp?: string | number | Date | undefined
}

/**
 * Makes a sec_key: the hash of partner id and timestamp, encrypted under the RSA public key in `apiKey`, and
 * once more in plain.
 *
 * `apiKey` is base64 of PEM (as the portal gave it out), base64 of DER, or the PEM itself, its line breaks as
 * they are or written as `\n`. Two calls give two texts, since the padding is random.
 *
 * @throws {SmileIdInputError} `invalid_input`: a partner id that is no number, a key that is no RSA public
 * key, a timestamp that is none, or a client made without `auth: secKeyAuth()`.
 *
 * @example
 * ```ts
 * import { generateSecKey } from 'smileid-edge/legacy'
 *
 * export const fields = (apiKey: string) =>
 *   generateSecKey({ partnerId: '125', apiKey }, { timestamp: Math.floor(Date.now() / 1000) })
 * ```
 */
export async function generateSecKey(
  credentials: Credentials | Client,
  options?: SecKeyOptions,
): Promise<{ timestamp: string | number; sec_key: string }> {
  const { signer, now } = signerOf(credentials)
  const read = attempt(() => ({ given: options?.timestamp ?? now() }))
  const moment = timeOf(read?.given)
  const timestamp = moment ?? (read?.given as string | number)
  const isUsable =
    typeof timestamp === 'string'
      ? timestamp !== ''
      : Number.isFinite(timestamp) && (moment === undefined || hasFourDigitYear(moment))
  if (!isUsable) throw new SmileIdInputError([wrongType('timestamp', 'must be a date, a number or text')])
  return signer.prove(timestamp)
}

/**
 * Whether the service made a received sec_key, for this timestamp and partner; takes a whole reply or
 * callback body, which may carry it as `signature`.
 *
 * It must have two parts, the plain hash must be right, and the encrypted one must have been made of it with
 * the private key. The time is hashed exactly as received. Anything malformed is `false`; only wrong
 * credentials reject. How old it is, and what it came with, is not looked at.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong credentials.
 *
 * @example
 * ```ts
 * import { confirmSecKey } from 'smileid-edge/legacy'
 *
 * export const genuine = (apiKey: string, body: { timestamp?: unknown; sec_key?: unknown }) =>
 *   confirmSecKey({ partnerId: '125', apiKey }, body)
 * ```
 */
export async function confirmSecKey(
  credentials: Credentials | Client,
  received: { timestamp?: unknown; sec_key?: unknown; signature?: unknown },
): Promise<boolean> {
  const { signer, usable } = signerOf(credentials)
  const { timestamp, signature } = signer.read!(attempt(() => ({ ...received })) ?? {})
  if (typeof timestamp !== 'string') return false
  return signer.verify(timestamp, signature as string, usable)
}

/**
 * For `createClient`: signs with sec_key and a timestamp in milliseconds in place of a signature, and
 * believes replies and callbacks that carry the service's own, as `signature` or as `sec_key`.
 *
 * For the endpoints that are signed in the body, which are all of v1 but address verification; those that are
 * signed in headers reject with `invalid_input`. `createClient` throws for a partner id or key that can make
 * no sec_key.
 *
 * @example
 * ```ts
 * import { createClient } from 'smileid-edge/client'
 * import { secKeyAuth } from 'smileid-edge/legacy'
 *
 * export const clientFor = (apiKey: string) =>
 *   createClient({ partnerId: '125', apiKey, environment: 'sandbox', auth: secKeyAuth() })
 * ```
 */
export function secKeyAuth(): Auth {
  return ([partnerId = '', ...keys]) => secKeySigner({ partnerId, keys })
}

interface KnownSigner {
  signer: SecKeySigner
  usable: number
  now(): number
}

function signerOf(credentials: Credentials | Client): KnownSigner {
  // Bare credentials are read once, and checked as they were then.
  const given = hiddenIn(credentials) ? credentials : readCredentials(credentials)
  const identity = identityOf(given)
  const { usable, now } = identity
  if (given !== credentials) {
    const { partnerId, apiKey } = given as Credentials
    return { signer: secKeySigner({ partnerId, keys: keysIn(apiKey) }), usable, now }
  }
  if (identity.prove) return { signer: identity as unknown as SecKeySigner, usable, now }
  const message = 'signs with HMAC: make it with auth: secKeyAuth()'
  throw new SmileIdInputError([issue('client', 'not_allowed', message)])
}
