/** Every public function of v3, each with input that is right. */
import { samplePhoto, type Emulator } from 'smileid-edge/emulator'
import type { Client } from 'smileid-edge/client'
import * as v3 from 'smileid-edge/v3'
import { called, collect, type Target } from './targets'

/** What the calls are made with, made anew now and then. */
export interface V3World {
  emulator: Emulator
  /** With a key. */
  client: Client
  /** With a token. */
  page: v3.TokenClient
  token: string
  /** Of a job that has ended. */
  job_id: string
  /** Of somebody whom a monitoring has found. */
  found: { job_id: string; reference: string }
  ref_id: string
  callback: v3.VerifiedCallback
  /** The same as it came. */
  received: { headers: Record<string, string>; body: Record<string, unknown> }
}

const callbackUrl = 'https://app.example/callback'
const options = () => ({
  timeoutMs: 1000,
  maxRetries: 0,
  maxRetryDelayMs: 10,
  signal: new AbortController().signal,
})

const person = () => ({
  user_details: {
    given_names: 'Amina Fatou',
    last_name: 'Clearwater',
    email: 'amina.clearwater@example.com',
    phone_number: '+2348000000001',
  },
  consent: {
    granted: true as const,
    granted_at: new Date(0),
    notice_language: 'EN',
    notice_privacy_policy_url: 'https://shop.example/privacy',
  },
})
const common = () => ({
  ...person(),
  user_id: 'u',
  callback_url: callbackUrl,
  partner_params: { order: 'A-1' },
  metadata: [{ name: 'a', value: 'b' }],
})
const idNumber = () => ({ country: 'NG', id_type: 'BVN', id_number: '00000000000' })
type JsonObject = Record<string, unknown>

const picture = samplePhoto()
const selfie = () => ({ selfie_image: picture, liveness_images: Array.from({ length: 6 }, () => picture) })
const screening = () => ({
  ...common(),
  full_name: 'Amina Clearwater',
  countries: ['NG', 'KE'] as [string, ...string[]],
  birth_year: 1990,
  strict_match: true,
  aliases: ['A. Clearwater'],
  search_existing_user: false as const,
})
const idTypes = (): v3.SupportedIdTypes => ({
  id_types: [
    { country: 'NG', type: 'BVN', label: 'BVN', regex: '^[0-9]{11}$', required_fields: ['country'] },
  ],
})
const lookups = () => ({ ...options(), maxAgeMs: 0 })
const tokenPayload = () => {
  const { user_details, consent } = person()
  return { ...idNumber(), ...user_details, callback_url: callbackUrl, consent }
}
const link = (): v3.SmileLinkInput => ({
  name: 'Onboarding',
  id_types: [{ country: 'NG', id_type: 'BVN', verification_method: 'enhanced_kyc' }],
  notice_privacy_policy_url: 'https://shop.example/privacy',
  callback_url: callbackUrl,
  description: 'x',
  logo_url: 'https://shop.example/logo.png',
  redirect_url: 'https://shop.example/done',
  theme_color: '#ffffff',
  expires_at: new Date('2199-01-01'),
  partner_params: { order: 'A-1' },
  is_single_use: true,
  user_id: `u${Math.random()}`,
})
const result = () => ({
  status: 'clear',
  product: 'enhanced_kyc',
  reason: null,
  antifraud: { summary: { fraud_detected: false } },
  partner_params: {},
})

/** For an emulator whose jobs end at once. */
export async function makeV3World({
  emulator,
  client,
}: Pick<V3World, 'emulator' | 'client'>): Promise<V3World> {
  const { user_details, consent } = person()
  const payload = { ...user_details, consent, callback_url: callbackUrl }
  const { token } = await v3.createToken(client, { user_id: 'u', payload })
  const { fetch, now, sleep } = emulator.clientOptions
  const { job_id } = await v3.submitEnhancedKyc(client, { ...common(), ...idNumber() })
  const request = await emulator.v3.callbackRequest(callbackUrl, {}, { job_id })
  const received = {
    headers: Object.fromEntries(request.headers),
    body: (await request.json()) as JsonObject,
  }
  return {
    emulator,
    client,
    page: v3.createTokenClient({ token, environment: 'sandbox', fetch, now, sleep }),
    token,
    job_id,
    found: await monitor({ emulator, client }),
    ref_id: (await v3.createSmileLink(client, link())).ref_id,
    callback: await v3.verifyCallback(client, received),
    received,
  }
}

async function monitor({ emulator, client }: Pick<V3World, 'emulator' | 'client'>) {
  emulator.v3.endNext({ status: 'attention', reason: 'news_media_match' })
  const { job_id } = await v3.submitAmlMonitoring(client, screening())
  const told = await emulator.v3.callbackRequest(callbackUrl, {}, { job_id })
  const { people } = (await told.json()) as v3.AmlMonitoringResult
  return { job_id, reference: people![0]!.reference! }
}

export function v3Targets(world: () => V3World): Readonly<Record<string, Target>> {
  const client = () => world().client
  const sent = (call: Target['call'], input: () => unknown, ofCall: () => unknown = options): Target =>
    called(call, client, input, ofCall)
  const checked = () => ({ ...options(), idTypes: idTypes() })
  const news = () => ({ ...world().found, news_category: 'regulatory', limit: 5 })
  const job = () => ({ job_id: world().job_id })
  const route = () => ({
    onVerdict() {},
    onProcessing() {},
    knows: () => true,
    onRefused() {},
    maxAgeMs: 1000,
  })
  const callbackInput = () => structuredClone(world().received)

  const targets: Record<string, Target> = {
    submitEnhancedKyc: sent(
      v3.submitEnhancedKyc as never,
      () => ({ ...common(), ...idNumber(), bank_code: '1', operator: 'x' }),
      checked,
    ),
    submitEnhancedKycSync: sent(v3.submitEnhancedKycSync as never, () => {
      const { callback_url: _, ...input } = common()
      return { ...input, ...idNumber() }
    }),
    submitBiometricKyc: sent(
      v3.submitBiometricKyc as never,
      () => ({ ...common(), ...idNumber(), ...selfie(), sandbox_result: 0 }),
      checked,
    ),
    submitDocumentVerification: sent(v3.submitDocumentVerification as never, () => ({
      ...common(),
      ...selfie(),
      country: 'NG',
      document: picture,
      document_back: picture,
    })),
    submitEnhancedDocumentVerification: sent(v3.submitEnhancedDocumentVerification as never, () => ({
      ...common(),
      ...selfie(),
      country: 'NG',
      id_type: 'PASSPORT',
      document: picture,
    })),
    submitResidencyDocumentVerification: sent(v3.submitResidencyDocumentVerification as never, () => ({
      ...common(),
      ...selfie(),
      country: 'NG',
      id_type: 'PASSPORT',
      document: picture,
      visa: picture,
    })),
    submitRegistration: sent(v3.submitRegistration as never, () => ({
      ...common(),
      ...selfie(),
      allow_new_enroll: true,
    })),
    'submitRegistration, with a token': called(
      v3.submitRegistration as never,
      () => world().page,
      selfie,
      options,
    ),
    submitAuthentication: sent(v3.submitAuthentication as never, () => ({
      ...common(),
      use_enrolled_image: true,
    })),
    submitCompare: sent(v3.submitCompare as never, () => ({
      ...common(),
      selfie_image: picture,
      comparison_image: picture,
      comparison_image_type: 'ID_PHOTO',
    })),
    submitOneTimeAml: sent(v3.submitOneTimeAml as never, screening),
    submitOneTimeAmlSync: sent(v3.submitOneTimeAmlSync as never, screening, () => ({
      ...options(),
      idempotencyKey: 'aml-0123456789abcdef',
    })),
    submitAmlMonitoring: sent(v3.submitAmlMonitoring as never, screening),
    getAmlMonitoringNews: sent(v3.getAmlMonitoringNews as never, () => ({ ...news(), page: 1 })),
    amlMonitoringNews: sent((...args: [never, never]) => collect(v3.amlMonitoringNews(...args)), news),
    submitAddressVerification: sent(v3.submitAddressVerification as never, () => ({
      ...common(),
      address: 'x',
      country: 'NG',
      utility_number: '1',
      utility_provider: 'IKEDC',
      utility_type: 'PrePaid',
    })),
    reportUserFraud: sent(v3.reportUserFraud as never, () => ({
      user_id: 'u',
      is_fraud: true,
      reason: 'OTHER',
      notes: 'x',
      reported_by: 'a@b.example',
    })),
    createSmileLink: sent(v3.createSmileLink as never, link),
    getSmileLink: sent(v3.getSmileLink, () => ({ ref_id: world().ref_id })),
    getBankCodes: sent(v3.getBankCodes, () => ({ country: 'NG' }), lookups),
    getSupportedIdTypes: sent(v3.getSupportedIdTypes, () => ({ country: 'NG' }), lookups),
    getSupportedDocuments: sent(
      v3.getSupportedDocuments as never,
      () => ({ continent: 'AFRICA', country_code: 'NG', locale: 'en-GB' }),
      lookups,
    ),
    getIdStatus: sent(v3.getIdStatus, () => ({ country: 'NG', id_type: 'BVN' }), lookups),
    tokenRequest: sent(v3.tokenRequest as never, () => ({
      path: '/v3/services/config',
      method: 'GET',
      fields: { a: { b: [1] } },
      repeatable: true,
    })),
    createToken: sent(v3.createToken as never, () => ({
      user_id: 'u',
      product: 'enhanced_kyc',
      partner_params: { a: 'b' },
      payload: tokenPayload(),
    })),
    readToken: called(v3.readToken, () => world().token),
    createTokenClient: called(v3.createTokenClient as never, () => ({
      token: world().token,
      environment: 'sandbox',
      baseUrl: 'https://api.example',
      hooks: { onRequest() {}, onError() {} },
      now: () => 0,
      timeoutMs: 1000,
    })),
    getVerificationStatus: sent(v3.getVerificationStatus, job),
    watchStatus: sent(
      (...args: [never, never, never]) => collect(v3.watchStatus(...args)),
      job,
      () => ({ ...options(), maxWaitMs: 1000, delayMs: () => 500 }),
    ),
    waitForVerdict: sent(v3.waitForVerdict, job, () => ({ ...options(), maxWaitMs: 1000 })),
    replayCallback: sent(v3.replayCallback, () => ({ ...job(), callback_url: callbackUrl })),
    verifyCallback: called(v3.verifyCallback as never, client, callbackInput, () => ({
      maxAgeMs: Infinity,
      maxBytes: 1000,
    })),
    confirmCallback: called(v3.confirmCallback, client, () => structuredClone(world().callback), options),
    createCallbackHandler: called(
      (...[by, given, asked]: [never, never, never]) => v3.createCallbackHandler(by, given)(asked),
      client,
      () => ({ ...route(), v1: async () => new Response() }),
      () => {
        const { headers, body } = callbackInput()
        return new Request(callbackUrl, { method: 'POST', headers, body: JSON.stringify(body) })
      },
    ),
    isResultOf: called(v3.isResultOf as never, result, () => 'enhanced_kyc'),
    interpretVerdict: called(v3.interpretVerdict as never, result),
    enhancedKycFrom: called(
      v3.enhancedKycFrom as never,
      () => ({
        partner_params: { user_id: 'u', job_id: 'j', extra: { more: ['x'] } },
        id_info: { ...idNumber(), first_name: 'Amina', middle_name: 'F', last_name: 'C', phone_number: '1' },
      }),
      () => ({ consent: person().consent, email: 'a@b.example', phone_number: '+2348000000001' }),
    ),
    verdictFrom: called(v3.verdictFrom as never, () => ({
      job_complete: true,
      result: { ResultCode: '1020', Actions: {}, PartnerParams: { job_type: '5' } },
    })),
  }
  return Object.fromEntries(Object.entries(targets).map(([name, target]) => [`v3.${name}`, target]))
}
