/** Address verification. */
import type { RequestOptions } from '../client/internals.ts'
import { begin } from '../http/begin.ts'
import { send } from '../http/send.ts'
import { signedHeaders } from '../http/signed-request.ts'
import { utf8 } from '../platform/bytes.ts'
import type { Client } from '../signature/credentials.ts'
import { type AddressJob, checkAddress } from './address-input.ts'
import { isSuccess } from './success.ts'

const MAX_REPLY_BYTES = 1_048_576

/**
 * Checks an address by a utility account (Nigeria) or an ID number (South Africa); the result comes by
 * callback.
 *
 * Signed in headers, unlike the rest.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} the codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 */
export async function submitAddress(
  client: Client,
  job: AddressJob,
  options: RequestOptions = {},
): Promise<{ success: true }> {
  const call = begin(client, options, (internals) => checkAddress(internals, job))
  const { internals } = call
  const callback_url = call.input.callback_url ?? internals.callbackUrl
  await send(
    internals,
    {
      operation: 'verify_address',
      maxReplyBytes: MAX_REPLY_BYTES,
      isValid: isSuccess,
      body: async (attempt) => ({
        body: utf8(JSON.stringify({ ...call.input, callback_url })),
        headers: await signedHeaders(internals, attempt),
      }),
    },
    call.options,
  )
  return { success: true }
}
