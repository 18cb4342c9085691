/** `POST /v3/token`: the one call that shows the key. */
import type { RequestOptions } from '../../client/internals.ts'
import type { Form } from '../../http/multipart.ts'
import type { KeyCaller } from '../client/caller.ts'
import { readToken } from '../client/claims.ts'
import { exchange, type V3End, type V3Reply } from '../http/exchange.ts'
import { watched } from '../http/watched.ts'
import { TOKEN } from '../wire/operations.ts'

/** Without a form, a token for everything. */
export async function askForToken(
  caller: KeyCaller,
  form: Form | undefined,
  options: RequestOptions,
): Promise<V3End> {
  const path = '/v3/token'
  const watch = watched(caller.sender, path)
  const headers = { 'smileid-partner-id': caller.partnerId, 'smileid-api-key': caller.apiKey }
  const isValid = ({ members: { token } }: V3Reply) => readToken(token as string) !== undefined
  const end = await exchange(caller, watch, { endpoint: TOKEN, path, headers, form, isValid }, options)
  watch.end()
  return end
}
