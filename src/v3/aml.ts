/**
 * Screenings of names against sanctions, politically exposed persons and adverse media, by v3.
 *
 * @module
 */
import { checkRequestOptions, requestOptionEntries } from '../client/input.ts'
import type { RequestOptions } from '../client/internals.ts'
import { must } from '../input/rules.ts'
import { check, type Checked, objectOf, once, optional } from '../input/schema.ts'
import { membersOf } from '../input/objects.ts'
import { type AmlMonitoring, checkAmlMonitoring, checkOneTimeAml, type OneTimeAml } from './aml/input.ts'
import { begin } from './http/begin.ts'
import { askInline } from './http/inline.ts'
import { submit } from './http/submit.ts'
import type { InputFor, V3Client } from './wire/clients.ts'
import { AML, AML_MONITORING, AML_SYNC } from './wire/operations.ts'
import type { Inline, OneTimeAmlResult } from './wire/results.ts'
import type { Accepted, AcceptedJob } from './wire/shared.ts'

export type { AmlMonitoring, OneTimeAml, Screening } from './aml/input.ts'
export {
  type AllNewsQuery,
  amlMonitoringNews,
  getAmlMonitoringNews,
  type NewsEnd,
  type NewsItem,
  type NewsPage,
  type NewsPageQuery,
  type NewsQuery,
} from './aml/news.ts'
export type {
  Accepted,
  AcceptedJob,
  Consent,
  JobId,
  Metadata,
  PartnerParams,
  UserDetails,
  Verification,
} from './wire/shared.ts'
export type { InputFor, TokenClaims, TokenClient, TokenMember, V3Client } from './wire/clients.ts'
export type {
  AmlPerson,
  Antifraud,
  Inline,
  NewsCategory,
  OneTimeAmlResult,
  Product,
  Reason,
  Result,
  VerdictStatus,
} from './wire/results.ts'

/**
 * Screens a person once; the result comes by callback. Can bill.
 *
 * Sent once: after a lost answer (`outcome` `'unknown'`) there is no way to ask, and another try is another
 * job. {@link submitOneTimeAmlSync} can be repeated.
 *
 * Nothing says that a screening takes names or consent from the token of a token client: who relies on it
 * sees `invalid_request`.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `user_not_found` (with `search_existing_user`), `forbidden`, `payment_required`,
 * `invalid_request`, `unauthorized`, `rate_limited`, `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import type { Client } from 'smileid-edge/client'
 * import { type Consent, submitOneTimeAml } from 'smileid-edge/v3/aml'
 *
 * export async function screen(client: Client, consent: Consent): Promise<string> {
 *   const { job_id } = await submitOneTimeAml(client, {
 *     full_name: 'Ada Sample',
 *     countries: ['NG', 'KE'],
 *     user_details: { given_names: 'Ada', last_name: 'Sample', email: 'ada@example.com' },
 *     consent,
 *   })
 *   return job_id
 * }
 * ```
 */
export async function submitOneTimeAml<C extends V3Client>(
  client: C,
  input: InputFor<C, OneTimeAml>,
  options: RequestOptions = {},
): Promise<Accepted> {
  const call = begin(client, (caller) => checkOneTimeAml(caller, input), checkRequestOptions(options))
  return submit(call.caller, { endpoint: AML, fields: call.input }, call.options)
}

export interface OneTimeAmlSyncOptions extends RequestOptions {
  /**
   * 16 to 128 of `A-Z a-z 0-9 - _`, best derived from a record of yours: then a crash and a second run are
   * one screening, too. @default one per call
   */
  idempotencyKey?: string | undefined
}

const syncOptions = /* @__PURE__ */ once(() =>
  objectOf<OneTimeAmlSyncOptions>({
    ...requestOptionEntries(),
    idempotencyKey: optional(
      must<string>(
        (key) => typeof key === 'string' && /^[\w-]{16,128}$/.test(key),
        'must be 16 to 128 of A-Z a-z 0-9 - _',
        'wrong_format',
      ),
    ),
  }),
)

function readSyncOptions(options: unknown): Checked<OneTimeAmlSyncOptions> {
  return check(syncOptions(), options ?? {}, 'options')
}

/**
 * The screening with its result in the reply, whose signature is checked where the client has a key. No
 * callback is sent: `callback_url` is kept for replays alone.
 *
 * The one submission that is repeated: under one key a repeat finds the same job and bills nothing. When no
 * repeat helped (`outcome` `'unknown'`), `hint` names the key. `provider_timeout` (408) bills nothing and
 * ends its job: `retryable`, but left to you, since whether the same key then starts a new screening is not
 * documented.
 *
 * Not for pages in browsers: the service was seen to allow them no such key (CORS).
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `provider_timeout`, `user_not_found` (with `search_existing_user`), `forbidden`,
 * `payment_required`, `invalid_request`, `unauthorized`, `rate_limited`, `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 * @throws {SmileIdSignatureError} `signature_missing`, `signature_mismatch`
 *
 * @example
 * ```ts
 * import { isSmileIdError } from 'smileid-edge/errors'
 * import { type OneTimeAml, submitOneTimeAmlSync } from 'smileid-edge/v3/aml'
 * import type { Client } from 'smileid-edge/client'
 *
 * export async function mayOpen(client: Client, account: string, person: OneTimeAml): Promise<boolean> {
 *   try {
 *     const options = { idempotencyKey: `aml-onboarding-${account}` }
 *     return (await submitOneTimeAmlSync(client, person, options)).status === 'clear'
 *   } catch (error) {
 *     if (isSmileIdError(error, 'provider_timeout')) return false // nothing was billed: ask later
 *     throw error
 *   }
 * }
 * ```
 */
export async function submitOneTimeAmlSync<C extends V3Client>(
  client: C,
  input: InputFor<C, OneTimeAml>,
  options: OneTimeAmlSyncOptions = {},
): Promise<Inline<OneTimeAmlResult>> {
  const call = begin(client, (caller) => checkOneTimeAml(caller, input), readSyncOptions(options))
  const { idempotencyKey: ownKey, ...limits } = call.options
  const idempotencyKey = ownKey ?? crypto.randomUUID()
  // One of the caller's may be made of a name.
  const shownKey = ownKey ? 'the same key' : `idempotencyKey ${idempotencyKey}`
  const callback_url = membersOf(call.input).callback_url ?? call.caller.callbackUrl
  return askInline(
    call.caller,
    {
      endpoint: { ...AML_SYNC, ifLost: `Sent again with ${shownKey}, it bills nothing.` },
      fields: { ...call.input, callback_url },
      headers: { 'smileid-idempotency-key': idempotencyKey },
    },
    limits,
  )
}

/**
 * Screens a person, and goes on watching: later findings come to the portal's callback URL, as product
 * `aml_monitoring_update`. Can bill.
 *
 * Sent once: after a lost answer (`outcome` `'unknown'`) there is no way to ask, and another try is another
 * job.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `user_not_found` (with `search_existing_user`), `forbidden`, `payment_required`,
 * `invalid_request`, `unauthorized`, `rate_limited`, `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import type { Client } from 'smileid-edge/client'
 * import { type Consent, submitAmlMonitoring } from 'smileid-edge/v3/aml'
 *
 * export const watch = (client: Client, user_id: string, consent: Consent) =>
 *   submitAmlMonitoring(client, {
 *     search_existing_user: true,
 *     user_id,
 *     countries: ['NG'],
 *     user_details: { given_names: 'Ada', last_name: 'Sample', email: 'ada@example.com' },
 *     consent,
 *   })
 * ```
 */
export async function submitAmlMonitoring<C extends V3Client>(
  client: C,
  input: InputFor<C, AmlMonitoring>,
  options: RequestOptions = {},
): Promise<AcceptedJob> {
  const call = begin(client, (caller) => checkAmlMonitoring(caller, input), checkRequestOptions(options))
  return submit(call.caller, { endpoint: AML_MONITORING, fields: call.input }, call.options)
}
