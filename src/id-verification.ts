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
export { type AmlJob, screenAml } from './internal/aml.ts'
export { compareUserInfo, resetIdNumberRateLimit } from './internal/id-numbers.ts'
export { getProductsConfig, getValidDocuments, type ProductsConfig, type ValidDocument } from './internal/account.ts'
export { type BvnConsent, chooseBvnMode, confirmBvnOtp, startBvnConsent } from './internal/bvn-consent.ts'
export { type AddressJob, submitAddress } from './internal/address.ts'
export type { AmlResult, AnyResult, BusinessResult, IdFields, IdResult } from './internal/replies.ts'
export type { JobRef } from './internal/errors.ts'
