/** Why a callback is not accepted, and the error that says so. */
import { SmileIdSignatureError } from '../errors/classes.ts'
import type { SignatureCode } from '../errors/codes.ts'
import type { JsonFlaw } from '../input/json.ts'
import type { JobRef } from '../wire/jobs.ts'

/** Why a body cannot be read. */
export type BodyFlaw = JsonFlaw | 'too_large' | 'too_slow'

/** Why a body did not get to us whole, which is no fault of the sender. */
export type BodyLoss = 'body_used' | 'body_locked' | 'body_broken'

export type RefusalReason =
  | BodyFlaw
  | BodyLoss
  | 'no_job_result'
  | 'no_signed_pair'
  | 'old_sec_key'
  | 'other_key'
  | 'no_date'
  | 'too_old'
  | 'too_early'
  | 'unknown_job'
  | 'not_shown'

export interface Refusal {
  reason: RefusalReason
  /** Of the error. */
  code: SignatureCode
  /** The message of the error's cause. */
  explanation: string
  /** One sentence: what to do. */
  hint: string
  job?: JobRef
  /** The service's own id of the job, where it may be shown. */
  smileJobId?: string
  /** Whether the same callback may be accepted later. */
  retryable?: boolean
}

const BODY_FLAWS: Readonly<Record<BodyFlaw, string>> = {
  too_large: 'the body is too large',
  too_slow: 'the body is too slow',
  not_json: 'the body is not JSON',
  too_complex: 'the body is too complex',
  duplicate_member: 'the body has a member twice',
}

export function malformedBody(flaw: BodyFlaw): Refusal {
  return {
    reason: flaw,
    code: 'callback_malformed',
    explanation: BODY_FLAWS[flaw],
    hint: 'Answer 400; Smile ID sends JSON objects.',
  }
}

const BODY_LOSSES: Readonly<Record<BodyLoss, string>> = {
  body_used: 'the body was read before',
  body_locked: 'the body is locked by a reader',
  body_broken: 'the body broke off',
}

export function lostBody(loss: BodyLoss): Refusal {
  return {
    reason: loss,
    code: 'callback_unreadable',
    explanation: BODY_LOSSES[loss],
    hint: 'Answer 500, so that it comes again; let nothing read the body first, such as a body parser.',
    retryable: true,
  }
}

export function noJobResult(): Refusal {
  return {
    reason: 'no_job_result',
    code: 'callback_malformed',
    explanation: 'SmileJobID, ResultCode or PartnerParams are missing or no text',
    hint: 'Answer 400; it is no result of a job.',
  }
}

export function noSignedPair(): Refusal {
  return {
    reason: 'no_signed_pair',
    code: 'signature_missing',
    explanation: 'no timestamp and signature',
    hint: 'Answer 401; it does not come from Smile ID.',
  }
}

export function wrongSignature(signature: string, { environment }: { environment: string }): Refusal {
  const isSecKey = signature.includes('|')
  return {
    reason: isSecKey ? 'old_sec_key' : 'other_key',
    code: 'signature_mismatch',
    explanation: isSecKey ? 'an old sec_key' : 'made with another key',
    hint:
      'Answer 401. If it was genuine, it was signed for another partner, with a key that this client does ' +
      `not list, or by the other environment than ${environment}.`,
  }
}

/** `ageMs` is negative for a timestamp of the future, and NaN for one that is no date. */
export function notFresh(ageMs: number): Refusal {
  return {
    ...describeAge(ageMs),
    code: 'signature_expired',
    hint:
      'Answer 401, unless you confirm it. If all callbacks are late or early by the same time, ' +
      "set this machine's clock.",
  }
}

function describeAge(ageMs: number): Pick<Refusal, 'reason' | 'explanation'> {
  if (Number.isNaN(ageMs)) return { reason: 'no_date', explanation: 'no date' }
  const seconds = Math.round(Math.abs(ageMs) / 1000)
  if (ageMs < 0) return { reason: 'too_early', explanation: `${seconds} s ahead` }
  return { reason: 'too_old', explanation: `${seconds} s old` }
}

export function unknownJob(job: JobRef): Refusal {
  return unconfirmed(job, { reason: 'unknown_job', explanation: 'the service does not know the job' })
}

export function notShown(job: JobRef): Refusal {
  return unconfirmed(job, { reason: 'not_shown', explanation: 'the service does not show this event' })
}

function unconfirmed(job: JobRef, why: Pick<Refusal, 'reason' | 'explanation'>): Refusal {
  return {
    ...why,
    code: 'callback_unconfirmed',
    hint: 'Answer 503, so that it comes again; act on nothing.',
    job,
    retryable: true,
  }
}

export function errorOf(refusal: Refusal): SmileIdSignatureError {
  const { code, explanation, hint, job, smileJobId, retryable } = refusal
  return new SmileIdSignatureError({
    code,
    operation: 'callback',
    outcome: 'rejected',
    attempts: 0,
    hint,
    retryable,
    job,
    smileJobId,
    cause: new Error(explanation),
  })
}
