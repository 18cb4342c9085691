/** How a job ends, and in which words. */
import { own } from '../../input/objects.ts'
import { badRequest } from './answers.ts'
import { type Outcome, outcomeOf } from './identities.ts'
import { type V3Answer, type V3Verdict, v3UserKey } from './model.ts'
import type { V3Operation } from '../../wire/v3-operations.ts'
import type { Submission } from './submission.ts'

/** How a job will end; whether a person looks at it first. */
interface Plan extends Outcome {
  isReviewed: boolean
}

export type Planned = ({ ok: true } & Plan) | { ok: false; refusal: V3Answer }

/**
 * Codes that `sandbox_result` forces. Which there are in v3 is not published: these are the codes of v1 by
 * their meaning, and its 0, 1 and 2; any other ends in an error.
 */
const SANDBOX_RESULTS: Readonly<Record<string, Plan>> = {
  0: { status: 'clear', reason: null, isReviewed: false },
  1: { status: 'block', reason: 'face_verification_failed', isReviewed: false },
  2: { status: 'clear', reason: null, isReviewed: true },
  810: { status: 'clear', reason: null, isReviewed: false },
  820: { status: 'clear', reason: null, isReviewed: false },
  840: { status: 'clear', reason: null, isReviewed: false },
  1012: { status: 'clear', reason: null, isReviewed: false },
  1210: { status: 'clear', reason: null, isReviewed: false },
  1013: { status: 'block', reason: 'identifier_not_found', isReviewed: false },
  1015: { status: 'error', reason: 'service_unavailable', isReviewed: false },
}

const UNKNOWN_IDENTITY =
  'In sandbox mode, requests must use a recognized test identity. ' +
  'Please check the documentation for valid test identities.'

/** How the job will end, or why it is not taken on. */
export function planVerdict(submission: Submission): Planned {
  const planned = planByPerson(submission)
  if (!planned.ok) return planned
  const forced = submission.state.nextVerdicts.shift()
  if (forced) return { ok: true, ...forced, isReviewed: false }
  if (isFlagged(submission)) return { ok: true, ...submission.lockedOutcome(), isReviewed: false }
  const isGood = planned.status === 'clear' || planned.status === 'attention'
  const flaw = isGood ? submission.rules.judge?.(submission) : undefined
  return flaw ? { ok: true, ...flaw, isReviewed: false } : planned
}

function planByPerson(submission: Submission): Planned {
  const { state, call } = submission
  if (call.environment === 'production') return { ok: true, ...byVerdict(submission) }
  const isKnown = !submission.isIdentityBound || state.choices.boundIdentityMatches
  const found = isKnown ? outcomeOf(call.operation, submission.details) : undefined
  // The next verdict was asked for, whoever it is about.
  if (!found && state.nextVerdicts.length === 0) return planUnknown(submission)
  const forced = submission.rules.takesSandboxResult ? call.form.text('sandbox_result') : undefined
  if (forced !== undefined) {
    const failure: Plan = { status: 'error', reason: 'internal_error', isReviewed: false }
    return { ok: true, ...(own(SANDBOX_RESULTS, String(Number(forced))) ?? failure) }
  }
  const outcome = found ?? { status: 'clear', reason: null }
  const isLocked = outcome.reason === 'account_locked_fraud'
  return { ok: true, ...(isLocked ? submission.lockedOutcome() : outcome), isReviewed: false }
}

function planUnknown({ state, call }: Submission): Planned {
  switch (state.choices.unknownIdentity) {
    case 'refuse':
      return { ok: false, refusal: badRequest(call.operation, UNKNOWN_IDENTITY) }
    case 'block':
      return { ok: true, status: 'block', reason: 'high_risk', isReviewed: false }
    case 'error':
      return { ok: true, status: 'error', reason: 'internal_error', isReviewed: false }
  }
}

/** In production nobody's name decides: what the emulator was told does. */
function byVerdict({ state, rules }: Submission): Plan {
  if (state.verdict === 'rejected') return { ...rules.rejection, isReviewed: false }
  return { status: 'clear', reason: null, isReviewed: state.verdict === 'provisional' }
}

function isFlagged({ state, call, userId }: Submission): boolean {
  return userId !== undefined && state.flaggedUsers.has(v3UserKey(call.partner, userId))
}

/** Messages of reasons; those of `clear` and of other blocks follow from the status. */
const MESSAGES: Readonly<Record<string, string>> = {
  identifier_not_found: 'failed: Unable to validate ID - Not Found',
  age_requirement_not_met: 'failed: Customer must be above 18',
  invalid_id_number: 'failed: invalid id number',
  service_unavailable: 'Error: external service unavailable',
  internal_error: 'Error: verification could not be completed at this time',
  image_unavailable_or_invalid: 'Error: image(s) are unusable',
  document_unclassifiable: 'Error: document could not be classified',
}

const SCREENING_MESSAGES: Readonly<Record<string, string>> = {
  aml_match_found: 'Screening completed: potential matches identified.',
  news_media_match: 'Screening completed: news media identified only.',
  service_unavailable: 'Error: external service unavailable.',
}

/** The outcome in the words of its operation. */
export function inWords(operation: V3Operation, { status, reason }: Outcome): V3Verdict {
  return { status, reason, message: messageOf(operation, { status, reason }) }
}

function messageOf(operation: V3Operation, { status, reason }: Outcome): string {
  if (operation.startsWith('v3/aml')) {
    const clear = 'Screening completed: no matches found.'
    return status === 'clear' ? clear : (own(SCREENING_MESSAGES, `${reason}`) ?? 'Verification failed.')
  }
  const subject = operation === 'v3/registration' ? 'Enrollment' : 'Verification'
  if (status === 'clear' || status === 'attention') return `${subject} successful`
  const isDocument = operation === 'v3/enhanced_document_verification'
  if (isDocument && reason === 'identifier_not_found') return `${subject} failed: ID number not found`
  const message = own(MESSAGES, `${reason}`) ?? 'failed'
  return message.startsWith('failed') ? `${subject} ${message}` : message
}
