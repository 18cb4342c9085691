/** Submissions whose result comes later. */
import { sha256Hex } from '../signature.ts'
import { acted } from './answers.ts'
import { createJob } from './jobs.ts'
import type { V3Answer, V3Call, V3Job, V3State } from './model.ts'
import { firstRefusal, readSubmission, type SubmissionRules } from './submission.ts'
import { planVerdict } from './verdicts.ts'

/** The same with pictures, of which the selfie may come on file. */
export async function submitImages(state: V3State, call: V3Call, rules: SubmissionRules): Promise<V3Answer> {
  const [selfie] = call.form.files('selfie_image')
  const photoSha256 = selfie ? await sha256Hex(new Uint8Array(selfie.bytes)) : ''
  return submit(state, call, rules, { photoSha256 })
}

/** Takes a job on, or says why not. */
export function submit(
  state: V3State,
  call: V3Call,
  rules: SubmissionRules,
  { photoSha256 }: { photoSha256?: string } = {},
): V3Answer {
  const submission = readSubmission(state, call, rules)
  const refusal = firstRefusal(rules.checks, submission)
  if (refusal) return refusal
  const planned = planVerdict(submission)
  if (!planned.ok) return planned.refusal
  return accepted(createJob(submission, { ...planned, timing: 'later', photoSha256 }))
}

/** Operations whose answer says nothing of the time, and has a text of its own. */
const WITHOUT_TIME = ['v3/address', 'v3/aml']

function accepted({ job_id, user_id, operation, createdAt }: V3Job): V3Answer {
  if (WITHOUT_TIME.includes(operation)) {
    const message = 'Job submitted successfully'
    return acted(202, { status: 'accepted', message, job_id, user_id }, { job_id, user_id })
  }
  const body = {
    status: 'accepted',
    message: 'Request accepted and queued for processing.',
    job_id,
    user_id,
    created_at: new Date(createdAt).toISOString(),
  }
  return acted(202, body, { job_id, user_id })
}
