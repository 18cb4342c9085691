/**
 * For code that moves from v1 to v3, user by user.
 *
 * @module
 */
import { throwIfAny } from '../errors/issues.ts'
import type { IdInfo } from '../id-verification/input.ts'
import { type Members, membersOf, own, withoutUndefined } from '../input/objects.ts'
import { jsonObject } from '../input/rules.ts'
import { check, elsewhere, once, openObjectOf } from '../input/schema.ts'
import { attempt, isArray } from '../platform/realms.ts'
import { interpret, resultOf } from '../result/interpret.ts'
import type { PartnerParams as V1PartnerParams } from '../wire/jobs.ts'
import type { JobResult, JobStatus } from '../wire/replies.ts'
import type { EnhancedKyc } from './wire/enhanced-kyc.ts'
import type { Reason, VerdictStatus } from './wire/results.ts'
import type { Consent, PartnerParams, UserDetails } from './wire/shared.ts'

export type { IdInfo } from '../id-verification/input.ts'
export type { JobRef, PartnerParams as V1PartnerParams } from '../wire/jobs.ts'
export type { JobResult, JobStatus } from '../wire/replies.ts'
export type { EnhancedKyc } from './wire/enhanced-kyc.ts'
export type { Reason, VerdictStatus } from './wire/results.ts'
export type { Consent, IdNumber, Metadata, PartnerParams, UserDetails, Verification } from './wire/shared.ts'

/** What v3 wants beside that of v1: the consent, and one of the two contacts. */
export interface NewInV3 {
  consent: Consent
  email?: string | undefined
  /** E.164. @default that of `id_info`, where it is written so */
  phone_number?: string | undefined
  callback_url?: string | undefined
}

/**
 * The v3 input for what went to v1's `verifyId` or `IDApi`.
 *
 * Names move to `user_details`; `user_id` stays that, and both old ids and your own members become
 * `partner_params`, as texts, since v3 makes the job id itself. `dob`, `gender`, `citizenship`, `company` and
 * `session_id` have no place. What v1 did without and v3 needs (names, a contact, the number) is listed by
 * `submitEnhancedKyc` when it is missing.
 *
 * @throws {SmileIdInputError} `invalid_input`: `partner_params` or `id_info` are no objects of what JSON has.
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { submitEnhancedKyc } from 'smileid-edge/v3/enhanced-kyc'
 * import { type Consent, enhancedKycFrom, type IdInfo } from 'smileid-edge/v3/migrate'
 *
 * export async function check(client: Client, id_info: IdInfo, consent: Consent): Promise<string> {
 *   const old = { partner_params: { user_id: 'user-1', job_id: 'order-77' }, id_info }
 *   const input = enhancedKycFrom(old, { consent, email: 'ada@example.com' })
 *   const { job_id } = await submitEnhancedKyc(client, input)
 *   return job_id
 * }
 * ```
 */
export function enhancedKycFrom(
  old: { partner_params: V1PartnerParams; id_info: IdInfo },
  more: NewInV3,
): EnhancedKyc {
  const given = check(v1Input(), membersOf(old))
  const added = check(newInV3(), membersOf(more))
  throwIfAny([...given.issues, ...added.issues])
  const { id_info, partner_params } = given.value
  const { country, id_type, id_number = '', bank_code } = id_info
  return withoutUndefined({
    country,
    id_type,
    id_number,
    bank_code,
    user_details: userDetailsFrom(id_info, added.value),
    consent: added.value.consent,
    user_id: partner_params.user_id,
    callback_url: added.value.callback_url,
    partner_params: textsOf(partner_params),
  })
}

const v1Input = /* @__PURE__ */ once(() =>
  openObjectOf<{ partner_params: V1PartnerParams; id_info: IdInfo }>({
    partner_params: jsonObject<V1PartnerParams>(),
    id_info: jsonObject<IdInfo>(),
  }),
)

/** What it has to be, the submission says. */
const newInV3 = /* @__PURE__ */ once(() =>
  openObjectOf<NewInV3>({
    consent: elsewhere(),
    email: elsewhere(),
    phone_number: elsewhere(),
    callback_url: elsewhere(),
  }),
)

function userDetailsFrom(
  { first_name, middle_name, last_name = '', phone_number: oldNumber }: IdInfo,
  { email, phone_number = internationalNumber(oldNumber) }: NewInV3,
): UserDetails {
  const given_names = [first_name, middle_name].filter(Boolean).join(' ')
  // Where there is no contact, the submission says so.
  return withoutUndefined({ given_names, last_name, email, phone_number }) as UserDetails
}

function internationalNumber(phone: string | undefined): string | undefined {
  return phone !== undefined && /^\+[1-9]\d{6,14}$/.test(phone) ? phone : undefined
}

/** The job type is the path in v3, and in its sandbox the name decides. */
const NOT_MOVED = ['job_type', 'sandbox_result']

/** v3 takes texts alone. */
function textsOf(params: V1PartnerParams): PartnerParams {
  const texts = Object.entries(params as Members)
    .filter(([name, value]) => value !== null && value !== undefined && !NOT_MOVED.includes(name))
    .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])
  return Object.fromEntries(texts) as PartnerParams
}

/** What codes of v1 say in the words of v3. Of others, v3's reason is not known. */
const REASONS: Readonly<Record<string, Reason>> = {
  '1013': 'identifier_not_found',
  '1014': 'invalid_id_number',
  '1015': 'service_unavailable',
}

/**
 * A v1 result in v3's words, for code that reads both while users move.
 *
 * `undefined` where nothing is known: a job that still runs, a provisional result, an AML screening, a code
 * outside the public table, a reply that contradicts itself. For an ID lookup, `clear` says that the ID
 * exists, as in v3.
 *
 * @example
 * ```ts
 * import { type JobStatus, verdictFrom } from 'smileid-edge/v3/migrate'
 *
 * export const verdictOf = (status: JobStatus) => verdictFrom(status)?.status ?? 'attention'
 * ```
 */
export function verdictFrom(
  old: JobResult | JobStatus,
): { status: VerdictStatus; reason: Reason | null } | undefined {
  // What cannot be read says nothing.
  return attempt(() => verdictIn(old))
}

function verdictIn(old: JobResult | JobStatus): { status: VerdictStatus; reason: Reason | null } | undefined {
  if (isScreening(resultOf(old))) return undefined
  const { decision, basis, final, code = '' } = interpret(old, undefined)
  const status = own(STATUSES, decision)
  if (basis !== 'code' || !final || status === undefined) return undefined
  const hasReason = status === 'block' || status === 'error'
  return { status, reason: (hasReason && own(REASONS, code)) || null }
}

/** Of v1's decisions that v3 knows, too. */
const STATUSES: Readonly<Record<string, VerdictStatus>> = {
  approved: 'clear',
  partial: 'attention',
  rejected: 'block',
  error: 'error',
}

/** In screenings, codes tell of lists, and the same code means something else in Basic KYC. */
function isScreening(result: JobResult | undefined): boolean {
  const { job_type } = membersOf(result?.PartnerParams)
  return isArray(result?.people) || String(job_type) === '10'
}
