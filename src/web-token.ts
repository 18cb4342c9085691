/**
 * Tokens for Smile ID's hosted web integration.
 *
 * @module
 */
import { callbackUrlIssues } from './client/addresses.ts'
import type { ClientInternals, RequestOptions } from './client/internals.ts'
import { begin } from './http/begin.ts'
import { postSigned } from './http/post.ts'
import { membersOf } from './input/objects.ts'
import { idText } from './input/ids.ts'
import { anything, filledText } from './input/rules.ts'
import { check, type Checked, objectOf, once, optional } from './input/schema.ts'
import type { Client } from './signature/credentials.ts'
import type { JobRef } from './wire/jobs.ts'

/** Known names complete in editors; others are accepted. */
export type WebProduct =
  | 'authentication'
  | 'smartselfie'
  | 'basic_kyc'
  | 'identity_verification'
  | 'enhanced_kyc'
  | 'biometric_kyc'
  | 'ekyc_smartselfie'
  | 'doc_verification'
  | 'enhanced_document_verification'
  | 'e_signature'
  | (string & {})

export interface WebTokenInput extends JobRef {
  product: WebProduct
  /** @default the client's `callbackUrl`; one of them is needed */
  callback_url?: string | undefined
}

const webTokenInput = /* @__PURE__ */ once(() =>
  objectOf<WebTokenInput>({
    user_id: idText(),
    job_id: idText(),
    product: filledText(),
    // Checked apart, since what is allowed depends on the client.
    callback_url: optional(anything()),
  }),
)

/**
 * Makes a token with which one browser can run one job of one user: the key stays on the server.
 *
 * Choose `user_id`, `job_id` and `product` on the server, for the user who is signed in; a route that takes
 * them from the request signs whatever anybody asks for.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `invalid_request` (2217, a wrong product) and the other codes of the API.
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @see https://docs.usesmileid.com/integration-options/web-mobile-web/web-integration
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { createWebToken } from 'smileid-edge/web-token'
 *
 * export async function tokenFor(
 *   client: Client,
 *   session: { userId: string; applicationId: string },
 * ): Promise<Response> {
 *   const { token } = await createWebToken(client, {
 *     user_id: session.userId,
 *     job_id: `kyc-${session.applicationId}`,
 *     product: 'biometric_kyc',
 *   })
 *   return Response.json({ token }, { headers: { 'cache-control': 'no-store' } })
 * }
 * ```
 */
export async function createWebToken(
  client: Client,
  input: WebTokenInput,
  options: RequestOptions = {},
): Promise<{ token: string }> {
  const call = begin(client, options, (internals) => checkWebToken(internals, input))
  const { internals } = call
  const { user_id, job_id, product, callback_url = internals.callbackUrl } = call.input
  const reply = await postSigned(
    internals,
    {
      operation: 'token',
      fields: { user_id, job_id, product, callback_url },
      job: { user_id, job_id },
      verify: 'never',
      isValid: ({ token }) => typeof token === 'string' || typeof token === 'number',
    },
    call.options,
  )
  return { ...reply, token: String(reply.token) }
}

function checkWebToken(internals: ClientInternals, input: unknown): Checked<WebTokenInput> {
  const { issues, value } = check(webTokenInput(), input)
  const { callback_url } = membersOf(value)
  return { issues: [...issues, ...callbackUrlIssues(internals, callback_url, { needed: true })], value }
}
