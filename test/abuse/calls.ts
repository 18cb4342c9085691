/** Every kind of call that a client makes, each with input that is right. */
import { IDApi, Utilities, WebApi } from 'smileid-edge/compat'
import {
  backfillUser,
  chooseBvnMode,
  type Client,
  compareUserInfo,
  confirmBvnOtp,
  createClient,
  type ClientOptions,
  createWebToken,
  getJobStatus,
  getProductsConfig,
  getServices,
  getValidDocuments,
  type RequestOptions,
  resetIdNumberRateLimit,
  screenAml,
  signedRequest,
  startBvnConsent,
  submitAddress,
  submitBasicKyc,
  submitBusiness,
  submitId,
  submitImageJob,
  verifyBasicKyc,
  verifyBusiness,
  verifyId,
} from 'smileid-edge'
import { authenticateSmartSelfie, enrollSmartSelfie } from 'smileid-edge/smart-selfie'
import { samplePhoto } from 'smileid-edge/emulator'
import { CANARY } from '../support/canary'

const ids = { user_id: 'u', job_id: 'j' }
const id_info = { country: 'NG', id_type: 'BVN', id_number: CANARY.idNumber }
const later = { partner_params: ids, id_info, callback_url: 'https://app.example/callback' }
const business = {
  partner_params: ids,
  id_info: { country: 'NG', id_type: 'BUSINESS_REGISTRATION', id_number: '0000000', business_type: 'co' },
}
const selfies = () => ({ user_id: 'u', selfie_image: samplePhoto(), liveness_images: [samplePhoto()] })
const NUMBER = { id_number: CANARY.idNumber }

export const calls: Readonly<Record<string, (client: Client, options?: RequestOptions) => Promise<unknown>>> =
  {
    backfillUser: (client, options) =>
      backfillUser(client, { user_id: 'u', user_created_at: '2021-08-12', photo: samplePhoto() }, options),
    getJobStatus: (client, options) => getJobStatus(client, ids, options),
    getServices: (client, options) => getServices(client, options),
    createWebToken: (client, options) =>
      createWebToken(
        client,
        { ...ids, product: 'biometric_kyc', callback_url: 'https://app.example/callback' },
        options,
      ),
    verifyId: (client, options) => verifyId(client, { partner_params: ids, id_info }, options),
    verifyBasicKyc: (client, options) =>
      verifyBasicKyc(client, { partner_params: ids, id_info: { ...id_info, first_name: 'Leo' } }, options),
    verifyBusiness: (client, options) => verifyBusiness(client, business as never, options),
    submitId: (client, options) => submitId(client, later, options),
    submitBasicKyc: (client, options) =>
      submitBasicKyc(client, { ...later, id_info: { ...id_info, first_name: 'Leo' } }, options),
    submitBusiness: (client, options) =>
      submitBusiness(client, { ...business, callback_url: 'https://app.example/callback' } as never, options),
    screenAml: (client, options) =>
      screenAml(
        client,
        { ...ids, full_name: CANARY.name, countries: ['NG'], birth_year: '1990' } as never,
        options,
      ),
    compareUserInfo: (client, options) =>
      compareUserInfo(client, { user_id: 'u', country: 'NG', id_type: 'BVN' }, options),
    resetIdNumberRateLimit: (client, options) =>
      resetIdNumberRateLimit(client, { id_type: 'BVN', ...NUMBER }, options),
    getProductsConfig: (client, options) => getProductsConfig(client, options),
    getValidDocuments: (client, options) => getValidDocuments(client, options),
    startBvnConsent: (client, options) => startBvnConsent(client, NUMBER, options),
    chooseBvnMode: (client, options) =>
      chooseBvnMode(client, { ...NUMBER, session_id: 's', mode: 'sms' }, options),
    confirmBvnOtp: (client, options) =>
      confirmBvnOtp(client, { ...NUMBER, session_id: 's', otp: '000000' }, options),
    submitAddress: (client, options) =>
      submitAddress(
        client,
        {
          country: 'NG',
          address: '1 Example Street',
          utility_number: '1',
          utility_provider: 'Ikeja',
          full_name: CANARY.name,
          callback_url: 'https://app.example/callback',
        },
        options,
      ),
    submitImageJob: (client, options) =>
      submitImageJob(
        client,
        { partner_params: { ...ids, job_type: 4 }, images: { selfie: samplePhoto() } },
        { willWait: true, ...options },
      ),
    enrollSmartSelfie: (client, options) => enrollSmartSelfie(client, selfies(), options),
    authenticateSmartSelfie: (client, options) => authenticateSmartSelfie(client, selfies(), options),
    signedRequest: (client, options) => signedRequest(client, '/v1/anything', {}, options),
  }

const key = CANARY.apiKey
/** The same under the old classes, which take an address and no options. */
export const oldCalls: Readonly<Record<string, (address: string) => Promise<unknown>>> = {
  'WebApi.submit_job': (address) =>
    new WebApi('085', 'https://app.example/callback', key, address, { maxRetries: 0 }).submit_job(
      { ...ids, job_type: 4 },
      [{ image_type_id: 0, image: samplePhoto() as never }],
    ),
  'WebApi.get_job_status': (address) =>
    new WebApi('085', null, key, address, { maxRetries: 0 }).get_job_status(ids as never),
  'WebApi.get_web_token': (address) =>
    new WebApi('085', null, key, address, { maxRetries: 0 }).get_web_token({
      ...ids,
      product: 'biometric_kyc',
      callback_url: 'https://app.example/callback',
    }),
  'IDApi.submit_job': (address) =>
    new IDApi('085', key, address, { maxRetries: 0 }).submit_job({ ...ids, job_type: 5 }, id_info),
  'Utilities.get_job_status': (address) =>
    new Utilities('085', key, address, { maxRetries: 0 }).get_job_status('u', 'j'),
  'Utilities.get_smile_id_services': (address) => Utilities.get_smile_id_services(address, { maxRetries: 0 }),
}

export const clientAt = (baseUrl: string, more: Partial<ClientOptions> = {}): Client =>
  createClient({
    partnerId: '085',
    apiKey: key,
    environment: 'sandbox',
    baseUrl,
    maxRetries: 0,
    timeoutMs: 60_000,
    ...more,
  })
