// What compiles of screenings, addresses, fraud reports and Smile Links, and what must not: checked by the
// compiler, never run.
import type { Client } from 'smileid-edge/client'
import * as v3 from 'smileid-edge/v3'

declare const client: Client
declare const page: v3.TokenClient
declare const maybe: string | undefined
const consent: v3.Consent = {
  granted: true,
  granted_at: new Date(),
  notice_language: 'EN',
  notice_privacy_policy_url: 'https://a.example',
}
const user_details: v3.UserDetails = { given_names: 'A', last_name: 'B', email: 'a@b.example' }
const common = { consent, user_details }
const screened = { ...common, countries: ['NG'], full_name: 'A B' } satisfies v3.OneTimeAml

export function screenings() {
  void v3.submitOneTimeAml(client, { ...screened, callback_url: maybe, birth_year: 1990 })
  void v3.submitOneTimeAmlSync(client, screened, { idempotencyKey: 'aml-0123456789abcdef' })
  void v3.submitOneTimeAml(page, { countries: ['NG'], full_name: 'A B' })
  // @ts-expect-error neither of which a token can carry
  void v3.submitOneTimeAml(page, {})
  // @ts-expect-error a gate needs a user
  void v3.submitOneTimeAml(client, { ...screened, search_existing_user: true })
  // @ts-expect-error one country at least
  void v3.submitOneTimeAml(client, { ...screened, countries: [] })
  // @ts-expect-error no key on the asynchronous one
  void v3.submitOneTimeAml(client, screened, { idempotencyKey: 'x' })
  // @ts-expect-error a typo
  void v3.submitOneTimeAml(client, { ...screened, alias: ['A'] })
  void v3.submitAmlMonitoring(client, {
    ...common,
    countries: ['NG'],
    search_existing_user: true,
    user_id: 'u',
  })
  // @ts-expect-error a name, or a user
  void v3.submitAmlMonitoring(client, { ...common, countries: ['NG'] })
}

export async function news() {
  const query = { job_id: 'm', reference: 'r', news_category: 'terrorism' } as const
  const pages = v3.amlMonitoringNews(client, query)
  const last = await pages.next()
  // @ts-expect-error all pages have no number
  v3.amlMonitoringNews(client, { ...query, page: 2 })
  // @ts-expect-error no such category
  void v3.getAmlMonitoringNews(client, { ...query, news_category: 'gossip' })
  return last.done ? `${last.value.complete}` : last.value.title
}

export function addresses() {
  void v3.submitAddressVerification(client, { ...common, address: 'x', country: 'ZA', id_number: '1' })
  // @ts-expect-error Nigeria needs the utility
  void v3.submitAddressVerification(client, { ...common, address: 'x', country: 'NG', id_number: '1' })
  // @ts-expect-error no such country
  void v3.submitAddressVerification(client, { ...common, address: 'x', country: 'KE', id_number: '1' })
}

export function reports() {
  const report = { user_id: 'u', reported_by: 'a@b.example' }
  void v3.reportUserFraud(client, { ...report, is_fraud: true, reason: 'MULE_ACCOUNT' })
  void v3.reportUserFraud(client, { ...report, is_fraud: false, notes: 'a mistake' })
  // @ts-expect-error OTHER needs notes
  void v3.reportUserFraud(client, { ...report, is_fraud: true, reason: 'OTHER' })
  // @ts-expect-error so does clearing
  void v3.reportUserFraud(client, { ...report, is_fraud: false })
}

export async function links() {
  const link = { name: 'x', notice_privacy_policy_url: 'https://a.example' }
  const id_types = [{ country: 'NG', id_type: 'NIN', verification_method: 'enhanced_kyc' }] as const
  const made = await v3.createSmileLink(client, { ...link, id_types, is_single_use: true, user_id: maybe })
  void v3.getSmileLink(client, made)
  // @ts-expect-error one ID type at least
  void v3.createSmileLink(client, { ...link, id_types: [], is_single_use: true })
  // @ts-expect-error a link of many has no user
  void v3.createSmileLink(client, { ...link, id_types, is_single_use: false, user_id: 'u' })
}

export async function services() {
  const idTypes = await v3.getSupportedIdTypes(client, { country: 'NG' }, { maxAgeMs: 0 })
  const id = { country: 'NG', id_type: 'NIN', id_number: '1' }
  void v3.submitEnhancedKyc(client, { ...common, ...id }, { idTypes })
  // @ts-expect-error no such locale
  void v3.getSupportedDocuments(client, { locale: 'de-DE' })
  // @ts-expect-error both are needed
  void v3.getIdStatus(client, { country: 'NG' })
}
