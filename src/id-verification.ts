/**
 * Lookups of IDs, businesses and lists.
 *
 * @module
 */
export type { AddressJob } from './id-verification/address-input.ts'
export { submitAddress } from './id-verification/address.ts'
export type { AmlJob } from './id-verification/aml-input.ts'
export { screenAml } from './id-verification/aml.ts'
export {
  chooseBvnMode,
  confirmBvnOtp,
  startBvnConsent,
  type BvnConsent,
} from './id-verification/bvn-consent.ts'
export { compareUserInfo, resetIdNumberRateLimit } from './id-verification/id-numbers.ts'
export type {
  BusinessInfo,
  BusinessJob,
  ConsentInformation,
  IdInfo,
  IdJob,
  VerifyOptions,
} from './id-verification/input.ts'
export {
  submitBasicKyc,
  submitBusiness,
  submitId,
  verifyBasicKyc,
  verifyBusiness,
  verifyId,
} from './id-verification/lookups.ts'
export {
  getProductsConfig,
  getValidDocuments,
  type ProductsConfig,
  type ValidDocument,
} from './id-verification/products.ts'
export type { Country, IdType, IdTypeFields, RequiredIdFields } from './wire/id-types.ts'
export type { JobRef, PartnerParams, SubmittedJob, WithCallback } from './wire/jobs.ts'
export type { AmlResult, AnyResult, BusinessResult, IdFields, IdResult } from './wire/replies.ts'
