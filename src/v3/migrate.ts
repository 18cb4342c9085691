/**
 * For code that moves from v1 to v3, user by user.
 *
 * @module
 */
import type { IdInfo } from '../id-verification/input.ts'
import { membersOf, own, withoutUndefined } from '../input/objects.ts'
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

/**
 * The v3 input for what went to v1's `verifyId` or `IDApi`.
 *
 * Names move to `user_details`; `user_id` stays that, and both old ids and your own members become
 * `partner_params`, as texts, since v3 makes the job id itself. `dob`, `gender`, `citizenship`, `company` and
 * `session_id` have no place. What v1 did without and v3 needs (names, a contact, the number) is listed by
 * `submitEnhancedKyc` when it is missing.
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
  more: {
    consent: Consent
    email?: string | undefined
    /** E.164. @default that of `id_info`, where it is written so */
    phone_number?: string | undefined
    callback_url?: string | undefined
  },
): EnhancedKyc {
  const { country, id_type, id_number = '', bank_code, ...person } = { ...old.id_info }
  return withoutUndefined({
    country,
    id_type,
    id_number,
    bank_code,
    user_details: userDetailsFrom(person, more),
    consent: more.consent,
    user_id: old.partner_params.user_id,
    callback_url: more.callback_url,
    partner_params: textsOf(old.partner_params),
  })
}

function userDetailsFrom(
  person: Partial<IdInfo>,
  { email, phone_number }: { email?: string | undefined; phone_number?: string | undefined },
): UserDetails {
  const { first_name, middle_name, last_name = '' } = person
  const details = withoutUndefined({
    given_names: [first_name, middle_name].filter(Boolean).join(' '),
    last_name,
    email,
    phone_number: phone_number ?? internationalNumber(person.phone_number),
  })
  // Where there is no contact, the submission says so.
  return details as UserDetails
}

function internationalNumber(phone: string | undefined): string | undefined {
  return phone !== undefined && /^\+[1-9]\d{6,14}$/.test(phone) ? phone : undefined
}

/** v3 takes texts alone. The job type is the path there, and the sandbox decides by the name. */
function textsOf({ job_type: _, sandbox_result: __, ...params }: V1PartnerParams): PartnerParams {
  const texts = Object.entries(params).flatMap(([name, value]: [string, unknown]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return text === undefined || value === null ? [] : [[name, text]]
  })
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
