/** `POST /v3/users/{user_id}/report_fraud`: blocks a user, or takes that back. */
import { acted, badRequest, missing, v3Error } from './answers.ts'
import { type V3Answer, type V3Call, type V3State, v3UserKey } from './model.ts'
import { booleanOf, isEmail } from './shapes.ts'
import { userOf } from './users.ts'

const REASONS = [
  'FIRST_PARTY_FRAUD',
  'SECOND_PARTY_FRAUD',
  'THIRD_PARTY_FRAUD',
  'SYNTHETIC_IDENTITY',
  'ACCOUNT_TAKEOVER',
  'DOCUMENT_FORGERY',
  'IDENTITY_FARMING',
  'MULE_ACCOUNT',
  'OTHER',
]

export function reportFraud(state: V3State, call: V3Call): V3Answer {
  const refusal = refuseReport(call)
  if (refusal) return refusal
  const { user_id = '' } = call.path
  const user = userOf(state, call, user_id)
  if (!user || user.state === 'deleted') return v3Error(call.operation, 404)
  const key = v3UserKey(call.partner, user_id)
  if (booleanOf(call.form.text('is_fraud'))) state.flaggedUsers.add(key)
  else state.flaggedUsers.delete(key)
  return acted(202, { status: 'accepted', message: 'Fraud report accepted', user_id })
}

function refuseReport({ operation, form }: V3Call): V3Answer | undefined {
  const isFraud = booleanOf(form.text('is_fraud'))
  if (isFraud === undefined) return missing(operation, 'is_fraud')
  const reason = form.text('reason')
  if (isFraud && !reason) return missing(operation, 'reason')
  if (isFraud && !REASONS.includes(reason!)) {
    return badRequest(operation, `Field 'reason' must be one of: ${REASONS.join(', ')}.`)
  }
  const notes = form.text('notes')
  if (!isFraud && !notes) {
    return badRequest(operation, "Required field 'notes' is missing or invalid when is_fraud is false.")
  }
  if (reason === 'OTHER' && !notes) {
    return badRequest(operation, "Required field 'notes' is missing or invalid when reason is 'OTHER'.")
  }
  if (notes !== undefined && notes.length > 500) {
    return badRequest(operation, "Field 'notes' must be at most 500 characters.")
  }
  if (!form.text('reported_by')) return missing(operation, 'reported_by')
  const isReporter = isEmail(form.text('reported_by'))
  return isReporter ? undefined : badRequest(operation, "Field 'reported_by' must be a valid email address.")
}
