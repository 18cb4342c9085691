/** `POST /v3/replay/{job_id}`: a callback, once more. */
import { acted, badRequest, v3Error } from './answers.ts'
import { hasEnded } from './jobs.ts'
import type { V3Answer, V3Call, V3State } from './model.ts'
import { isCallbackUrl } from './shapes.ts'
import { findJob } from './status.ts'
import { boundValues } from './tokens.ts'

/** To the URL of the token or the body, else to the one that the job had, else to the partner's own. */
export function replay(state: V3State, call: V3Call): V3Answer {
  const { operation, path, form } = call
  const { job_id = '' } = path
  if (!/^job_[0-9a-z]{26}$/.test(job_id)) {
    return badRequest(operation, `"job_id" must be a valid TypeID with prefix 'job_'`)
  }
  const job = findJob(state, call, job_id)
  if (!job) return v3Error(operation, 404)
  if (!hasEnded(state, job)) return v3Error(operation, 409)
  const bound = boundValues(state, call).callback_url
  const url = bound ?? form.text('callback_url') ?? job.callbackUrl ?? call.partner.callbackUrl
  if (!isCallbackUrl(url)) return badRequest(operation, 'No valid callback URL available')
  state.deliverNow(job, url)
  const { user_id } = job
  const message = 'Callback replay queued successfully.'
  return acted(202, { status: 'accepted', job_id, user_id, message }, { job_id, user_id })
}
