/** What stands for a row where the row itself must not or cannot be kept. */
import { concat, encodeHex, utf8 } from '../platform/bytes.ts'
import { builtin } from '../platform/runtime.ts'
import type { Journal, JournalScope } from './journal.ts'

export interface RowDigests {
  /** `environment:partner:user_id`, or with the id's HMAC in its place. */
  keyOf(user_id: string): Promise<string>
  /** Over the date as it travels and the photo's bytes. */
  digestOf(date: string, photo: Uint8Array): Promise<string>
}

/**
 * Ties the journal to an environment and a partner, and reads its key.
 *
 * @throws {SmileIdInputError} `invalid_input`: the journal belongs to others. Errors of the journal reject as
 * they are.
 */
export async function bindJournal(
  journal: Journal,
  { environment, partnerId, hideUserIds = false }: JournalScope,
): Promise<RowDigests> {
  const secret = utf8(await journal.bind({ environment, partnerId, hideUserIds }))
  const digest = await digestWith(secret)
  return {
    async keyOf(user_id) {
      const id = hideUserIds ? await digest('user_id', utf8(user_id)) : user_id
      return `${environment}:${partnerId}:${id}`
    },
    digestOf: digest,
  }
}

/** Half of an HMAC-SHA256, which is enough to tell rows apart. */
const DIGEST_BYTES = 16

/** Over two parts: a line, so that no id can pass for a date, and the rest. In hex. */
type Digest = (line: string, rest: Uint8Array) => Promise<string>

interface NodeHmac {
  update(part: string | Uint8Array): NodeHmac
  digest(form: 'hex'): string
}

interface NodeCrypto {
  createHmac?(hash: string, key: Uint8Array): NodeHmac
}

async function digestWith(secret: Uint8Array<ArrayBuffer>): Promise<Digest> {
  // For a photo of 2 kB, SubtleCrypto's way through another thread costs the processor a tenth of a whole
  // row's call.
  const createHmac = builtin<NodeCrypto>('crypto')?.createHmac
  if (createHmac) {
    return async (line, rest) => {
      const hmac = createHmac('sha256', secret).update(`${line}\n`).update(rest)
      return hmac.digest('hex').slice(0, 2 * DIGEST_BYTES)
    }
  }
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return async (line, rest) => {
    const hmac = await crypto.subtle.sign('HMAC', key, concat([utf8(`${line}\n`), rest]))
    return encodeHex(new Uint8Array(hmac).subarray(0, DIGEST_BYTES))
  }
}
