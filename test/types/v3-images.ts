// What compiles of submissions with images, and what must not: checked by the compiler, never run.
import type { Client } from 'smileid-edge/client'
import * as v3 from 'smileid-edge/v3'

declare const client: Client
declare const page: v3.TokenClient
declare const either: v3.V3Client
declare const photo: Blob
declare const maybe: string | undefined
const frames = [photo, photo, photo, photo, photo, photo]
const consent: v3.Consent = {
  granted: true,
  granted_at: new Date(),
  notice_language: 'EN',
  notice_privacy_policy_url: 'https://a.example',
}
const user_details: v3.UserDetails = { given_names: 'A', last_name: 'B', email: 'a@b.example' }
const selfie = { selfie_image: photo, liveness_images: frames }
const common = { consent, user_details }

export function registrations() {
  // a token may carry what a client with a key has to give
  void v3.submitRegistration(page, selfie)
  void v3.submitRegistration(client, { ...selfie, ...common, user_id: maybe, callback_url: maybe })
  void v3.submitRegistration(either, { ...selfie, ...common })
  // @ts-expect-error consent and user_details
  void v3.submitRegistration(client, selfie)
  // @ts-expect-error images cannot be in a token
  void v3.submitRegistration(page, {})
  // @ts-expect-error a typo, whichever client it is
  void v3.submitRegistration(either, { ...selfie, selfie: photo })
  // @ts-expect-error a typo
  void v3.submitRegistration(client, { ...selfie, ...common, user_detials: user_details })
  const nowhere = { given_names: 'A', last_name: 'B' }
  // @ts-expect-error no contact
  void v3.submitRegistration(client, { ...selfie, consent, user_details: nowhere })
  // @ts-expect-error not granted
  void v3.submitRegistration(client, { ...selfie, user_details, consent: { ...consent, granted: false } })
  // @ts-expect-error numbers in partner_params are refused
  void v3.submitRegistration(client, { ...selfie, ...common, partner_params: { order: 1 } })
}

export function authentications() {
  void v3.submitAuthentication(client, { ...common, user_id: 'u', use_enrolled_image: true })
  void v3.submitAuthentication(client, { ...common, user_id: 'u', ...selfie })
  void v3.submitAuthentication(page, { use_enrolled_image: true })
  // @ts-expect-error either a selfie or the one on file
  void v3.submitAuthentication(client, { ...common, user_id: 'u' })
  // @ts-expect-error no user
  void v3.submitAuthentication(client, { ...common, use_enrolled_image: true })
}

export function documents() {
  const images = { ...common, ...selfie, document: photo }
  const residency = { ...images, country: 'NG', visa: photo }
  void v3.submitDocumentVerification(client, { ...images, country: 'NG' })
  void v3.submitResidencyDocumentVerification(client, { ...residency, id_type: 'PASSPORT' })
  // @ts-expect-error PASSPORT alone
  void v3.submitResidencyDocumentVerification(client, { ...residency, id_type: 'NIN' })
  // @ts-expect-error id_type is needed
  void v3.submitEnhancedDocumentVerification(client, { ...images, country: 'NG' })
}
