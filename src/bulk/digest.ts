/** What stands for a row where the row itself must not or cannot be kept. */
import { concat, encodeHex, utf8 } from '../platform/bytes.ts'
import type { ClientInternals } from '../client/internals.ts'
import type { Journal } from './journal.ts'
import { builtin } from '../platform/runtime.ts'

interface NodeHmac {
  update(part: string | Uint8Array): NodeHmac
  digest(form: 'hex'): string
}

export interface RowDigests {
  /** `environment:partner:user_id`, or with the id's HMAC in its place. */
  keyOf(user_id: string): Promise<string>
  /** Over the date as it travels and the photo's bytes. */
  digestOf(date: string, photo: Uint8Array): Promise<string>
}

/** Ties the journal to the client's environment and partner, and reads its key. */
export async function bindJournal(
  { client: { environment, partnerId } }: ClientInternals,
  journal: Journal,
  hideUserIds: boolean,
): Promise<RowDigests> {
  const secret = utf8(await journal.bind({ environment, partnerId, hideUserIds }))
  const mac = await macWith(secret)
  return {
    keyOf: async (user_id) =>
      `${environment}:${partnerId}:${hideUserIds ? await mac('user_id', utf8(user_id)) : user_id}`,
    digestOf: mac,
  }
}

/** 128 bits in hex over two parts: a line, so that no id can pass for a date, and the rest. */
async function macWith(
  secret: Uint8Array<ArrayBuffer>,
): Promise<(line: string, rest: Uint8Array) => Promise<string>> {
  // For a photo of 2 kB, SubtleCrypto's way through another thread costs the processor a tenth of a whole
  // row's call.
  const native = builtin<{ createHmac?(hash: string, key: Uint8Array): NodeHmac }>('crypto')?.createHmac
  if (native)
    return async (line, rest) =>
      native('sha256', secret).update(`${line}\n`).update(rest).digest('hex').slice(0, 32)

  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  return async (line, rest) =>
    encodeHex(
      new Uint8Array(await crypto.subtle.sign('HMAC', key, concat([utf8(`${line}\n`), rest]))).subarray(
        0,
        16,
      ),
    )
}
