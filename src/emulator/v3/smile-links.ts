/** `POST /v3/smile_links` and `GET /v3/smile_links/{refId}`. */
import { isObject } from '../../input/objects.ts'
import type { JsonObject } from '../model.ts'
import { uuid } from '../random.ts'
import { acted, answer, badRequest, missing, v3Error } from './answers.ts'
import { newId } from './jobs.ts'
import type { V3Answer, V3Call, V3State } from './model.ts'
import { booleanOf, isCountryCode, isTextRecord } from './shapes.ts'

/** How long a link for one person is good unless it says so itself: 90 days. */
const LIFETIME_MS = 90 * 86_400_000
const TEXTS = ['callback_url', 'description', 'logo_url', 'redirect_url', 'theme_color']

export function createSmileLink(state: V3State, call: V3Call): V3Answer {
  const refusal = refuseLink(call)
  if (refusal) return refusal
  const { form, partner } = call
  const isSingleUse = booleanOf(form.text('is_single_use'))!
  const wanted = form.text('user_id')
  if (wanted !== undefined && isTaken(state, call, wanted)) return v3Error(call.operation, 409)
  const user_id = isSingleUse ? (wanted ?? newId(state, 'user')) : null
  const ref_id = uuid(() => state.random())
  const link = `https://links.usesmileid.com/v3/${partner.stripped}/${ref_id}`
  const texts = TEXTS.map((name) => [name, form.text(name)]).filter(([, text]) => text !== undefined)
  state.links.set(`${partner.id}:${ref_id}`, {
    ref_id,
    link,
    name: form.text('name'),
    description: null,
    id_types: form.json('id_types'),
    is_single_use: isSingleUse,
    notice_privacy_policy_url: form.text('notice_privacy_policy_url'),
    redirect_url: null,
    ...Object.fromEntries(texts),
    expires_at: expiryOf(state, call, isSingleUse),
    partner_params: form.json('partner_params') ?? null,
    user_id,
  })
  return acted(201, { link, message: 'Smile Link created', ref_id, user_id })
}

export function getSmileLink(state: V3State, call: V3Call): V3Answer {
  const { refId = '' } = call.path
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(refId)) {
    return badRequest(call.operation, 'refId must be a valid link id')
  }
  const found = state.links.get(`${call.partner.id}:${refId.toLowerCase()}`)
  return found ? answer(200, found) : v3Error(call.operation, 404)
}

function refuseLink({ operation, form }: V3Call): V3Answer | undefined {
  const types = form.json('id_types')
  if (!Array.isArray(types) || types.length === 0 || !types.every(isIdType))
    return missing(operation, 'id_types')
  const absent = ['name', 'notice_privacy_policy_url'].find((name) => !form.text(name))
  if (absent !== undefined) return missing(operation, absent)
  if (booleanOf(form.text('is_single_use')) === undefined) return missing(operation, 'is_single_use')
  const expiry = form.text('expires_at')
  if (expiry !== undefined && Number.isNaN(Date.parse(expiry))) return missing(operation, 'expires_at')
  if (form.has('partner_params') && !isTextRecord(form.json('partner_params'))) {
    return missing(operation, 'partner_params')
  }
  return undefined
}

/** Three members, and no others. */
function isIdType(value: unknown): boolean {
  if (!isObject(value)) return false
  const { country, id_type, verification_method, ...others } = value
  const areTexts = [id_type, verification_method].every((text) => typeof text === 'string' && text !== '')
  return isCountryCode(country) && areTexts && Object.keys(others).length === 0
}

function isTaken({ links }: V3State, { partner }: V3Call, user_id: string): boolean {
  return [...links].some(([key, link]) => key.startsWith(`${partner.id}:`) && link.user_id === user_id)
}

function expiryOf(state: V3State, { form }: V3Call, isSingleUse: boolean): JsonObject[string] {
  const given = form.text('expires_at')
  if (given !== undefined) return given
  return isSingleUse ? new Date(state.now() + LIFETIME_MS).toISOString() : null
}
