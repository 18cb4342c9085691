/** Which users are enrolled, what jobs change about them, and which users a job may have. */
import { refuse } from './answers.ts'
import type { Job } from './job-model.ts'
import { type Answer, type EnrolledUser, type Service, userKey, type UserState } from './model.ts'

/** The user that a job needs: new, any (`allow_new_enroll`), known, or with a photo on file. */
export type WantedUser = 'new' | 'anybody' | 'user' | 'photo'

/** The users as of now. */
export function usersNow(service: Pick<Service, 'users' | 'userChanges' | 'now'>): Map<string, EnrolledUser> {
  const due = [...service.userChanges]
    .filter(([, change]) => change.at <= service.now())
    .sort(([, first], [, second]) => first.at - second.at)
  for (const [smileJobId, change] of due) {
    service.userChanges.delete(smileJobId)
    const after = change.apply(service.users.get(change.userKey))
    if (after) service.users.set(change.userKey, after)
  }
  return service.users
}

/**
 * The refusal of a job whose user is not the kind that it needs. A user who must re-enrol may do so, and one
 * without a photo may bring one.
 */
export function refuseUser(
  service: Service,
  partnerId: string,
  job: {
    user_id: string
    wanted: WantedUser
    /** A job that is sent again: that it has enrolled its user is no hindrance. */
    ownJob?: Job | undefined
  },
): Answer | undefined {
  const user = usersNow(service).get(userKey(partnerId, job.user_id))
  const state = user?.state
  if (state === 'disabled' || state === 'deleted') return refuseState(state)
  if (job.wanted === 'anybody') return undefined
  if (job.wanted === 'new') {
    const isFree = !user || state === 'must_reenroll' || user.smileJobId === job.ownJob?.smileJobId
    return isFree ? undefined : refuse(service.choices.usedUserCode, 'User already enrolled')
  }
  if (!user) return refuse('2210', 'No enrolled user found')
  if (state === 'must_reenroll') return refuseState(state)
  if (state === 'no_photo' && job.wanted === 'photo') return refuseState(state)
  return undefined
}

function refuseState(state: NonNullable<EnrolledUser['state']>): Answer {
  switch (state) {
    case 'disabled':
      return refuse('2207', 'Enrolled user is disabled')
    case 'deleted':
      return refuse('2208', 'Enrolled user is deleted')
    case 'must_reenroll':
      return refuse('2211', 'User must finish re-enrollment')
    case 'no_photo':
      return refuse('2216', 'Enrolled user has no photo on file')
  }
}

/**
 * Remembers that the job enrols its user at that time. It stays so when a reviewer rejects the job later:
 * whether the service takes the enrolment back is not documented.
 */
export function enrolAt(
  service: Service,
  { partnerId, smileJobId, job }: Job,
  enrolment: {
    at: number
    photoSha256: string
    /** Whether a user who is enrolled is enrolled anew. */
    replaces: boolean
  },
): void {
  const user: EnrolledUser = {
    partner_id: partnerId,
    user_id: job.user_id,
    user_created_at: new Date(enrolment.at).toISOString(),
    photoSha256: enrolment.photoSha256,
    smileJobId,
  }
  service.userChanges.set(smileJobId, {
    at: enrolment.at,
    userKey: userKey(partnerId, job.user_id),
    apply(before) {
      const isTaken = before && !before.state && before.smileJobId !== smileJobId
      return isTaken && !enrolment.replaces ? before : user
    },
  })
}

/** Remembers that the job puts another photo on file at that time. */
export function updatePhotoAt(
  service: Service,
  { partnerId, smileJobId, job }: Job,
  { at, photoSha256 }: { at: number; photoSha256: string },
): void {
  service.userChanges.set(smileJobId, {
    at,
    userKey: userKey(partnerId, job.user_id),
    apply(before) {
      if (!before) return undefined
      const { state, ...user } = before
      const after: EnrolledUser = { ...user, photoSha256 }
      if (state && state !== 'no_photo') after.state = state
      return after
    },
  })
}

/** Says how a user stands, whatever happened before. */
export function setUser(service: Service, partnerId: string, user_id: string, state: UserState): void {
  const users = usersNow(service)
  const key = userKey(partnerId, user_id)
  if (state === 'unknown') {
    users.delete(key)
    return
  }
  const { state: _, ...known } = users.get(key) ?? {
    partner_id: partnerId,
    user_id,
    user_created_at: new Date(service.now()).toISOString(),
    photoSha256: '',
    smileJobId: '',
  }
  const user: EnrolledUser = known
  if (state !== 'enrolled') user.state = state
  users.set(key, user)
}
