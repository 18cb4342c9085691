/** Why a callback of v3 is not accepted, beside what v1 has in common with it. */
import type { Answer } from '../../callback/answer.ts'
import { errorOf, type Refusal } from '../../callback/refusal.ts'

export function malformedResult(explanation: string): Refusal {
  return {
    reason: 'no_job_result',
    code: 'callback_malformed',
    explanation,
    hint: 'Answer 400; it is no result of v3. Callbacks of v1 go to the option v1 of createCallbackHandler.',
  }
}

export function unknownJob(job_id: string): Refusal {
  return unconfirmed(job_id, 'unknown_job', 'the service does not know the job')
}

export function notShown(job_id: string): Refusal {
  return unconfirmed(job_id, 'not_shown', 'the service shows another user or verdict, or none yet')
}

export function notYours(job_id: string): Refusal {
  return unconfirmed(job_id, 'unknown_job', 'the option knows does not know the job')
}

export function noUpdatesWanted(job_id: string): Refusal {
  return unconfirmed(job_id, 'not_shown', 'an update of AML monitoring, without onAmlMonitoringUpdate')
}

/** It has an answer of its own, since it may well be true. */
export function tooMany(job_id: string): Answer {
  const refusal = unconfirmed(job_id, 'not_shown', 'too many callbacks under one signed pair')
  return { status: 429, error: errorOf(refusal) }
}

function unconfirmed(smileJobId: string, reason: 'unknown_job' | 'not_shown', explanation: string): Refusal {
  return {
    reason,
    code: 'callback_unconfirmed',
    explanation,
    hint: 'Answer 503, so that it comes again; act on nothing.',
    smileJobId,
    retryable: true,
  }
}
