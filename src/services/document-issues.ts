/** What a services document says against an ID. */
import type { InputIssue } from '../errors/codes.ts'
import { issue, wrongType } from '../errors/issues.ts'
import type { Members } from '../input/objects.ts'
import { attempt } from '../platform/realms.ts'
import { NO_SERVICES, type Services } from './document.ts'
import { describeIdType, idNumberFormat, listIdTypes, requiredFields } from './id-types.ts'

/** The product of document verification: its ID types need no fields and no number. */
export const DOCUMENT_VERIFICATION = 'doc_verification'

export interface CheckedId {
  /** `partner_params`, in which required fields may stand, too. */
  params: Members
  /** `id_info` */
  info: Members
  /** The product in the document; without one, ID lookups in general. */
  product?: string | undefined
}

/** A missing ID type is not reported here: that it is needed does not depend on the document. */
export function documentIssues(services: Services, checked: CheckedId): InputIssue[] {
  // The document is too large to be copied.
  return attempt(() => issuesIn(services, checked)) ?? [wrongType('options.services', NO_SERVICES)]
}

function issuesIn(services: Services, checked: CheckedId): InputIssue[] {
  const { info, product } = checked
  const idTypes = listIdTypes(services, nameIn(info.country), product)
  if (!idTypes.length) return [issue('id_info.country', 'not_allowed', 'is not supported')]
  if (!info.id_type) return []
  if (!idTypes.includes(nameIn(info.id_type))) {
    return [issue('id_info.id_type', 'not_allowed', 'is not supported in this country')]
  }
  if (product === DOCUMENT_VERIFICATION) return []
  return [...requiredFieldIssues(services, checked), ...idNumberIssues(services, checked)]
}

/** A required field stands in `id_info` or in `partner_params`, and is empty in neither. */
function requiredFieldIssues(services: Services, { params, info, product }: CheckedId): InputIssue[] {
  const issues: InputIssue[] = []
  for (const name of requiredFields(services, nameIn(info.country), nameIn(info.id_type), product)) {
    const isInParams = name in params
    const isMissingInInfo = name in info ? !info[name] : !isInParams
    if (isMissingInInfo) issues.push(missingOrEmpty(`id_info.${name}`, info[name]))
    else if (isInParams && !params[name]) issues.push(missingOrEmpty(`partner_params.${name}`, params[name]))
  }
  return issues
}

function idNumberIssues(services: Services, { info, product }: CheckedId): InputIssue[] {
  const { id_number } = info
  const [country, idType] = [nameIn(info.country), nameIn(info.id_type)]
  if (typeof id_number !== 'string' || !id_number) return []
  const format = idNumberFormat(services, country, idType, product)
  if (!format || format.test(id_number)) return []
  const { label = 'ID' } = describeIdType(services, country, idType, product) ?? {}
  return [issue('id_info.id_number', 'wrong_format', `does not have the format of a ${label}`)]
}

/** Of a value that is not there, or is as good as not there. */
export function missingOrEmpty(path: string, value: unknown): InputIssue {
  return issue(path, 'missing', typeof value === 'string' ? 'is empty' : 'is missing')
}

/** A name to look up; nothing has an empty one. */
function nameIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
