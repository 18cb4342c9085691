/** Users, as v3 looks at them: enrolled, locked, or unknown. */
import { usersNow } from '../enrolment.ts'
import type { EnrolledUser } from '../model.ts'
import { missing } from './answers.ts'
import type { Outcome } from './identities.ts'
import { type V3Call, type V3State, v3UserKey } from './model.ts'
import { booleanOf } from './shapes.ts'
import type { Check, Submission } from './submission.ts'

export function userOf(state: V3State, { partner }: V3Call, user_id: string): EnrolledUser | undefined {
  return usersNow(state.enrolled).get(v3UserKey(partner, user_id))
}

/** Whether the user is enrolled, so that a new face would replace one. */
function isTaken({ state, call, userId }: Submission): boolean {
  const user = userId === undefined ? undefined : userOf(state, call, userId)
  return user !== undefined && user.state !== 'must_reenroll'
}

const mayReplace = ({ call }: Submission) => booleanOf(call.form.text('allow_new_enroll')) === true

/** A user who is enrolled is enrolled again only where that is allowed. */
export function canEnrol(submission: Submission): boolean {
  return mayReplace(submission) || !isTaken(submission)
}

/** A registration of an enrolled user, where that is refused at once. */
export const newUser: Check = (submission) => {
  const { state, call } = submission
  if (canEnrol(submission) || state.choices.enrolledAgain === 'callback') return undefined
  return missing(call.operation, 'user_id')
}

/** How it fails otherwise; what the service calls it is not documented. */
export function judgeNewUser(submission: Submission): Outcome | undefined {
  return canEnrol(submission) ? undefined : { status: 'block', reason: null }
}

/** Whether somebody is there to compare with. */
function isKnown(user: EnrolledUser | undefined): boolean {
  return user !== undefined && (user.state === undefined || user.state === 'disabled')
}

/** What is done about a user whom nobody enrolled: the sandbox clears even a face that it never saw. */
function ofUnknown({ state, call }: Submission): 'clear' | 'callback' | 'refuse' {
  const { authenticationOfUnknown } = state.choices
  const isSandbox = call.environment === 'sandbox'
  return isSandbox || authenticationOfUnknown !== 'clear' ? authenticationOfUnknown : 'callback'
}

export const knownUser: Check = (submission) => {
  const { state, call, userId } = submission
  if (userId === undefined) return missing(call.operation, 'user_id')
  if (isKnown(userOf(state, call, userId)) || ofUnknown(submission) !== 'refuse') return undefined
  return missing(call.operation, 'user_id')
}

export function judgeKnownUser(submission: Submission): Outcome | undefined {
  const { state, call, userId } = submission
  const user = userOf(state, call, userId!)
  if (user?.state === 'disabled') return submission.lockedOutcome()
  if (isKnown(user) || ofUnknown(submission) === 'clear') return undefined
  return { status: 'block', reason: 'face_verification_failed' }
}
