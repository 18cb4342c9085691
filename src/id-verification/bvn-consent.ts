/** The three steps in which the owner of a BVN consents. */
import type { RequestOptions } from '../client/internals.ts'
import { begin } from '../http/begin.ts'
import { postSigned } from '../http/post.ts'
import { membersOf } from '../input/objects.ts'
import { filledText } from '../input/rules.ts'
import { check, type Checked, objectOf, once } from '../input/schema.ts'
import type { Client } from '../signature/credentials.ts'
import { endpointOf } from '../wire/endpoints.ts'
import type { SignedReply } from '../wire/replies.ts'

export interface BvnConsent extends SignedReply {
  message: string
  session_id: string
  /** Where a one-time password can be sent: `{ sms: '0800*******67' }`. */
  modes: Record<string, string>[]
  [field: string]: unknown
}

const startInput = /* @__PURE__ */ once(() =>
  objectOf<Parameters<typeof startBvnConsent>[1]>({ id_number: filledText() }),
)

const modeInput = /* @__PURE__ */ once(() =>
  objectOf<Parameters<typeof chooseBvnMode>[1]>({
    id_number: filledText(),
    session_id: filledText(),
    mode: filledText(),
  }),
)

const otpInput = /* @__PURE__ */ once(() =>
  objectOf<Parameters<typeof confirmBvnOtp>[1]>({
    id_number: filledText(),
    session_id: filledText(),
    otp: filledText(),
  }),
)

/**
 * BVN consent, first step: the ways to reach the owner of the number. Never repeated by itself.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} the codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`
 */
export async function startBvnConsent(
  client: Client,
  input: { id_number: string },
  options: RequestOptions = {},
): Promise<BvnConsent> {
  const checked = check(startInput(), membersOf(input))
  return (await postStep(client, { step: '', checked }, options)) as BvnConsent
}

/**
 * BVN consent, second step: sends the one-time password.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} the codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`
 */
export async function chooseBvnMode(
  client: Client,
  input: { id_number: string; session_id: string; mode: string },
  options: RequestOptions = {},
): Promise<Record<string, unknown>> {
  const checked = check(modeInput(), membersOf(input))
  return postStep(client, { step: '/mode', checked }, options)
}

/**
 * BVN consent, last step: after it, `verifyId` takes the `session_id` with `id_type: 'BVN_MFA'`.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `invalid_request`: such as for a wrong password; and the other codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`
 */
export async function confirmBvnOtp(
  client: Client,
  input: { id_number: string; session_id: string; otp: string },
  options: RequestOptions = {},
): Promise<Record<string, unknown>> {
  const checked = check(otpInput(), membersOf(input))
  return postStep(client, { step: '/otp', checked }, options)
}

interface ConsentStep {
  /** What its path has behind that of the first step. */
  step: '' | '/mode' | '/otp'
  checked: Checked<object>
}

async function postStep(
  client: Client,
  { step, checked }: ConsentStep,
  options: RequestOptions,
): Promise<Record<string, unknown>> {
  const call = begin(client, options, () => checked)
  return postSigned(
    call.internals,
    {
      operation: 'totp_consent',
      path: endpointOf('totp_consent').path + step,
      fields: { country: 'NG', id_type: 'BVN_MFA', ...call.input },
    },
    call.options,
  )
}
