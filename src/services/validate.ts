import { issue, wrongType } from '../errors/issues.ts'
import { type Members, members } from '../input/objects.ts'
import { describeIdType, idNumberFormat, listIdTypes, requiredFields, type Services } from './document.ts'
import type { InputIssue } from '../errors/codes.ts'
import { missingOrEmpty, textIssues, countryIssues } from '../input/texts.ts'

export interface ValidateOptions {
  /** Also checks countries, ID types, fields and number formats against this document. */
  services?: Services | undefined
  /**
   * As newer SDKs do: ISO country codes, job type 11 as a document job, no ID number for either. @default
   * false
   */
  strict?: boolean | undefined
}

const DOCUMENTS = 'doc_verification'

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
  const given = members(params)
  return [
    ...['user_id', 'job_id'].flatMap((name) => textIssues(`partner_params.${name}`, given[name])),
    ...(!given.job_type
      ? [missingOrEmpty('partner_params.job_type')]
      : Number.isInteger(given.job_type)
        ? []
        : [wrongType('partner_params.job_type', 'must be a whole number')]),
  ]
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
  const { services, strict = false } = options ?? {}
  const [params, info] = [members(input?.partner_params), members(input?.id_info)]
  const document = params.job_type === 6 || (strict && params.job_type === 11)
  if (!document && !info.entered) return []
  const needed = [
    'country',
    ...(strict && params.job_type === 6 ? [] : ['id_type']),
    ...(document ? [] : ['id_number']),
  ]
  const issues = needed.flatMap((name) => (info[name] ? [] : [missingOrEmpty(`id_info.${name}`)]))
  const { country, id_type } = info
  if (strict && country) issues.push(...countryIssues('id_info.country', country))
  if (services && country)
    issues.push(...serviceIssues(services, params, info, document ? DOCUMENTS : undefined, !!id_type))
  return issues.filter((one, index) => issues.findIndex(({ path }) => path === one.path) === index)
}

/** Against the services document: of a product, or of ID lookups in general. */
export function serviceIssues(
  services: Services,
  params: Members,
  info: Members,
  product: string | undefined,
  typed: boolean,
): InputIssue[] {
  const [country, id_type] = [`${info.country}`, `${info.id_type}`]
  const types = listIdTypes(services, country, product)
  if (!types.length) return [issue('id_info.country', 'not_allowed', 'is not supported')]
  if (!typed) return []
  if (!types.includes(id_type))
    return [issue('id_info.id_type', 'not_allowed', 'is not supported in this country')]
  if (product === DOCUMENTS) return []
  const needed = requiredFields(services, country, id_type, product).flatMap((name) => {
    if (name in info ? !info[name] : !(name in params)) return [missingOrEmpty(`id_info.${name}`)]
    return name in params && !params[name] ? [missingOrEmpty(`partner_params.${name}`)] : []
  })
  const { id_number } = info
  const { label = 'ID' } = describeIdType(services, country, id_type, product) ?? {}
  if (
    typeof id_number === 'string' &&
    id_number &&
    idNumberFormat(services, country, id_type, product)?.test(id_number) === false
  ) {
    needed.push(issue('id_info.id_number', 'wrong_format', `does not have the format of a ${label}`))
  }
  return needed
}
