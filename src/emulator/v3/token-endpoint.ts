/** `POST /v3/token`. */
import { isObject } from '../../input/objects.ts'
import type { JsonObject } from '../model.ts'
import { answer, badRequest, missing, v3Error } from './answers.ts'
import { consentFlaw, hasOtherMembers } from './consent.ts'
import { countryCode, idTypeOf, isIdNumber } from './id-types.ts'
import type { V3Answer, V3Call, V3State } from './model.ts'
import { isPhoneNumber, isTextRecord, urlOf } from './shapes.ts'
import { issueToken, referTo } from './tokens.ts'

const OPERATION = 'v3/token'

const PRODUCTS = [
  'aml',
  'basic_kyc',
  'one_time_aml',
  'biometric_kyc',
  'address_verification',
  'document_verification',
  'enhanced_document_verification',
  'enhanced_kyc',
  'phone_number_verification',
  'smart_selfie_authentication',
  'smart_selfie_registration',
  'smart_selfie_compare',
]

/** What a token may carry; personal values become references. */
const PERSONAL = ['id_number', 'given_names', 'last_name', 'email', 'phone_number']
const TEXTS = ['country', 'id_type', 'callback_url', ...PERSONAL]

export async function token(state: V3State, call: V3Call): Promise<V3Answer> {
  const { form, partner, environment, url } = call
  const partner_params = form.json('partner_params')
  if (form.has('partner_params') && !isTextRecord(partner_params)) return missing(OPERATION, 'partner_params')
  const product = form.text('product')
  if (product !== undefined && !PRODUCTS.includes(product)) return missing(OPERATION, 'product')
  const user_id = form.text('user_id')
  if (user_id === '') return missing(OPERATION, 'user_id')
  const given = form.has('payload') ? form.json('payload') : {}
  if (!isObject(given)) return missing(OPERATION, 'payload')
  const refusal = refusePayload(state, given)
  if (refusal) return refusal
  const issued = await issueToken(state, {
    partner,
    environment,
    origin: url.origin,
    user_id,
    product,
    partner_params: isTextRecord(partner_params) ? partner_params : undefined,
    payload: await readablePayload(state, given),
  })
  return answer(200, { token: issued })
}

/** Lets a partner in by its key. */
export function authorizeByKey(state: V3State, headers: Headers): V3Call['partner'] | V3Answer {
  for (const name of ['smileid-partner-id', 'smileid-api-key']) {
    if (!headers.get(name)) return badRequest(OPERATION, `${name} header is required.`)
  }
  const id = headers.get('smileid-partner-id')
  const key = headers.get('smileid-api-key')
  const found = state.partners.find(({ stripped, apiKey }) => stripped === id && apiKey === key)
  return found ?? v3Error(OPERATION, 401)
}

function refusePayload(state: V3State, payload: JsonObject): V3Answer | undefined {
  const wrong = Object.keys(payload).find((name) => name !== 'consent' && !isFilledText(name, payload[name]))
  if (wrong !== undefined) return missing(OPERATION, wrong)
  const { country, id_type, id_number, phone_number, callback_url, consent } = payload
  const code = country === undefined ? undefined : countryCode(country as string)
  if (country !== undefined && code === undefined) return missing(OPERATION, 'country')
  if (code !== undefined && id_type !== undefined) {
    const type = idTypeOf(code, id_type as string)
    if (!type) return missing(OPERATION, 'id_type')
    if (id_number !== undefined && !isIdNumber(type, id_number as string)) {
      return badRequest(OPERATION, 'Invalid ID number format for the specified country and ID type.')
    }
  }
  if (phone_number !== undefined && !isPhoneNumber(phone_number)) {
    return missing(OPERATION, 'phone_number')
  }
  if (callback_url !== undefined && !isBoundCallback(state, callback_url as string)) {
    return missing(OPERATION, 'callback_url')
  }
  return consent === undefined ? undefined : refuseConsent(state, consent)
}

function isFilledText(name: string, value: unknown): boolean {
  return TEXTS.includes(name) && typeof value === 'string' && value !== ''
}

/** A URL, or what an earlier token made of one. */
function isBoundCallback(state: V3State, value: string): boolean {
  return value.startsWith('callback_') ? state.bound.has(value) : urlOf(value) !== undefined
}

function refuseConsent(state: V3State, consent: unknown): V3Answer | undefined {
  if (hasOtherMembers(consent)) return missing(OPERATION, 'consent')
  const flaw = consentFlaw(consent, { place: 'token', now: state.now() })
  return flaw && missing(OPERATION, `consent.${flaw.member}`)
}

/** The payload as the token carries it. */
async function readablePayload(state: V3State, given: JsonObject): Promise<JsonObject> {
  const payload: JsonObject = {}
  for (const [name, value] of Object.entries(given)) payload[name] = await readable(state, name, value)
  return payload
}

async function readable(state: V3State, name: string, value: unknown): Promise<unknown> {
  if (PERSONAL.includes(name)) return referTo(state, 'pii', value as string)
  if (name === 'callback_url') {
    const url = value as string
    return url.startsWith('callback_') ? url : referTo(state, 'callback', url)
  }
  if (name === 'country') return countryCode(value as string)
  if (name !== 'consent') return value
  const consent = value as { notice_language: string }
  return { ...consent, notice_language: consent.notice_language.toUpperCase() }
}
