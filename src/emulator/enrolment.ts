import { type Answer, type EnrolledUser, refuse, type Service, type UserState, type Job } from './model.ts'
/** Whom a job wants: somebody new, anybody (`allow_new_enroll`), a user, or a user with a photo on file. */
export type Wanted = 'new' | 'anybody' | 'user' | 'photo'

/** The users as of now. */
export function usersNow(service: Service): Map<string, EnrolledUser> {
  const due = [...service.changes]
    .filter(([, { at }]) => at <= service.now())
    .sort(([, a], [, b]) => a.at - b.at)
  for (const [smileJobId, { key, apply }] of due) {
    service.changes.delete(smileJobId)
    const after = apply(service.users.get(key))
    if (after) service.users.set(key, after)
  }
  return service.users
}

const blocked = (state: 'disabled' | 'deleted' | 'must_reenroll' | 'no_photo'): Answer => {
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

/** Why a job of this user cannot be taken. Who must re-enrol may, and who has no photo may bring one. */
export function refuseUser(
  service: Service,
  partnerId: string,
  user_id: string,
  wanted: Wanted,
  ownJob?: Job,
): Answer | undefined {
  const user = usersNow(service).get(`${partnerId}:${user_id}`)
  const state = user?.state
  if (state === 'disabled' || state === 'deleted') return blocked(state)
  if (wanted === 'anybody') return undefined
  if (wanted === 'new')
    return user && state !== 'must_reenroll' && user.smileJobId !== ownJob?.smileJobId
      ? refuse(service.choices.usedUserCode, 'User already enrolled')
      : undefined
  if (!user) return refuse('2210', 'No enrolled user found')
  return state === 'must_reenroll' || (state === 'no_photo' && wanted === 'photo')
    ? blocked(state)
    : undefined
}

/**
 * Remembers that the job enrols its user then; a reviewer's no does not take it back (whether it does is not
 * documented).
 */
export function enrolAt(
  service: Service,
  { partnerId, smileJobId, job: { user_id } }: Job,
  at: number,
  photoSha256: string,
  replaces: boolean,
): void {
  const user = {
    partner_id: partnerId,
    user_id,
    user_created_at: new Date(at).toISOString(),
    photoSha256,
    smileJobId,
  }
  service.changes.set(smileJobId, {
    at,
    key: `${partnerId}:${user_id}`,
    apply: (before) =>
      before && !before.state && before.smileJobId !== smileJobId && !replaces ? before : user,
  })
}

/** Remembers that the job puts another photo on file then. */
export function updatePhotoAt(
  service: Service,
  { partnerId, smileJobId, job: { user_id } }: Job,
  at: number,
  photoSha256: string,
): void {
  service.changes.set(smileJobId, {
    at,
    key: `${partnerId}:${user_id}`,
    apply(before) {
      if (!before) return undefined
      const { state, ...user } = before
      return { ...user, photoSha256, ...(state && state !== 'no_photo' && { state }) }
    },
  })
}

export function setUser(service: Service, partner_id: string, user_id: string, state: UserState): void {
  const users = usersNow(service)
  const key = `${partner_id}:${user_id}`
  if (state === 'unknown') return void users.delete(key)
  const { state: _, ...user } = users.get(key) ?? {
    partner_id,
    user_id,
    user_created_at: new Date(service.now()).toISOString(),
    photoSha256: '',
    smileJobId: '',
  }
  users.set(key, { ...user, ...(state !== 'enrolled' && { state }) })
}
