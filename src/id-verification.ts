/**
 * Lookups of IDs, businesses and lists.
 *
 * @module
 */
export type { Country, IdType, IdTypeFields, RequiredIdFields } from './internal/id-types.ts'
export type { BusinessInfo, ConsentInformation, IdInfo, PartnerParams } from './internal/id-input.ts'
export {
  type BusinessJob, type IdJob, type SubmittedJob, submitBasicKyc, submitBusiness, submitId, verifyBasicKyc, verifyBusiness, verifyId, type VerifyOptions, type WithCallback,
} from './internal/id-jobs.ts'
export {
  type AddressJob, type AmlJob, type BvnConsent, chooseBvnMode, compareUserInfo, confirmBvnOtp, getProductsConfig, getValidDocuments, type ProductsConfig, resetIdNumberRateLimit,
  screenAml, startBvnConsent, submitAddress, type ValidDocument,
} from './internal/id-more.ts'
export type { AmlResult, AnyResult, BusinessResult, IdFields, IdResult } from './internal/replies.ts'
export type { JobRef } from './internal/errors.ts'
