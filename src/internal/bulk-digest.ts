/** What stands for a row where the row itself must not or cannot be kept. */
import { encodeHex } from './bytes.ts'
import type { Core } from './core.ts'
import type { Journal } from './journal.ts'

const encode = (text: string) => new TextEncoder().encode(text)

export interface RowDigests {
  /** `environment:partner:user_id`, or with the id's HMAC in its place. */
  keyOf(user_id: string): Promise<string>
  /** Over the date as it travels and the photo's bytes. */
  digestOf(date: string, photo: Uint8Array): Promise<string>
}

/** Ties the journal to the client's environment and partner, and reads its key. */
export async function bindJournal({ client: { environment, partnerId } }: Core, journal: Journal, hideUserIds: boolean): Promise<RowDigests> {
  const secret = encode(await journal.bind({ environment, partnerId, hideUserIds }))
  const key = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  // Two parts: a line, so that no id can pass for a date, and the rest.
  async function mac(line: string, rest: Uint8Array): Promise<string> {
    const head = encode(`${line}\n`)
    const message = new Uint8Array(head.length + rest.length)
    message.set(head)
    message.set(rest, head.length)
    return encodeHex(new Uint8Array(await crypto.subtle.sign('HMAC', key, message)).subarray(0, 16))
  }
  return {
    keyOf: async (user_id) => `${environment}:${partnerId}:${hideUserIds ? await mac('user_id', encode(user_id)) : user_id}`,
    digestOf: mac,
  }
}
