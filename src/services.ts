/**
 * The services document: which countries, ID types and fields the service knows, and checks against it.
 *
 * @module
 */
export type { InputIssue } from './errors/codes.ts'
export { getServices, type ServiceIdType, type Services } from './services/document.ts'
export {
  describeIdType,
  idNumberFormat,
  listCountries,
  listIdTypes,
  requiredFields,
} from './services/id-types.ts'
export type { ServicesOptions } from './services/input.ts'
export { validateIdInfo, validatePartnerParams, type ValidateOptions } from './services/validate.ts'
