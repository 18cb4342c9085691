/** The body of a callback, which synchronous replies have, too. */
import { withoutUndefined } from '../../input/objects.ts'
import type { JsonObject } from '../model.ts'
import type { Outcome } from './identities.ts'
import type { V3Job, V3State } from './model.ts'
import type { Submission } from './submission.ts'

const ONE_TIME_AML = 'one_time_aml'
/** Of an AML job's `partner_params`, these are the service's own, and left out. */
const RESERVED = ['_sandbox_v3', 'job_id', 'job_type', 'user_id']

export function resultOf(state: V3State, job: V3Job, progress: 'ended' | 'processing' = 'ended'): JsonObject {
  const isEnd = progress === 'ended'
  const { status, reason, message } = isEnd
    ? job.verdict
    : { status: 'processing', reason: null, message: 'Verification is still processing' }
  const isError = status === 'error'
  return {
    ...idsOf(state, job),
    status,
    message,
    reason,
    product: job.product,
    created_at: new Date(job.createdAt).toISOString(),
    completed_at: isEnd ? new Date(job.completedAt).toISOString() : null,
    partner_params: partnerParamsOf(state, job),
    kyc_receipt: isError || !isEnd ? null : `https://receipts.example/${job.job_id}`,
    ...(isEnd ? job.details : {}),
  }
}

/** In the body itself, where that was chosen. */
function idsOf({ choices }: V3State, { job_id, user_id }: V3Job): JsonObject {
  return choices.callbackIds === 'headers_and_params' ? {} : { job_id, user_id }
}

function partnerParamsOf({ choices }: V3State, job: V3Job): JsonObject | null {
  const { partnerParams, job_id, user_id } = job
  if (job.product === ONE_TIME_AML) {
    const kept = Object.entries(partnerParams).filter(([name]) => !RESERVED.includes(name))
    return kept.length > 0 ? Object.fromEntries(kept) : null
  }
  if (choices.callbackIds !== 'headers_and_params') return { ...partnerParams }
  return { job_id, user_id, ...partnerParams }
}

/** What most results say: who was named, under which consent, and how suspicious it is. */
export function commonDetails(submission: Submission, { reason, status }: Outcome): JsonObject {
  const isRisky = reason === 'high_risk'
  return {
    user_provided_info: providedInfo(submission),
    antifraud: {
      fraud_risk: { risk_level: isRisky ? 'high' : 'low', risk_score: isRisky ? 92 : 12 },
      smile_secure: { status: isRisky ? 'attention' : 'clear', suspect_users: [] },
      summary: { fraud_detected: isRisky || (status === 'block' && reason === 'spoof_detected') },
    },
    device_signals: null,
    consent: { schema_version: 'ISO27560-v1' },
  }
}

export function providedInfo({ details }: Submission): JsonObject {
  const { given_names, last_name, email, phone_number } = details
  return { given_names, last_name, email: email ?? null, phone_number: phone_number ?? null }
}

/** What the ID authority or the document said: nothing where the verdict is a block or an error. */
export function idFields(submission: Submission, { status }: Outcome): JsonObject {
  if (status === 'block' || status === 'error') return {}
  const { text, details } = submission
  const { given_names, last_name } = details
  return {
    id_fields: {
      ...withoutUndefined({
        country: text('country'),
        id_type: text('id_type') ?? 'PASSPORT',
        id_number: text('id_number') ?? 'A00000000',
      }),
      first_name: given_names,
      last_name,
      other_names: null,
      full_name: `${String(given_names)} ${String(last_name)}`,
      date_of_birth: '1990-01-01',
      gender: 'F',
      issuance_date: '2020-01-01',
      expiration_date: '2030-01-01',
      address: null,
    },
  }
}
