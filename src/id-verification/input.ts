/** What lookups of IDs and businesses are made of, and what can be wrong with it. */
import { requestOptionEntries } from '../client/input.ts'
import type { RequestOptions } from '../client/internals.ts'
import type { InputIssue } from '../errors/codes.ts'
import { missing } from '../errors/issues.ts'
import { type Members, membersOf } from '../input/objects.ts'
import { idText } from '../input/ids.ts'
import { countryCode, filledText, flag, must, oneOf } from '../input/rules.ts'
import {
  allOf,
  check,
  type Checked,
  elsewhere,
  json,
  objectOf,
  once,
  optional,
  type Schema,
  wireObjectOf,
} from '../input/schema.ts'
import { documentIssues } from '../services/document-issues.ts'
import { isServices, NO_SERVICES, type Services } from '../services/document.ts'
import type { Country, IdType } from '../wire/id-types.ts'
import type { PartnerParams, WithCallback } from '../wire/jobs.ts'
import { nameIssues } from './names.ts'

/** `dob` is text on purpose: a Date shifts days across time zones. */
export interface IdInfo {
  country: Country
  id_type: IdType
  id_number?: string | undefined
  /** Instead of a number, after the BVN consent. */
  session_id?: string | undefined
  entered?: boolean | undefined
  first_name?: string | undefined
  middle_name?: string | undefined
  last_name?: string | undefined
  /** `yyyy-mm-dd` */
  dob?: string | undefined
  gender?: 'M' | 'F' | undefined
  phone_number?: string | undefined
  bank_code?: string | undefined
  citizenship?: string | undefined
  company?: string | undefined
}

export interface ConsentInformation {
  consented: {
    consent_granted_date: string
    personal_details: boolean
    contact_information: boolean
    document_information: boolean
  }
}

export interface BusinessInfo {
  country: Country
  id_type: 'BASIC_BUSINESS_REGISTRATION' | 'BUSINESS_REGISTRATION' | 'TAX_INFORMATION' | (string & {})
  id_number: string
  /** In Nigeria: business name, company, or incorporated trustees. */
  business_type?: 'bn' | 'co' | 'it' | undefined
  postal_address?: string | undefined
  postal_code?: string | undefined
}

export interface IdJob {
  partner_params: PartnerParams<5>
  id_info: IdInfo
  consent_information?: ConsentInformation | undefined
}

export interface BusinessJob {
  partner_params: PartnerParams<7>
  id_info: BusinessInfo
}

export interface VerifyOptions extends RequestOptions {
  /**
   * Checks country, ID type, needed fields and the number's format against this document before anything is
   * sent; see `getServices`.
   */
  services?: Services | undefined
}

/** Members of `partner_params` but for `job_type`, which differs between jobs. */
export function partnerParamEntries() {
  return {
    user_id: idText(),
    job_id: idText(),
    sandbox_result: optional(oneOf('0', '1', '2')),
  }
}

const idParams = /* @__PURE__ */ once(() =>
  wireObjectOf<PartnerParams<5>>({ ...partnerParamEntries(), job_type: optional(only(5)) }),
)

const businessParams = /* @__PURE__ */ once(() =>
  wireObjectOf<PartnerParams<7>>({ ...partnerParamEntries(), job_type: optional(only(7)) }),
)

function only<JobType extends number>(jobType: JobType): Schema<JobType> {
  return must<JobType>((value) => value === jobType, `must be ${jobType} here, or left out`, 'not_allowed')
}

/** Which of them are needed depends on each other, and on the job: see {@link neededIssues}. */
const idInfo = /* @__PURE__ */ once(() =>
  wireObjectOf<Partial<IdInfo>>({
    id_type: optional(filledText()),
    id_number: optional(filledText()),
    first_name: optional(filledText()),
    middle_name: optional(filledText()),
    last_name: optional(filledText()),
    phone_number: optional(filledText()),
    bank_code: optional(filledText()),
    citizenship: optional(filledText()),
    company: optional(filledText()),
    session_id: optional(filledText()),
    country: optional(countryCode()),
    dob: optional(must<string>(isDay, 'must be a date, yyyy-mm-dd', 'wrong_format')),
    gender: optional(oneOf('M', 'F')),
    entered: optional(flag()),
  }),
)

function isDay(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return false
  const date = new Date(value)
  // Date may roll the 30th of February over: what does not come back as it went in is no day.
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value)
}

const businessInfo = /* @__PURE__ */ once(() =>
  wireObjectOf<BusinessInfo>({
    country: countryCode(),
    id_type: filledText(),
    id_number: filledText(),
    postal_address: optional(filledText()),
    postal_code: optional(filledText()),
    business_type: optional(oneOf('bn', 'co', 'it')),
  }),
)

export function consentInformation(): Schema<ConsentInformation> {
  return allOf(json<any>(), must<ConsentInformation>(hasConsented, 'must be { consented: … }'))
}

function hasConsented(value: { consented?: unknown }): boolean {
  return Object.keys(membersOf(value.consented)).length > 0
}

function idJobEntries() {
  return {
    partner_params: elsewhere(),
    id_info: elsewhere(),
    consent_information: optional(consentInformation()),
  }
}

function businessJobEntries() {
  return { partner_params: elsewhere(), id_info: elsewhere() }
}

const idJob = /* @__PURE__ */ once(() => objectOf<IdJob>(idJobEntries()))
const submittedIdJob = /* @__PURE__ */ once(() =>
  objectOf<IdJob & WithCallback>({ ...idJobEntries(), callback_url: elsewhere() }),
)
const businessJob = /* @__PURE__ */ once(() => objectOf<BusinessJob>(businessJobEntries()))
const submittedBusinessJob = /* @__PURE__ */ once(() =>
  objectOf<BusinessJob & WithCallback>({ ...businessJobEntries(), callback_url: elsewhere() }),
)

const verifyOptions = /* @__PURE__ */ once(() =>
  objectOf<VerifyOptions>({
    ...requestOptionEntries(),
    services: optional(must<Services>(isServices, NO_SERVICES)),
  }),
)

export interface LookupRules {
  /** Whether the result comes by callback, so that the job may have a `callback_url`. */
  submitted: boolean
  /** The product in the services document; without one, ID lookups in general. */
  product?: string | undefined
  services?: unknown
  /** Whether names are compared, so that there must be one. */
  comparesNames?: boolean | undefined
}

/** A lookup as it is sent, and what is wrong with it, but for its callback URL. */
export function checkIdJob(
  given: unknown,
  { submitted, product, services, comparesNames = false }: LookupRules,
): Checked<IdJob & WithCallback> {
  const job = check(submitted ? submittedIdJob() : idJob(), membersOf(given))
  const params = check(idParams(), membersOf(job.value.partner_params), 'partner_params')
  const info = checkIdInfo(membersOf(job.value.id_info), lookupNeeds)
  const issues = [...params.issues, ...info.issues]
  if (comparesNames) issues.push(...nameIssues(info.value))
  if (services !== undefined && isServices(services)) {
    const paths = issues.map(({ path }) => path)
    const more = documentIssues(services, { params: params.value, info: info.value, product })
    issues.push(...more.filter(({ path }) => !paths.includes(path)))
  }
  return {
    issues: [...issues, ...job.issues],
    value: Object.assign(job.value, { partner_params: params.value, id_info: info.value as IdInfo }),
  }
}

/** The same of a business. */
export function checkBusinessJob(
  given: unknown,
  { submitted }: Pick<LookupRules, 'submitted'>,
): Checked<BusinessJob & WithCallback> {
  const job = check(submitted ? submittedBusinessJob() : businessJob(), membersOf(given))
  const params = check(businessParams(), membersOf(job.value.partner_params), 'partner_params')
  const info = check(businessInfo(), membersOf(job.value.id_info), 'id_info')
  return {
    issues: [...params.issues, ...info.issues, ...job.issues],
    value: Object.assign(job.value, { partner_params: params.value, id_info: info.value }),
  }
}

/** The options of the lookup of an ID. */
export function checkVerifyOptions(options: unknown): Checked<VerifyOptions> {
  return check(verifyOptions(), options ?? {}, 'options')
}

/** What a lookup needs in `id_info`: after the BVN consent, the session stands in for the number. */
export function lookupNeeds({ session_id }: Partial<IdInfo>): readonly string[] {
  return session_id === undefined ? ['country', 'id_type', 'id_number'] : ['country', 'id_type']
}

/** An `id_info`, in which those members are needed that `needs` says of it. */
export function checkIdInfo(
  given: Members,
  needs: (info: Partial<IdInfo>) => readonly string[],
): Checked<Partial<IdInfo> & Members> {
  const { issues, value } = check(idInfo(), given, 'id_info')
  const info = value as Partial<IdInfo> & Members
  return { issues: [...neededIssues(info, needs(info)), ...issues], value: info }
}

function neededIssues(info: Members, needed: readonly string[]): InputIssue[] {
  return needed.filter((name) => info[name] === undefined).map((name) => missing(`id_info.${name}`))
}
