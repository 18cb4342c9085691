/** The class `Signature` of both old SDKs. */
import { confirmSecKey, generateSecKey } from '../legacy.ts'
import { confirmSignature, generateSignature } from '../signature.ts'
import { parseTimestamp } from '../signature/timestamp.ts'
import { mistake } from './mistake.ts'

/**
 * Makes and checks signatures; all methods are promises, since SubtleCrypto's are.
 *
 * @example
 * ```ts
 * import { Signature } from 'smileid-edge/compat'
 *
 * export const sign = async (apiKey: string) =>
 *   (await new Signature('085', apiKey).generate_signature()).signature
 * ```
 */
export class Signature {
  readonly #credentials: { partnerId: string; apiKey: string }

  constructor(partner_id: string, api_key: string) {
    this.#credentials = { partnerId: partner_id, apiKey: api_key }
  }

  /**
   * Of now, of milliseconds, or of a text that is a date. What was signed is returned as `timestamp`, which
   * the original did not do for numbers.
   */
  async generate_signature(
    timestamp: string | number = Date.now(),
  ): Promise<{ signature: string; timestamp: string }> {
    const time = typeof timestamp === 'string' ? parseTimestamp(timestamp) : timestamp
    if (typeof time !== 'number' || new Date(time).toJSON() === null) {
      throw mistake('timestamp', 'Invalid time value', 'wrong_format')
    }
    return generateSignature(this.#credentials, { timestamp })
  }

  /** False for anything malformed. */
  async confirm_signature(timestamp: string | number, signature: string): Promise<boolean> {
    return confirmSignature(this.#credentials, {
      timestamp: typeof timestamp === 'number' ? new Date(timestamp).toJSON() : timestamp,
      signature,
    })
  }

  /** smile_id_core's: of whole seconds unless told otherwise. */
  async generate_sec_key(
    timestamp: string | number = Math.floor(Date.now() / 1000),
  ): Promise<{ sec_key: string; timestamp: string | number }> {
    return generateSecKey(this.#credentials, { timestamp })
  }

  /** False for anything that the service did not make, where smile_id_core believed everything. */
  async confirm_sec_key(timestamp: string | number, sec_key: string): Promise<boolean> {
    return confirmSecKey(this.#credentials, { timestamp, sec_key })
  }
}
