/** Each call of v3 that has a body and no images, with input that is right. Web APIs alone. */
import type { Client } from 'smileid-edge/client'
import { submitAddressVerification } from 'smileid-edge/v3/address'
import { submitAmlMonitoring, submitOneTimeAml } from 'smileid-edge/v3/aml'
import { replayCallback } from 'smileid-edge/v3/callback'
import { submitEnhancedKyc, submitEnhancedKycSync } from 'smileid-edge/v3/enhanced-kyc'
import { tokenRequest } from 'smileid-edge/v3/request'
import { submitAuthentication } from 'smileid-edge/v3/smart-selfie'
import { createSmileLink } from 'smileid-edge/v3/smile-links'
import { reportUserFraud } from 'smileid-edge/v3/users'
import { JOB_ID, KYC } from './v3-service'

const { consent, user_details } = KYC

/** What a screening takes. */
export const SCREENED = { consent, user_details, countries: ['NG'], full_name: 'Ada Sample' } as const

/** Those that may do something each time that they are sent: bill, block, or make something. */
export const v3Calls: Readonly<Record<string, (client: Client) => Promise<unknown>>> = {
  submitEnhancedKyc: (client) => submitEnhancedKyc(client, KYC),
  submitEnhancedKycSync: (client) => submitEnhancedKycSync(client, KYC),
  'submitAuthentication, by the image on file': (client) =>
    submitAuthentication(client, { consent, user_details, user_id: 'u', use_enrolled_image: true }),
  submitOneTimeAml: (client) => submitOneTimeAml(client, SCREENED),
  submitAmlMonitoring: (client) => submitAmlMonitoring(client, SCREENED),
  submitAddressVerification: (client) =>
    submitAddressVerification(client, {
      consent,
      user_details,
      address: '1 Sample Street',
      country: 'ZA',
      id_number: '1',
    }),
  reportUserFraud: (client) =>
    reportUserFraud(client, {
      user_id: 'u',
      is_fraud: true,
      reason: 'MULE_ACCOUNT',
      reported_by: 'a@b.example',
    }),
  createSmileLink: (client) =>
    createSmileLink(client, {
      name: 'Onboarding',
      id_types: [{ country: 'NG', id_type: 'NIN_V2', verification_method: 'enhanced_kyc' }],
      notice_privacy_policy_url: 'https://shop.example/privacy',
      is_single_use: true,
    }),
  replayCallback: (client) =>
    replayCallback(client, { job_id: JOB_ID, callback_url: 'https://shop.example/smile-id' }),
  tokenRequest: (client) => tokenRequest(client, { path: '/v3/anything', fields: { a: [1] } }),
}
