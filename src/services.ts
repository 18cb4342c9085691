export {
  describeIdType,
  getServices,
  idNumberFormat,
  listCountries,
  listIdTypes,
  requiredFields,
  type ServiceIdType,
  type Services,
  type ServicesOptions,
} from './services/document.ts'
export { validateIdInfo, type ValidateOptions, validatePartnerParams } from './services/validate.ts'
export type { InputIssue } from './errors/codes.ts'
