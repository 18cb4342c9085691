/**
 * Smile Links: pages of the service on which people verify themselves, by v3.
 *
 * @module
 */
import { callbackUrlIssues } from '../client/addresses.ts'
import { checkRequestOptions } from '../client/input.ts'
import type { RequestOptions } from '../client/internals.ts'
import type { InputIssue } from '../errors/codes.ts'
import { issue } from '../errors/issues.ts'
import { idText } from '../input/ids.ts'
import { type Members, membersOf } from '../input/objects.ts'
import { countryCode, filledText, filledTextLike, flag, wellFormed } from '../input/rules.ts'
import {
  check,
  type Checked,
  elsewhere,
  listOf,
  objectOf,
  once,
  openObjectOf,
  optional,
  type Schema,
} from '../input/schema.ts'
import { isArray } from '../platform/realms.ts'
import type { Caller } from './client/caller.ts'
import { begin } from './http/begin.ts'
import { callV3 } from './http/call.ts'
import type { V3Reply } from './http/exchange.ts'
import { partsOf } from './http/parts.ts'
import type { MembersOfAny } from './input/forms.ts'
import { withMore } from './input/more-issues.ts'
import { moment, partnerParams } from './input/shared.ts'
import type { V3Client } from './wire/clients.ts'
import { CREATE_SMILE_LINK, GET_SMILE_LINK } from './wire/operations.ts'
import type { PartnerParams } from './wire/shared.ts'

export type { TokenClaims, TokenClient, TokenMember, V3Client } from './wire/clients.ts'
export type { PartnerParams } from './wire/shared.ts'

/** What a person may choose on the page. */
export interface SmileLinkIdType {
  /** ISO 3166-1 alpha-2. */
  country: string
  id_type: string
  verification_method: 'enhanced_kyc' | 'biometric_kyc' | (string & {})
}

export type SmileLinkInput = {
  id_types: readonly [SmileLinkIdType, ...SmileLinkIdType[]]
  name: string
  notice_privacy_policy_url: string
  /** @default the client's `callbackUrl`, the portal's */
  callback_url?: string | undefined
  description?: string | undefined
  logo_url?: string | undefined
  /** Where the person goes on. */
  redirect_url?: string | undefined
  theme_color?: string | undefined
  /** @default 90 days from now, for single use */
  expires_at?: string | Date | undefined
  partner_params?: PartnerParams | undefined
} & (
  | {
      is_single_use: true
      /** `link_user_taken` (409) if another link has it. */ user_id?: string | undefined
    }
  | { is_single_use: false; user_id?: undefined }
)

export interface SmileLinkCreated {
  link: string
  message: string
  ref_id: string
  /** `null` where many use the link. */
  user_id: string | null
  [field: string]: unknown
}

export interface SmileLink {
  ref_id: string
  link: string
  name: string
  description?: string | null
  id_types?: SmileLinkIdType[]
  is_single_use?: boolean
  callback_url?: string
  notice_privacy_policy_url?: string
  logo_url?: string
  redirect_url?: string | null
  theme_color?: string
  expires_at?: string | null
  partner_params?: Record<string, unknown> | null
  user_id?: string | null
  [field: string]: unknown
}

const smileLinkInput = /* @__PURE__ */ once(() => {
  const idType = objectOf<SmileLinkIdType>({
    country: countryCode(),
    id_type: filledText(),
    verification_method: filledText(),
  })
  return objectOf<MembersOfAny<SmileLinkInput>>({
    id_types: listOf(idType, 'must be a list of ID types') as any,
    name: filledText(),
    notice_privacy_policy_url: webUrl(),
    is_single_use: flag(),
    callback_url: elsewhere(),
    description: optional(filledText()),
    logo_url: optional(webUrl()),
    redirect_url: optional(webUrl()),
    theme_color: optional(filledText()),
    expires_at: optional(moment()),
    partner_params: optional(partnerParams()),
    user_id: optional(idText()) as any,
  })
})

/** Links ask for https nowhere. */
function webUrl(): Schema<string> {
  return wellFormed((value) => /^https?:$/.test(new URL(value).protocol), 'must be a URL')
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

const linkRef = /* @__PURE__ */ once(() =>
  openObjectOf<{ ref_id: string }>({
    ref_id: filledTextLike(UUID, 'must be the ref_id of a link, which is a UUID'),
  }),
)

function checkLink(caller: Caller, input: unknown): Checked<object> {
  const { issues, value } = check(smileLinkInput(), membersOf(input))
  const { callbackUrl, sender } = caller
  const { callback_url = callbackUrl } = membersOf(value)
  const client = { client: sender.client, callbackUrl }
  const more = [
    ...linkIssues(membersOf(value)),
    ...callbackUrlIssues(client, callback_url, { needed: false }),
    ...tokenIssues(caller),
  ]
  return withMore({ issues, value: { ...value, callback_url } }, more)
}

function linkIssues({ id_types, is_single_use, user_id }: Members): InputIssue[] {
  const issues: InputIssue[] = []
  if (isArray(id_types) && id_types.length === 0) {
    issues.push(issue('id_types', 'missing', 'must name one ID type at least'))
  }
  if (is_single_use === false && user_id !== undefined) {
    issues.push(issue('user_id', 'not_allowed', 'cannot be the user of a link that many use'))
  }
  return issues
}

/** The service answers 401 to a token that is for one product. */
function tokenIssues(caller: Caller): InputIssue[] {
  if (caller.kind === 'key' || caller.claims.product === undefined) return []
  const message = 'has a token for one product, which links do not take: have createToken leave product out'
  return [issue('client', 'not_allowed', message)]
}

/**
 * Makes a link to hand to a person, or to many.
 *
 * Sent once: there is no list of links and no way to take one back, so after a lost answer (`outcome`
 * `'unknown'`) one that nobody knows may exist. Needs a token without product.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `link_user_taken`, `forbidden`, `unauthorized`, `invalid_request`,
 * `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import type { Client } from 'smileid-edge/client'
 * import { createSmileLink } from 'smileid-edge/v3/smile-links'
 *
 * export async function linkFor(client: Client, user_id: string): Promise<string> {
 *   const { link } = await createSmileLink(client, {
 *     name: 'Onboarding',
 *     id_types: [{ country: 'NG', id_type: 'NIN_V2', verification_method: 'biometric_kyc' }],
 *     notice_privacy_policy_url: 'https://shop.example/privacy',
 *     is_single_use: true,
 *     user_id,
 *   })
 *   return link
 * }
 * ```
 */
export async function createSmileLink(
  client: V3Client,
  input: SmileLinkInput,
  options: RequestOptions = {},
): Promise<SmileLinkCreated> {
  const call = begin(client, (caller) => checkLink(caller, input), checkRequestOptions(options))
  const { members } = await callV3(
    call.caller,
    { endpoint: CREATE_SMILE_LINK, parts: partsOf(call.input), isValid: isLink },
    call.options,
  )
  return members as SmileLinkCreated
}

/**
 * Reads a link, by what {@link createSmileLink} returned or by its `ref_id`. Needs a token without product.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `link_not_found`, `forbidden`, `unauthorized`, `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import type { Client } from 'smileid-edge/client'
 * import { getSmileLink } from 'smileid-edge/v3/smile-links'
 *
 * export const expiry = async (client: Client, ref_id: string) =>
 *   (await getSmileLink(client, { ref_id })).expires_at
 * ```
 */
export async function getSmileLink(
  client: V3Client,
  link: { ref_id: string },
  options: RequestOptions = {},
): Promise<SmileLink> {
  const checkRef = (caller: Caller) => withMore(check(linkRef(), membersOf(link)), tokenIssues(caller))
  const { caller, input, options: limits } = begin(client, checkRef, checkRequestOptions(options))
  const params = { ref_id: input.ref_id }
  const { members } = await callV3(caller, { endpoint: GET_SMILE_LINK, params, isValid: isLink }, limits)
  return members as SmileLink
}

function isLink({ members: { link, ref_id } }: V3Reply): boolean {
  return typeof link === 'string' && typeof ref_id === 'string'
}
