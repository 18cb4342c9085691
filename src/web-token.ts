/**
 * Tokens for Smile ID's hosted web integration.
 *
 * @module
 */
import { postSigned } from './http/post.ts'
import { callbackIssues } from './client/addresses.ts'
import { internalsOf, type RequestOptions } from './client/internals.ts'
import { flatIssues } from './input/flat.ts'
import { members } from './input/objects.ts'
import type { JobRef } from './wire/jobs.ts'
import { begin } from './http/begin.ts'
import type { Client } from './signature/credentials.ts'

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

/**
 * Makes a token with which one browser can run one job of one user: the key stays on the server.
 *
 * Choose `user_id`, `job_id` and `product` on the server, for the user who is signed in; a route that takes
 * them from the request signs whatever anybody asks for. Rejects with `invalid_input`, and with codes of the
 * API (2217, a wrong product, is `invalid_request`).
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
  const internals = begin(client, options, [
    ...flatIssues(input, ['user_id', 'job_id', 'product'], [], {}, ['callback_url']),
    ...callbackIssues(internalsOf(client), members(input).callback_url, true),
  ])
  const { user_id, job_id, product, callback_url = internals.callbackUrl } = input
  const reply = await postSigned(
    internals,
    'token',
    { user_id, job_id, product, callback_url },
    {
      job: { user_id, job_id },
      verify: 'never',
      check: ({ token }) => typeof token === 'string' || typeof token === 'number',
    },
    options,
  )
  return { ...reply, token: `${reply.token}` }
}
