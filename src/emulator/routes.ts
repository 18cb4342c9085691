/** Which address does what. */
import type { Operation } from '../errors/classes.ts'
import { backfillUsers } from './backfill.ts'
import { jobStatus } from './jobs.ts'
import { lookUp } from './lookup.ts'
import {
  aml,
  business,
  compareUserInfo,
  consent,
  productsConfig,
  resetRateLimit,
  services,
  token,
  validDocuments,
  verifyAddress,
} from './other-endpoints.ts'
import type { Answer, Incoming, Service } from './model.ts'
import { smartSelfie } from './smart-selfie.ts'
import { isStored, putZip } from './store.ts'
import { announceUpload } from './upload.ts'

export interface Route {
  operation: Operation
  answer: (
    service: Service,
    partnerId: string,
    body: Record<string, unknown>,
    incoming: Incoming,
  ) => Promise<Answer>
  /** Where the signature stands. @default 'body' */
  signed?: 'body' | 'headers' | 'not'
  /** What the body names the partner. @default 'partner_id' */
  partner?: 'smile_client_id'
  /** What the body is. @default 'json' */
  reads?: 'json' | 'form' | 'zip'
}

const ROUTES: Readonly<Record<string, Route>> = {
  'POST /v1/backfill_users': { operation: 'backfill_users', answer: backfillUsers },
  'POST /v1/upload': { operation: 'upload', answer: announceUpload, partner: 'smile_client_id' },
  'POST /v1/job_status': { operation: 'job_status', answer: jobStatus },
  'GET /v1/services': { operation: 'services', answer: services, signed: 'not' },
  'POST /v1/token': { operation: 'token', answer: token },
  'POST /v1/id_verification': { operation: 'id_verification', answer: /* @__PURE__ */ lookUp(false, false) },
  'POST /v1/async_id_verification': {
    operation: 'async_id_verification',
    answer: /* @__PURE__ */ lookUp(false, true),
  },
  'POST /v2/verify': { operation: 'verify', answer: /* @__PURE__ */ lookUp(true, false) },
  'POST /v2/verify_async': { operation: 'verify_async', answer: /* @__PURE__ */ lookUp(true, true) },
  'POST /v1/business_verification': {
    operation: 'business_verification',
    answer: /* @__PURE__ */ business(false),
  },
  'POST /v1/async_business_verification': {
    operation: 'async_business_verification',
    answer: /* @__PURE__ */ business(true),
  },
  'POST /v1/aml': { operation: 'aml', answer: aml },
  'POST /v1/compare_user_info': { operation: 'compare_user_info', answer: compareUserInfo },
  'POST /v1/async-verify-address': { operation: 'verify_address', answer: verifyAddress, signed: 'headers' },
  'POST /v1/id_number_rate_limit_reset': { operation: 'id_number_rate_limit_reset', answer: resetRateLimit },
  'POST /v1/products_config': { operation: 'products_config', answer: productsConfig },
  'POST /v1/valid_documents': { operation: 'valid_documents', answer: validDocuments },
  'POST /v1/totp_consent': { operation: 'totp_consent', answer: /* @__PURE__ */ consent('start') },
  'POST /v1/totp_consent/mode': { operation: 'totp_consent', answer: /* @__PURE__ */ consent('mode') },
  'POST /v1/totp_consent/otp': { operation: 'totp_consent', answer: /* @__PURE__ */ consent('otp') },
  'POST /v2/smart-selfie-enroll': {
    operation: 'smart_selfie_enroll',
    answer: /* @__PURE__ */ smartSelfie(4),
    signed: 'headers',
    reads: 'form',
  },
  'POST /v2/smart-selfie-authentication': {
    operation: 'smart_selfie_authentication',
    answer: /* @__PURE__ */ smartSelfie(2),
    signed: 'headers',
    reads: 'form',
  },
}
const STORE: Route = { operation: 'upload_zip', answer: putZip, signed: 'not', reads: 'zip' }

export const routeOf = (method: string, url: URL): Route | undefined =>
  isStored(method, url) ? STORE : ROUTES[`${method} ${url.pathname}`]
