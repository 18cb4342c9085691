/**
 * The `signature` of the v1 API, made and checked with SubtleCrypto.
 *
 * @module
 */
import { SmileIdInputError } from './errors/classes.ts'
import { wrongType } from './errors/issues.ts'
import { identityOf, type Client, type Credentials } from './signature/credentials.ts'
import { attempt, hasFourDigitYear } from './platform/realms.ts'
import { parseTimestamp } from './signature/timestamp.ts'

export type { Client, Credentials } from './signature/credentials.ts'

export interface SignOptions {
  /**
   * A Date or a number of milliseconds becomes ISO 8601 with milliseconds and `Z`; text is signed as it is.
   *
   * @default the client's `now`
   */
  timestamp?: string | number | Date | undefined
}

export interface ConfirmOptions {
  /**
   * Milliseconds by which the timestamp may differ from now, in both directions; 0 means 0. Digits are
   * seconds or milliseconds by their size, a time without a zone is UTC. @default no limit
   */
  maxAgeMs?: number | undefined
  /** @default the client's `now` */
  now?: (() => number) | undefined
}

/**
 * Signs a request: `base64(HMAC-SHA256(api_key, timestamp ‖ partner_id ‖ "sid_request"))`.
 *
 * Send both members exactly as returned.
 *
 * @throws {SmileIdInputError} `invalid_input`: credentials or a timestamp that cannot be right.
 *
 * @see https://docs.usesmileid.com/integration-options/rest-api/signing-your-api-request/generate-signature
 *
 * @example
 * ```ts
 * import { generateSignature } from 'smileid-edge/signature'
 *
 * const { timestamp, signature } = await generateSignature({ partnerId: '085', apiKey: 'your key' })
 * ```
 */
export async function generateSignature(
  credentials: Credentials | Client,
  options?: SignOptions,
): Promise<{ timestamp: string; signature: string }> {
  const identity = identityOf(credentials)
  const { given } = readOptions(() => ({ given: options?.timestamp ?? identity.now() }))
  const timestamp = typeof given === 'string' ? given : isoText(given)
  if (!timestamp) throw wrong('timestamp', 'must be a date')
  return { timestamp, signature: await identity.sign(timestamp) }
}

/**
 * Whether a received pair was made with one of the keys; takes a whole reply or callback body.
 *
 * The text of the timestamp is hashed exactly as received. Anything malformed is `false`. The
 * signature covers neither body nor job: for callbacks use `smileid-edge/callback`.
 *
 * @throws {SmileIdInputError} `invalid_input`: wrong credentials.
 *
 * @example
 * ```ts
 * import { confirmSignature } from 'smileid-edge/signature'
 *
 * export const genuine = (body: { timestamp?: unknown; signature?: unknown }) =>
 *   confirmSignature({ partnerId: '085', apiKey: 'your key' }, body, { maxAgeMs: 300_000 })
 * ```
 */
export async function confirmSignature(
  credentials: Credentials | Client,
  received: { timestamp?: unknown; signature?: unknown },
  options?: ConfirmOptions,
): Promise<boolean> {
  const identity = identityOf(credentials)
  const { timestamp, signature } =
    attempt(() => ({ timestamp: received?.timestamp, signature: received?.signature })) ?? {}
  const { maxAgeMs, now } = readOptions(() => ({
    maxAgeMs: options?.maxAgeMs ?? Infinity,
    now: options?.now ?? identity.now,
  }))
  if (typeof timestamp !== 'string') return false
  // NaN, of a timestamp that is none, is not within any limit.
  const isWithin = () => Math.abs(now() - parseTimestamp(timestamp)) <= maxAgeMs
  if (maxAgeMs !== Infinity && !attempt(isWithin)) return false
  return identity.verify(timestamp, signature as string, identity.usable)
}

/** `undefined` for what is no date, or of a year that four digits do not write. */
function isoText(given: number | Date): string | undefined {
  const date = attempt(() => new Date(given))
  return date && hasFourDigitYear(date.getTime()) ? date.toISOString() : undefined
}

/** Reads each of them once; a getter may answer otherwise later. */
function readOptions<T>(read: () => T): T {
  const given = attempt(read)
  if (given) return given
  throw wrong('options', 'cannot be read')
}

function wrong(path: string, message: string): SmileIdInputError {
  return new SmileIdInputError([wrongType(path, message)])
}
