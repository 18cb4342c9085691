/** What screenings are asked for. */
import { badRequest, missing, v3Error } from './answers.ts'
import { COMMON, flag } from './checks.ts'
import { hasEnded } from './jobs.ts'
import { booleanOf, isCountryCode } from './shapes.ts'
import type { Check, Submission } from './submission.ts'
import { userOf } from './users.ts'

const isMonitoring = ({ call }: Submission) => call.operation === 'v3/aml/monitoring'

/** Whether the screening is about a user whom the service knows. */
function searchesExistingUser({ call }: Pick<Submission, 'call'>): boolean {
  return booleanOf(call.form.text('search_existing_user')) === true
}

/** One part with a JSON array: a part for each country is none. */
const countries: Check = (submission) => {
  const { call } = submission
  const list = call.form.json('countries')
  const isRepeated = call.form.count('countries') > 1 && !isMonitoring(submission)
  const isList = Array.isArray(list) && list.length > 0 && list.every(isCountryCode)
  return isList && !isRepeated ? undefined : missing(call.operation, 'countries')
}

const fullName: Check = (submission) => {
  const { call } = submission
  if (isMonitoring(submission) && searchesExistingUser(submission)) return undefined
  return call.form.text('full_name') ? undefined : missing(call.operation, 'full_name')
}

const birthYear: Check = (submission) => {
  const { state, call } = submission
  const text = call.form.text('birth_year')
  if (text === undefined) return undefined
  const isYear = /^[1-9]\d{3}$/.test(text) && Number(text) <= new Date(state.now()).getUTCFullYear()
  if (isYear) return undefined
  const message = isMonitoring(submission)
    ? "Field 'birth_year' must be a four digit year."
    : "Field 'birth_year' is invalid."
  return badRequest(call.operation, message)
}

const strictMatch: Check = ({ call }) => {
  const text = call.form.text('strict_match')
  const isRight = text === undefined || booleanOf(text) !== undefined
  return isRight ? undefined : badRequest(call.operation, "Field 'strict_match' is invalid.")
}

const aliases: Check = ({ call }) => {
  if (!call.form.has('aliases')) return undefined
  const list = call.form.json('aliases')
  if (!Array.isArray(list) || !list.every((alias) => typeof alias === 'string')) {
    return missing(call.operation, 'aliases')
  }
  if (list.length > 20) {
    return badRequest(call.operation, "Field 'aliases' must contain at most 20 entries.")
  }
  const isShort = list.every((alias) => alias.length <= 256)
  return isShort
    ? undefined
    : badRequest(call.operation, "Field 'aliases' entries must be at most 256 characters.")
}

const namedUser: Check = (submission) => {
  const { call, userId } = submission
  if (!searchesExistingUser(submission) || userId !== undefined) return undefined
  const message = "Required field 'user_id' is missing or invalid when search_existing_user is true."
  return badRequest(call.operation, message)
}

/** The user must be enrolled, and have been identified before. */
const knownUser: Check = (submission) => {
  const { state, call, userId } = submission
  if (!searchesExistingUser(submission) || userId === undefined) return undefined
  const user = userOf(state, call, userId)
  if (!user || user.state === 'deleted') return v3Error(call.operation, 404)
  if (hasPriorRecord(submission, userId)) return undefined
  const message = 'No prior KYC record with a usable name and country was found for this user.'
  return v3Error(call.operation, 404, message)
}

const WITH_RECORD = [
  'biometric_kyc',
  'document_verification',
  'enhanced_document_verification',
  'residency_document_verification',
]

function hasPriorRecord({ state, call }: Submission, userId: string): boolean {
  return [...state.jobs.values()].some(
    (job) =>
      job.partner === call.partner &&
      job.environment === call.environment &&
      job.user_id === userId &&
      WITH_RECORD.includes(job.product) &&
      hasEnded(state, job) &&
      job.details.id_fields !== undefined,
  )
}

export const SCREENING_CHECKS: readonly Check[] = [
  countries,
  flag('search_existing_user'),
  fullName,
  birthYear,
  strictMatch,
  aliases,
  namedUser,
  ...COMMON,
  knownUser,
]
