/** Every kind of call of v3, each with input that is right. */
import type { RequestOptions } from 'smileid-edge/client'
import { submitAddressVerification } from 'smileid-edge/v3/address'
import {
  getAmlMonitoringNews,
  submitAmlMonitoring,
  submitOneTimeAml,
  submitOneTimeAmlSync,
} from 'smileid-edge/v3/aml'
import { replayCallback } from 'smileid-edge/v3/callback'
import {
  createTokenClient,
  type TokenClient,
  type TokenClientOptions,
  type V3Client,
} from 'smileid-edge/v3/client'
import { submitEnhancedKyc, submitEnhancedKycSync } from 'smileid-edge/v3/enhanced-kyc'
import { tokenRequest } from 'smileid-edge/v3/request'
import {
  getBankCodes,
  getIdStatus,
  getSupportedDocuments,
  getSupportedIdTypes,
} from 'smileid-edge/v3/services'
import { createSmileLink, getSmileLink } from 'smileid-edge/v3/smile-links'
import { getVerificationStatus } from 'smileid-edge/v3/status'
import { reportUserFraud } from 'smileid-edge/v3/users'
import { CANARY } from '../support/canary'
import { imageCalls } from '../support/v3-images'
import { JOB_ID, jwt, KYC } from '../support/v3-service'

// The emulator's clock stands in January 2026.
const consent = { ...KYC.consent, granted_at: '2025-12-31T08:00:00.000Z' }
const user_details = { given_names: 'Ada', last_name: CANARY.name, email: 'ada@example.com' }
const callback_url = 'https://app.example/callback'
const person = { consent, user_details, callback_url }
const lookup = { country: 'NG', id_type: 'NIN_V2', id_number: CANARY.idNumber, consent, user_details }
const screened = { ...person, countries: ['NG'], full_name: CANARY.name } as const
const address = { ...person, address: '1 Example Street', country: 'ZA', id_number: CANARY.idNumber } as const
const news = { job_id: 'm', reference: 'r', news_category: 'other' } as const
const report = { user_id: 'u', is_fraud: true, reason: 'MULE_ACCOUNT', reported_by: 'a@b.example' } as const
const link = {
  name: 'Onboarding',
  id_types: [{ country: 'NG', id_type: 'NIN_V2', verification_method: 'enhanced_kyc' }],
  notice_privacy_policy_url: 'https://shop.example/privacy',
  is_single_use: true,
} as const

type V3Call = (client: V3Client, options?: RequestOptions) => Promise<unknown>

const withImages = Object.entries(imageCalls).map(([name, { submit, input }]): [string, V3Call] => [
  name,
  (client, options) => submit(client, { ...input, consent, user_details, callback_url }, options),
])

/** What may bill, or cannot be taken back: it is sent once. */
export const onceCalls: Readonly<Record<string, V3Call>> = {
  ...Object.fromEntries(withImages),
  submitEnhancedKyc: (client, options) => submitEnhancedKyc(client, { ...lookup, callback_url }, options),
  submitEnhancedKycSync: (client, options) => submitEnhancedKycSync(client, lookup, options),
  submitOneTimeAml: (client, options) => submitOneTimeAml(client, screened, options),
  submitAmlMonitoring: (client, options) => submitAmlMonitoring(client, screened, options),
  submitAddressVerification: (client, options) => submitAddressVerification(client, address, options),
  replayCallback: (client, options) => replayCallback(client, { job_id: JOB_ID }, options),
  reportUserFraud: (client, options) => reportUserFraud(client, report, options),
  createSmileLink: (client, options) => createSmileLink(client, link, options),
  tokenRequest: (client, options) => tokenRequest(client, { path: '/v3/anything' }, options),
}

/** What may be sent again. */
export const repeatableCalls: Readonly<Record<string, V3Call>> = {
  submitOneTimeAmlSync: (client, options) => submitOneTimeAmlSync(client, screened, options),
  getVerificationStatus: (client, options) => getVerificationStatus(client, { job_id: JOB_ID }, options),
  getAmlMonitoringNews: (client, options) => getAmlMonitoringNews(client, news, options),
  getSmileLink: (client, options) =>
    getSmileLink(client, { ref_id: '00000000-0000-4000-8000-000000000000' }, options),
  getBankCodes: (client, options) => getBankCodes(client, {}, options),
  getSupportedIdTypes: (client, options) => getSupportedIdTypes(client, {}, options),
  getSupportedDocuments: (client, options) => getSupportedDocuments(client, {}, options),
  getIdStatus: (client, options) => getIdStatus(client, { country: 'NG', id_type: 'BVN' }, options),
}

export const v3Calls = { ...onceCalls, ...repeatableCalls }

/** Of a token that says no more than whose it is. */
export function tokenClientAt(baseUrl: string, more: Partial<TokenClientOptions> = {}): TokenClient {
  const token = jwt({ partner_id: '85', exp: 4_000_000_000 })
  return createTokenClient({ token, environment: 'sandbox', baseUrl, maxRetries: 0, ...more })
}
