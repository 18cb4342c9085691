/** `partner_params` and `id_info` looked at before a call, with or without the services document. */
import type { InputIssue } from '../errors/codes.ts'
import { distinctIssues } from '../errors/distinct-issues.ts'
import { issue, wrongType } from '../errors/issues.ts'
import { type Members, membersOf } from '../input/objects.ts'
import { COUNTRY_CODE, filledText } from '../input/rules.ts'
import { check, elsewhere, once, openObjectOf, recordOf } from '../input/schema.ts'
import type { JobRef } from '../wire/jobs.ts'
import { DOCUMENT_VERIFICATION, documentIssues, missingOrEmpty } from './document-issues.ts'
import type { Services } from './document.ts'

export interface ValidateOptions {
  /** Also checks countries, ID types, fields and number formats against this document. */
  services?: Services | undefined
  /**
   * As newer SDKs do: ISO country codes, job type 11 as a document job, no ID number for either. @default
   * false
   */
  strict?: boolean | undefined
}

const jobIds = /* @__PURE__ */ once(() =>
  openObjectOf<JobRef & { job_type?: unknown }>({
    user_id: filledText(),
    job_id: filledText(),
    job_type: elsewhere(),
  }),
)

const validated = /* @__PURE__ */ once(() =>
  openObjectOf<Members>({ partner_params: elsewhere(), id_info: elsewhere() }),
)

/** Whatever it is: what is needed of it depends on the job. */
const anyMembers = /* @__PURE__ */ once(() => recordOf<Members>(elsewhere()))

const validateOptions = /* @__PURE__ */ once(() =>
  openObjectOf<ValidateOptions>({ services: elsewhere(), strict: elsewhere() }),
)

/**
 * What is wrong with `partner_params`: `user_id`, `job_id` (text) and `job_type` (a whole number) are needed.
 * Empty when all is well.
 *
 * @example
 * ```ts
 * import { validatePartnerParams } from 'smileid-edge/services'
 *
 * console.log(validatePartnerParams({ user_id: 'u1', job_id: 7 }).map(({ path, code }) => `${path} ${code}`))
 * // [ 'partner_params.job_id wrong_type', 'partner_params.job_type missing' ]
 * ```
 */
export function validatePartnerParams(params: unknown): InputIssue[] {
  const { issues, value } = check(jobIds(), membersOf(params), 'partner_params')
  const { job_type } = value
  if (!job_type) issues.push(missingOrEmpty('partner_params.job_type', job_type))
  else if (!Number.isInteger(job_type)) {
    issues.push(wrongType('partner_params.job_type', 'must be a whole number'))
  }
  return issues
}

/**
 * What is wrong with `id_info` for the job type of `partner_params`, as smile_id_core decided it. Empty when
 * all is well.
 *
 * Unless the job type is 6, nothing is checked while `entered` is falsy: no ID number was typed. Country and
 * ID type are needed, and an ID number but for job type 6; with `services`, both must be in the document,
 * with all the fields that it asks for, in `id_info` or `partner_params`.
 *
 * @example
 * ```ts
 * import { type Services, validateIdInfo } from 'smileid-edge/services'
 *
 * export const problems = (services: Services) =>
 *   validateIdInfo(
 *     {
 *       partner_params: { user_id: 'u1', job_id: 'j1', job_type: 5 },
 *       id_info: { country: 'NG', id_type: 'BVN', id_number: '123', entered: true },
 *     },
 *     { services },
 *   )
 * ```
 */
export function validateIdInfo(
  input: { partner_params?: unknown; id_info: unknown },
  options: ValidateOptions = {},
): InputIssue[] {
  const { services, strict = false } = check(validateOptions(), membersOf(options)).value
  const { partner_params, id_info } = check(validated(), membersOf(input)).value
  const params = check(anyMembers(), membersOf(partner_params)).value
  const info = check(anyMembers(), membersOf(id_info)).value
  const isDocumentJob = params.job_type === 6 || (strict && params.job_type === 11)
  if (!isDocumentJob && !info.entered) return []

  const needed = ['country']
  if (!(strict && params.job_type === 6)) needed.push('id_type')
  if (!isDocumentJob) needed.push('id_number')
  const issues = needed
    .filter((name) => !info[name])
    .map((name) => missingOrEmpty(`id_info.${name}`, info[name]))

  if (strict && info.country && !isCountryCode(info.country)) {
    issues.push(issue('id_info.country', 'wrong_format', COUNTRY_CODE.message))
  }
  if (services && info.country) {
    const product = isDocumentJob ? DOCUMENT_VERIFICATION : undefined
    issues.push(...documentIssues(services, { params, info, product }))
  }
  return distinctIssues(issues)
}

function isCountryCode(value: unknown): boolean {
  return typeof value === 'string' && COUNTRY_CODE.pattern.test(value)
}
