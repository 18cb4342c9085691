/**
 * Tokens for Smile ID's hosted web integration.
 *
 * @module
 */
import { strictObject } from 'valibot'
import { invalidReply } from './internal/api-error.ts'
import { post } from './internal/call.ts'
import { callbackIssues } from './internal/url.ts'
import { check, is, lazy, may } from './internal/check.ts'
import { type Client, coreOf, type RequestOptions } from './internal/core.ts'
import type { JobRef } from './internal/errors.ts'
import { inputError } from './internal/input-error.ts'
import { optionIssues } from './internal/options.ts'
import { TOKEN } from './internal/tables.ts'

/** Known names complete in editors; others are accepted. */
export type WebProduct =
  | 'authentication' | 'smartselfie' | 'basic_kyc' | 'identity_verification' | 'enhanced_kyc' | 'biometric_kyc' | 'ekyc_smartselfie'
  | 'doc_verification' | 'enhanced_document_verification' | 'e_signature' | (string & {})

export interface WebTokenInput extends JobRef {
  product: WebProduct
  /** @default the client's `callbackUrl`; one of them is needed */
  callback_url?: string | undefined
}

function text(value: unknown) {
  return typeof value === 'string' && value
}

const schema = /* @__PURE__ */ lazy(() => strictObject({
  user_id: is<string>(text, 'must be text'), job_id: is<string>(text, 'must be text'), product: is<string>(text, 'must be text'), callback_url: may<string>(text, 'must be text'),
}, 'must be an object'))

/**
 * Makes a token with which one browser can run one job of one user: the key stays on the server.
 *
 * Choose `user_id`, `job_id` and `product` on the server, for the user who is signed in; a route that takes them from the request signs whatever
 * anybody asks for. Rejects with `invalid_input`, and with codes of the API (2217, a wrong product, is `invalid_request`).
 *
 * @see https://docs.usesmileid.com/integration-options/web-mobile-web/web-integration
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { createWebToken } from 'smileid-edge/web-token'
 *
 * export async function tokenFor(client: Client, session: { userId: string; applicationId: string }): Promise<Response> {
 *   const { token } = await createWebToken(client, { user_id: session.userId, job_id: `kyc-${session.applicationId}`, product: 'biometric_kyc' })
 *   return Response.json({ token }, { headers: { 'cache-control': 'no-store' } })
 * }
 * ```
 */
export async function createWebToken(client: Client, input: WebTokenInput, options: RequestOptions = {}): Promise<{ token: string }> {
  const core = coreOf(client)
  const { output, issues } = check(schema(), input)
  issues.push(...callbackIssues(core, input?.callback_url, true), ...optionIssues(options))
  if (!output || issues.length) throw inputError(issues)
  const { user_id, job_id, product, callback_url = core.callbackUrl } = output
  const reply = await post(core, TOKEN, { user_id, job_id, product, callback_url }, {
    job: { user_id, job_id },
    verify: 'never',
    check({ token }, facts) {
      if (typeof token !== 'string' && typeof token !== 'number') throw invalidReply(200, facts)
    },
  }, options)
  return { ...reply, token: `${reply.token}` }
}
