/**
 * Addresses against the records of those who deliver power, or of the state, by v3.
 *
 * @module
 */
import { checkRequestOptions } from '../client/input.ts'
import type { RequestOptions } from '../client/internals.ts'
import type { InputIssue } from '../errors/codes.ts'
import { issue, missing } from '../errors/issues.ts'
import { type Members, membersOf } from '../input/objects.ts'
import { filledText, oneOf } from '../input/rules.ts'
import { type Checked, objectOf, once, optional } from '../input/schema.ts'
import type { Caller } from './client/caller.ts'
import { begin } from './http/begin.ts'
import { submit } from './http/submit.ts'
import { checkVerification } from './input/check.ts'
import type { MembersOfAny } from './input/forms.ts'
import { withMore } from './input/more-issues.ts'
import { textUpTo, verificationEntries } from './input/shared.ts'
import type { InputFor, V3Client } from './wire/clients.ts'
import { ADDRESS } from './wire/operations.ts'
import type { Accepted, Verification } from './wire/shared.ts'

export type {
  Accepted,
  Consent,
  JobId,
  Metadata,
  PartnerParams,
  UserDetails,
  Verification,
} from './wire/shared.ts'
export type { InputFor, TokenClaims, TokenClient, TokenMember, V3Client } from './wire/clients.ts'

/** Nigeria finds an address by a meter, South Africa by the person. */
export type AddressVerification = Verification & {
  /** As the person gave it, at most 512 characters. */
  address: string
} & (
    | { country: 'ZA'; /** Of the state, at most 256 characters. */ id_number: string }
    | {
        country: 'NG'
        /** Of the meter or the account, at most 256 characters. */
        utility_number: string
        /** Its code, such as IKEDC. */
        utility_provider: string
        utility_type: 'PrePaid' | 'PostPaid'
      }
  )

const addressVerification = /* @__PURE__ */ once(() =>
  objectOf<MembersOfAny<AddressVerification>>({
    address: textUpTo(512),
    country: oneOf('NG', 'ZA'),
    id_number: optional(textUpTo(256)),
    utility_number: optional(textUpTo(256)),
    utility_provider: optional(filledText()),
    utility_type: optional(oneOf('PrePaid', 'PostPaid')),
    ...verificationEntries(),
  }),
)

const BY_COUNTRY = {
  NG: ['utility_number', 'utility_provider', 'utility_type'],
  ZA: ['id_number'],
} as const

function checkAddress(caller: Caller, input: unknown): Checked<object> {
  const checked = checkVerification(caller, addressVerification(), input)
  return withMore(checked, identifierIssues(membersOf(checked.value), caller))
}

/** By the country, which the token may name instead; where neither does, the service knows. */
function identifierIssues(given: Members, caller: Caller): InputIssue[] {
  const bound = caller.kind === 'token' ? membersOf(caller.claims.payload).country : undefined
  const country = given.country ?? bound
  if (country !== 'NG' && country !== 'ZA') return []
  const other = country === 'NG' ? 'ZA' : 'NG'
  const isAbsent = (name: string) => given[name] === undefined
  const isProvided = (name: string) => (caller.provides as readonly string[]).includes(name)
  return [
    ...BY_COUNTRY[country].filter((name) => isAbsent(name) && !isProvided(name)).map(missing),
    ...BY_COUNTRY[other]
      .filter((name) => !isAbsent(name))
      .map((name) => issue(name, 'not_allowed', `is for addresses in ${other} alone`)),
  ]
}

/**
 * Checks an address; the result comes by callback: whether it is within a kilometre of one on record, and
 * whether the name is the same. Can bill.
 *
 * Sent once: after a lost answer (`outcome` `'unknown'`) there is no way to ask, and another try is another
 * job.
 *
 * @throws {SmileIdInputError} `invalid_input`: every problem listed, nothing sent.
 * @throws {SmileIdApiError} `forbidden`, `payment_required`, `invalid_request`, `unauthorized`,
 * `server_error`, `invalid_reply`
 * @throws {SmileIdNetworkError} `network_error`
 * @throws {SmileIdTimeoutError} `request_timeout`
 *
 * @example
 * ```ts
 * import type { Client } from 'smileid-edge/client'
 * import { type Consent, submitAddressVerification } from 'smileid-edge/v3/address'
 *
 * export async function start(client: Client, address: string, consent: Consent): Promise<string> {
 *   const { job_id } = await submitAddressVerification(client, {
 *     address,
 *     country: 'NG',
 *     utility_number: '0123456789',
 *     utility_provider: 'IKEDC',
 *     utility_type: 'PrePaid',
 *     user_details: { given_names: 'Ada', last_name: 'Sample', phone_number: '+2348000000001' },
 *     consent,
 *   })
 *   return job_id
 * }
 * ```
 */
export async function submitAddressVerification<C extends V3Client>(
  client: C,
  input: InputFor<C, AddressVerification>,
  options: RequestOptions = {},
): Promise<Accepted> {
  const call = begin(client, (caller) => checkAddress(caller, input), checkRequestOptions(options))
  return submit(call.caller, { endpoint: ADDRESS, fields: call.input }, call.options)
}
