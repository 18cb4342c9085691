/** Checks that most operations share, in the documented words. */
import { isObject } from '../../input/objects.ts'
import { badRequest, missing, v3Error } from './answers.ts'
import { consentFlaw } from './consent.ts'
import { idTypeOf, isIdNumber } from './id-types.ts'
import type { V3Operation } from '../../wire/v3-operations.ts'
import { booleanOf, isCallbackUrl, isCountryCode, isEmail, isPhoneNumber, isTextRecord } from './shapes.ts'
import type { Check, Submission } from './submission.ts'

const ENHANCED_KYC: readonly V3Operation[] = ['v3/enhanced_kyc', 'v3/enhanced_kyc/sync']

const isAml = ({ call }: Submission) => call.operation.startsWith('v3/aml')
const isEnhancedKyc = ({ call }: Submission) => ENHANCED_KYC.includes(call.operation)

/** All users that the request names must be the same. */
const sameUser: Check = ({ call, namedUsers }) => {
  const isSame = namedUsers.every((id) => id === namedUsers[0])
  return isSame ? undefined : v3Error(call.operation, 403, 'Token is not authorized for this user ID.')
}

const consent: Check = (submission) => {
  const { state, call, consent: given } = submission
  if (given.isBound) return undefined
  if (!given.isGiven && isEnhancedKyc(submission)) return badRequest(call.operation, 'consent is required')
  const flaw = consentFlaw(given.value, { place: 'body', now: state.now() })
  if (!flaw) return undefined
  const name = `consent.${flaw.member}`
  if (!flaw.isFuture) return missing(call.operation, name)
  return badRequest(call.operation, `Required field '${name}' cannot be set in the future.`)
}

const userDetails: Check = (submission) => {
  const { call, details } = submission
  const isGiven = Object.keys(details).length > 0
  if (!isGiven && !isAml(submission)) return missing(call.operation, 'user_details')
  for (const name of ['given_names', 'last_name']) {
    const value = details[name]
    if (typeof value !== 'string' || value.trim() === '') {
      return missing(call.operation, `user_details.${name}`)
    }
  }
  return contact(submission)
}

function contact(submission: Submission) {
  const { call, details } = submission
  const email = details.email ?? undefined
  const phone = details.phone_number ?? undefined
  if (email === undefined && phone === undefined) {
    const isMonitored = isAml(submission)
    return badRequest(
      call.operation,
      isMonitored
        ? 'Either user_details.email or user_details.phone_number is required.'
        : 'Either email or phone_number is required.',
    )
  }
  if (email !== undefined && !isEmail(email)) return wrongContact(submission, 'email')
  if (phone !== undefined && !isPhoneNumber(phone)) return wrongContact(submission, 'phone_number')
  return undefined
}

function wrongContact(submission: Submission, name: 'email' | 'phone_number') {
  const { operation } = submission.call
  if (isEnhancedKyc(submission)) return badRequest(operation, `Field '${name}' is invalid.`)
  return missing(operation, `user_details.${name}`)
}

/** A result that is delivered needs somewhere to go. */
const callbackUrl: Check = ({ call, callbackUrl: url, rules }) => {
  if (isCallbackUrl(url)) return undefined
  const isOneTimeAml = call.operation === 'v3/aml' || call.operation === 'v3/aml/sync'
  const isNeeded = rules.delivery === 'callback'
  if (!isNeeded && (url === undefined || !isOneTimeAml)) return undefined
  if (isOneTimeAml) return missing(call.operation, 'callback_url')
  return badRequest(
    call.operation,
    'A valid callback_url is required in the request or a default callback URL must be configured ' +
      'in the portal.',
  )
}

const extras: Check = ({ call }) => {
  const { form, operation } = call
  if (form.has('partner_params') && !isTextRecord(form.json('partner_params'))) {
    return missing(operation, 'partner_params')
  }
  if (form.has('metadata') && !isMetadata(form.json('metadata'))) return missing(operation, 'metadata')
  const result = form.text('sandbox_result')
  if (result !== undefined && !/^\d+$/.test(result)) return missing(operation, 'sandbox_result')
  return undefined
}

function isMetadata(value: unknown): boolean {
  return Array.isArray(value) && value.every(isEntry)
}

function isEntry(value: unknown): boolean {
  if (!isObject(value)) return false
  const { name, value: text } = value
  return isText(name, 100) && isText(text, 1000)
}

function isText(value: unknown, most: number): boolean {
  return typeof value === 'string' && value.length <= most
}

/** What every submission is asked for, after what its product asks for. */
export const COMMON: readonly Check[] = [consent, userDetails, callbackUrl, extras, sameUser]

export const country: Check = ({ call, text }) =>
  isCountryCode(text('country')) ? undefined : missing(call.operation, 'country')

export const idType: Check = ({ call, text }) =>
  text('id_type') ? undefined : missing(call.operation, 'id_type')

/** The ID type must be one of the country's. */
export const enabledIdType: Check = (submission) => {
  const { call, text } = submission
  if (idTypeOf(text('country')!, text('id_type')!)) return undefined
  if (call.operation === 'v3/enhanced_kyc/sync') return missing(call.operation, 'id_type')
  return v3Error(call.operation, 403, 'ID type not enabled for this partner.')
}

export const idNumber: Check = (submission) => {
  const { call, text } = submission
  const given = text('id_number')
  if (!given) return missing(call.operation, 'id_number')
  const type = idTypeOf(text('country')!, text('id_type')!)!
  if (text('id_type') === 'BANK_ACCOUNT' && !text('bank_code')) return missing(call.operation, 'bank_code')
  if (isIdNumber(type, given)) return undefined
  if (call.operation === 'v3/enhanced_kyc/sync') return missing(call.operation, 'id_number')
  return badRequest(call.operation, 'Invalid ID number format for the specified country and ID type.')
}

/** Counts the lookups of a number; the last check, since what is refused is none. */
export const idNumberLimit: Check = ({ state, call, text }) => {
  const key = [call.partner.id, text('country'), text('id_type'), text('id_number')].join(':')
  const count = (state.idNumberRequests.get(key) ?? 0) + 1
  if (count > state.choices.idNumberLimit) return v3Error(call.operation, 429)
  state.idNumberRequests.set(key, count)
  return undefined
}

/** A flag, where it is given. */
export function flag(name: string): Check {
  return ({ call }) => {
    const text = call.form.text(name)
    return text === undefined || booleanOf(text) !== undefined ? undefined : missing(call.operation, name)
  }
}
