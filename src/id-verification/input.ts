import type { Country, IdType } from '../wire/id-types.ts'
import { issue, wrongType } from '../errors/issues.ts'
import { FLAG, oneOf, ruleIssues } from '../input/rules.ts'
import { type Members, members } from '../input/objects.ts'
import { serviceIssues } from '../services/validate.ts'
import { isServices, type Services } from '../services/document.ts'
import type { InputIssue } from '../errors/codes.ts'
import { textIssues, countryIssues, optionalTexts } from '../input/texts.ts'

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

/** With `jobType`, another one is refused. */
export function paramsIssues(value: unknown, jobType?: number): InputIssue[] {
  const given = members(value)
  const { user_id, job_id, job_type } = given
  const issues = [
    ...textIssues('partner_params.user_id', user_id),
    ...textIssues('partner_params.job_id', job_id),
    ...ruleIssues(given, { sandbox_result: oneOf('0', '1', '2') }, 'partner_params.'),
  ]
  if (jobType !== undefined && job_type !== undefined && job_type !== jobType)
    issues.push(issue('partner_params.job_type', 'not_allowed', `must be ${jobType} here, or left out`))
  return issues
}

export function consentIssues(value: unknown): InputIssue[] {
  return value === undefined || Object.keys(members(members(value).consented)).length
    ? []
    : [wrongType('consent_information', 'must be { consented: … }')]
}

const TEXTS = [
  'first_name',
  'middle_name',
  'last_name',
  'phone_number',
  'bank_code',
  'citizenship',
  'company',
  'session_id',
  'business_type',
  'postal_address',
  'postal_code',
]

/** Of a lookup, of an ID or a business; with the services document, also what that says. */
export function lookupIssues(
  value: unknown,
  params: unknown,
  services: Services | undefined,
  product?: string,
): InputIssue[] {
  const info = members(value)
  const issues = idIssues(info, lookupNeeds(info))
  const known = new Set(issues.map(({ path }) => path))
  if (services !== undefined && !isServices(services)) {
    issues.push(wrongType('options.services', 'must be what getServices resolves to'))
  } else if (services && !known.has('id_info.country'))
    issues.push(
      ...serviceIssues(services, members(params), info, product, !known.has('id_info.id_type')).filter(
        ({ path }) => !known.has(path),
      ),
    )
  return issues
}

export function lookupNeeds({ session_id }: Members): string[] {
  return ['country', 'id_type', ...(session_id === undefined ? ['id_number'] : [])]
}

/** Of an `id_info` in which these members must be there. */
export function idIssues(info: Members, needed: readonly string[]): InputIssue[] {
  const { country } = info
  return [
    ...needed.flatMap((name) => textIssues(`id_info.${name}`, info[name])),
    ...optionalTexts(
      'id_info.',
      info,
      ['country', 'id_type', 'id_number', ...TEXTS].filter((name) => !needed.includes(name)),
    ),
    ...(typeof country === 'string' && country ? countryIssues('id_info.country', country) : []),
    ...ruleIssues(
      info,
      {
        dob: [
          (day) =>
            typeof day === 'string' &&
            /^\d{4}-\d\d-\d\d$/.test(day) &&
            new Date(day).toJSON()?.startsWith(day),
          'must be a date, yyyy-mm-dd',
          'wrong_format',
        ],
        gender: oneOf('M', 'F'),
        entered: FLAG,
        business_type: oneOf('bn', 'co', 'it'),
      },
      'id_info.',
    ),
  ]
}
