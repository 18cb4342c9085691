/**
 * What the service supports, and checks against it.
 *
 * @module
 */
export type { InputIssue } from './internal/errors.ts'
export {
  describeIdType, getServices, idNumberFormat, listCountries, listIdTypes, requiredFields, type ServiceIdType, type Services, type ServicesOptions,
} from './internal/services.ts'
export { validateIdInfo, type ValidateOptions, validatePartnerParams } from './internal/validate.ts'
