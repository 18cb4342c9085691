// What compiles of Enhanced KYC and tokens, and what must not: checked by the compiler, never run.
import type { Client } from 'smileid-edge/client'
import { isSmileIdError } from 'smileid-edge/errors'
import * as v3 from 'smileid-edge/v3'

declare const client: Client
declare const page: v3.TokenClient
declare const either: v3.V3Client
declare const maybe: string | undefined
const consent: v3.Consent = {
  granted: true,
  granted_at: new Date(),
  notice_language: 'EN',
  notice_privacy_policy_url: 'https://a.example',
}
const user_details: v3.UserDetails = { given_names: 'A', last_name: 'B', email: 'a@b.example' }
const common = { consent, user_details }
const id = { country: 'NG', id_type: 'BVN', id_number: '1' }

export function kyc() {
  void v3.submitEnhancedKyc(client, { ...common, ...id, user_id: maybe, callback_url: maybe })
  // a token may carry what a client with a key has to give
  void v3.submitEnhancedKycSync(page, {})
  void v3.submitEnhancedKyc(either, { ...common, ...id })
  // @ts-expect-error consent and user_details
  void v3.submitEnhancedKyc(client, id)
  // @ts-expect-error a typo, whichever client it is
  void v3.submitEnhancedKyc(either, { ...common, ...id, id_nubmer: '1' })
  // @ts-expect-error no contact
  void v3.submitEnhancedKyc(client, { ...id, consent, user_details: { given_names: 'A', last_name: 'B' } })
  // @ts-expect-error not granted
  void v3.submitEnhancedKyc(client, { ...id, user_details, consent: { ...consent, granted: false } })
  // @ts-expect-error numbers in partner_params are refused
  void v3.submitEnhancedKyc(client, { ...common, ...id, partner_params: { order: 1 } })
  // @ts-expect-error no sandbox_result here
  void v3.submitEnhancedKyc(client, { ...common, ...id, sandbox_result: 1 })
  // @ts-expect-error no callback is sent
  void v3.submitEnhancedKycSync(client, { ...common, ...id, callback_url: 'https://a.example' })
}

export function tokens() {
  void v3.createToken(client, { product: 'enhanced_kyc' })
  // @ts-expect-error a token makes no tokens
  void v3.createToken(page)
  // @ts-expect-error a product of v1
  void v3.createToken(client, { product: 'doc_verification' })
}

export function narrow(error: unknown): string {
  if (isSmileIdError(error, 'provider_timeout', 'authority_unavailable'))
    return error.smileJobId ?? error.code
  // @ts-expect-error no such code
  if (isSmileIdError(error, 'provider_time')) return ''
  return ''
}
