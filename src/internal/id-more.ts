/** The smaller endpoints beside the lookups. */
import { invalidReply } from './api-error.ts'
import { confirmResult, post } from './call.ts'
import { callbackIssues } from './url.ts'
import { type Client, type Core, coreOf, type RequestOptions } from './core.ts'
import type { InputIssue, JobRef } from './errors.ts'
import { send } from './http.ts'
import { closed, optionalTexts } from './id-input.ts'
import { confirmSuccess, type WithCallback } from './id-jobs.ts'
import type { Country, IdType } from './id-types.ts'
import { inputError } from './input-error.ts'
import { optionIssues } from './options.ts'
import type { AmlResult, AnyResult, SignedReply } from './replies.ts'
import { signedHeaders } from './proof.ts'
import { AML, COMPARE_USER_INFO, type Endpoint, PRODUCTS_CONFIG, RATE_LIMIT_RESET, SOURCE, TOTP_CONSENT, VALID_DOCUMENTS, VERIFY_ADDRESS } from './tables.ts'
import { members } from './members.ts'
import { textIssues } from './validate.ts'

/** Texts that are needed, texts that may be there, and nothing else but `more`. */
const flat = (input: unknown, needed: readonly string[], allowed: readonly string[] = [], more: readonly string[] = []): InputIssue[] => {
  const given = members(input)
  return [...needed.flatMap((name) => textIssues(name, given[name])), ...optionalTexts('', given, allowed), ...closed('', given, [...needed, ...allowed, ...more])]
}

function begin(client: Client, options: RequestOptions, issues: InputIssue[]): Core {
  const core = coreOf(client)
  issues.push(...optionIssues(options))
  if (issues.length) throw inputError(issues)
  return core
}

export interface AmlJob extends JobRef {
  full_name: string
  /** Where the person has lived or does business. */
  countries: readonly Country[]
  /** `yyyy` */
  birth_year?: string | undefined
  aliases?: readonly string[] | undefined
  search_existing_user?: boolean | undefined
  /** @default true, at the service */
  strict_match?: boolean | undefined
  partner_params?: Record<string, any> | undefined
}

/**
 * AML: searches sanction lists, politically exposed persons and adverse media for a name.
 *
 * What was found stands in `people`; `interpretResult` calls every such reply `'unknown'`, since a hit is for a person to judge.
 *
 * @example
 * ```ts
 * import { type Client } from 'smileid-edge/client'
 * import { screenAml } from 'smileid-edge/id-verification'
 *
 * export const hits = async (client: Client, job_id: string) =>
 *   (await screenAml(client, { user_id: 'user-1', job_id, full_name: 'Leo Joe Doe', countries: ['NG'], birth_year: '2000' })).people?.length ?? 0
 * ```
 */
export async function screenAml(client: Client, job: AmlJob, options: RequestOptions = {}): Promise<AmlResult> {
  const issues = flat(job, ['user_id', 'job_id', 'full_name'], ['birth_year'], ['countries', 'aliases', 'search_existing_user', 'strict_match', 'partner_params'])
  const { countries, aliases = [], birth_year, search_existing_user, strict_match, partner_params = {} } = members(job)
  if (members(partner_params) !== partner_params) issues.push({ path: 'partner_params', code: 'wrong_type', message: 'must be an object' })
  if (!Array.isArray(countries) || !countries.length) issues.push({ path: 'countries', code: countries === undefined ? 'missing' : 'wrong_type', message: 'must be a list of at least one country' })
  else countries.forEach((country, index) => (typeof country === 'string' && /^[A-Z]{2}$/.test(country)) || issues.push({ path: `countries[${index}]`, code: 'wrong_format', message: 'must be an ISO code of two capital letters' }))
  if (!Array.isArray(aliases) || aliases.some((alias) => typeof alias !== 'string' || !alias)) issues.push({ path: 'aliases', code: 'wrong_type', message: 'must be a list of texts' })
  if (birth_year !== undefined && !/^\d{4}$/.test(`${birth_year}`)) issues.push({ path: 'birth_year', code: 'wrong_format', message: 'must be a year, yyyy' })
  for (const [path, value] of Object.entries({ search_existing_user, strict_match })) if (value !== undefined && typeof value !== 'boolean') issues.push({ path, code: 'wrong_type', message: 'must be true or false' })
  const core = begin(client, options, issues)
  return (await post(core, AML, { ...SOURCE, ...job, job_type: 10 }, { job: { user_id: job.user_id, job_id: job.job_id }, check: confirmResult }, options)) as unknown as AmlResult
}

/** Compares what the ID authority and the document of one user say; both jobs must be done. The path is inferred from the documentation, not proved. */
export async function compareUserInfo(client: Client, input: { user_id: string; country: Country; id_type: IdType }, options: RequestOptions = {}): Promise<AnyResult> {
  const core = begin(client, options, flat(input, ['user_id', 'country', 'id_type']))
  return (await post(core, COMPARE_USER_INFO, { ...SOURCE, ...input }, { verify: 'if-signed', check: (reply, facts) => confirmResult(reply, facts, { user_id: input.user_id }) }, options)) as unknown as AnyResult
}

/** Lifts the block of an ID number that was asked for too often (2222). */
export async function resetIdNumberRateLimit(client: Client, input: { id_type: IdType; id_number: string; country?: Country | undefined }, options: RequestOptions = {}): Promise<{ message: string; success: string }> {
  const core = begin(client, options, flat(input, ['id_type', 'id_number'], ['country']))
  return (await post(core, RATE_LIMIT_RESET, input, { verify: 'if-signed', check: confirmSuccess }, options)) as unknown as { message: string; success: string }
}

export interface ProductsConfig {
  consentRequired: Record<string, string[]>
  idSelection: Record<string, Record<string, string[]>>
  [field: string]: unknown
}

/** Which ID types the account may use, by product and country, and which of them need consent. */
export async function getProductsConfig(client: Client, options: RequestOptions = {}): Promise<ProductsConfig> {
  return (await post(begin(client, options, []), PRODUCTS_CONFIG, {}, {
    verify: 'if-signed',
    check({ idSelection }, facts) {
      if (typeof idSelection !== 'object' || !idSelection) throw invalidReply(200, facts)
    },
  }, options)) as ProductsConfig
}

export interface ValidDocument {
  country: { name: string; continent: string; code: string }
  /** The last one of a country has an empty code: "Others". */
  id_types: { name: string; code: string; has_back: boolean; example?: string[] }[]
}

/** Which documents can be verified, by country. */
export async function getValidDocuments(client: Client, options: RequestOptions = {}): Promise<ValidDocument[]> {
  const { valid_documents } = await post(begin(client, options, []), VALID_DOCUMENTS, {}, {
    verify: 'if-signed',
    check(reply, facts) {
      if (!Array.isArray(reply.valid_documents)) throw invalidReply(200, facts)
    },
  }, options)
  return valid_documents as ValidDocument[]
}

export interface BvnConsent extends SignedReply {
  message: string
  session_id: string
  /** Where a one-time password can be sent: `{ sms: '0800*******67' }`. */
  modes: Record<string, string>[]
  [field: string]: unknown
}

const consent = async (client: Client, step: string, fields: object, needed: readonly string[], options: RequestOptions): Promise<Record<string, unknown>> => {
  const core = begin(client, options, flat(fields, needed))
  const endpoint: Endpoint = { ...TOTP_CONSENT, path: TOTP_CONSENT.path + step }
  return post(core, endpoint, { country: 'NG', id_type: 'BVN_MFA', ...fields }, {}, options)
}

/** BVN consent, first step: the ways to reach the owner of the number. Never repeated by itself. */
export const startBvnConsent = async (client: Client, input: { id_number: string }, options: RequestOptions = {}): Promise<BvnConsent> =>
  (await consent(client, '', input, ['id_number'], options)) as BvnConsent

/** BVN consent, second step: sends the one-time password. */
export const chooseBvnMode = async (client: Client, input: { id_number: string; session_id: string; mode: string }, options: RequestOptions = {}): Promise<Record<string, unknown>> =>
  consent(client, '/mode', input, ['id_number', 'session_id', 'mode'], options)

/** BVN consent, last step: after it, `verifyId` takes the `session_id` with `id_type: 'BVN_MFA'`. */
export const confirmBvnOtp = async (client: Client, input: { id_number: string; session_id: string; otp: string }, options: RequestOptions = {}): Promise<Record<string, unknown>> =>
  consent(client, '/otp', input, ['id_number', 'session_id', 'otp'], options)

export type AddressJob = WithCallback & { address: string; full_name?: string | undefined } & (
  | { country: 'NG'; utility_number: string; utility_provider: string }
  | { country: 'ZA'; /** 13 digits */ id_number: string }
)

/** Checks an address by a utility account (Nigeria) or an ID number (South Africa); the result comes by callback. Signed in headers, unlike the rest. */
export async function submitAddress(client: Client, job: AddressJob, options: RequestOptions = {}): Promise<{ success: true }> {
  const { country, id_number, callback_url } = members(job)
  const issues = [
    ...flat(job, ['country', 'address', ...country === 'ZA' ? ['id_number'] : ['utility_number', 'utility_provider']], ['full_name'], ['callback_url']),
    ...callbackIssues(coreOf(client), callback_url, true),
  ]
  if (country !== undefined && country !== 'NG' && country !== 'ZA') issues.push({ path: 'country', code: 'not_allowed', message: "must be 'NG' or 'ZA'" })
  if (typeof id_number === 'string' && id_number && !/^\d{13}$/.test(id_number)) issues.push({ path: 'id_number', code: 'wrong_format', message: 'must have 13 digits' })
  const core = begin(client, options, issues)
  await send(core, {
    ...VERIFY_ADDRESS,
    maxReplyBytes: 1_048_576,
    check: confirmSuccess,
    body: async () => ({
      body: new TextEncoder().encode(JSON.stringify({ ...job, callback_url: job.callback_url ?? core.callbackUrl })),
      headers: await signedHeaders(core),
    }),
  }, options)
  return { success: true }
}
