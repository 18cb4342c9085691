/**
 * Tokens: what server calls are sent with, and what browsers and apps are given.
 *
 * @module
 */
import { isCallbackUrl } from '../client/addresses.ts'
import { checkRequestOptions } from '../client/input.ts'
import type { RequestOptions } from '../client/internals.ts'
import { writeForm } from '../http/multipart.ts'
import { idText } from '../input/ids.ts'
import { membersOf, withoutUndefined } from '../input/objects.ts'
import { filledText, oneOf, wellFormed } from '../input/rules.ts'
import { check, type Checked, objectOf, once, optional } from '../input/schema.ts'
import type { Client } from '../signature/credentials.ts'
import type { KeyCaller } from './client/caller.ts'
import { readToken } from './client/claims.ts'
import { beginWithKey } from './http/begin.ts'
import { partsOf } from './http/parts.ts'
import { consentIssues } from './input/check.ts'
import { withMore } from './input/more-issues.ts'
import { consent, email, partnerParams, phoneNumber } from './input/shared.ts'
import { askForToken } from './token/ask.ts'
import type { Consent, PartnerParams, TokenProduct } from './wire/shared.ts'

export type { KeptToken, TokenStore, V3ClientOptions } from '../client/v3-options.ts'
export { readToken } from './client/claims.ts'
export type { TokenClaims, TokenMember } from './wire/clients.ts'
export type { Consent, PartnerParams, TokenProduct } from './wire/shared.ts'

/** What is bound to a token, so that nobody who has it can change it. */
export interface TokenPayload {
  /** Code or English name. */
  country?: string | undefined
  id_type?: string | undefined
  id_number?: string | undefined
  given_names?: string | undefined
  last_name?: string | undefined
  email?: string | undefined
  phone_number?: string | undefined
  /** Or the `callback_…` of an earlier token. */
  callback_url?: string | undefined
  consent?: Consent | undefined
}

export interface TokenInput {
  user_id?: string | undefined
  product?: TokenProduct | undefined
  partner_params?: PartnerParams | undefined
  /** In the sandbox, names and email in here match no test identity (seen live in August 2026). */
  payload?: TokenPayload | undefined
}

/** The token's own text allows http here, where bodies want https. */
const noticeUrl = () =>
  wellFormed<string>((value) => /^https?:/.test(new URL(value).protocol), 'must be a URL')

const tokenInput = /* @__PURE__ */ once(() =>
  objectOf<TokenInput>({
    user_id: optional(idText()),
    product: optional(
      oneOf(
        'aml',
        'basic_kyc',
        'one_time_aml',
        'biometric_kyc',
        'address_verification',
        'document_verification',
        'enhanced_document_verification',
        'enhanced_kyc',
        'phone_number_verification',
        'smart_selfie_authentication',
        'smart_selfie_registration',
        'smart_selfie_compare',
      ),
    ),
    partner_params: optional(partnerParams()),
    payload: optional(
      objectOf<TokenPayload>({
        country: optional(filledText()),
        id_type: optional(filledText()),
        id_number: optional(filledText()),
        given_names: optional(filledText()),
        last_name: optional(filledText()),
        email: optional(email()),
        phone_number: optional(phoneNumber()),
        callback_url: optional(filledText()),
        consent: optional(consent(noticeUrl)),
      }),
    ),
  }),
)

/** The service reads a moment of agreement up to a minute ahead. */
const CLOCK_TOLERANCE_MS = 60_000

function checkTokenInput({ sender }: KeyCaller, input: unknown): Checked<TokenInput> {
  const checked = check(tokenInput(), membersOf(input))
  const { consent: agreed, callback_url } = membersOf(membersOf(checked.value).payload)
  const more = consentIssues(membersOf(agreed), sender.now(), CLOCK_TOLERANCE_MS)
  const isUrl = typeof callback_url !== 'string' || isCallback(callback_url, sender.client.baseUrl)
  if (!isUrl) {
    const message = 'must be an https URL, or the callback_… of an earlier token'
    more.push({ path: 'callback_url', code: 'wrong_format', message })
  }
  return withMore(
    checked,
    more.map((one) => ({ ...one, path: `payload.${one.path}` })),
  )
}

function isCallback(text: string, baseUrl: string): boolean {
  return /^callback_\w+$/.test(text) || isCallbackUrl(text, new URL(baseUrl))
}

/**
 * Makes a token for one person and one product, to hand to a browser or an app: what is in it, nobody there
 * can change.
 *
 * The v3 counterpart of `createWebToken`. Not kept: each call makes a new one, of 15 minutes. Send it with
 * `cache-control: no-store`, and choose `user_id` and `payload` on the server, for the user who is signed in.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent; also for a token client.
 * @throws {SmileIdApiError} `unauthorized`, `invalid_request`, `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { createToken } from 'smileid-edge/v3/token'
 *
 * export async function tokenFor(client: Client, userId: string): Promise<Response> {
 *   const { token } = await createToken(client, { user_id: userId, product: 'smart_selfie_registration' })
 *   return Response.json({ token }, { headers: { 'cache-control': 'no-store' } })
 * }
 * ```
 */
export async function createToken(
  client: Client,
  input: TokenInput = {},
  options: RequestOptions = {},
): Promise<{
  token: string
  /** Milliseconds since 1970, by the token's `exp`. */
  expiresAt?: number
}> {
  const call = beginWithKey(client, (caller) => checkTokenInput(caller, input), checkRequestOptions(options))
  const parts = partsOf(call.input)
  const form = parts.length ? writeForm(parts) : undefined
  const end = await askForToken(call.caller, form, call.options)
  if (end.kind === 'abort') throw end.reason
  if (end.kind === 'failure') throw end.failure.makeError(end.failure.facts)
  const token = end.reply.members.token as string
  return { token, ...withoutUndefined({ expiresAt: readToken(token)?.expiresAt }) }
}
