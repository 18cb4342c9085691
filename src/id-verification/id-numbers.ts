/** What can be asked for about an ID number that was looked up before. */
import type { RequestOptions } from '../client/internals.ts'
import { begin } from '../http/begin.ts'
import { isResultOf, postSigned } from '../http/post.ts'
import { membersOf } from '../input/objects.ts'
import { idText } from '../input/ids.ts'
import { filledText } from '../input/rules.ts'
import { check, objectOf, once, optional } from '../input/schema.ts'
import type { Client } from '../signature/credentials.ts'
import { SOURCE } from '../wire/endpoints.ts'
import type { Country, IdType } from '../wire/id-types.ts'
import type { AnyResult } from '../wire/replies.ts'
import { isSuccess } from './success.ts'

const comparison = /* @__PURE__ */ once(() =>
  objectOf<Parameters<typeof compareUserInfo>[1]>({
    user_id: idText(),
    country: filledText(),
    id_type: filledText(),
  }),
)

const blockedNumber = /* @__PURE__ */ once(() =>
  objectOf<Parameters<typeof resetIdNumberRateLimit>[1]>({
    id_type: filledText(),
    id_number: filledText(),
    country: optional(filledText()),
  }),
)

/**
 * Compares what the ID authority and the document of one user say; both jobs must be done.
 *
 * The path is inferred from the documentation, not proved.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `user_not_found` (2210) and the other codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`: where the reply is signed.
 */
export async function compareUserInfo(
  client: Client,
  input: { user_id: string; country: Country; id_type: IdType },
  options: RequestOptions = {},
): Promise<AnyResult> {
  const call = begin(client, options, () => check(comparison(), membersOf(input)))
  const { user_id } = call.input
  const reply = await postSigned(
    call.internals,
    {
      operation: 'compare_user_info',
      fields: { ...SOURCE, ...call.input },
      verify: 'if-signed',
      isValid: (received) => isResultOf({ user_id }, received),
    },
    call.options,
  )
  return reply as unknown as AnyResult
}

/**
 * Lifts the block of an ID number that was asked for too often (2222).
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} the codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`: where the reply is signed.
 */
export async function resetIdNumberRateLimit(
  client: Client,
  input: { id_type: IdType; id_number: string; country?: Country | undefined },
  options: RequestOptions = {},
): Promise<{ message: string; success: string }> {
  const call = begin(client, options, () => check(blockedNumber(), membersOf(input)))
  const reply = await postSigned(
    call.internals,
    {
      operation: 'id_number_rate_limit_reset',
      fields: call.input,
      verify: 'if-signed',
      isValid: isSuccess,
    },
    call.options,
  )
  return reply as unknown as { message: string; success: string }
}
