/** Which address does what. */
import type { Operation } from '../wire/endpoints.ts'
import { aml } from './aml.ts'
import { backfillUsers } from './backfill.ts'
import { verifyBusiness } from './business.ts'
import { chooseOtpMode, confirmOtp, startConsent } from './bvn-consent.ts'
import { compareUserInfo } from './compare-user-info.ts'
import { resetRateLimit } from './id-number-limit.ts'
import { jobStatus } from './job-status.ts'
import { lookUp } from './lookup.ts'
import type { Endpoint } from './model.ts'
import { productsConfig, services, validDocuments } from './products.ts'
import { smartSelfie } from './smart-selfie.ts'
import { putZip } from './store.ts'
import { isUpload } from './upload-url.ts'
import { announceUpload } from './upload.ts'
import { verifyAddress } from './verify-address.ts'
import { webToken } from './web-token.ts'

export interface Route {
  operation: Operation
  endpoint: Endpoint
  /** Where the signature stands. @default 'body' */
  signedIn?: 'body' | 'headers' | 'nothing'
  /** The member of the body that names the partner. @default 'partner_id' */
  partnerMember?: 'partner_id' | 'smile_client_id'
  /** What the body is. @default 'json' */
  reads?: 'json' | 'form' | 'zip'
}

const ROUTES: Readonly<Record<string, Route>> = {
  'POST /v1/backfill_users': {
    operation: 'backfill_users',
    endpoint: backfillUsers,
  },
  'POST /v1/upload': {
    operation: 'upload',
    endpoint: announceUpload,
    partnerMember: 'smile_client_id',
  },
  'POST /v1/job_status': {
    operation: 'job_status',
    endpoint: jobStatus,
  },
  'GET /v1/services': {
    operation: 'services',
    endpoint: services,
    signedIn: 'nothing',
  },
  'POST /v1/token': {
    operation: 'token',
    endpoint: webToken,
  },
  'POST /v1/id_verification': {
    operation: 'id_verification',
    endpoint: (service, call) => lookUp(service, call, { product: 'enhanced_kyc', delivery: 'reply' }),
  },
  'POST /v1/async_id_verification': {
    operation: 'async_id_verification',
    endpoint: (service, call) => lookUp(service, call, { product: 'enhanced_kyc', delivery: 'callback' }),
  },
  'POST /v2/verify': {
    operation: 'verify',
    endpoint: (service, call) => lookUp(service, call, { product: 'basic_kyc', delivery: 'reply' }),
  },
  'POST /v2/verify_async': {
    operation: 'verify_async',
    endpoint: (service, call) => lookUp(service, call, { product: 'basic_kyc', delivery: 'callback' }),
  },
  'POST /v1/business_verification': {
    operation: 'business_verification',
    endpoint: (service, call) => verifyBusiness(service, call, { delivery: 'reply' }),
  },
  'POST /v1/async_business_verification': {
    operation: 'async_business_verification',
    endpoint: (service, call) => verifyBusiness(service, call, { delivery: 'callback' }),
  },
  'POST /v1/aml': {
    operation: 'aml',
    endpoint: aml,
  },
  'POST /v1/compare_user_info': {
    operation: 'compare_user_info',
    endpoint: compareUserInfo,
  },
  'POST /v1/async-verify-address': {
    operation: 'verify_address',
    endpoint: (_, call) => verifyAddress(call),
    signedIn: 'headers',
  },
  'POST /v1/id_number_rate_limit_reset': {
    operation: 'id_number_rate_limit_reset',
    endpoint: resetRateLimit,
  },
  'POST /v1/products_config': {
    operation: 'products_config',
    endpoint: productsConfig,
  },
  'POST /v1/valid_documents': {
    operation: 'valid_documents',
    endpoint: validDocuments,
  },
  'POST /v1/totp_consent': {
    operation: 'totp_consent',
    endpoint: (_, call) => startConsent(call),
  },
  'POST /v1/totp_consent/mode': {
    operation: 'totp_consent',
    endpoint: (_, call) => chooseOtpMode(call),
  },
  'POST /v1/totp_consent/otp': {
    operation: 'totp_consent',
    endpoint: (_, call) => confirmOtp(call),
  },
  'POST /v2/smart-selfie-enroll': {
    operation: 'smart_selfie_enroll',
    endpoint: (service, call) => smartSelfie(service, call, 'enrollment'),
    signedIn: 'headers',
    reads: 'form',
  },
  'POST /v2/smart-selfie-authentication': {
    operation: 'smart_selfie_authentication',
    endpoint: (service, call) => smartSelfie(service, call, 'authentication'),
    signedIn: 'headers',
    reads: 'form',
  },
}

const STORE: Route = { operation: 'upload_zip', endpoint: putZip, signedIn: 'nothing', reads: 'zip' }

export function findRoute(method: string, url: URL): Route | undefined {
  return isUpload(method, url) ? STORE : ROUTES[`${method} ${url.pathname}`]
}
