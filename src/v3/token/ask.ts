/** `POST /v3/token`: the one call that shows the key. */
import type { RequestOptions } from '../../client/internals.ts'
import type { Form } from '../../http/multipart.ts'
import type { KeyCaller } from '../client/caller.ts'
import { readToken } from '../client/claims.ts'
import { exchange, type V3End } from '../http/exchange.ts'
import { watched } from '../http/watched.ts'
import { ENDPOINTS } from '../wire/operations.ts'

/** Without a form, a token for everything. */
export async function askForToken(
  caller: KeyCaller,
  form: Form | undefined,
  options: RequestOptions,
): Promise<V3End> {
  const operation = 'v3/token'
  const { path } = ENDPOINTS[operation]
  const watch = watched(caller.sender, path)
  const headers = { 'smileid-partner-id': caller.partnerId, 'smileid-api-key': caller.apiKey }
  const end = await exchange(
    caller,
    watch,
    {
      operation,
      path,
      method: 'POST',
      repeatable: true,
      headers,
      form,
      isValid: ({ members: { token } }) => typeof token === 'string' && readToken(token) !== undefined,
    },
    options,
  )
  watch.end()
  return end
}
