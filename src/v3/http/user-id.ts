/** Ids of users in headers of the service. */
import { isomorphicEncode } from '../../platform/bytes.ts'
import { attempt } from '../../platform/realms.ts'

/**
 * Whether a header names this user. Which letters a header may have, nobody says: besides the text itself it
 * may hold its bytes as Latin letters, or percent signs.
 */
export function namesUser(header: string, user_id: unknown): boolean {
  if (header === user_id) return true
  return attempt(() => decodeURIComponent(header)) === user_id || attempt(() => fromLatin(header)) === user_id
}

function fromLatin(text: string): string | undefined {
  if (!/^[\0-\xff]*$/.test(text)) return undefined
  return new TextDecoder('utf-8', { fatal: true }).decode(isomorphicEncode(text))
}
