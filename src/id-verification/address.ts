/** Address verification. */
import { internalsOf, type RequestOptions } from '../client/internals.ts'
import { begin } from '../http/begin.ts'
import { send } from '../http/send.ts'
import { signedHeaders } from '../http/signed-request.ts'
import { utf8 } from '../platform/bytes.ts'
import type { Client } from '../signature/credentials.ts'
import { addressIssues, type AddressJob } from './address-input.ts'
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
  const internals = begin(client, options, addressIssues(internalsOf(client), job))
  const callback_url = job.callback_url ?? internals.callbackUrl
  await send(
    internals,
    {
      operation: 'verify_address',
      maxReplyBytes: MAX_REPLY_BYTES,
      isValid: isSuccess,
      body: async () => ({
        body: utf8(JSON.stringify({ ...job, callback_url })),
        headers: await signedHeaders(internals),
      }),
    },
    options,
  )
  return { success: true }
}
